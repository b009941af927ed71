"""Who is on the roster of a check-up day, and of whom nothing was reported. Private to the store."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select, true
from sqlalchemy.orm import aliased

from models.store import scope
from models.store._records import CHECKUP
from models.store.database import StoreSession
from models.tables.checkups import Attendance, CheckupDay
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident

_place, _person = aliased(Enrolment), aliased(Resident)


async def counts(
    session: StoreSession, day_ids: Collection[int], *conditions: ColumnElement[bool], by: datetime | None = None
) -> dict[int, tuple[int, int]]:
    """Return how many are on the roster of each day, and of how many of them nothing was reported, or not `by` then.

    `conditions` narrow it to some `Resident`s.
    """
    missing = func.count().filter(~_told(Enrolment, by))
    statement = select(CheckupDay.id, func.count(), missing).select_from(CheckupDay)
    statement = statement.join(Enrolment, Enrolment.village_id == CheckupDay.village_id)
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id)
    statement = statement.where(CheckupDay.id.in_(day_ids), on_roster(Enrolment, Resident), *conditions)
    return {row[0]: (row[1], row[2]) for row in await session.rows(statement.group_by(CheckupDay.id))}


def is_missing() -> ColumnElement[bool]:
    """Return the condition that of somebody on the roster of a `CheckupDay` nothing was reported."""
    here = (_place.village_id == CheckupDay.village_id, _person.id == _place.resident_id)
    return exists().where(*here, on_roster(_place, _person), ~_told(_place))


def on_roster(enrolment: type[Enrolment], person: type[Resident]) -> ColumnElement[bool]:
    """Return the condition that an enrolment puts its person on the roster of a `CheckupDay`."""
    return and_(
        enrolment.programme == CHECKUP,
        enrolment.state == EnrolmentState.ACTIVE,
        enrolment.enrolled_on <= CheckupDay.held_on,
        person.village_id == CheckupDay.village_id,
        scope.listed(person),
    )


def _told(enrolment: type[Enrolment], by: datetime | None = None) -> ColumnElement[bool]:
    in_time = true() if by is None else Attendance.entered_at <= by
    of_person = and_(Attendance.day_id == CheckupDay.id, Attendance.resident_id == enrolment.resident_id)
    told = exists().where(of_person, Attendance.voided_at.is_(None), in_time)
    return told.correlate_except(Attendance)  # inside another EXISTS only the nearest FROM would be the outer one
