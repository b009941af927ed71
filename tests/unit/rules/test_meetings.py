"""When a joint meeting is held, and what is overdue of what it decided."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.calendar import is_working_day
from models.rules.clock import CHINA
from models.rules.meetings import LASTS, DecisionState, is_over, is_overdue, meeting_of, next_month

OF_2026 = ("1-5", "2-5", "3-5", "4-7", "5-6", "6-5", "7-6", "8-5", "9-7", "10-8", "11-5", "12-7")


def test_the_fifth_of_each_month_of_2026() -> None:
    """Moved from Qingming, Labour Day, National Day and four weekends."""
    held = [meeting_of(date(2026, month, 1), 5, 9, CHINA).held_on for month in range(1, 13)]
    assert tuple(f"{day.month}-{day.day}" for day in held) == OF_2026


@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        (CHINA, datetime(2026, 3, 5, 1, 0, tzinfo=UTC)),
        (ZoneInfo("Asia/Urumqi"), datetime(2026, 3, 5, 3, 0, tzinfo=UTC)),
    ],
)
def test_it_begins_by_the_clock_of_the_township(zone: ZoneInfo, starts_at: datetime) -> None:
    assert meeting_of(date(2026, 3, 31), 5, 9, zone).starts_at == starts_at


def test_a_year_without_a_calendar_is_provisional() -> None:
    assert not meeting_of(date(2026, 10, 1), 5, 9, CHINA).provisional
    assert meeting_of(date(2031, 10, 1), 5, 9, CHINA).provisional


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2004, 1, 1), date(2040, 12, 31)), st.integers(1, 31), st.integers(0, 23))
def test_each_month_has_one_on_a_working_day_not_before_its_fixed_day(month: date, dom: int, hour: int) -> None:
    found = meeting_of(month, dom, hour, CHINA)
    assert (found.nominal.year, found.nominal.month) == (month.year, month.month)
    assert found.nominal <= found.held_on <= found.nominal + timedelta(days=14)
    assert is_working_day(found.held_on)
    assert found.starts_at.astimezone(CHINA).date() == found.held_on
    assert meeting_of(next_month(month), dom, hour, CHINA).starts_at > found.starts_at


@pytest.mark.parametrize(("dom", "hour"), [(0, 9), (32, 9), (5, 24), (5, -1)])
def test_days_and_hours_that_do_not_exist(dom: int, hour: int) -> None:
    with pytest.raises(ValueError, match=r"day of the month|hour"):
        meeting_of(date(2026, 1, 1), dom, hour, CHINA)


def test_it_is_over_after_two_hours() -> None:
    begins = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    assert not is_over(begins, begins + LASTS - timedelta(seconds=1))
    assert is_over(begins, begins + LASTS)


def test_a_decision_is_overdue_after_its_day_while_it_is_open() -> None:
    due = date(2026, 3, 10)
    assert not is_overdue(DecisionState.OPEN, due, due)
    assert is_overdue(DecisionState.OPEN, due, due + timedelta(days=1))
    for closed in (DecisionState.DONE, DecisionState.DROPPED):
        assert not is_overdue(closed, due, due + timedelta(days=1))
