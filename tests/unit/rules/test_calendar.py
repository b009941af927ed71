"""Working days and check-up days, against the published calendars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.rules.calendar import (
    checkup_day,
    is_provisional,
    is_working_day,
    last_checkup_day,
    next_checkup_day,
    next_working_day,
    nominal_checkup_days,
)


def days(year: int, *spans: str) -> set[date]:
    """Return the days of `1/1-3` (January 1 to 3), `2/4`."""
    found = set()
    for span in spans:
        month, _, rest = span.partition("/")
        first, _, last = rest.partition("-")
        found |= {date(year, int(month), day) for day in range(int(first), int(last or first) + 1)}
    return found


# As in the State Council's notices: of 25 October 2023 for 2024, of 12 November 2024 for 2025, and the one for 2026.
OFF = {
    2024: days(2024, "1/1", "2/10-17", "4/4-6", "5/1-5", "6/8-10", "9/15-17", "10/1-7"),
    2025: days(2025, "1/1", "1/28-31", "2/1-4", "4/4-6", "5/1-5", "5/31", "6/1-2", "10/1-8"),
    2026: days(2026, "1/1-3", "2/15-23", "4/4-6", "5/1-5", "6/19-21", "9/25-27", "10/1-7"),
}
MAKE_UP = {
    2024: days(2024, "2/4", "2/18", "4/7", "4/28", "5/11", "9/14", "9/29", "10/12"),
    2025: days(2025, "1/26", "2/8", "4/27", "9/28", "10/11"),
    2026: days(2026, "1/4", "2/14", "2/28", "5/9", "9/20", "10/10"),
}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_a_published_year(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in MAKE_UP[year] or (day.weekday() < 5 and day not in OFF[year])
        assert is_working_day(day) is expected, day
        assert not is_provisional(day)
        day += timedelta(days=1)


def test_years_without_a_published_calendar_are_computed_and_provisional() -> None:
    assert is_provisional(date(2027, 2, 8))
    assert not is_working_day(date(2027, 2, 8))  # Monday, third day of the lunar year
    assert not is_working_day(date(2027, 10, 2))
    assert is_working_day(date(2027, 3, 1))
    assert not is_working_day(date(2027, 3, 6))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), date(2026, 2, 14)),
        (date(2026, 2, 15), date(2026, 2, 24)),
        (date(2026, 10, 1), date(2026, 10, 8)),
        (date(2026, 9, 20), date(2026, 9, 20)),
        (date(2026, 7, 4), date(2026, 7, 6)),
    ],
)
def test_next_working_day(day: date, works: date) -> None:
    assert next_working_day(day) == works


def test_nominal_days_are_in_odd_months_and_short_months_end_early() -> None:
    assert nominal_checkup_days(31, 2026) == [
        date(2026, 1, 31), date(2026, 3, 31), date(2026, 5, 31),
        date(2026, 7, 31), date(2026, 9, 30), date(2026, 11, 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dom", "month", "held"),
    [
        (1, 1, date(2026, 1, 4)),  # a Sunday that is worked
        (15, 3, date(2026, 3, 16)),
        (9, 5, date(2026, 5, 9)),  # a Saturday that is worked
        (25, 9, date(2026, 9, 28)),
        (31, 1, date(2026, 2, 2)),
    ],
)
def test_a_checkup_moves_to_the_next_working_day(dom: int, month: int, held: date) -> None:
    found = checkup_day(dom, 2026, month)
    assert found.held_on == held
    assert not found.provisional


def test_the_day_that_moved_into_the_next_month_is_still_next() -> None:
    assert next_checkup_day(31, date(2026, 2, 1)).held_on == date(2026, 2, 2)
    assert next_checkup_day(31, date(2026, 2, 2)).held_on == date(2026, 3, 31)
    assert next_checkup_day(15, date(2026, 12, 31)).nominal == date(2027, 1, 15)
    assert next_checkup_day(15, date(2026, 12, 31)).provisional


@pytest.mark.parametrize("dom", [0, 32, -1])
def test_a_day_that_no_month_has(dom: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 31"):
        nominal_checkup_days(dom, 2026)


def test_even_months_have_no_checkup() -> None:
    with pytest.raises(ValueError, match="odd months"):
        checkup_day(15, 2026, 2)


def test_a_moved_day_is_held_elsewhere_and_a_cancelled_one_not_at_all() -> None:
    moves = {date(2026, 9, 10): None, date(2026, 11, 10): date(2026, 10, 30)}
    assert next_checkup_day(10, date(2026, 7, 10), moves).held_on == date(2026, 10, 30)
    assert next_checkup_day(10, date(2026, 10, 30), moves).nominal == date(2027, 1, 10)
    assert last_checkup_day(10, date(2026, 10, 31), moves).nominal == date(2026, 11, 10)
    assert last_checkup_day(10, date(2026, 10, 29), moves).nominal == date(2026, 7, 10)
    late = {date(2026, 9, 10): date(2026, 10, 20)}
    assert next_checkup_day(10, date(2026, 10, 1), late).held_on == date(2026, 10, 20)
