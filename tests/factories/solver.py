"""What follows about unknown numbers from sums of them: the least and the most that each can be.

A small simplex on a dense tableau (Bland's rule, so that it ends), for tests that try to work out what was kept back.
Whole numbers are found by branching on one that isn't whole: these sums seldom need it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

_NEARLY = 1e-7
_WHOLE = 1e-5
_VERY_MANY = 10_000


_MOST_BRANCHES = 200
Sum = tuple[Sequence[int], int]


class Undecided(Exception):
    """What is least among whole numbers was not found in so many branches."""


class Impossible(ValueError):
    """No numbers fit."""


class Sums:
    """Numbers of at least 0 of which some sums are known."""

    def __init__(self, sums: Sequence[Sum], unknown: int) -> None:
        """Take the known sums: which numbers are added, and what they come to.

        Raises:
            Impossible: nothing fits.
        """
        self._sums = list(sums)
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

    def least_whole(self, *members: int) -> int:
        """Return the least that a number, or the sum of several, can be where all of them are whole.

        Raises:
            Undecided: too many branches were needed.
        """
        return self._least_whole(members, 1, 0)

    def most_whole(self, *members: int, enough: int = _VERY_MANY) -> int:
        """Return the most, as `least_whole`, or any that is `enough`."""
        return -self._least_whole(members, -1, -enough)

    def _least_whole(self, members: Sequence[int], sign: int, enough: int) -> int:
        best, left = math.inf, [self]
        for _ in range(_MOST_BRANCHES):
            if not left or best <= enough:
                return int(best)
            value, split = left.pop()._relaxed(members, sign)
            if math.isinf(value):
                return -_VERY_MANY
            if math.ceil(value - _WHOLE) >= best:
                continue
            if not split:
                best = round(value)
            left += split
        raise Undecided

    def _relaxed(self, members: Sequence[int], sign: int) -> tuple[float, list[Sums]]:
        """Return the least value, and what is to be looked at where the numbers that make it aren't whole."""
        cost = np.zeros(self._table.shape[1] - 1)
        np.add.at(cost, list(members), sign)
        value = self._minimise(cost)
        for row, member in enumerate(self._basis):
            found = float(self._table[row, -1])
            if abs(found - round(found)) > _WHOLE:
                return value, self._split(member, math.floor(found))
        return value, []

    def _split(self, member: int, most: int) -> list[Sums]:
        """Return the same with a number of at most `most`, and of more; only those that can be."""
        spare = self._unknown
        below: list[Sum] = [((member, spare), most)]
        above: list[Sum] = [((member, spare), _VERY_MANY), ((spare, spare + 1), _VERY_MANY - most - 1)]
        found = []
        for more in (below, above):
            try:
                found.append(Sums([*self._sums, *more], spare + len(more)))
            except Impossible:
                continue
        return found

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
