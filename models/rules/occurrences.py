"""When something that recurs takes place: moved off days off, or as a person has decided for one occurrence.

What is listed is computed anew each time. So an occurrence of a year without a published calendar moves by itself when
there is one, and `changed` tells for whom that is news.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.rules.calendar import CheckupDate, held, is_provisional, is_working_day
from models.rules.clock import CHINA, local_day, moment_at
from models.rules.recurrence import FixedDay, NominalDays, checkup_days

FARTHEST = timedelta(days=14)
"""No run of days off is longer, so nothing is moved farther by the calendar."""
MEETING_AT = time(9)
MEETING_LASTS = timedelta(hours=2)
_DAY = timedelta(days=1)
_SEARCHED = 40
"""So many stretches of `_STRETCH` are searched for the next occurrence: over ten years."""
_STRETCH = timedelta(days=100)


class OnDayOff(StrEnum):
    """What becomes of an occurrence whose nominal day is a day off."""

    MOVES = "moves"
    """It is held on the next working day."""
    SKIPS = "skips"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Series:
    """Something that recurs.

    Attributes:
        days: the nominal days.
        at: the hour at which it begins, as clocks show it there; `None` for the whole day.
        lasts: how long it takes; of no matter for a whole day.
        zone: where it takes place.
        on_day_off: what becomes of one on a day off.
    """

    days: NominalDays
    at: time | None = None
    lasts: timedelta = MEETING_LASTS
    zone: ZoneInfo = CHINA
    on_day_off: OnDayOff = OnDayOff.MOVES


@dataclass(frozen=True, slots=True)
class Override:
    """What a person has decided about one occurrence.

    Attributes:
        nominal: the occurrence.
        reason: why, as the person said.
        held_on: the day on which it takes place, be it a day off; `None`: it doesn't.
        at: another hour, if there is one.
    """

    nominal: date
    reason: str
    held_on: date | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that something takes place.

    Attributes:
        nominal: what it is known by, wherever it moves.
        planned_on: the day on which the calendar puts it.
        held_on: the day on which it takes place: `planned_on`, unless a person has decided otherwise.
        starts_at, ends_at: aware, in the zone of the series; a whole day ends when the next begins.
        zone: where it takes place.
        is_whole_day: it has no hour.
        provisional: `held_on` may still change, because no calendar is published yet.
        override: what a person has decided about it.
    """

    nominal: date
    planned_on: date
    held_on: date
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    is_whole_day: bool
    provisional: bool
    override: Override | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it doesn't take place; the days and moments are then those it would have had."""
        return self.override is not None and self.override.held_on is None


@dataclass(frozen=True, slots=True)
class Change:
    """An occurrence that is not where people were told it is.

    Attributes:
        nominal: what it is known by.
        told: when they were told it begins.
        now: where it is now; `None` when it doesn't take place, be it cancelled or no part of the series any more.
    """

    nominal: date
    told: datetime
    now: Occurrence | None


def checkup_series(day_of_month: int, zone: ZoneInfo = CHINA) -> Series:
    """Return a village's check-up days."""
    return Series(checkup_days(day_of_month), zone=zone)


def meeting_series(
    day_of_month: int, at: time = MEETING_AT, zone: ZoneInfo = CHINA, lasts: timedelta = MEETING_LASTS
) -> Series:
    """Return a township's joint meetings: each month on a fixed day and hour."""
    return Series(FixedDay(day_of_month), at, lasts, zone)


def occurrences(
    series: Series, first: date, last: date, overrides: Iterable[Override] = (), *, with_cancelled: bool = False
) -> list[Occurrence]:
    """Return what is held from the day `first` to the day `last`, both included, by its beginning.

    Where several land on one working day, only the one that would be held there anyhow, or else the last, is held.
    An override of a day that is no nominal day does nothing; of two for one day the later counts.
    """
    decided = {override.nominal: override for override in overrides}
    start = first - FARTHEST
    found = list(_of_nominal_days(series, start, last, decided))
    for nominal in decided:
        if not start <= nominal <= last:
            found += _of_nominal_days(series, nominal, nominal, decided)
    kept = [one for one in found if first <= one.held_on <= last and (with_cancelled or not one.is_cancelled)]
    return sorted(kept, key=_by_beginning)


