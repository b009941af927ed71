"""Leave to correct a locked record: asked by whoever needs it, given or refused by the clinic, used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, select, update

from models.rules.access import Actor, Permission, Role
from models.rules.locking import GRANT_DAYS
from models.store import _kinds, _locks, _people, audit, mine, outbox, persons, scope
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound
from models.store.persons import PersonLine
from models.tables.base import new_id
from models.tables.grants import CorrectionGrant
from models.tables.grants import GrantState as GrantState
from models.tables.places import Place
from models.tables.residents import Resident
from models.tables.staff import Staff

REASONS = ("typo", "late", "person", "other")
"""Why a record has to be corrected; the same as a correction's."""

ANSWERED = 4
"""So many answers to requests are shown at once."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks to correct a locked record.

    Attributes:
        kind, record_id: the record, as `mine.get` takes it.
        reason: a code.
        role: what the asker is, `village` where the asker works, if in one.
    """

    id: int
    kind: str
    record_id: int
    resident: PersonLine
    reason: str
    state: GrantState
    role: Role
    village: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page of requests; `total` counts all that wait."""

    total: int
    lines: tuple[Request, ...]


@whole
async def ask(session: StoreSession, actor: Actor, code: str, record_id: int, reason: str) -> int:
    """Ask the clinic to unlock a record, and return the request's id; asking again while it waits adds nothing.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the record is out of reach, the role doesn't correct it, or there is no such reason.
        Conflict: `not_locked`: it can be corrected as it is.
    """
    if reason not in REASONS:
        raise NotFound
    opened = await mine.get(session, actor, code, record_id)
    kind, person_id = _kinds.kind_of(actor, code), opened.line.resident.id
    if not opened.may_correct or kind.record is None:
        raise NotFound
    person = await _people.locked(session, actor, person_id, listed=False)
    opened = await mine.get(session, actor, code, record_id)
    if not opened.needs_grant:
        raise Conflict("not_locked")
    waiting: int | None = await session.scalar(
        select(CorrectionGrant.id).where(
            CorrectionGrant.kind == kind.record,
            CorrectionGrant.record_id == record_id,
            CorrectionGrant.asked_by == actor.staff_id,
            CorrectionGrant.state == GrantState.ASKED,
        )
    )
    return waiting if waiting is not None else await _insert(session, actor, kind, person, record_id, reason)


async def asked_count(session: StoreSession, actor: Actor) -> int:
    """Return how many requests wait for the actor's decision; 0 for a role that decides none."""
    if not _locks.may_unlock(actor):
        return 0
    statement = select(func.count()).select_from(CorrectionGrant)
    found: int | None = await session.scalar(statement.join(Resident, _is_of).where(*_waiting(actor)))
    return found or 0


async def asked(session: StoreSession, actor: Actor, *, limit: int, offset: int = 0) -> Page:
    """Return the requests that wait for a decision, oldest first.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.CORRECTION_GRANT)
    statement = _select().where(*_waiting(actor)).order_by(CorrectionGrant.asked_at, CorrectionGrant.id)
    rows = await session.rows(statement.limit(limit).offset(offset))
    await audit.write(session, actor, "person:read", "grant", None, {"count": len(rows)})
    return Page(await asked_count(session, actor), tuple(_read(session, row) for row in rows))


async def answered(session: StoreSession, actor: Actor) -> list[Request]:
    """Return the actor's requests that were granted and can still be used, or refused lately; the newest first.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    refused = CorrectionGrant.state == GrantState.REFUSED
    lately = CorrectionGrant.decided_at >= session.now() - timedelta(days=GRANT_DAYS)
    theirs = CorrectionGrant.asked_by == actor.staff_id
    statement = _select().where(*_here(actor), _locks.usable(session, actor) | (theirs & refused & lately))
    rows = await session.rows(statement.order_by(CorrectionGrant.decided_at.desc()).limit(ANSWERED))
    await audit.write(session, actor, "person:read", "grant", None, {"count": len(rows)})
    return [_read(session, row) for row in rows]


