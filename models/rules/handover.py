"""Hand-overs of care: until when an offer can be answered, and when somebody who is away is expected back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.rules.clock import CHINA, local_day

ANSWER_DAYS = 14
"""So many days after the offer it can still be answered, the last one included (convention)."""


def deadline(offered_at: datetime, zone: ZoneInfo = CHINA) -> datetime:
    """Return the moment from which an offer can't be answered any more: the end of its last day."""
    after = local_day(offered_at, zone) + timedelta(days=ANSWER_DAYS + 1)
    return datetime.combine(after, time(), zone)


def answer_by(ends_at: datetime, zone: ZoneInfo = CHINA) -> date:
    """Return the last day on which an offer with this deadline can be answered."""
    return local_day(ends_at - timedelta(microseconds=1), zone)


def has_expired(ends_at: datetime, now: datetime) -> bool:
    """Return whether nobody can answer any more."""
    return now >= ends_at


def is_due_back(until: date | None, today: date) -> bool:
    """Return whether somebody who is cared for elsewhere was expected back before today."""
    return until is not None and today > until
