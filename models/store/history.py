"""What happened to a person: every record, and joining and leaving programmes, as far as the role may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, union_all

from models.rules.access import Actor, Permission
from models.store import _kinds, audit, persons, scope
from models.store._kinds import Kind
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.persons import PersonLine
from models.store.reports import MEASURES, Measures
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment
from models.tables.handovers import Handover, HandoverState
from models.tables.residents import Resident
from models.tables.visits import Visit

_MEASURED: dict[str, Any] = {"visit": Visit, "checkup": Attendance}
_SINCE, _UNTIL = Enrolment.created_at, Enrolment.updated_at
_JOINED = Kind("joined", None, Enrolment, Enrolment.enrolled_on, None, Enrolment.programme, entered_at=_SINCE)
_LEFT = Kind("left", None, Enrolment, Enrolment.ended_on, Enrolment.ended_by, Enrolment.programme, entered_at=_UNTIL)
_MOVED = Kind("handed_over", None, Handover, entered_at=Handover.decided_at)
_BACK = Kind("came_back", None, Handover, entered_at=Handover.returned_at)
_EVENTS = frozenset(kind.code for kind in (_JOINED, _LEFT, _MOVED, _BACK))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        kind: a kind of record, which `mine.get` opens, or one of `joined`, `left`, `handed_over`,
            `came_back`.
        on: the day it is about, if not that of its entry.
        said: the code of what came of it; `programme` where it belongs to one.
        measures: what was measured.
    """

    kind: str
    record_id: int
    on: date | None
    entered_at: datetime
    said: str | None
    programme: str | None
    measures: Measures

    @property
    def is_record(self) -> bool:
        """Whether it can be opened."""
        return self.kind not in _EVENTS


@dataclass(frozen=True, slots=True)
class History:
    """A page of a person's history; `total` counts the whole of it."""

    resident: PersonLine
    total: int
    events: tuple[Event, ...]


async def of_person(session: StoreSession, actor: Actor, resident_id: int, *, limit: int, offset: int = 0) -> History:
    """Return what happened to a person within reach, wherever it happened, newest first.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the person is out of reach, merged into another row, or restricted.
    """
    scope.require(actor, Permission.PERSON_READ)
    person = select(*persons.COLUMNS).where(Resident.id == resident_id, scope.reach(actor, Resident))
    found = await session.row(person.where(scope.listed(gone=True)))
    if found is None:
        raise NotFound
    everything = _of(actor, resident_id).subquery()
    day = func.coalesce(everything.c.on_day, func.date(everything.c.entered_at))
    newest = (day.desc(), everything.c.entered_at.desc(), everything.c.kind, everything.c.record_id.desc())
    total = await session.scalar(select(func.count()).select_from(everything))
    rows = await session.rows(select(everything).order_by(*newest).limit(limit).offset(offset))
    await audit.write(session, actor, "person:read", "history", resident_id, {"count": len(rows)})
    measures = await _measures(session, rows)
    return History(persons.read(session, found), int(total), tuple(_event(row, measures) for row in rows))


def _of(actor: Actor, resident_id: int) -> Any:
    records = _kinds.lines(actor, lambda kind: kind.person == resident_id)
    return union_all(*records.selects, *_memberships(actor, resident_id), *_moves(actor, resident_id))


def _memberships(actor: Actor, resident_id: int) -> tuple[Select[*tuple[Any, ...]], ...]:
    theirs = Enrolment.resident_id == resident_id
    joined = _kinds.line(actor, _JOINED).where(theirs)
    return joined, _kinds.line(actor, _LEFT).where(theirs, Enrolment.ended_on.is_not(None))


def _moves(actor: Actor, resident_id: int) -> tuple[Select[*tuple[Any, ...]], ...]:
    """Return the hand-overs that took place, and the returns from them; an offer alone is none."""
    theirs = Handover.resident_id == resident_id
    took_place = Handover.state.in_((HandoverState.ACCEPTED, HandoverState.RETURNED))
    moved = _kinds.line(actor, _MOVED).where(theirs, took_place)
    return moved, _kinds.line(actor, _BACK).where(theirs, Handover.returned_at.is_not(None))


async def _measures(session: StoreSession, rows: Sequence[AnyRow]) -> dict[tuple[str, int], Measures]:
    """Return what was measured at the visits and check-ups of a page, by kind and id."""
    found: dict[tuple[str, int], Measures] = {}
    for code, model in _MEASURED.items():
        ids = [row.record_id for row in rows if row.kind == code]
        columns = [getattr(model, name) for name in MEASURES]
        for each in await session.rows(select(model.id, *columns).where(model.id.in_(ids))) if ids else ():
            found[code, each.id] = Measures(*each[1:])
    return found


def _event(row: AnyRow, measures: dict[tuple[str, int], Measures]) -> Event:
    measured = measures.get((row.kind, row.record_id), Measures())
    return Event(row.kind, row.record_id, row.on_day, row.entered_at, row.said, row.programme, measured)
