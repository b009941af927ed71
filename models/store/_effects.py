"""What an outcome does to the person and to the person's programmes, and putting that back.

Private to the store. Every such change raises `residents.revision`, and remembers it, so that it is put back
only while nothing else has changed the person or the programmes since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from models.rules.outcomes import EFFECTS, Outcome
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict
from models.tables.base import table
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Consent, Resident, ResidentStatus

Before = dict[str, Any]
"""What was there before; empty when nothing but the record itself was changed. JSON."""

_BACK = frozenset({Outcome.ATTENDED, Outcome.RESCHEDULED, Outcome.ILL})
"""Outcomes that show that somebody who was away is here again."""
_STATUS = {
    Outcome.AWAY: ResidentStatus.AWAY,
    Outcome.MOVED: ResidentStatus.MOVED,
    Outcome.DECEASED: ResidentStatus.DECEASED,
}
_e = table(Enrolment).c
_OF_PERSON = (
    select(_e.id, _e.state, _e.ended_on, _e.ended_by, _e.paused)
    .where(_e.resident_id == bindparam("person"), _e.state == EnrolmentState.ACTIVE)
    .order_by(_e.id)
)
_SET = (
    update(table(Enrolment))
    .where(_e.id == bindparam("row"))
    .values(
        state=bindparam("now_state"),
        ended_on=bindparam("now_ended_on"),
        ended_by=bindparam("now_ended_by"),
        paused=bindparam("now_paused"),
    )
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: what to put back, and which enrolments have to be computed again."""

    before: Before
    touched: tuple[int, ...]


async def active(session: StoreSession, person_id: int) -> Sequence[AnyRow]:
    """Return the person's running enrolments: id, state, ended_on, ended_by, paused."""
    return await session.rows(_OF_PERSON, {"person": person_id})


async def apply(session: StoreSession, person: AnyRow, enrolment_id: int | None, outcome: Outcome, on: date) -> Applied:
    """Apply `outcome` of day `on`, reported for one enrolment (or none), to the locked `person`."""
    running = await active(session, person.id)
    changes = [change for row in running if (change := _change(row, enrolment_id, outcome, on)) is not None]
    status = _status(person, outcome)
    restricts = EFFECTS[outcome].restricts
    if not changes and status is person.status and not restricts:
        return Applied({}, ())
    if changes:
        await session.execute(_SET, changes)
    withdrawn = await withdraw(session, person.id) if restricts else []
    await _set_person(session, person, status, restricted=person.restricted or restricts)
    touched = {change["row"] for change in changes}
    before = {
        "status": person.status.value,
        "restricted": person.restricted,
        "enrolments": [_remember(row) for row in running if row.id in touched],
        "consents": withdrawn,
        "revision": person.revision + 1,
    }
    return Applied(before, tuple(sorted(touched)))


async def bring_back(session: StoreSession, person: AnyRow) -> Applied:
    """Let the locked `person`, who had moved, live here again; the programmes have ended and are joined anew."""
    await _set_person(session, person, ResidentStatus.PRESENT, restricted=person.restricted)
    before = {
        "status": person.status.value,
        "restricted": person.restricted,
        "enrolments": [],
        "consents": [],
        "revision": person.revision + 1,
    }
    return Applied(before, ())


async def restore(session: StoreSession, person: AnyRow, before: Before) -> tuple[int, ...]:
    """Put back what `apply` changed, and return the enrolments to compute again.

    Raises:
        Conflict: `changed_since`: the person or a programme was changed by something else meanwhile.
    """
    if not before:
        return ()
    if person.revision != before["revision"]:
        raise Conflict("changed_since")
    changes = [_recall(remembered) for remembered in before.get("enrolments", ())]
    if "status" in before:
        await _put_back(session, person, before, changes)
    return tuple(change["row"] for change in changes)


