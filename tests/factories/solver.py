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

    def bounds(self, number: int) -> tuple[float, float]:
        """Return the least and the most that one of the numbers can be."""
        cost = np.zeros(self._table.shape[1] - 1)
        cost[number] = 1
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
            entering = next((index for index, value in enumerate(reduced) if value < -_NEARLY), None)
            if entering is None:
                return float(cost[self._basis] @ self._table[:, -1]) if self._basis else 0.0
            column = self._table[:, entering]
            ratios = [
                (self._table[row, -1] / column[row], self._basis[row], row)
                for row in range(len(self._basis))
                if column[row] > _NEARLY
            ]
            if not ratios:
                return -np.inf
            self._pivot(min(ratios)[2], entering)

    def _pivot(self, row: int, column: int) -> None:
        table = self._table
        table[row] /= table[row, column]
        for other in range(len(table)):
            if other != row and table[other, column]:
                table[other] -= table[other, column] * table[row]
        self._basis[row] = column
