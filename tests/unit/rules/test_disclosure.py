"""What isn't shown can't be worked out: not from a table, nor from all the answers of a year together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import periods
from models.rules.disclosure import LARGEST_SMALL, Counts, Shown, everything, is_small, of_period, of_rows, parts
from models.rules.periods import Period, PeriodKind
from tests.factories.solver import Impossible, Sums

YEAR = periods.of(PeriodKind.YEAR, date(2026, 1, 1))
LATER = date(2027, 1, 1)
Months = dict[Period, dict[str, Counts]]


def test_a_row_without_small_counts_is_shown() -> None:
    found = of_rows({"a": (40, 10), "b": (50, 0)})
    assert found == Shown({"a": (40, 10), "b": (50, 0)}, None, (90, 10), 100)


def test_a_small_count_hides_its_row_and_takes_another_with_it() -> None:
    found = of_rows({"c": (70, 20), "a": (40, 3), "b": (30, 12)})
    assert found.rows == {"c": (70, 20), "a": None, "b": None}
    assert (found.rest, found.total, found.hidden) == ((70, 15), (140, 35), 2)


def test_where_all_rows_are_hidden_the_sum_stands() -> None:
    found = of_rows({"a": (40, 3), "b": (30, 8)})
    assert found == Shown({"a": None, "b": None}, (70, 11), (70, 11), 81)


def test_a_sum_that_is_small_hides_all_but_how_many_there_are() -> None:
    found = of_rows({"a": (40, 3), "b": (30, 2)})
    assert found == Shown({"a": None, "b": None}, None, None, 75)


@pytest.mark.parametrize("counts", [(9, 9), (9, 8), (5, 3)])
def test_two_small_counts_whose_sum_says_too_much_hide_it(counts: tuple[int, int]) -> None:
    found = of_rows({"a": (counts[0],), "b": (counts[1],)})
    assert found == Shown({"a": None, "b": None}, None, None, None)


def test_a_row_of_nothing_hides_nobody() -> None:
    found = of_rows({"a": (40, 3), "b": (0, 0), "c": (30, 12)})
    assert found.rows == {"a": None, "b": (0, 0), "c": None}


def test_the_team_sees_everything() -> None:
    found = everything({"a": (40, 3), "b": (2, 0)})
    assert found == Shown({"a": (40, 3), "b": (2, 0)}, None, (42, 3), 45)


def test_a_quarter_shows_what_no_month_of_it_does() -> None:
    first, second, third = months(periods.of(PeriodKind.QUARTER, YEAR.first))
    rows: Months = {month: {"a": (4,), "b": (8,)} for month in (first, second, third)}
    assert of_period(first, rows, LATER).rows == {"a": None, "b": None}
    assert of_period(periods.of(PeriodKind.QUARTER, YEAR.first), rows, LATER).rows == {"a": (12,), "b": (24,)}


def test_a_quarter_hides_what_was_shown_for_some_of_it() -> None:
    quarter = periods.of(PeriodKind.QUARTER, YEAR.first)
    first, second, third = months(quarter)
    rows: Months = {
        first: {"a": (40,), "b": (80,), "c": (80,)},
        second: {"a": (3,), "b": (80,), "c": (80,)},
        third: {"a": (40,), "b": (80,), "c": (80,)},
    }
    found = of_period(quarter, rows, LATER).rows
    assert found["a"] is None
    assert list(found.values()).count(None) == 2  # 40 + 3 + 40 - 40 - 40


def test_a_quarter_that_is_not_over_is_the_sum_of_its_months() -> None:
    quarter = periods.of(PeriodKind.QUARTER, YEAR.first)
    rows: Months = {month: {"a": (4,), "b": (8,)} for month in months(quarter)}
    assert of_period(quarter, rows, quarter.last).rows == {"a": None, "b": None}


@pytest.mark.parametrize(
    ("kind", "today", "expected"),
    [
        (PeriodKind.YEAR, date(2027, 1, 1), ["year 1"]),
        (PeriodKind.YEAR, date(2026, 11, 5), ["half_year 1", "quarter 7", "month 10", "month 11"]),
        (PeriodKind.YEAR_TO_DATE, date(2026, 12, 31), ["half_year 1", "quarter 7", "month 10", "month 11", "month 12"]),
        (PeriodKind.YEAR_TO_DATE, date(2026, 5, 5), ["quarter 1", "month 4", "month 5"]),
        (PeriodKind.HALF_YEAR, date(2026, 7, 1), ["half_year 7"]),
        (PeriodKind.MONTH, date(2026, 7, 1), ["month 7"]),
    ],
)
def test_a_period_is_told_as_a_sum_of_those_that_are_over(kind: PeriodKind, today: date, expected: list[str]) -> None:
    asked = periods.of(kind, today if kind is not PeriodKind.HALF_YEAR else date(2026, 12, 1))
    if kind is PeriodKind.YEAR:
        asked = YEAR
    found = parts(asked, LATER if kind is PeriodKind.HALF_YEAR else today)
    assert [f"{part.kind} {part.first.month}" for part in found] == expected


def test_whoever_knows_the_rule_works_out_no_small_count_of_a_table() -> None:
    """Every table of three places: an answer leaves each hidden small count at least two values."""
    values: dict[tuple[object, int], set[int]] = defaultdict(set)
    tables = list(product(range(27), repeat=3))
    answers = [answer(dict(enumerate((count,) for count in table))) for table in tables]
    for table, seen in zip(tables, answers, strict=True):
        for place, count in enumerate(table):
            values[seen, place].add(count)
    for table, seen in zip(tables, answers, strict=True):
        for place, count in enumerate(table):
            if is_small(count) and max(table) < 20:  # larger ones could be larger still
                assert len(values[seen, place]) > 1, (table, seen)


def answer(rows: Mapping[int, Counts]) -> tuple[object, ...]:
    found = of_rows(rows)
    return (*found.rows.values(), found.total, found.whole)


COUNT = st.one_of(st.just(0), st.integers(0, 14), st.integers(0, 14), st.integers(0, 60))


@st.composite
def townships(draw: st.DrawFn, cells: int | None = None) -> Months:
    """A half-year or a year of two to five places, in one or two cells."""
    places = "abcde"[: draw(st.integers(2, 5))]
    cells = cells or draw(st.integers(1, 2))
    usual = draw(st.lists(COUNT, min_size=len(places) * cells, max_size=len(places) * cells))
    changes = draw(st.floats(0, 1))
    return {
        month: {
            place: tuple(
                draw(COUNT) if draw(st.floats(0, 1)) < changes else usual[index * cells + cell] for cell in range(cells)
            )
            for index, place in enumerate(places)
        }
        for month in YEAR.months[: draw(st.sampled_from([3, 6, 12]))]
    }


@settings(max_examples=60, deadline=None)
@given(townships())
def test_all_answers_of_a_year_together_give_no_small_count_away(rows: Months) -> None:
    known = Attack(rows)
    for (place, month, cell), number in known.numbers.items():
        if is_small(rows[month][place][cell]):
            least, most = known.sums.bounds(number)
            assert least < 1 - 1e-6 or most > LARGEST_SMALL + 1e-6, (place, month, cell, least, most, rows)


def test_the_attack_finds_what_a_plain_rule_gives_away() -> None:
    month = YEAR.months[0]
    rows: Months = {month: {"a": (40,), "b": (3,)}}
    assert Attack(rows, lambda shown: Shown({"a": (40,), "b": None}, None, (43,), 43)).is_found(("b", month, 0))
    assert not Attack(rows).is_found(("b", month, 0))


def test_the_solver_finds_bounds() -> None:
    assert Sums([((0, 1), 10), ((1, 2), 4)], 3).bounds(0) == (6, 10)
    assert Sums([((0,), 3), ((0, 0), 6)], 1).bounds(0) == (3, 3)
    with pytest.raises(Impossible):
        Sums([((0,), 3), ((0,), 4)], 1)


class Attack:
    """Everything that is said of a year, as sums of its counts: every period, asked at the end of every month."""

    def __init__(self, rows: Months, rule: object = None) -> None:
        self.rows, self.rule = rows, rule
        some = next(iter(rows.values()))
        cells = range(len(next(iter(some.values()))))
        self.numbers = {key: index for index, key in enumerate(product(some, rows, cells))}
        self.sums = Sums(list(dict.fromkeys(self._sums())), len(self.numbers))

    def is_found(self, key: tuple[str, Period, int]) -> bool:
        least, most = self.sums.bounds(self.numbers[key])
        return least >= 1 and most <= LARGEST_SMALL

    def _sums(self) -> Iterator[tuple[tuple[int, ...], int]]:
        for asked, today in questions(self.rows):
            there = {month: self.rows[month] for month in asked.months if month.first <= today}
            found = of_period(asked, there, today) if self.rule is None else self.rule(there)  # type: ignore[operator]
            yield from self._of(found, list(there))

    def _of(self, found: Shown[str], there: list[Period]) -> Iterator[tuple[tuple[int, ...], int]]:
        cells = range(max(cell for _, _, cell in self.numbers) + 1)
        for place, row in found.rows.items():
            for cell, count in enumerate(row or ()):
                yield tuple(self.numbers[place, month, cell] for month in there), count
        every = [(place, month) for place in found.rows for month in there]
        for cell, count in enumerate(found.total or ()):
            yield tuple(self.numbers[place, month, cell] for place, month in every), count
        if found.whole is not None:
            yield tuple(self.numbers[place, month, cell] for place, month in every for cell in cells), found.whole


def questions(rows: Months) -> Iterator[tuple[Period, date]]:
    """Every period that can be asked for, on the first day after each month."""
    for month, kind in product(rows, PeriodKind):
        asked = periods.of(kind, month.first)
        for today in (month.last, month.after.first, LATER):
            if all(each in rows or each.first > today for each in asked.months):
                yield asked, today


def months(period: Period) -> tuple[Period, ...]:
    return period.months
