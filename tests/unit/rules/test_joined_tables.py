"""All tables of some months together give no small count away: whatever ties them to each other is known as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from random import Random

import pytest

from models.rules import disclosure, periods, suppression
from models.rules.disclosure import LARGEST_SMALL, Counts, Shown, is_small
from models.rules.indicators import followups, work
from models.rules.indicators.served import NESTED, nested
from models.rules.periods import Period, PeriodKind
from tests.factories.solver import Sums

QUARTER = periods.of(PeriodKind.QUARTER, date(2026, 1, 1))
LATER = date(2027, 1, 1)
_VERY_MANY, _NEARLY = 10_000, 1e-6
MIXED = (0, 0, 0, 1, 2, 4, 8, 9, 10, 11, 12, 15, 20, 40)
LARGE = (0, 0, 0, 0, 10, 12, 15, 20, 30, 40, 60, 3)
NEAR = (0, 0, 5, 10, 11, 12, 14, 20)
DONE, CHECKUP, OUTCOMES = NESTED
FOLLOWUP, OVERDUE = followups.TABLE.code, work.OVERDUE_TABLE.code
Atom = tuple[str, int, Period]
"""People who are in the same answers, whatever is asked: what came of them, where, and in which month."""
Cell = tuple[str, int]
"""A table and the number of its cell."""

SERVED_THERE = ("came", "declined", "declined_late", "elsewhere", "elsewhere_late")
VISITS = ("in_window", "in_window_of_next", "late", "extra")
SILENT = ("silent", "silent_overdue")
ROUND = (*SERVED_THERE, "asked", "not_reached", *SILENT, "away")
"""What came of a place on a check-up day; `asked`: unwell or another date, in time."""
OTHERS = (*VISITS, "never", "never_overdue")
"""Windows of programmes: visits that used them, and windows that nobody used."""
BEFORE = ("in_window_of_next", "extra_overdue")
"""Nothing else is told of: visits before the quarter of windows that close in it, and dates between two visits."""
CELLS: Mapping[Cell, Sequence[str]] = {
    (DONE, 0): (*SERVED_THERE, *VISITS),
    (CHECKUP, 0): ("came",),
    (CHECKUP, 1): ("declined", "elsewhere", "asked"),
    (CHECKUP, 2): ("declined_late", "elsewhere_late", "not_reached", *SILENT),
    (OUTCOMES, 0): ("came",),
    (OUTCOMES, 1): ("declined", "declined_late"),
    (OUTCOMES, 2): ("elsewhere", "elsewhere_late"),
    (OUTCOMES, 3): ("away",),
    (OUTCOMES, 4): ("asked", "not_reached", *SILENT),
    (FOLLOWUP, 0): ("in_window",),
    (FOLLOWUP, 1): ("late", "never", "never_overdue"),
}
"""What each cell of a month is made of; `in_window_of_next` counts in the next month's."""
FOLLOWS = {"served, but didn't come": (*SERVED_THERE[1:], *VISITS), "visits": VISITS}
"""What would follow by subtraction."""


class World:
    """Villages and what happened there in the months of a quarter, with check-up days in its first and last month."""

    def __init__(self, seed: int, many: Sequence[int], villages: int = 3) -> None:
        """Take the number that everything follows from, and how many people there can be."""
        rng = Random(seed)
        usual = {what: rng.choice(many) for what in (*ROUND, *OTHERS)}
        absent = {what for what in usual if rng.random() < 0.6}
        self.months, self.villages = QUARTER.months, range(villages)
        self.atoms: dict[Atom, int] = {}
        for month, village in product(self.months, self.villages):
            for what in (*ROUND, *OTHERS) if month.first.month % 2 else OTHERS:
                found = usual[what] if rng.random() < 0.3 else rng.choice(many)
                self.atoms[what, village, month] = 0 if what in absent else found
        for village, what in product(self.villages, BEFORE):
            self.atoms[what, village, QUARTER.months[0].before] = rng.choice(many)

    def members(self, cell: Cell, village: int, month: Period) -> list[Atom]:
        """Return the atoms of a cell of a village and month."""
        found = [(what, village, month) for what in CELLS[cell]]
        if cell == (FOLLOWUP, 0):
            found.append(("in_window_of_next", village, month.before))
        return [atom for atom in found if atom in self.atoms]

    def count(self, atoms: Sequence[Atom]) -> int:
        return sum(self.atoms[atom] for atom in atoms)

    def table(self, code: str) -> dict[Period, dict[int, Counts]]:
        cells = [cell for cell in CELLS if cell[0] == code]
        return {
            month: {
                village: tuple(self.count(self.members(cell, village, month)) for cell in cells)
                for village in self.villages
            }
            for month in self.months
        }

    def overdue(self, village: int) -> list[Atom]:
        """Return the windows that are overdue now: of programmes and of check-up days."""
        return [atom for atom in self.atoms if atom[1] == village and atom[0].endswith("_overdue")]


