"""Somebody outside the team who hears every answer about a township, knows what ties them, and works out what there is.

docs/reference/small-numbers.md lists what is heard here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import product

from models.rules import disclosure, periods, suppression
from models.rules.disclosure import LARGEST_SMALL, Shown, is_small
from models.rules.indicators import satisfaction
from models.rules.indicators.served import NESTED, nested
from models.rules.periods import Period, PeriodKind
from tests.factories import atoms as told
from tests.factories import kept
from tests.factories.atoms import (
    FRESH,
    OUTCOMES,
    TOWNSHIP,
    UNANSWERED,
    WEEKS,
    Atom,
    Cell,
    World,
    cells_of,
)
from tests.factories.solver import Sum, Sums

LATER = date(2027, 1, 1)
_VERY_MANY = 10_000
_FEWEST_VALUES = 3
_BY_THEMSELVES = (
    *(told.FOLLOWUP, told.POSTNATAL, told.ANTENATAL, told.CHOICE),
    *(told.COMPLAINTS, told.SATISFACTION, told.BENEFITS),
)
"""Tables that are told by no other."""
_MOST = partial(Sums.most_whole, enough=LARGEST_SMALL + 1)
Known = tuple[int, ...]


class Listener:
    """Knows sums of a township's atoms."""

    def __init__(self, world: World, *, is_careless: bool = False) -> None:
        """Hear everything; `is_careless`: each table is told by itself."""
        self._world, self._is_careless = world, is_careless
        self._numbers: dict[object, int] = {atom: index for index, atom in enumerate(world.atoms)}
        self._sums: dict[Known, int] = {}
        for asked, today in questions(world.months):
            self._hear(asked, today)
        for code in told.CARE:
            for month in world.ends(code):
                self._hear_of_end(code, month)
        for month in world.months:
            self._hear_of_now(told.DUE, month)
            overdue = self._hear_of_now(told.OVERDUE, month)
        self._hear_of_week(overdue)
        self._hear_of_climbs()
        self._hear_of_days()
        self._hear_of_vetoes()

    def found(self) -> dict[tuple[object, ...], tuple[int, int]]:
        """Return the small counts that can be worked out: those for which fewer than three numbers are left."""
        return {key: known for key, known in self.known().items() if known[1] - known[0] < _FEWEST_VALUES - 1}

    def known(self) -> dict[tuple[object, ...], tuple[int, int]]:
        """Return the small counts of which it can be known that they are small, with the least and the most of each."""
        found: dict[tuple[object, ...], tuple[int, int]] = {}
        for key, atoms in kept.counts(self._world).items():
            if is_small(self._world.count(atoms)):
                least = self._sum(atoms, Sums.least_whole)
                if least >= 1 and (most := self._sum(atoms, _MOST)) <= LARGEST_SMALL:
                    found[key] = least, most
        return found

    def _sum(self, atoms: Sequence[Atom], bound: Callable[..., int]) -> int:
        """Return the least or the most people that there can be in atoms."""
        lots: defaultdict[int, list[int]] = defaultdict(list)
        for number in (self._numbers[atom] for atom in atoms):
            if number not in self._nobody:
                lots[self._lot[number]].append(number)
        total = 0
        for lot, members in lots.items():
            sums, names = self._solved(lot)
            total += bound(sums, *(names[member] for member in members))
        return total

    @cached_property
    def _nobody(self) -> frozenset[int]:
        """The numbers of which it is known that they are 0, as a sum of them is."""
        return frozenset(number for members, count in self._sums.items() if not count for number in members)

    @cached_property
    def _left(self) -> list[Sum]:
        """The sums of the others."""
        cut = {tuple(one for one in members if one not in self._nobody): n for members, n in self._sums.items() if n}
        return list(cut.items())

    @cached_property
    def _lot(self) -> Mapping[int, int]:
        """The lot of each number: those of different lots are in no sum together."""
        lot = {number: number for number in range(len(self._numbers))}

        def root(number: int) -> int:
            while lot[number] != number:
                number = lot[number]
            return number

        for members, _ in self._left:
            for member in members[1:]:
                lot[root(member)] = root(members[0])
        return {number: root(number) for number in lot}

    def _solved(self, lot: int) -> tuple[Sums, Mapping[int, int]]:
        """Return the sums of a lot, and what its numbers are called there."""
        if lot not in self._lots:
            names = {number: index for index, number in enumerate(one for one in self._lot if self._lot[one] == lot)}
            sums = [([names[one] for one in some], count) for some, count in self._left if self._lot[some[0]] == lot]
            self._lots[lot] = Sums(sums, len(names)), names
        return self._lots[lot]

    @cached_property
    def _lots(self) -> dict[int, tuple[Sums, Mapping[int, int]]]:
        return {}

    def _hear(self, asked: Period, today: date) -> None:
        there = [month for month in asked.months if month.first <= today]
        tables = {code: self._world.table(code) for code in (*NESTED, *_BY_THEMSELVES)}
        for code, shown in zip(NESTED, self._nested(asked, tables, today), strict=True):
            self._take_in(code, shown, there)
        for code in _BY_THEMSELVES:
            shown = disclosure.of_period(asked, {month: tables[code][month] for month in there}, today)
            self._take_in(code, shown, there)
            if code in told.MEDIANS and shown.total is not None:
                self._hear_of_median(code, there)
        self._hear_of_asked(asked, tables[told.SATISFACTION], there, today)

    def _nested(self, asked: Period, tables: Mapping[str, told.Table], today: date) -> list[Shown[int]]:
        if not self._is_careless:
            return disclosure.of_periods(asked, nested(tables), today)
        apart = {code: disclosure.of_period(asked, tables[code], today) for code in NESTED[:-1]}
        whole = {
            month: {0: tuple(map(sum, zip(*rows.values(), strict=True)))} for month, rows in tables[OUTCOMES].items()
        }
        return [*apart.values(), disclosure.of_period(asked, whole, today)]

    def _take_in(self, code: str, shown: Shown[int], there: Sequence[Period]) -> None:
        cells, everywhere = cells_of(code), self._world.places(code)
        if code != OUTCOMES:  # of these only the sum of all villages is told
            for place, row in shown.rows.items():
                for cell, count in zip(cells, row or (), strict=False):
                    self._know([cell], [place], there, count)
        for cell, count in zip(cells, shown.total or (), strict=False):
            self._know([cell], everywhere, there, count)
        if shown.whole is not None and code != OUTCOMES:
            self._know(cells, everywhere, there, shown.whole)

    def _hear_of_asked(self, asked: Period, answers: told.Table, there: Sequence[Period], today: date) -> None:
        """Hear how many were asked whether they are satisfied."""
        known = {
            month: self._world.count([(UNANSWERED, TOWNSHIP, month)]) + sum(map(sum, answers[month].values()))
            for month in there
        }
        many = satisfaction.asked(asked, {month: answers[month] for month in there}, known, today)
        if many is not None:
            answered = self._atoms(cells_of(told.SATISFACTION), self._world.places(told.SATISFACTION), there)
            self._add([*answered, *((UNANSWERED, TOWNSHIP, month) for month in there)], many)

    def _hear_of_median(self, code: str, there: Sequence[Period]) -> None:
        """Hear whether there is a median of days: of fewer than ten there is none."""
        counted = [atom for month in there for atom in self._world.of_median(code, month)]
        if self._world.count(counted) > LARGEST_SMALL:
            self._at_least(counted, LARGEST_SMALL + 1)
        else:
            self._at_most(counted, LARGEST_SMALL)

    def _hear_of_end(self, code: str, month: Period) -> None:
        """Hear how people in care stand on the last day of a month."""
        cells, villages = cells_of(code), self._world.villages
        rows = {
            one: tuple(self._world.count(self._world.members(cell, one, month)) for cell in cells) for one in villages
        }
        self._take_in(code, disclosure.of_rows(rows), [month])

    def _hear_of_now(self, code: str, month: Period) -> int | None:
        """Hear what waits in each village, where it is small only that; returns the sum, where that is told."""
        waiting = [self._world.members((code, 0), village, month) for village in self._world.villages]
        column = suppression.column([self._world.count(atoms) for atoms in waiting])
        for atoms, cell in zip(waiting, column.cells, strict=True):
            if cell is not None:
                self._add(atoms, cell)
            else:
                self._at_least(atoms, 1)
                self._at_most(atoms, LARGEST_SMALL)
        if column.total is not None:
            self._add([atom for atoms in waiting for atom in atoms], column.total)
        return column.total

    def _hear_of_climbs(self) -> None:
        """Hear from which villages something has climbed: here just where not all has become overdue last week."""
        for _, old in map(self._overdue, self._world.villages):
            if self._world.count(old):
                self._at_least(old, 1)
            else:
                self._add(old, 0)

    def _overdue(self, village: int) -> tuple[list[Atom], list[Atom]]:
        """Return what is overdue in a village at the end since the last week, and since longer."""
        waiting = self._world.members((told.OVERDUE, 0), village, self._world.last)
        new = [atom for atom in waiting if atom[0] in FRESH]
        return new, [atom for atom in waiting if atom not in new]

    def _hear_of_week(self, overdue: int | None) -> None:
        """Hear the weekly summary: what became overdue, and who was served, in two weeks of the last month."""
        count = self._world.count
        by_village = [(count(new), count(old)) for new, old in map(self._overdue, self._world.villages)]
        if (many := suppression.fresh(by_village, overdue)) is not None:
            self._add(self._everywhere(FRESH), many)
        table = self._world.table(told.DONE)
        last = self._world.last
        month = disclosure.of_period(last, {last: table[last]}, LATER).total
        whole, weeks = None if month is None else sum(month), [self._everywhere([week]) for week in WEEKS]
        counts = [count(atoms) for atoms in weeks]
        is_safe = all(suppression.parts(some, [whole]) for some in (counts[:1], counts[1:], counts))
        for atoms, many in zip(weeks, counts, strict=True):
            if is_safe or not many:
                self._add(atoms, many)
            else:
                self._at_least(atoms, 1)

    def _hear_of_days(self) -> None:
        """Hear which check-up days were reported in full, and which villages haven't reported the last one."""
        for village, month in product(self._world.villages, self._world.months):
            silent = [atom for what in told.SILENT if (atom := (what, village, month)) in self._world.atoms]
            if not self._world.count(silent):
                self._add(silent, 0)
            elif month == self._world.last:
                self._at_least(silent, 1)

    def _hear_of_vetoes(self) -> None:
        """Hear on scorecards where a breach was confirmed."""
        for village, month in self._world.vetoed:
            self._at_least(self._world.behind_a_veto(village, month), 1)

    def _everywhere(self, what: Sequence[str]) -> list[Atom]:
        return [(one, village, self._world.last) for one in what for village in self._world.villages]

    def _know(self, cells: Sequence[Cell], places: Iterable[int], months: Sequence[Period], count: int) -> None:
        self._add(self._atoms(cells, places, months), count)

    def _atoms(self, cells: Sequence[Cell], places: Iterable[int], months: Sequence[Period]) -> list[Atom]:
        keys = product(cells, places, months)
        return [atom for cell, place, month in keys for atom in self._world.members(cell, place, month)]

    def _add(self, atoms: Iterable[Hashable], count: int) -> None:
        self._sums[tuple(sorted(self._numbers[atom] for atom in atoms))] = count

    def _at_least(self, atoms: Sequence[Atom], least: int) -> None:
        """Know that so many are there: what is missing in them to very many is no more than that."""
        missing, beside = self._spare("missing"), self._spare("beside")
        self._add([*atoms, missing], _VERY_MANY)
        self._add([missing, beside], _VERY_MANY - least)

    def _at_most(self, atoms: Sequence[Atom], most: int) -> None:
        self._add([*atoms, self._spare("room")], most)

    def _spare(self, what: str) -> tuple[str, int]:
        """Return a number of its own, of nobody."""
        name = (what, len(self._numbers))
        self._numbers[name] = len(self._numbers)
        return name


def questions(months: Sequence[Period]) -> Iterator[tuple[Period, date]]:
    """Yield every period of some months that can be asked for, on the last day of each month and later."""
    for month, kind in product(months, PeriodKind):
        asked = periods.of(kind, month.first)
        for today in (month.last, month.after.first, LATER):
            if all(each in months or each.first > today for each in asked.months):
                yield asked, today
