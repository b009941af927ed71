"""What became of a person outside any visit: away, back, moved, died. Recorded, undone, taken back later.

The effects are those of the outcome of a visit that says the same: programmes pause, go on or end. Whoever moved or
died also leaves the household.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from models.rules.access import Actor, Permission
from models.rules.changes import GONE, OUTCOMES, REASONS, ChangeKind, possible, trouble
from models.store import _effects, _facts, _households, _people, _records, audit, persons, scope
from models.store._effects import Applied
from models.store._records import UNDO_WITHIN
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.persons import PersonLine
from models.tables.base import new_id
from models.tables.changes import StatusChange
from models.tables.residents import Resident, ResidentStatus


@dataclass(frozen=True, slots=True)
class Change:
    """A change as it is reported.

    Attributes:
        on: the day from which it holds.
        until: away: the day on which the person means to be back, if known.
    """

    resident_id: int
    kind: ChangeKind
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change as it is stored now.

    Attributes:
        may_undo: the actor entered it within the last ten minutes.
    """

    id: int
    resident: PersonLine
    kind: ChangeKind
    on: date
    until: date | None
    entered_by: int | None
    entered_at: datetime
    voided: bool
    may_undo: bool


@whole
async def record(session: StoreSession, actor: Actor, change: Change, draft_id: int | None = None) -> StoredChange:
    """Store a change and apply it. The same draft saved twice stores one.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach, or the record is restricted.
        Conflict: `other_status`: it can't become of somebody who is where the person is now.
        Refused: `future_date`, `before_birth`, `until_before`.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    known = _select(actor).where(StatusChange.draft_id == draft_id)
    done = None if draft_id is None else await session.row(known)
    if done is not None:
        return _read(session, actor, done)
    await session.lock(actor.township_id)  # households: one change at a time, or two could wait for each other
    person = await _people.locked(session, actor, change.resident_id, gone=True)
    _check(person, change, scope.today(session, actor))
    applied = await _apply(session, person, change)
    home = await _households.leave(session, person.id) if change.kind in GONE else {}
    change_id = await _insert(session, actor, person, change, {"effects": applied.before, "home": home}, draft_id)
    await _facts.recompute(session, applied.touched, scope.today(session, actor))
    await audit.write(session, actor, "change:record", "change", change_id, {"kind": change.kind.value})
    return await get(session, actor, change_id)


@whole
async def undo(session: StoreSession, actor: Actor, change_id: int) -> StoredChange:
    """Take back a change within ten minutes, by the one who entered it: everything is as it was before.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the change is out of reach.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    row, person = await _locked(session, actor, change_id)
    if row.voided_at is None:
        _records.may_undo(session, actor, row)
        await _put_back(session, actor, row, person)
        await audit.write(session, actor, "change:undo", "change", change_id, {"kind": row.kind.value})
    return await get(session, actor, change_id)


@whole
async def take_back(session: StoreSession, actor: Actor, change_id: int, reason: str) -> StoredChange:
    """Take back a change that was wrong, however long ago and whoever entered it; `reason` is a code.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the change is out of reach.
        Conflict: `changed_since`: the person, a programme or the household was changed later.
        Refused: `unknown_reason`.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    if reason not in REASONS:
        raise Refused("unknown_reason")
    row, person = await _locked(session, actor, change_id)
    if row.voided_at is None:
        await _put_back(session, actor, row, person)
        details = {"kind": row.kind.value, "reason": reason}
        await audit.write(session, actor, "change:take-back", "change", change_id, details)
    return await get(session, actor, change_id)


async def get(session: StoreSession, actor: Actor, change_id: int) -> StoredChange:
    """Return a change as it is stored now, of a person listed or gone.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: it is out of reach.
    """
    scope.require(actor, Permission.PERSON_READ)
    row = await session.row(_select(actor).where(StatusChange.id == change_id))
    if row is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "change", change_id)
    return _read(session, actor, row)


async def standing(session: StoreSession, actor: Actor, resident_id: int) -> StoredChange | None:
    """Return the last change of a person that was not taken back, if there is one.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    of_person = _select(actor).where(StatusChange.resident_id == resident_id, StatusChange.voided_at.is_(None))
    row = await session.row(of_person.order_by(StatusChange.entered_at.desc(), StatusChange.id.desc()).limit(1))
    if row is None:
        return None
    await audit.write(session, actor, "person:read", "resident", resident_id)
    return _read(session, actor, row)


def _check(person: AnyRow, change: Change, today: date) -> None:
    if change.kind not in possible(person.status):
        raise Conflict("other_status")
    code = trouble(change.on, change.until, person.birth_date, today)
    if code is not None:
        raise Refused(code)


async def _apply(session: StoreSession, person: AnyRow, change: Change) -> Applied:
    if person.status is ResidentStatus.MOVED:
        return await _effects.bring_back(session, person)
    applied = await _effects.apply(session, person, None, OUTCOMES[change.kind], change.on)
    if applied.before:
        return applied
    await _effects.bump(session, person.id)  # away for longer: an undo of what came before has to notice
    return Applied({"revision": person.revision + 1}, ())


async def _insert(
    session: StoreSession,
    actor: Actor,
    person: AnyRow,
    change: Change,
    before: dict[str, Any],
    draft_id: int | None,
) -> int:
    change_id = new_id()
    values = {
        "id": change_id,
        "resident_id": person.id,
        "township_id": person.township_id,
        "village_id": person.village_id,
        "kind": change.kind,
        "on": change.on,
        "until": change.until if change.kind is ChangeKind.AWAY else None,
        "before": before,
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
        "draft_id": draft_id,
    }
    await session.execute(insert(StatusChange), values)
    return change_id


async def _locked(session: StoreSession, actor: Actor, change_id: int) -> tuple[AnyRow, AnyRow]:
    """Return a change and its person, locked; the change as it stands since."""
    whose = select(StatusChange.resident_id).where(StatusChange.id == change_id)
    resident_id = await session.scalar(whose.where(scope.of_reachable(actor, StatusChange)))
    if resident_id is None:
        raise NotFound
    await session.lock(actor.township_id)
    person = await _people.locked(session, actor, resident_id, gone=True)
    return await session.row(select(StatusChange.__table__).where(StatusChange.id == change_id)), person  # type: ignore[return-value]


async def _put_back(session: StoreSession, actor: Actor, row: AnyRow, person: AnyRow) -> None:
    home = row.before["home"]
    touched = await _effects.restore(session, person, row.before["effects"])
    if home:
        await _households.restore(session, person, home["before"], home["after"])
    voided = update(StatusChange).where(StatusChange.id == row.id)
    await session.execute(voided.values(voided_at=session.now()))
    await _facts.recompute(session, touched, scope.today(session, actor))


def _select(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            StatusChange.id,
            StatusChange.kind,
            StatusChange.on,
            StatusChange.until,
            StatusChange.entered_by,
            StatusChange.entered_at,
            StatusChange.voided_at,
            *persons.COLUMNS,
        )
        .join(Resident, Resident.id == StatusChange.resident_id)
        .where(scope.reach(actor, Resident), scope.listed(gone=True))
    )


def _read(session: StoreSession, actor: Actor, row: AnyRow) -> StoredChange:
    is_fresh = row.entered_by == actor.staff_id and session.now() - row.entered_at <= UNDO_WITHIN
    return StoredChange(
        row.id,
        persons.read(session, row),
        row.kind,
        row.on,
        row.until,
        row.entered_by,
        row.entered_at,
        row.voided_at is not None,
        is_fresh,
    )