class Reader:
    """Hears every answer to every question, knows what ties them, and works out what it can."""

    def __init__(self, world: World, *, is_careless: bool = False) -> None:
        """Ask everything; `is_careless` takes each table by itself."""
        self._world, self._is_careless = world, is_careless
        self._numbers = {atom: index for index, atom in enumerate(world.atoms)}
        self._sums: dict[tuple[int, ...], int] = {}
        self._spare = len(self._numbers)
        for asked, today in _questions():
            self._hear(asked, today)
        self._hear_of_now()
        self._solved = Sums(list(self._sums.items()), self._spare)

    def bounds(self, atoms: Sequence[Atom]) -> tuple[float, float]:
        return self._solved.bounds(*(self._numbers[atom] for atom in atoms))

    def _hear(self, asked: Period, today: date) -> None:
        there = [month for month in asked.months if month.first <= today]
        tables = {code: self._world.table(code) for code in (*NESTED, FOLLOWUP)}
        if self._is_careless:
            tables[OUTCOMES] = {  # type: ignore[assignment]
                month: {0: tuple(map(sum, zip(*rows.values(), strict=True)))}
                for month, rows in tables[OUTCOMES].items()
            }
            found = [disclosure.of_period(asked, tables[code], today) for code in NESTED]
        else:
            found = disclosure.of_periods(asked, nested(tables), today)
        for code, shown in zip(NESTED, found, strict=True):
            self._take_in(code, shown, there)
        self._take_in(FOLLOWUP, disclosure.of_period(asked, tables[FOLLOWUP], today), there)

    def _take_in(self, code: str, shown: Shown[int], there: Sequence[Period]) -> None:
        cells = [cell for cell in CELLS if cell[0] == code]
        everybody = list(self._world.villages)
        if code != OUTCOMES:
            for village, row in shown.rows.items():
                for cell, count in zip(cells, row or (), strict=False):
                    self._know([cell], [village], there, count)
        for cell, count in zip(cells, shown.total or (), strict=False):
            self._know([cell], everybody, there, count)
        if shown.whole is not None and code != OUTCOMES:
            self._know(cells, everybody, there, shown.whole)

    def _know(self, cells: Sequence[Cell], villages: Sequence[int], months: Sequence[Period], count: int) -> None:
        atoms = [
            atom
            for cell, village, month in product(cells, villages, months)
            for atom in self._world.members(cell, village, month)
        ]
        self._add(atoms, count)

    def _add(self, atoms: Sequence[Atom], count: int, *spare: int) -> None:
        self._sums[(*sorted(self._numbers[atom] for atom in atoms), *spare)] = count

    def _hear_of_now(self) -> None:
        """Hear what is overdue, and which villages haven't reported their last check-up day in full."""
        late = [self._world.overdue(village) for village in self._world.villages]
        column = suppression.column([self._world.count(atoms) for atoms in late])
        for atoms, cell in zip(late, column.cells, strict=True):
            if cell is not None:
                self._add(atoms, cell)
            else:  # one of 1 to 9
                self._at_least(atoms, 1)
                self._at_most(atoms, LARGEST_SMALL)
        if column.total is not None:
            self._add([atom for atoms in late for atom in atoms], column.total)
        for village in self._world.villages:
            silent = [(what, village, self._world.months[-1]) for what in SILENT]
            if self._world.count(silent):
                self._at_least(silent, 1)
            else:
                self._add(silent, 0)

    def _at_least(self, atoms: Sequence[Atom], least: int) -> None:
        """Know that so many are there: what is missing in them to very many is no more than that."""
        missing, beside = self._spare, self._spare + 1
        self._spare += 2
        self._add(atoms, _VERY_MANY, missing)
        self._sums[missing, beside] = _VERY_MANY - least

    def _at_most(self, atoms: Sequence[Atom], most: int) -> None:
        self._spare += 1
        self._add(atoms, most, self._spare - 1)


def _questions() -> Iterator[tuple[Period, date]]:
    for month, kind in product(QUARTER.months, PeriodKind):
        asked = periods.of(kind, month.first)
        for today in (month.last, month.after.first, LATER):
            if all(each in QUARTER.months or each.first > today for each in asked.months):
                yield asked, today


def _found(world: World, reader: Reader) -> dict[tuple[object, ...], tuple[float, float]]:
    """Return the small counts that can be worked out, with what is known of them.

    Of what is told where it is not small, that it lies between 1 and 9 is enough; of others, fewer than three values.
    """
    found: dict[tuple[object, ...], tuple[float, float]] = {}
    for key, atoms in _targets(world).items():
        if is_small(world.count(atoms)):
            least, most = reader.bounds(atoms)
            is_pinned = least >= 1 - _NEARLY and most <= LARGEST_SMALL + _NEARLY
            if is_pinned and (_is_told(key) or most - least < 2 - _NEARLY):
                found[key] = least, most
    return found


def _is_told(key: tuple[object, ...]) -> bool:
    cell, village, _ = key
    return isinstance(cell, tuple) and (cell[0] != OUTCOMES or village is None)


def _targets(world: World) -> dict[tuple[object, ...], list[Atom]]:
    """Return every cell of a village and month, the sums of the township, those of the quarter, and what follows."""
    found: dict[tuple[object, ...], list[Atom]] = defaultdict(list)
    for village, month in product(world.villages, world.months):
        for cell in CELLS:
            atoms = world.members(cell, village, month)
            for key in ((cell, village, month), (cell, village, None), (cell, None, month), (cell, None, None)):
                found[key] += atoms
        for what, parts in FOLLOWS.items():
            atoms = [atom for part in parts if (atom := (part, village, month)) in world.atoms]
            for key in ((what, village, month), (what, None, month)):
                found[key] += atoms
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("many", [MIXED, LARGE, NEAR], ids=["mixed", "large", "near"])
def test_all_tables_together_give_no_small_count_away(seed: int, many: Sequence[int]) -> None:
    world = World(seed, many)
    assert _found(world, Reader(world)) == {}


@pytest.mark.parametrize(
    ("seed", "many", "what"),
    [(14, MIXED, "visits"), (34, NEAR, "served, but didn't come"), (15, NEAR, (OUTCOMES, 4))],
    ids=["visits", "served otherwise", "absent"],
)
def test_tables_by_themselves_give_small_counts_away(seed: int, many: Sequence[int], what: object) -> None:
    world = World(seed, many)
    assert what in {cell for cell, _, _ in _found(world, Reader(world, is_careless=True))}
