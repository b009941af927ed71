"""Who waits to be seen again after a dangerous value, and which one it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from models.rules.access import Actor, Permission
from models.rules.bloodpressure import BloodPressure
from models.rules.measurements import Measure, from_stored, urgent_codes
from models.store import audit, scope
from models.store.database import AnyRow, StoreSession
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.visits import RecordKind, Visit


@dataclass(frozen=True, slots=True)
class UrgentValue:
    """A dangerous value after which a person has not been seen again.

    Attributes:
        kind, record_id: the record with the value.
        codes: what was dangerous: `pressure_high`, `glucose_high`, `glucose_low`.
        followup_on: to be seen again by this day.
    """

    kind: RecordKind
    record_id: int
    codes: tuple[str, ...]
    followup_on: date


async def of_person(session: StoreSession, actor: Actor, resident_id: int) -> list[UrgentValue]:
    """Return a person's dangerous values that wait for a follow-up, the most pressing first.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    waiting = select(Enrolment.id, Enrolment.followup_on).where(
        Enrolment.resident_id == resident_id,
        Enrolment.state == EnrolmentState.ACTIVE,
        Enrolment.followup_on.is_not(None),
        Enrolment.programme.in_(scope.visible(actor)),
        scope.of_reachable(actor, Enrolment),
    )
    rows = await session.rows(waiting.order_by(Enrolment.followup_on, Enrolment.id))
    found = [value for row in rows if (value := await _last(session, row)) is not None]
    await audit.write(session, actor, "person:read", "resident", resident_id, {"count": len(found)})
    return found


async def _last(session: StoreSession, enrolment: AnyRow) -> UrgentValue | None:
    """Return the last dangerous value that was reported of an enrolment."""
    records = [
        (row, kind)
        for kind, statement, column in _SOURCES
        for row in await session.rows(statement.where(column == enrolment.id))
    ]
    if not records:
        return None
    row, kind = max(records, key=lambda record: (record[0].day, record[0].entered_at))
    return UrgentValue(kind, row.id, _codes(row), enrolment.followup_on)


def _select(model: Any, day: Any) -> Select[*tuple[Any, ...]]:
    columns = (model.id, day.label("day"), model.entered_at)
    statement = select(*columns, model.sbp, model.dbp, model.glucose)
    return statement.where(model.urgent, model.voided_at.is_(None))


_SOURCES = (
    (RecordKind.VISIT, _select(Visit, Visit.visited_on), Visit.enrolment_id),
    (RecordKind.ATTENDANCE, _select(Attendance, Attendance.held_on), Attendance.enrolment_id),
)


def _codes(row: AnyRow) -> tuple[str, ...]:
    pressure = None if row.sbp is None or row.dbp is None else BloodPressure(row.sbp, row.dbp)
    glucose = None if row.glucose is None else from_stored(Measure.GLUCOSE, row.glucose)
    return urgent_codes(pressure, glucose)
