"""When a record is locked: who entered it can't correct it alone any more, the clinic has to agree."""

from __future__ import annotations

from datetime import date, timedelta

LOCK_DAYS = 30
"""So many days after it was entered a record can still be corrected without asking (convention)."""
GRANT_DAYS = 3
"""So many days the clinic's leave to correct a locked record holds (convention)."""


def open_until(entered_on: date, days: int = LOCK_DAYS) -> date:
    """Return the last day on which a record entered on `entered_on` is corrected without asking."""
    return entered_on + timedelta(days=days)


def is_locked(entered_on: date, today: date, days: int = LOCK_DAYS) -> bool:
    """Return whether a record entered on `entered_on` is locked on `today`."""
    return today > open_until(entered_on, days)