def starting_between(
    series: Series, start: datetime, end: datetime, overrides: Iterable[Override] = (), *, with_cancelled: bool = False
) -> list[Occurrence]:
    """Return what begins at `start` or later and before `end` (both aware), by its beginning."""
    first, last = local_day(start, series.zone), local_day(end, series.zone)
    found = occurrences(series, first, last, overrides, with_cancelled=with_cancelled)
    return [one for one in found if start <= one.starts_at.astimezone(UTC) < end]


def occurrence(series: Series, nominal: date, overrides: Iterable[Override] = ()) -> Occurrence | None:
    """Return the occurrence that is known by `nominal`, cancelled or not; `None` if there is no such one."""
    decided = {override.nominal: override for override in overrides}
    return next(_of_nominal_days(series, nominal, nominal, decided), None)


def next_occurrence(series: Series, after: datetime, overrides: Iterable[Override] = ()) -> Occurrence | None:
    """Return the first that begins later than `after` (aware); `None` if there is none within ten years."""
    decided = tuple(overrides)
    moment = after.astimezone(UTC) + timedelta(microseconds=1)
    for _ in range(_SEARCHED):
        found = starting_between(series, moment, moment + _STRETCH, decided)
        if found:
            return found[0]
        moment += _STRETCH
    return None


def changed(told: Mapping[date, datetime], found: Iterable[Occurrence]) -> list[Change]:
    """Return what isn't where people were told it is, by nominal day.

    Args:
        told: the beginning that was told, by nominal day.
        found: what there is now; cancelled ones may be among them.
    """
    now = {one.nominal: one for one in found if not one.is_cancelled}
    changes = [Change(nominal, moment, now.get(nominal)) for nominal, moment in sorted(told.items())]
    return [one for one in changes if one.now is None or not _is_same(one.now.starts_at, one.told)]


def _is_same(one: datetime, other: datetime) -> bool:
    """Return whether two aware moments are one, whatever their zones: of an hour that comes twice == is not sure."""
    return one.astimezone(UTC) == other.astimezone(UTC)


def _by_beginning(one: Occurrence) -> tuple[datetime, date]:
    return one.starts_at.astimezone(UTC), one.nominal


def _of_nominal_days(series: Series, first: date, last: date, decided: Mapping[date, Override]) -> Iterator[Occurrence]:
    """Yield the occurrences known by the days from `first` to `last`."""
    placed: dict[date, CheckupDate] = {}
    for nominal in series.days.between(first, last + FARTHEST):
        place = _placed(series, nominal)
        if place is not None:
            placed[place.held_on] = place
    for place in placed.values():
        if place.nominal <= last:
            yield _occurrence(series, place, decided.get(place.nominal))


def _placed(series: Series, nominal: date) -> CheckupDate | None:
    if series.on_day_off is OnDayOff.STAYS:
        return CheckupDate(nominal, nominal, False)
    if series.on_day_off is OnDayOff.SKIPS:
        return CheckupDate(nominal, nominal, is_provisional(nominal)) if is_working_day(nominal) else None
    return held(nominal)


def _occurrence(series: Series, place: CheckupDate, override: Override | None) -> Occurrence:
    held_on, at, provisional = place.held_on, series.at, place.provisional
    if override is not None:
        provisional = provisional and override.held_on is None
        held_on, at = override.held_on or held_on, override.at or at
    starts_at = moment_at(held_on, at or time(), series.zone)
    ends_at = starts_at + series.lasts if at else moment_at(held_on + _DAY, time(), series.zone)
    return Occurrence(
        place.nominal,
        place.held_on,
        held_on,
        starts_at.astimezone(series.zone),
        ends_at.astimezone(series.zone),
        series.zone,
        at is None,
        provisional,
        override,
    )
