"""What follows about unknown numbers from sums of them: the least and the most that each can be.

A small simplex on a dense tableau (Bland's rule, so that it ends), for tests that try to work out what was kept back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_NEARLY = 1e-7


class Impossible(ValueError):
    """No numbers fit."""


class Sums:
    """Numbers of at least 0 of which some sums are known."""

    def __init__(self, sums: Sequence[tuple[Sequence[int], int]], unknown: int) -> None:
        """Take the known sums: which numbers are added, and what they come to.

        Raises:
            Impossible: nothing fits.
        """
        rows = len(sums)
        self._table = np.zeros((rows, unknown + rows + 1))
        for row, (members, total) in enumerate(sums):
            for member in members:
                self._table[row, member] += 1
            self._table[row, unknown + row] = 1
            self._table[row, -1] = total
        self._basis = list(range(unknown, unknown + rows))
        self._unknown = unknown
        self._begin(rows)

    def bounds(self, *members: int) -> tuple[float, float]:
        """Return the least and the most that one of the numbers, or the sum of several, can be."""
        cost = np.zeros(self._table.shape[1] - 1)
        np.add.at(cost, list(members), 1)
        least = self._minimise(cost)
        most = -self._minimise(-cost)
        return least, most

    def _begin(self, rows: int) -> None:
        """Find numbers that fit: drive the helpers, one for each sum, to zero, and drop them."""
        cost = np.zeros(self._table.shape[1] - 1)
        cost[self._unknown :] = 1
        if rows and self._minimise(cost) > _NEARLY:
            raise Impossible
        keep = [row for row in range(rows) if self._basis[row] < self._unknown or self._swap(row)]
        columns = [*range(self._unknown), self._table.shape[1] - 1]
        self._table = self._table[np.ix_(keep, columns)]
        self._basis = [self._basis[row] for row in keep]

    def _swap(self, row: int) -> bool:
        """Take a helper that is zero out of the basis; `False` when its sum follows from the others."""
        for column in range(self._unknown):
            if abs(self._table[row, column]) > _NEARLY:
                self._pivot(row, column)
                return True
        return False

    def _minimise(self, cost: np.ndarray) -> float:
        while True:
            reduced = cost - cost[self._basis] @ self._table[:, :-1] if self._basis else cost
            falling = np.flatnonzero(reduced < -_NEARLY)
            if not len(falling):
                return float(cost[self._basis] @ self._table[:, -1]) if self._basis else 0.0
            entering = int(falling[0])
            row = self._leaving(entering)
            if row is None:
                return -np.inf
            self._pivot(row, entering)

    def _leaving(self, entering: int) -> int | None:
        column = self._table[:, entering]
        rows = np.flatnonzero(column > _NEARLY)
        if not len(rows):
            return None
        ratios = self._table[rows, -1] / column[rows]
        least = rows[ratios <= ratios.min() + _NEARLY]
        return int(min(least, key=lambda row: self._basis[row]))

    def _pivot(self, row: int, column: int) -> None:
        table = self._table
        table[row] /= table[row, column]
        factors = table[:, column].copy()
        factors[row] = 0
        some = np.flatnonzero(factors)
        table[some] -= np.outer(factors[some], table[row])
        self._basis[row] = column
