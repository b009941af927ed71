"""A township of people in care, who are asked about at the end of each month: what is told then lies close together.

Whoever stands better than a month before was seen in it, so is in `done`; people join, leave, and stand worse with
time. Nothing else happens but other visits, and that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations, product
from random import Random

from models.rules.periods import Period
from tests.factories.atoms import CARE, DONE, FRESH, QUARTER, TOWNSHIP, UNANSWERED, WEEKS, Atom, Cell, World

CODE = CARE[0]
STANDS = "bscn"
"""How somebody stands at a month's end: both, to standard, controlled, neither, in the order of the table's cells."""
OUT = "-"
"""Not counted: not joined, joined just now, or left."""
EXTRA = "extra"
"""Other visits."""
_WORSE = {"b": "bc-", "s": "sn-", "c": "c-", "n": "n-"}
"""How somebody can stand a month later without being seen."""
Visits = tuple[int, ...]
"""Numbers of the months in which somebody was seen."""


def _is_possible(path: str, visits: Visits) -> bool:
    """Return whether somebody who was seen in these months, and in no other one, can stand so at their ends."""
    before, has_left, seen = OUT, False, False
    for month, stands in enumerate(path):
        seen = seen or month in visits
        if has_left or (before == OUT and not seen):
            there = OUT if has_left else "n-"
        elif month in visits:
            there = STANDS + OUT
        else:
            there = _WORSE.get(before, "bs-")
        if stands not in there:
            return False
        has_left, before = has_left or (before != OUT and stands == OUT), stands
    return True


def _ways() -> Iterator[tuple[str, Visits]]:
    """Yield how somebody can stand at the months' ends, with no more visits than that takes: others are `EXTRA`."""
    months = range(len(QUARTER.months))
    every = [*chain.from_iterable(combinations(months, many) for many in range(len(months) + 1))]
    for path in map("".join, product(STANDS + OUT, repeat=len(months))):
        found: list[Visits] = []
        for visits in every if path.strip(OUT) else ():
            if _is_possible(path, visits) and not any(set(less) <= set(visits) for less in found):
                found.append(visits)
                yield path, visits


WAYS = {f"{path} {visits}": (path, visits) for path, visits in _ways()}
"""By name."""


class CareWorld(World):
    """Villages and how people in care there stand at the end of each month of a quarter."""

    def __init__(self, seed: int, many: Sequence[int], villages: int = 3, *, is_closed: bool = False) -> None:
        """As a world; `is_closed`: nobody joins or leaves, and that is known."""
        self._ways = {what: way for what, way in WAYS.items() if not (is_closed and OUT in way[0])}
        super().__init__(seed, many, villages)

    def _made(self, rng: Random, many: Sequence[int]) -> dict[Atom, int]:
        atoms: dict[Atom, int] = {}
        for village, (what, (path, _)) in product(self.villages, self._ways.items()):
            is_there = rng.random() < (0.4 if path[-1] == path[0] else 0.04)
            atoms[what, village, QUARTER.months[0]] = rng.choice(many) if is_there else 0
        for village, month in product(self.villages, self.months):
            atoms[EXTRA, village, month] = rng.choice(many) if rng.random() < 0.5 else 0
        nobody = [(UNANSWERED, TOWNSHIP, month) for month in self.months]
        nobody += [(what, village, self.last) for what, village in product((*WEEKS, *FRESH), self.villages)]
        return atoms | dict.fromkeys(nobody, 0)

    def members(self, cell: Cell, place: int, month: Period) -> list[Atom]:
        """Return the atoms of a cell of a place and month, or of how things stand at its end."""
        at = self.months.index(month)
        found = super().members(cell, place, month)
        if cell == (DONE, 0):
            found += [(what, place, QUARTER.months[0]) for what, (_, visits) in self._ways.items() if at in visits]
        if cell[0] == CODE:
            stands = STANDS[cell[1]]
            found += [(what, place, QUARTER.months[0]) for what, (path, _) in self._ways.items() if path[at] == stands]
        return found

    def ends(self, code: str) -> Sequence[Period]:
        """Return the months at whose end it is asked how things stand."""
        return self.months
