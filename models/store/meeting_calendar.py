"""When a township meets, for whoever plans around them. No people: no actor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from models.rules.clock import local_day
from models.rules.meetings import next_month
from models.store import _meetings
from models.store._meetings import MeetingLine
from models.store.database import StoreSession

_NEAR = timedelta(days=32)
"""Farther from its fixed day no meeting is put."""


async def between(session: StoreSession, township_id: int, first: date, last: date) -> list[MeetingLine]:
    """Return the meetings of the months around `first` to `last`, cancelled ones too; nothing is changed.

    One that no row was made of yet has no id. Before the first row there were no meetings.
    """
    habit = await _meetings.habit_of(session, township_id)
    found = [await _meetings.as_seen(session, township_id, month, habit) for month in _months(first, last)]
    return [one for one in found if one.id or not one.is_over(session.now())]


async def follow(session: StoreSession, township_id: int, until: date) -> None:
    """Make the meetings up to `until`, and put those elsewhere that the calendar has elsewhere by now."""
    habit = await _meetings.habit_of(session, township_id)
    for month in _months(local_day(session.now(), habit.zone), until):
        await _meetings.of_month(session, township_id, month, habit)


def _months(first: date, last: date) -> Iterator[date]:
    """Yield the months whose meetings may be held from `first` to `last`."""
    month = (first - _NEAR).replace(day=1)
    while month <= last + _NEAR:
        yield month
        month = next_month(month)
