"""A person's record as it is taken along: by the person's own account, or handed over by the team to who asks for it.

Visits and check-ups with what was measured, dates to come, consents; which method was chosen only where the reader may
know it and it is wanted. Notes, answers, clinical results, identity number and phone stay here. What was taken back
stays out, and so do reports that somebody moved or died, or was listed by mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from models.rules.access import Actor, Permission
from models.rules.consent import Purpose
from models.rules.due import DueState
from models.rules.methods import UNSAID
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Programme
from models.rules.sex import Sex
from models.store import _accounts, _facts, _people, audit, persons, places, scope
from models.store._records import CHECKUP
from models.store.counsellings import CONTENT
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.reports import MEASURES, Channel
from models.tables.checkups import Attendance
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Consent, Resident, ResidentStatus
from models.tables.visits import Visit

TOOK_PLACE = frozenset({Outcome.ATTENDED})
NOT_HELD = frozenset({Outcome.DECLINED, Outcome.RESCHEDULED, Outcome.ILL, Outcome.NOT_REACHED, Outcome.AWAY})
"""It was offered and did not take place; which of these it was, the record doesn't say."""
_TOLD = (*sorted(TOOK_PLACE), *sorted(NOT_HELD))
_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


@dataclass(frozen=True, slots=True)
class Met:
    """A visit or a place on a check-up day; `channel`: how the person was reached, of a visit."""

    id: UUID
    schedule: Programme
    on: date
    entered_at: datetime
    took_place: bool
    channel: Channel | None
    measures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days on which something is due, and what."""

    id: UUID
    schedule: Programme
    item: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Chosen:
    """A method that was chosen in a talk."""

    id: UUID
    on: date
    entered_at: datetime
    method: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent, given and perhaps withdrawn."""

    id: UUID
    purpose: Purpose
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Portable:
    """What a person takes along.

    Attributes:
        id: of the person's record.
        places: where the person lives, from the township down.
        has_choices: a method is known that could go along; `chosen` has it only where it was asked for.
    """

    id: UUID
    person_id: int
    name: str
    sex: Sex
    birth_date: date | None
    places: tuple[str, ...]
    met: tuple[Met, ...]
    ahead: tuple[Ahead, ...]
    agreed: tuple[Agreed, ...]
    has_choices: bool
    chosen: tuple[Chosen, ...] = field(default=())


async def own(session: StoreSession, actor: Actor, *, choices: bool = False) -> Portable:
    """Return the actor's own record, of all programmes.

    Raises:
        AccessDenied: the actor is no resident.
        NotFound: the account is nobody's, or the person has moved or died.
        Conflict: `own_restricted`: the consent to a health record was withdrawn.
    """
    scope.require(actor, Permission.OWN_READ)
    row = await _person(session, _accounts.own(actor), Resident.status.in_(_HERE))
    if row.restricted:
        raise Conflict("own_restricted")
    found = await _record(session, actor, row, list(actor.catalogue), true(), choices=choices)
    await audit.write(session, actor, "own:take", "resident", row.id, {"choices": choices})
    return found


async def of_person(session: StoreSession, actor: Actor, resident_id: int, *, choices: bool = False) -> Portable:
    """Return the record of somebody within reach who asks for it, as far as the actor's role may know of it.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: out of reach, merged into another row, or restricted.
        NoConsent: the person does not consent to a health record.
    """
    scope.require(actor, Permission.PERSON_READ)
    row = await _person(session, Resident.id == resident_id, scope.reach(actor, Resident), scope.listed(gone=True))
    await _people.need_health_consent(session, row.id)
    readable = true() if actor.may(Permission.CLINICAL_READ) else Counselling.entered_by == actor.staff_id
    found = await _record(session, actor, row, scope.visible(actor), readable, choices=choices)
    await audit.write(session, actor, "person:take", "resident", row.id, {"reason": "asked_for", "choices": choices})
    return found


async def _person(session: StoreSession, *conditions: ColumnElement[bool]) -> AnyRow:
    columns = (Resident.id, Resident.name_sealed, Resident.sex, Resident.birth_date, Resident.restricted)
    row = await session.row(select(*columns, Resident.village_id, Resident.township_id).where(*conditions))
    if row is None:
        raise NotFound
    return row


