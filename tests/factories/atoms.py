"""A township of random counts, made of atoms: people who are in the same answers, whatever is asked.

Every table that is told outside the team is made of them, so what ties the tables to each other lies in that: whoever
came to a check-up day was served, a window that nobody used is late, and perhaps overdue now, a person in care who was
seen was served, a birth that was visited was served. The township is new: nothing happened before the quarter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from random import Random

from models.rules import periods
from models.rules.disclosure import Counts
from models.rules.indicators import benefits, births, choice, chronic, complaints, followups, satisfaction, work
from models.rules.indicators.served import NESTED
from models.rules.periods import Period, PeriodKind

QUARTER = periods.of(PeriodKind.QUARTER, date(2026, 1, 1))
"""Check-up days are in its first and its last month; at each month's end everything is asked."""
HALF = periods.of(PeriodKind.HALF_YEAR, QUARTER.first)
"""Its second quarter has one month of check-up days: what is told of the quarter is that month's."""
TOWNSHIP = -1
"""The place of what is about no village."""
DONE, CHECKUP, OUTCOMES = NESTED
FOLLOWUP, OVERDUE, DUE = followups.TABLE.code, work.OVERDUE_TABLE.code, work.DUE_TABLE.code
CARE = (chronic.HYPERTENSION_TABLE.code, chronic.DIABETES_TABLE.code)
POSTNATAL, ANTENATAL, CHOICE = births.POSTNATAL_TABLE.code, births.ANTENATAL_TABLE.code, choice.TABLE.code
COMPLAINTS, SATISFACTION, BENEFITS = complaints.TABLE.code, satisfaction.TABLE.code, benefits.TABLE.code
Atom = tuple[str, int, Period]
"""What came of them, where, and in which month; of how things stand at a month's end, in that."""
Cell = tuple[str, int]
"""A table and the number of its cell."""
Table = dict[Period, dict[int, Counts]]
"""Counts by month and place."""

SERVED_THERE = ("came", "declined", "declined_late", "elsewhere", "elsewhere_late")
SILENT = ("silent", "silent_overdue", "silent_due")
ROUND = (*SERVED_THERE, "asked", "asked_due", "not_reached", *SILENT, "away")
"""What came of a place on a check-up day; `asked`: unwell or another date, in time; `due`: it waits for one now."""
WEEKS = ("week_before", "week")
"""Visits of the last two weeks."""
_HOW = ("timely", "late", "extra")
_STOOD = ("both", "standard", "controlled")
SEEN = tuple(f"{code} {cell} {how}" for code in CARE for cell in _STOOD for how in _HOW)
"""People in care, in the month in which they were seen first: within a window, after one, or on another date."""
_TIMELY, _LATE = ([what for what in SEEN if what.endswith(how)] for how in _HOW[:2])
_BORN = ("visited", "visited_next", "visited_late")
"""Births whose mother was visited: in the same month, in the next one, in the next one and too late."""
VISITS = ("in_window", "in_window_of_next", "late", "extra", *WEEKS, *SEEN)
FRESH = ("never_fresh", "extra_fresh")
"""Overdue since the last week: windows, and dates between two visits."""
NEVER = ("never", "never_once", "never_overdue", FRESH[0])
"""Windows that nobody used: overdue at no month's end, at the next, from then on, since the last week."""
LATE_NEXT = "late_next"
"""Windows that were overdue at the end of the month and were used in the next one."""
_OF_LAST = {*WEEKS, *FRESH, *(f"{code} neither" for code in CARE)}
_BEFORE_LAST = {"never_once", LATE_NEXT}
OTHERS = (*VISITS, *NEVER, LATE_NEXT, *_BORN, "unvisited")
APART = ("informed", "not_informed", "early", "not_early", "paid_first", "paid_again", "unpaid")
"""Talks, pregnancies, confirmed benefits: nothing ties them to another table for certain."""
DESK = ("in_time", "answered_late", "open", "satisfied", "fair", "dissatisfied")
"""Complaints and answers; of villages, and of the township."""
STANDING = ("extra_overdue", FRESH[1], "due", *(f"{code} neither" for code in CARE))
"""How things stand at a month's end: dates between two visits, open windows, people in care whom nobody saw."""