async def forget_enrolment(session: StoreSession, enrolment_id: int) -> None:
    """Delete an enrolment that a report had created, when the report is taken back."""
    detach = update(Attendance).where(Attendance.enrolment_id == enrolment_id)
    await session.execute(detach.values(enrolment_id=None))
    await session.execute(delete(Enrolment).where(Enrolment.id == enrolment_id))


async def bump(session: StoreSession, person_id: int) -> None:
    """Note that the person, or which programmes the person is in, has changed."""
    changed = update(Resident).where(Resident.id == person_id)
    await session.execute(changed.values(revision=Resident.revision + 1, updated_at=session.now()))


async def withdraw(session: StoreSession, person_id: int, *purposes: object) -> list[int]:
    """Withdraw the given consents (all, if none are named) and return their ids."""
    statement = select(Consent.id).where(Consent.resident_id == person_id, Consent.withdrawn_at.is_(None))
    if purposes:
        statement = statement.where(Consent.purpose.in_(purposes))
    ids = [row.id for row in await session.rows(statement)]
    if ids:
        gone = update(Consent).where(Consent.id.in_(ids)).values(withdrawn_at=session.now())
        await session.execute(gone)
    return ids


def _status(person: AnyRow, outcome: Outcome) -> ResidentStatus:
    if outcome in _BACK and person.status is ResidentStatus.AWAY:
        return ResidentStatus.PRESENT
    found: ResidentStatus = _STATUS.get(outcome, person.status)
    return found


def _change(row: AnyRow, enrolment_id: int | None, outcome: Outcome, on: date) -> dict[str, Any] | None:
    """Return the columns of a running enrolment after `outcome`, `None` when they stay."""
    effect = EFFECTS[outcome]
    everywhere = effect.ends_all or effect.restricts
    if everywhere or (effect.ends_programme and row.id == enrolment_id):
        return _values(row.id, EnrolmentState.ENDED, on, outcome, row.paused)
    paused = (row.paused or effect.pauses) and outcome not in _BACK
    return None if paused == row.paused else _values(row.id, row.state, None, None, paused)


def _values(row_id: int, state: object, ended_on: object, ended_by: object, paused: bool) -> dict[str, Any]:
    return {
        "row": row_id,
        "now_state": state,
        "now_ended_on": ended_on,
        "now_ended_by": ended_by,
        "now_paused": paused,
    }


def _remember(row: AnyRow) -> list[Any]:
    ended_on = row.ended_on.isoformat() if row.ended_on else None
    ended_by = row.ended_by.value if row.ended_by else None
    return [row.id, row.state.value, ended_on, ended_by, row.paused]


def _recall(remembered: list[Any]) -> dict[str, Any]:
    row_id, state, ended_on, ended_by, paused = remembered
    return _values(
        row_id,
        EnrolmentState(state),
        date.fromisoformat(ended_on) if ended_on else None,
        Outcome(ended_by) if ended_by else None,
        paused,
    )


async def _set_person(session: StoreSession, person: AnyRow, status: ResidentStatus, *, restricted: bool) -> None:
    changed = update(Resident).where(Resident.id == person.id)
    await session.execute(
        changed.values(
            status=status,
            restricted=restricted,
            revision=Resident.revision + 1,
            updated_at=session.now(),
        )
    )


async def _put_back(session: StoreSession, person: AnyRow, before: Before, changes: list[dict[str, Any]]) -> None:
    if changes:
        await session.execute(_SET, changes)
    if before["consents"]:
        given = update(Consent).where(Consent.id.in_(before["consents"])).values(withdrawn_at=None)
        await session.execute(given)
    await _set_person(session, person, ResidentStatus(before["status"]), restricted=before["restricted"])


def with_creation(before: Before, enrolment_id: int, revision: int) -> Before:
    """Remember also that an enrolment was created, by when the person had `revision`."""
    return {"revision": revision, **before, "created": enrolment_id}


def without_creation(before: Before) -> Before:
    """Return what else there is to put back."""
    return before if "status" in before else {}