async def get(session: StoreSession, actor: Actor, grant_id: int) -> Request:
    """Return one request, decided or not, for the clinic.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: out of reach.
    """
    scope.require(actor, Permission.CORRECTION_GRANT)
    row = await session.row(_select().where(CorrectionGrant.id == grant_id, *_here(actor)))
    if row is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "grant", grant_id)
    return _read(session, row)


@whole
async def decide(session: StoreSession, actor: Actor, grant_id: int, *, granted: bool) -> Request:
    """Grant a request for three days, or refuse it, and tell the asker. Deciding the same again does no more.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: out of reach.
        Conflict: `decided`: it was decided the other way.
    """
    scope.require(actor, Permission.CORRECTION_GRANT)
    state = GrantState.GRANTED if granted else GrantState.REFUSED
    now = session.now()
    until = now + timedelta(days=GRANT_DAYS) if granted else None
    found = await get(session, actor, grant_id)
    one = update(CorrectionGrant).where(CorrectionGrant.id == grant_id, CorrectionGrant.state == GrantState.ASKED)
    values = {"state": state, "decided_by": actor.staff_id, "decided_at": now, "until": until}
    if await session.changed(one.values(**values)) == 1:
        await _tell_asker(session, grant_id, granted=granted)
        await audit.write(session, actor, "grant:decide", "grant", grant_id, {"granted": granted})
    elif (found.state is GrantState.REFUSED) is granted:
        raise Conflict("decided")
    return await get(session, actor, grant_id)


async def _insert(
    session: StoreSession, actor: Actor, kind: _kinds.Kind, person: AnyRow, record_id: int, reason: str
) -> int:
    grant_id = new_id()
    values = {
        "id": grant_id,
        "kind": kind.record,
        "record_id": record_id,
        "resident_id": person.id,
        "township_id": person.township_id,
        "village_id": person.village_id,
        "reason": reason,
        "asked_by": actor.staff_id,
        "asked_at": session.now(),
    }
    await session.execute(insert(CorrectionGrant), values)
    clinic = await outbox.of_role(session, person.township_id, Role.CLINIC)
    await outbox.plan(session, clinic, "grant.asked", grant_id)
    await audit.write(session, actor, "grant:ask", "grant", grant_id, {"kind": kind.code, "reason": reason})
    return grant_id


async def _tell_asker(session: StoreSession, grant_id: int, *, granted: bool) -> None:
    asker = await session.scalar(select(CorrectionGrant.asked_by).where(CorrectionGrant.id == grant_id))
    to = await outbox.member(session, asker)
    await outbox.plan(session, to, "grant.decided", grant_id, details={"granted": granted})


_is_of = Resident.id == CorrectionGrant.resident_id


def _here(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    known = tuple(kind.record for kind in _kinds.KINDS if kind.record is not None and actor.may(kind.permission))
    return scope.reach(actor, Resident), scope.listed(gone=True), CorrectionGrant.kind.in_(known)


def _waiting(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return *_here(actor), CorrectionGrant.state == GrantState.ASKED


def _select() -> Select[*tuple[Any, ...]]:
    columns = (
        CorrectionGrant.id,
        CorrectionGrant.kind,
        CorrectionGrant.record_id,
        CorrectionGrant.reason,
        CorrectionGrant.state,
        CorrectionGrant.asked_at,
        Staff.role.label("asker_role"),
        Place.name.label("asker_village"),
    )
    statement = select(*columns, *persons.COLUMNS).join(Resident, _is_of)
    asker = and_(Staff.id == CorrectionGrant.asked_by)
    return statement.join(Staff, asker).outerjoin(Place, Place.id == Staff.village_id)


def _read(session: StoreSession, row: AnyRow) -> Request:
    return Request(
        row.id,
        _kinds.of_record(row.kind).code,
        row.record_id,
        persons.read(session, row),
        row.reason,
        row.state,
        row.asker_role,
        row.asker_village,
        row.asked_at,
    )
