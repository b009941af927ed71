"""What a zone's clocks do in a year, as calendars are told it (VTIMEZONE, RFC 5545, 3.6.5).

Made here: icalendar's own says of a change forward the hour after it, where the RFC wants the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone  # type: ignore[import-untyped]

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=8)
def timezone(zone: ZoneInfo, year: int) -> Timezone:
    """Return the component for a year and the days around it."""
    from icalendar import Timezone

    found = Timezone()
    found.add("tzid", zone.key)
    start = datetime(year, 1, 1, tzinfo=UTC) - _DAY
    found.add_component(_observance(zone, start, start))
    for moment in _changes(zone, start, datetime(year + 1, 1, 1, tzinfo=UTC) + 2 * _DAY):
        found.add_component(_observance(zone, moment - _SECOND, moment))
    return found


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the moments between two at which the clocks are changed."""
    day = start
    while day < end:
        before, after = day, day + _DAY
        if _offset(zone, before) != _offset(zone, after):
            while after - before > _SECOND:
                middle = before + (after - before) // _SECOND // 2 * _SECOND
                before, after = (middle, after) if _offset(zone, middle) == _offset(zone, before) else (before, middle)
            yield after
        day += _DAY


def _observance(zone: ZoneInfo, before: datetime, moment: datetime) -> object:
    """Return what holds from `moment`, with the hour that clocks show then if they aren't changed."""
    from icalendar import TimezoneDaylight, TimezoneStandard

    shown = moment.astimezone(zone)
    found = TimezoneDaylight() if shown.dst() else TimezoneStandard()
    found.add("dtstart", (moment + _offset(zone, before)).replace(tzinfo=None))
    found.add("tzoffsetfrom", _offset(zone, before))
    found.add("tzoffsetto", _offset(zone, moment))
    found.add("tzname", shown.tzname())
    return found


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
