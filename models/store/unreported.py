"""Villages that have not reported their check-up day: counts, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, select

from models.rules.access import Actor, Permission
from models.rules.stages import is_report_overdue
from models.store import _days, places, scope
from models.store._days import DayLine
from models.store._records import CHECKUP
from models.store.database import StoreSession
from models.store.places import PlaceRow
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident


@dataclass(frozen=True, slots=True)
class Unreported:
    """A check-up day whose deadline has passed.

    Attributes:
        day_id: the day's row.
        held_on: when it was held.
        expected: how many are on its roster now.
        missing: of how many of them nothing was reported.
    """

    village_id: int
    name: str
    day_id: int
    held_on: date
    expected: int
    missing: int


async def by_village(session: StoreSession, actor: Actor) -> list[Unreported]:
    """Return the villages within reach whose last check-up day is not reported in full, after its deadline.

    Only programmes that run, only people who are listed and had joined by that day.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    found = [
        await _of_village(session, actor, village)
        for village in await places.villages(session, actor.township_id, actor.village_id)
    ]
    return [one for one in found if one.missing]


async def _of_village(session: StoreSession, actor: Actor, village: PlaceRow) -> Unreported:
    day = await _last_day(session, actor, village)
    expected, reported = await _counts(session, actor, day)
    return Unreported(village.id, village.name, day.id, day.held_on, expected, expected - reported)


async def _last_day(session: StoreSession, actor: Actor, village: PlaceRow) -> DayLine:
    """Return the last check-up day of a village whose deadline has passed."""
    on = scope.today(session, actor)
    while True:
        day = await _days.day_of(session, village.id, village.township_id, on)
        if is_report_overdue(day.held_on, session.now(), ZoneInfo(actor.zone)):
            return day
        on = day.held_on - timedelta(days=1)


async def _counts(session: StoreSession, actor: Actor, day: DayLine) -> tuple[int, int]:
    """Return how many are on the roster of a day, and of how many of them something was reported."""
    told = exists().where(
        Attendance.day_id == day.id, Attendance.resident_id == Enrolment.resident_id, Attendance.voided_at.is_(None)
    )
    roster = and_(
        Enrolment.programme == CHECKUP,
        Enrolment.state == EnrolmentState.ACTIVE,
        Enrolment.enrolled_on <= day.held_on,
        Resident.village_id == day.village_id,
        scope.reach(actor, Resident),
        scope.listed(),
    )
    statement = select(func.count(), func.count().filter(told)).select_from(Enrolment)
    row = await session.row(statement.join(Resident, Resident.id == Enrolment.resident_id).where(roster))
    return (0, 0) if row is None else (row[0], row[1])
