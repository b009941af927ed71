"""Who had a place on the check-up days of some months, what came of it, and whether it was reported in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, literal, or_, select

from models.rules.access import Actor
from models.rules.calendar import MOST_DAYS_MOVED, CheckupDate, checkup_day, months_around
from models.rules.indicators.checkups import Place
from models.rules.indicators.reporting import VillageDay
from models.rules.outcomes import Outcome
from models.rules.periods import Period, month_of
from models.rules.programmes.checkup import OPEN_DAYS
from models.rules.stages import is_report_overdue, report_deadline
from models.store import places, scope
from models.store._days import DEFAULT_CHECKUP_DOM
from models.store._records import CHECKUP
from models.store.database import AnyRow, StoreSession
from models.store.indicators._months import Found, lies
from models.store.places import PlaceRow
from models.tables.base import Instant, new_id
from models.tables.checkups import Attendance, CheckupDay, DayState
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident

_FAR = timedelta(days=MOST_DAYS_MOVED)


@dataclass(frozen=True, slots=True)
class _Told:
    """Places of a day of which something was reported: what, and whether first after the deadline."""

    day: AnyRow
    outcome: Outcome
    in_time: bool
    is_late: bool
    many: int


@dataclass(frozen=True, slots=True)
class _Silent:
    """Places of a day of which nothing was reported; `is_away`: of people who are away now."""

    day: AnyRow
    is_away: bool
    many: int


@dataclass(frozen=True, slots=True)
class Rounds:
    """The check-up days of some months.

    Attributes:
        places: those of the days that were held by today. Of who is away now and of whom nothing was reported, there
            is none.
        days: how the days were reported whose deadline has passed.
    """

    places: Found[Place]
    days: Found[VillageDay]


async def rounds(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Rounds:
    """Return what came of the check-up days of the months; they are to be there (`make_days`)."""
    days = await _days(session, actor, villages, months, today)
    if not days:
        return Rounds({}, {})
    told, silent = await _told(session, days, actor), await _silent(session, days)
    found: Found[Place] = {}
    for each in told:
        found.setdefault(_key(each.day), []).append((Place(each.outcome, each.in_time), each.many))
    for one in silent:
        if not one.is_away:
            found.setdefault(_key(one.day), []).append((Place(None), one.many))
    zone = ZoneInfo(actor.zone)
    over = [day for day in days.values() if is_report_overdue(day.held_on, session.now(), zone)]
    return Rounds(found, _reported(over, told, silent))


def _reported(over: Sequence[AnyRow], told: Sequence[_Told], silent: Sequence[_Silent]) -> Found[VillageDay]:
    expected, missing = Counter[int](), Counter[int]()
    for each in told:
        expected[each.day.id] += each.many
        missing[each.day.id] += each.many if each.is_late else 0
    for one in silent:
        expected[one.day.id] += one.many
        missing[one.day.id] += one.many
    found: Found[VillageDay] = {}
    for day in over:
        found.setdefault(_key(day), []).append((VillageDay(expected[day.id], missing[day.id]), 1))
    return found


def _key(day: AnyRow) -> tuple[int, Period]:
    return day.village_id, month_of(day.held_on)


async def make_days(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> None:
    """Make the days held in the months by today that nobody has asked for yet."""
    first, last = months[0].first, min(months[-1].last, today)
    keys = {(row.village_id, row.nominal_on) for row in await _known(session, actor, villages, first, last)}
    usual = (await places.get(session, actor.township_id)).checkup_dom or DEFAULT_CHECKUP_DOM
    fresh = [
        _new(village, day)
        for village in await places.villages(session, actor.township_id, actor.village_id)
        if village.id in villages
        for day in _held(village.checkup_dom or usual, first, last)
        if (village.id, day.nominal) not in keys
    ]
    if fresh:
        await session.execute(session.insert_or_ignore(CheckupDay, ["village_id", "nominal_on"]), fresh)


async def _days(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> dict[int, AnyRow]:
    """Return the days held in the months by today, by id."""
    first, last = months[0].first, min(months[-1].last, today)
    known = await _known(session, actor, villages, first, last)
    return {row.id: row for row in known if first <= row.held_on <= last and row.state is not DayState.CANCELLED}


async def _known(
    session: StoreSession, actor: Actor, villages: Sequence[int], first: date, last: date
) -> Sequence[AnyRow]:
    """Return the days that are, or without a move would be, held from `first` to `last`."""
    columns = (CheckupDay.id, CheckupDay.village_id, CheckupDay.nominal_on, CheckupDay.held_on, CheckupDay.state)
    around = CheckupDay.nominal_on.between(first - _FAR, last)
    return await session.rows(
        select(*columns).where(lies(actor, villages, CheckupDay), or_(around, CheckupDay.held_on.between(first, last)))
    )


def _held(dom: int, first: date, last: date) -> list[CheckupDate]:
    """Return the days that the calendar has from `first` to `last`."""
    days = [checkup_day(dom, month.year, month.month) for month in months_around(first, last)]
    return [day for day in days if first <= day.held_on <= last]


def _new(village: PlaceRow, day: CheckupDate) -> dict[str, Any]:
    return {
        "id": new_id(),
        "township_id": village.township_id,
        "village_id": village.id,
        "nominal_on": day.nominal,
        "held_on": day.held_on,
        "provisional": day.provisional,
    }


async def _told(session: StoreSession, days: Mapping[int, AnyRow], actor: Actor) -> list[_Told]:
    last = _last_records(days)
    held = {day.held_on for day in days.values()}
    late = last.c.first_at > _by_day({on: report_deadline(on, ZoneInfo(actor.zone)) for on in held}, Instant())
    in_time = last.c.held_on <= _by_day({on: on + timedelta(days=OPEN_DAYS) for on in held})
    columns = (last.c.day_id, last.c.outcome, in_time.label("in_time"), late.label("late"))
    statement = select(*columns, func.count().label("many")).join(CheckupDay, CheckupDay.id == last.c.day_id)
    statement = statement.where(last.c.newest == 1).group_by(last.c.day_id, last.c.outcome, "in_time", "late")
    rows = await session.rows(statement)
    return [_Told(days[row.day_id], Outcome(row.outcome), bool(row.in_time), bool(row.late), row.many) for row in rows]


def _by_day(values: Mapping[date, date | datetime], kind: Any = None) -> ColumnElement[Any]:
    """Return a value that hangs on the day on which a `CheckupDay` is held."""
    return case({day: literal(value, kind) for day, value in values.items()}, value=CheckupDay.held_on)


def _last_records(days: Mapping[int, AnyRow]) -> Subquery:
    """Return what was last reported of each person's place on days, and when something was for the first time."""
    place = (Attendance.day_id, Attendance.resident_id)
    order = (Attendance.held_on.desc(), Attendance.entered_at.desc(), Attendance.id.desc())
    statement = select(
        Attendance.day_id,
        Attendance.outcome,
        Attendance.held_on,
        func.min(Attendance.entered_at, type_=Instant()).over(partition_by=place).label("first_at"),
        func.row_number().over(partition_by=place, order_by=order).label("newest"),
    )
    statement = statement.where(
        Attendance.day_id.in_(days),
        Attendance.enrolment_id.is_not(None),
        Attendance.voided_at.is_(None),
    )
    return statement.subquery()


async def _silent(session: StoreSession, days: Mapping[int, AnyRow]) -> list[_Silent]:
    """Count whoever had a place and of whom nothing was reported: who is listed, had joined, and had not ended."""
    told = and_(
        Attendance.day_id == CheckupDay.id,
        Attendance.resident_id == Enrolment.resident_id,
        Attendance.voided_at.is_(None),
    )
    statement = select(CheckupDay.id, Enrolment.paused, func.count().label("many")).select_from(CheckupDay)
    statement = statement.join(Enrolment, Enrolment.village_id == CheckupDay.village_id)
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id).where(
        CheckupDay.id.in_(days),
        Enrolment.programme == CHECKUP,
        or_(Enrolment.state == EnrolmentState.ACTIVE, Enrolment.ended_on >= CheckupDay.held_on),
        Enrolment.enrolled_on <= CheckupDay.held_on,
        ~exists().where(told),
        Resident.village_id == CheckupDay.village_id,
        scope.listed(),
    )
    rows = await session.rows(statement.group_by(CheckupDay.id, Enrolment.paused))
    return [_Silent(days[row.id], row.paused, row.many) for row in rows]
