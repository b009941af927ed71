"""When an offer can be answered, and when somebody is expected back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from models.rules.handover import ANSWER_DAYS, answer_by, deadline, has_expired, is_due_back

LATE = datetime(2026, 3, 16, 15, 59, tzinfo=UTC)
"""23:59 in China on 16 March: one minute later it is the 17th."""
TODAY = date(2026, 3, 16)


def test_the_last_day_counts_whole() -> None:
    ends = deadline(LATE)
    assert answer_by(ends) == TODAY + timedelta(days=ANSWER_DAYS)
    assert not has_expired(ends, ends - timedelta(seconds=1))
    assert has_expired(ends, ends)


def test_a_minute_later_it_is_a_day_later() -> None:
    assert deadline(LATE + timedelta(minutes=1)) - deadline(LATE) == timedelta(days=1)


def test_due_back_from_the_day_after() -> None:
    assert not is_due_back(None, TODAY)
    assert not is_due_back(TODAY, TODAY)
    assert is_due_back(TODAY, TODAY + timedelta(days=1))
