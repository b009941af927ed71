"""What somebody entered lately, of every kind; one record opened, with its earlier versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Subquery, func, select

from models.rules.access import Actor, Permission, Role
from models.store import _kinds, _locks, _records, audit, persons, scope
from models.store._records import UNDO_WITHIN
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.persons import PersonLine
from models.tables.grants import CorrectionGrant, GrantState
from models.tables.residents import Resident, ResidentStatus
from models.tables.staff import Staff

_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list.

    Attributes:
        kind: its code.
        on: the day it is about, if not that of its entry.
        said: the code of what came of it, if the kind has one; `programme` likewise.
        version: 1 as first entered, one more for each correction.
        is_mine: the actor entered it.
        is_locked: entered too long ago to be corrected without the clinic's leave.
    """

    kind: str
    record_id: int
    resident: PersonLine
    entered_at: datetime
    on: date | None
    said: str | None
    programme: str | None
    version: int
    is_mine: bool
    is_locked: bool

    @property
    def has_card(self) -> bool:
        """Whether the person is listed here: neither moved nor dead."""
        return self.resident.status in _HERE


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `total` counts the whole list."""

    total: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that was opened.

    Attributes:
        by: the role of whoever entered it; `None` when that isn't known any more.
        may_undo: the actor entered it in the last ten minutes.
        may_correct: the actor's role corrects it, when it is not locked or the clinic has given leave.
        grant: how far the actor's last request for leave is, unless it is used up; `until` when it was given.
    """

    line: Line
    by: Role | None
    may_undo: bool
    may_correct: bool
    grant: GrantState | None
    until: datetime | None

    @property
    def needs_grant(self) -> bool:
        """Whether it has to be unlocked by the clinic before it can be corrected."""
        return self.may_correct and self.line.is_locked and self.grant is not GrantState.GRANTED


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a record said before a correction.

    Attributes:
        values: as the kind keeps them.
        reason: a code.
        by: the role of whoever corrected it then, `is_mine` when that was the actor.
    """

    version: int
    values: Mapping[str, Any]
    reason: str
    at: datetime
    by: Role | None
    is_mine: bool


async def entered(session: StoreSession, actor: Actor, *, limit: int, offset: int = 0) -> Page:
    """Return what the actor entered about people within reach now, newest first.

    Who was handed over, merged into another row or restricted is not shown; who moved or died is.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    found = _kinds.lines(actor, lambda kind: kind.model.entered_by == actor.staff_id).subquery()
    statement = _with_person(actor, found)
    total = await session.scalar(select(func.count()).select_from(statement.subquery()))
    newest = (found.c.entered_at.desc(), found.c.record_id.desc())
    rows = await session.rows(statement.order_by(*newest).limit(limit).offset(offset))
    await audit.write(session, actor, "person:read", "mine", None, {"count": len(rows)})
    return Page(int(total), tuple(read_line(session, actor, row) for row in rows))


async def get(session: StoreSession, actor: Actor, code: str, record_id: int) -> Opened:
    """Return one record, whoever entered it, and what the actor may do with it.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: out of reach, taken back, or of a kind or programme that the role may not know of.
    """
    scope.require(actor, Permission.PERSON_READ)
    kind = _kinds.kind_of(actor, code)
    found = _kinds.line(actor, kind).where(kind.model.id == record_id).subquery()
    row = await session.row(_with_person(actor, found))
    if row is None:
        raise NotFound
    await audit.write(session, actor, "person:read", code, record_id)
    line = read_line(session, actor, row)
    grant = await _grant(session, actor, kind, record_id) if line.is_locked else None
    return Opened(
        line,
        (await _roles(session, [row.entered_by])).get(row.entered_by),
        line.is_mine and session.now() - line.entered_at <= UNDO_WITHIN,
        _may_correct(actor, kind, line),
        GrantState.GRANTED if line.is_locked and _locks.may_unlock(actor) else grant.state if grant else None,
        grant.until if grant else None,
    )


async def versions(session: StoreSession, actor: Actor, code: str, record_id: int) -> list[Earlier]:
    """Return what a record said before its corrections, oldest first.

    Raises:
        AccessDenied, NotFound: as in `get`; also `NotFound` for a kind that is not corrected.
    """
    await get(session, actor, code, record_id)
    record = _kinds.kind_of(actor, code).record
    if record is None:
        raise NotFound
    found = await _records.read_versions(session, record, record_id)
    roles = await _roles(session, [each.replaced_by for each in found])
    return [
        Earlier(
            each.version,
            each.values,
            each.reason,
            each.replaced_at,
            roles.get(each.replaced_by or 0),
            each.replaced_by == actor.staff_id,
        )
        for each in found
    ]


def read_line(session: StoreSession, actor: Actor, row: AnyRow) -> Line:
    """Read a row of `_kinds.line` with its person."""
    return Line(
        row.kind,
        row.record_id,
        persons.read(session, row),
        row.entered_at,
        row.on_day,
        row.said,
        row.programme,
        row.version,
        row.entered_by == actor.staff_id,
        _kinds.kind_of(actor, row.kind).locks and _locks.is_locked(session, actor, row.entered_at),
    )


def _with_person(actor: Actor, found: Subquery) -> Select[*tuple[Any, ...]]:
    people = select(found, *persons.COLUMNS).join(Resident, Resident.id == found.c.resident_id)
    return people.where(scope.reach(actor, Resident), scope.listed(gone=True))


def _may_correct(actor: Actor, kind: _kinds.Kind, line: Line) -> bool:
    """Return whether the actor's role corrects such a record, as its `correct` has it."""
    if kind.code == "register":
        return actor.may(Permission.PERSON_REGISTER) and line.has_card
    if line.programme is not None:
        return actor.role in actor.catalogue[line.programme].reported_by
    return kind.record is not None and (line.is_mine or actor.may(Permission.CLINICAL_READ))


async def _grant(session: StoreSession, actor: Actor, kind: _kinds.Kind, record_id: int) -> AnyRow | None:
    """Return the actor's last request for the record that waits still, was refused, or can be used."""
    theirs = CorrectionGrant.asked_by == actor.staff_id
    open_or_refused = CorrectionGrant.state.in_((GrantState.ASKED, GrantState.REFUSED))
    statement = select(CorrectionGrant.state, CorrectionGrant.until).where(
        CorrectionGrant.kind == kind.record,
        CorrectionGrant.record_id == record_id,
        _locks.usable(session, actor) | (theirs & open_or_refused),
    )
    return await session.row(statement.order_by(CorrectionGrant.asked_at.desc()).limit(1))


async def _roles(session: StoreSession, staff_ids: Sequence[int | None]) -> dict[int, Role]:
    known = {each for each in staff_ids if each is not None}
    rows = await session.rows(select(Staff.id, Staff.role).where(Staff.id.in_(known)))
    return {row.id: row.role for row in rows}