CELLS: Mapping[Cell, Sequence[str]] = {
    (DONE, 0): (*SERVED_THERE, *VISITS, "visited"),
    (CHECKUP, 0): ("came",),
    (CHECKUP, 1): ("declined", "elsewhere", "asked", "asked_due"),
    (CHECKUP, 2): ("declined_late", "elsewhere_late", "not_reached", *SILENT),
    (OUTCOMES, 0): ("came",),
    (OUTCOMES, 1): ("declined", "declined_late"),
    (OUTCOMES, 2): ("elsewhere", "elsewhere_late"),
    (OUTCOMES, 3): ("away",),
    (OUTCOMES, 4): ("asked", "asked_due", "not_reached", *SILENT),
    (FOLLOWUP, 0): ("in_window", *_TIMELY),
    (FOLLOWUP, 1): ("late", LATE_NEXT, *NEVER, *_LATE),
    (POSTNATAL, 0): ("visited", "visited_next"),
    (POSTNATAL, 1): ("visited_late", "unvisited"),
    (ANTENATAL, 0): ("early",),
    (ANTENATAL, 1): ("not_early",),
    (CHOICE, 0): ("informed",),
    (CHOICE, 1): ("not_informed",),
    (COMPLAINTS, 0): ("in_time",),
    (COMPLAINTS, 1): ("answered_late", "open"),
    (SATISFACTION, 0): ("satisfied",),
    (SATISFACTION, 1): ("fair",),
    (SATISFACTION, 2): ("dissatisfied",),
    (BENEFITS, 0): ("paid_first", "paid_again"),
    (BENEFITS, 1): ("unpaid",),
    (OVERDUE, 0): ("never_once", LATE_NEXT, *FRESH, "extra_overdue"),
    (DUE, 0): ("due", "silent_due", "asked_due"),
    **{(code, cell): (f"{code} neither",) * (cell == len(_STOOD)) for code in CARE for cell in range(len(_STOOD) + 1)},
}
"""What each cell of a month is made of."""
BEFORE: Mapping[Cell, Sequence[str]] = {
    (DONE, 0): ("visited_next", "visited_late", LATE_NEXT),
    (FOLLOWUP, 0): ("in_window_of_next",),
}
"""What it is made of besides, of the month before."""
SINCE: Mapping[Cell, Sequence[str]] = {
    **{
        (code, number): tuple(f"{code} {stood} {how}" for how in _HOW)
        for code in CARE
        for number, stood in enumerate(_STOOD)
    },
    (OVERDUE, 0): ("silent_overdue", "never_overdue"),
}
"""What it is made of besides, of this month and all before."""
STOCKS = (OVERDUE, DUE, *CARE)
"""Tables of how things stand, whose months make no sum."""
FOLLOWS = {"served, but didn't come": SERVED_THERE[:1], "visits": SERVED_THERE}
"""What follows of `done` when these are taken off."""
MEDIANS = {COMPLAINTS: ("in_time", "answered_late"), BENEFITS: ("paid_first",)}
"""Of whom a median of days is made: those who were answered, and those who were paid for the first time."""
UNANSWERED = "unanswered"
OF_ALL = frozenset({COMPLAINTS, SATISFACTION})
"""Tables with a row for what is about no village."""


_PLAIN = frozenset((*ROUND, *VISITS[:4], *WEEKS, *NEVER, LATE_NEXT, *DESK, *STANDING[:3]))


class World:
    """Villages and what happened there in the months of a quarter or a half-year."""

    def __init__(
        self, seed: int, many: Sequence[int], villages: int = 3, *, period: Period = QUARTER, is_plain: bool = False
    ) -> None:
        """Take the number that everything follows from, and how many people there can be.

        `is_plain`: nobody is in care or gives birth or talks of methods, and that is known.
        """
        rng = Random(seed)
        self._is_plain = is_plain
        self.months, self.villages = period.months, range(villages)
        self.last = self.months[-1]
        self.atoms: dict[Atom, int] = self._made(rng, many)
        self.vetoed = {
            (village, month)
            for village, month in product(self.villages, self.months[:-1])
            if rng.random() < 0.5 and self.count(self.behind_a_veto(village, month))
        }

    def _made(self, rng: Random, many: Sequence[int]) -> dict[Atom, int]:
        """Return how many people there are in each atom."""
        every = (*ROUND, *OTHERS, *APART, *DESK, *STANDING)
        usual = {what: rng.choice(many) for what in every}
        absent = {what for what in every if rng.random() < 0.6}
        there = [(what, one, month) for month, one in product(self.months, self.villages) for what in self._of(month)]
        atoms: dict[Atom, int] = {}
        for what, place, month in (*there, *((what, TOWNSHIP, month) for month, what in product(self.months, DESK))):
            if not self._is_plain or what in _PLAIN:
                found = usual[what] if rng.random() < 0.3 else rng.choice(many)
                atoms[what, place, month] = 0 if what in absent else found
        return atoms | {(UNANSWERED, TOWNSHIP, month): rng.choice(many) for month in self.months}

    def _of(self, month: Period) -> list[str]:
        there = (*(ROUND if month.first.month % 2 else ()), *OTHERS, *APART, *DESK, *STANDING)
        return [what for what in there if what not in (_BEFORE_LAST if month == self.last else _OF_LAST)]

    def places(self, code: str) -> list[int]:
        """Return the places of a table's rows."""
        return [*self.villages, *([TOWNSHIP] if code in OF_ALL else [])]

    def members(self, cell: Cell, place: int, month: Period) -> list[Atom]:
        """Return the atoms of a cell of a place and month, or of how things stand at its end."""
        found = [(what, place, month) for what in CELLS[cell]]
        found += [(what, place, month.before) for what in BEFORE.get(cell, ())]
        found += [(what, place, each) for each in self.months if each <= month for what in SINCE.get(cell, ())]
        return self._known(found)

    def ends(self, code: str) -> Sequence[Period]:
        """Return the months at whose end it is asked how things stand."""
        return (self.last,) if code in CARE else self.months

    def of_median(self, code: str, month: Period) -> list[Atom]:
        """Return those of a month of whom a median is made."""
        return self._known(product(MEDIANS[code], self.places(code), [month]))

    def behind_a_veto(self, village: int, month: Period) -> list[Atom]:
        """Return the complaints that can have been answered in a month."""
        late = [("answered_late", village, each) for each in self.months if each <= month]
        return self._known([*late, *(("in_time", village, each) for each in (month, month.after))])

    def _known(self, atoms: Iterable[Atom]) -> list[Atom]:
        return [atom for atom in atoms if atom in self.atoms]

    def count(self, atoms: Iterable[Atom]) -> int:
        """Return how many people there are in atoms."""
        return sum(self.atoms[atom] for atom in atoms)

    def table(self, code: str) -> Table:
        """Return a table's counts by month and place."""
        cells = cells_of(code)
        return {
            month: {
                place: tuple(self.count(self.members(cell, place, month)) for cell in cells)
                for place in self.places(code)
            }
            for month in self.months
        }


def cells_of(code: str) -> list[Cell]:
    """Return the cells of a table."""
    return [cell for cell in CELLS if cell[0] == code]