async def _record(
    session: StoreSession,
    actor: Actor,
    row: AnyRow,
    programmes: Iterable[str],
    readable: ColumnElement[bool],
    *,
    choices: bool,
) -> Portable:
    known = frozenset(programmes)
    township, village = await places.get(session, row.township_id), await places.get(session, row.village_id)
    chosen = await _chosen(session, row.id, readable)
    return Portable(
        _id(session, "resident", row.id),
        row.id,
        session.vault.open_text(persons.NAME, row.id, row.name_sealed),
        row.sex,
        row.birth_date,
        (township.name, village.name),
        tuple(await _met(session, actor, row.id, known)),
        tuple(await _ahead(session, actor, row.id, known)),
        tuple(await _agreed(session, row.id)),
        bool(chosen),
        chosen if choices else (),
    )


def _id(session: StoreSession, kind: str, row_id: int) -> UUID:
    """Return the id that a row has outside: the same each time, and no way back to ours."""
    return UUID(bytes=session.vault.lookup("portable", f"{kind}:{row_id}")[:16], version=4)


async def _met(session: StoreSession, actor: Actor, person_id: int, known: frozenset[str]) -> list[Met]:
    measured = [(getattr(Visit, name), getattr(Attendance, name)) for name in MEASURES]
    visits = select(
        *(Visit.id, Visit.programme, Visit.visited_on.label("on"), Visit.entered_at, Visit.outcome, Visit.channel),
        *(Enrolment.programme_version, *(visit for visit, _ in measured)),
    ).join(Enrolment, Enrolment.id == Visit.enrolment_id)
    stand = (Visit.resident_id == person_id, Visit.voided_at.is_(None), Visit.outcome.in_(_TOLD))
    rows = await session.rows(visits.where(*stand, Visit.programme.in_(known)))
    found = [_read(session, actor, "visit", row.programme, row) for row in rows]
    if CHECKUP in known:
        days = select(
            *(Attendance.id, Attendance.held_on.label("on"), Attendance.entered_at, Attendance.outcome),
            *(Enrolment.programme_version, *(attendance for _, attendance in measured)),
        ).outerjoin(Enrolment, Enrolment.id == Attendance.enrolment_id)
        there = (Attendance.resident_id == person_id, Attendance.voided_at.is_(None), Attendance.outcome.in_(_TOLD))
        found += [_read(session, actor, "checkup", CHECKUP, row) for row in await session.rows(days.where(*there))]
    return sorted(found, key=lambda one: (one.on, one.entered_at, one.id))


def _read(session: StoreSession, actor: Actor, kind: str, programme: str, row: AnyRow) -> Met:
    stored: Any = row._mapping
    return Met(
        _id(session, kind, row.id),
        actor.catalogue.at(programme, row.programme_version or 0),
        row.on,
        row.entered_at,
        row.outcome in TOOK_PLACE,
        stored.get("channel"),
        {name: stored[name] for name in MEASURES if stored[name] is not None},
    )


async def _ahead(session: StoreSession, actor: Actor, person_id: int, known: frozenset[str]) -> list[Ahead]:
    running = (Enrolment.resident_id == person_id, Enrolment.state == EnrolmentState.ACTIVE)
    statement = select(Enrolment.id).where(*running, Enrolment.paused.is_(False), Enrolment.programme.in_(known))
    today, found = scope.today(session, actor), []
    facts = await _facts.load(session, [row.id for row in await session.rows(statement.order_by(Enrolment.id))])
    for enrolment_id, one in facts.items():
        due = one.due(today)
        if due.window is not None and due.state is not DueState.CLOSED:
            window, schedule = due.window, one.facts.programme
            id_ = _id(session, "enrolment", enrolment_id)
            found.append(Ahead(id_, schedule, window.item, window.opens_on, window.closes_on))
    return sorted(found, key=lambda each: (each.first, each.last, each.id))


async def _chosen(session: StoreSession, person_id: int, readable: ColumnElement[bool]) -> tuple[Chosen, ...]:
    columns = (Counselling.id, Counselling.counselled_on, Counselling.entered_at, Counselling.content_sealed)
    theirs = (Counselling.resident_id == person_id, Counselling.voided_at.is_(None), readable)
    rows = await session.rows(select(*columns).where(*theirs).order_by(Counselling.counselled_on, Counselling.id))
    found = []
    for row in rows:
        method = session.vault.open_json(CONTENT, row.id, row.content_sealed)["method"]
        if method != UNSAID:
            found.append(Chosen(_id(session, "counselling", row.id), row.counselled_on, row.entered_at, method))
    return tuple(found)


async def _agreed(session: StoreSession, person_id: int) -> list[Agreed]:
    columns = (Consent.id, Consent.purpose, Consent.given_at, Consent.withdrawn_at)
    statement = select(*columns).where(Consent.resident_id == person_id).order_by(Consent.given_at, Consent.id)
    rows = await session.rows(statement)
    return [Agreed(_id(session, "consent", row.id), row.purpose, row.given_at, row.withdrawn_at) for row in rows]
