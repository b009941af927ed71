"""Periods are whole months: they add up, and each has one before it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import periods
from models.rules.periods import Period, PeriodKind

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
LEAP_DAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("kind", "first", "last", "months"),
    [
        (PeriodKind.MONTH, date(2028, 2, 1), LEAP_DAY, 1),
        (PeriodKind.QUARTER, date(2028, 1, 1), date(2028, 3, 31), 3),
        (PeriodKind.HALF_YEAR, date(2028, 1, 1), date(2028, 6, 30), 6),
        (PeriodKind.YEAR, date(2028, 1, 1), date(2028, 12, 31), 12),
        (PeriodKind.YEAR_TO_DATE, date(2028, 1, 1), LEAP_DAY, 2),
    ],
)
def test_a_day_lies_in_one_period_of_each_kind(kind: PeriodKind, first: date, last: date, months: int) -> None:
    found = periods.of(kind, LEAP_DAY)
    assert found == Period(kind, first, last)
    assert len(found.months) == months


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (PeriodKind.MONTH, date(2025, 12, 1), date(2025, 12, 31)),
        (PeriodKind.QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
        (PeriodKind.HALF_YEAR, date(2025, 7, 1), date(2025, 12, 31)),
        (PeriodKind.YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        (PeriodKind.YEAR_TO_DATE, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_complete_one_in_january_ended_with_december(kind: PeriodKind, first: date, last: date) -> None:
    assert periods.last_complete(kind, date(2026, 1, 15)) == Period(kind, first, last)


def test_a_year_to_date_is_compared_with_the_same_months() -> None:
    found = periods.to_date(date(2026, 3, 9))
    assert found.before == Period(PeriodKind.YEAR_TO_DATE, date(2025, 1, 1), date(2025, 3, 31))
    assert found.before.after == found


@given(kind=st.sampled_from(PeriodKind), day=DAYS)
def test_months_make_up_the_period_and_neighbours_meet(kind: PeriodKind, day: date) -> None:
    found = periods.of(kind, day)
    months = found.months
    assert found.contains(day)
    assert (months[0].first, months[-1].last) == (found.first, found.last)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(months))
    assert found.before.after == found
    if kind is not PeriodKind.YEAR_TO_DATE:
        assert found.before.last + timedelta(days=1) == found.first


@given(kind=st.sampled_from(PeriodKind), today=DAYS)
def test_the_last_complete_one_is_over_and_the_next_is_not(kind: PeriodKind, today: date) -> None:
    found = periods.last_complete(kind, today)
    assert found.is_over(today)
    if kind is not PeriodKind.YEAR_TO_DATE:
        assert not found.after.is_over(today)


@given(kind=st.sampled_from(PeriodKind), day=DAYS)
def test_a_button_finds_its_period_again(kind: PeriodKind, day: date) -> None:
    found = periods.of(kind, day)
    assert periods.named(found.code) == found
    assert len(found.code) <= 8


@pytest.mark.parametrize(
    "code", ["", "2026-", "2026-13", "2026-Q5", "2026-H3", "2026-00", "26-01", "2026-X1", "2026-T"]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"period|month"):
        periods.named(code)
