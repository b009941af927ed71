"""A person's programmes: joining, approving, stopping, and what is due in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, insert, select, update

from models.rules.access import AccessDenied, Actor, Permission, Role
from models.rules.ages import age_in_months
from models.rules.due import Due
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor, Programme
from models.store import _effects, _facts, _people, audit, outbox, persons, scope
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.persons import PersonLine
from models.tables.base import new_id
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident

_IMPLIED = frozenset({Anchor.FIRST_CONTACT, Anchor.DISCHARGE, Anchor.LAST_VISIT})
"""Anchors that the schedule has a substitute for when they are not known."""


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """A person in a programme.

    Attributes:
        schedule: the programme, in the version that the person joined.
        waits: the clinic has yet to approve it; nothing is due until then.
        due: what is due today, and why.
        followup_on: an urgent value was measured: to be seen again by this day.
    """

    id: int
    resident: PersonLine
    programme: str
    schedule: Programme
    state: EnrolmentState
    enrolled_on: date
    waits: bool
    paused: bool
    due: Due
    followup_on: date | None
    last_visit_on: date | None


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Some of the enrolments that wait for approval, and how many there are."""

    total: int
    lines: tuple[EnrolmentLine, ...]


async def of_person(session: StoreSession, actor: Actor, resident_id: int) -> list[EnrolmentLine]:
    """Return the person's running programmes that the actor's role may know of.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the person is out of reach or not listed.
    """
    scope.require(actor, Permission.PERSON_READ)
    person = select(Resident.id).where(Resident.id == resident_id)
    if await session.row(person.where(scope.reach(actor, Resident), scope.listed())) is None:
        raise await _people.missing(session, actor, resident_id)
    await audit.write(session, actor, "person:read", "resident", resident_id)
    mine = _select(actor).where(Resident.id == resident_id, Enrolment.state == EnrolmentState.ACTIVE)
    return await _lines(session, actor, await session.rows(mine.order_by(Enrolment.enrolled_on, Enrolment.id)))


async def get(session: StoreSession, actor: Actor, enrolment_id: int, *, gone: bool = False) -> EnrolmentLine:
    """Return one enrolment, running or ended, of a listed person; with `gone` also of one who moved or died.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: out of reach, or of a programme that the role may not know of.
    """
    scope.require(actor, Permission.PERSON_READ)
    found = await session.rows(_select(actor).where(Enrolment.id == enrolment_id, scope.listed(gone=gone)))
    if not found:
        raise await _missing(session, actor, enrolment_id)
    await audit.write(session, actor, "person:read", "enrolment", enrolment_id)
    return (await _lines(session, actor, found))[0]


async def count_waiting(session: StoreSession, actor: Actor) -> int:
    """Return how many enrolments wait for the clinic's approval.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    waiting = _waiting(actor).with_only_columns(func.count())
    return int(await session.scalar(waiting))


async def waiting(session: StoreSession, actor: Actor, *, limit: int = 5, offset: int = 0) -> WaitingPage:
    """Return the enrolments that wait for the clinic's approval, longest waiting first.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    total = await count_waiting(session, actor)
    oldest = _waiting(actor).order_by(Enrolment.created_at, Enrolment.id)
    rows = await session.rows(oldest.limit(limit).offset(offset))
    await audit.write(session, actor, "person:read", "enrolment", None, {"count": len(rows)})
    return WaitingPage(total, tuple(await _lines(session, actor, rows)))


@whole
async def enrol(
    session: StoreSession,
    actor: Actor,
    resident_id: int,
    programme: str,
    *,
    anchors: Mapping[Anchor, date] | None = None,
    enrolled_on: date | None = None,
) -> int:
    """Let a person join a programme, from `enrolled_on` (today if not said), and return the enrolment's id.

    A programme that needs the clinic's approval waits for it, unless the clinic itself enrols. A birth date is
    taken from the person's record; the last menstrual period is sealed.

    Raises:
        AccessDenied: the role may not report this programme's visits.
        NotFound: the person is out of reach.
        NoConsent: the person does not consent to a health record.
        Refused: `unknown_programme`, `not_eligible` or `missing_anchor`.
        Conflict: `already_enrolled`.
    """
    scope.require(actor, Permission.VISIT_REPORT)
    person = await _people.locked(session, actor, resident_id)
    await _people.need_health_consent(session, resident_id)
    enrolment_id = await insert_for(session, actor, person, programme, anchors or {}, enrolled_on)
    await _effects.bump(session, resident_id)
    return enrolment_id


@whole
async def approve(session: StoreSession, actor: Actor, enrolment_id: int) -> None:
    """Approve an enrolment, for the clinic.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: out of reach, or ended.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    row = await _locked(session, actor, enrolment_id)
    approved = update(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.approved_by.is_(None))
    await session.execute(approved.values(approved_by=actor.staff_id))
    await _facts.recompute(session, [enrolment_id], scope.today(session, actor))
    await _effects.bump(session, row.resident_id)
    await audit.write(session, actor, "enrolment:approve", "enrolment", enrolment_id)


@whole
async def set_anchor(session: StoreSession, actor: Actor, enrolment_id: int, anchor: Anchor, day: date) -> None:
    """Make a date known that the schedule hangs on (a delivery, a discharge, an implant's removal).

    Raises:
        AccessDenied: the role may not report this programme's visits.
        NotFound: out of reach, or ended.
        Refused: `future_date`.
    """
    scope.require(actor, Permission.VISIT_REPORT)
    row = await _locked(session, actor, enrolment_id)
    if day > scope.today(session, actor) and anchor is not Anchor.REMOVAL:
        raise Refused("future_date")
    values = _anchor_values(session, enrolment_id, {**_stored(row.anchors), anchor: day})
    if values["lmp_sealed"] is None:
        del values["lmp_sealed"]
    changed = update(Enrolment).where(Enrolment.id == enrolment_id)
    await session.execute(changed.values(**values, updated_at=session.now()))
    await _facts.recompute(session, [enrolment_id], scope.today(session, actor))
    await audit.write(session, actor, "enrolment:anchor", "enrolment", enrolment_id, {"anchor": anchor.value})


@whole
async def stop(session: StoreSession, actor: Actor, enrolment_id: int) -> None:
    """End a programme because the person does not want it: one tap, no reason asked. Joining again is possible.

    Raises:
        AccessDenied: the role may not report visits.
        NotFound: out of reach, or ended already.
    """
    scope.require(actor, Permission.VISIT_REPORT)
    row = await _locked(session, actor, enrolment_id)
    person = await _people.locked(session, actor, row.resident_id)
    day = scope.today(session, actor)
    await _effects.apply(session, person, enrolment_id, Outcome.DECLINED, day)
    await _facts.recompute(session, [enrolment_id], day)
    await audit.write(session, actor, "enrolment:stop", "enrolment", enrolment_id)


async def insert_for(
    session: StoreSession,
    actor: Actor,
    person: AnyRow,
    programme_code: str,
    anchors: Mapping[Anchor, date],
    enrolled_on: date | None,
) -> int:
    """Insert an enrolment for a locked person who consents; part of `enrol` and of registration."""
    day = scope.today(session, actor)
    programme = _joinable(actor, person, programme_code, anchors, day)
    running = select(Enrolment.id).where(Enrolment.resident_id == person.id)
    running = running.where(Enrolment.programme == programme.code, Enrolment.state == EnrolmentState.ACTIVE)
    if await session.row(running) is not None:
        raise Conflict("already_enrolled")
    enrolment_id = new_id()
    values = {
        "id": enrolment_id,
        "resident_id": person.id,
        "township_id": person.township_id,
        "village_id": person.village_id,
        "programme": programme.code,
        "programme_version": programme.version,
        "approved_by": actor.staff_id if actor.role is Role.CLINIC else None,
        "enrolled_on": enrolled_on or day,
        "created_at": session.now(),
        "updated_at": session.now(),
        **_anchor_values(session, enrolment_id, anchors),
    }
    await session.execute(insert(Enrolment), values)
    await _facts.recompute(session, [enrolment_id], day)
    if programme.clinic_approval and actor.role is not Role.CLINIC:
        clinic = await outbox.of_role(session, person.township_id, Role.CLINIC)
        await outbox.plan(session, clinic, "approval.waits", enrolment_id)
    details = {"programme": programme.code} if Role.MANAGER in programme.visible_to else {}
    await audit.write(session, actor, "enrolment:create", "enrolment", enrolment_id, details)
    return enrolment_id


def joinable(actor: Actor, *, sex: Any, birth_date: date | None, on: date) -> list[Programme]:
    """Return the programmes that a person may join through this actor."""
    months = age_in_months(birth_date, on)
    return [
        programme
        for programme in actor.catalogue.values()
        if not programme.retired and actor.role in programme.reported_by and programme.eligible.admits(sex, months)
    ]


def _joinable(actor: Actor, person: AnyRow, code: str, anchors: Mapping[Anchor, date], day: date) -> Programme:
    programme = actor.catalogue.get(code)
    if programme is None:
        raise Refused("unknown_programme")
    if actor.role not in programme.reported_by:
        raise AccessDenied(Permission.VISIT_REPORT)
    if programme not in joinable(actor, sex=person.sex, birth_date=person.birth_date, on=day):
        raise Refused("not_eligible")
    known = set(anchors) | _IMPLIED | ({Anchor.BIRTH} if person.birth_date else set())
    if not known.issuperset(programme.anchors):
        raise Refused("missing_anchor")
    return programme


def _anchor_values(session: StoreSession, row_id: int, anchors: Mapping[Anchor, date]) -> dict[str, Any]:
    plain = {anchor.value: day.isoformat() for anchor, day in anchors.items() if anchor is not Anchor.LMP}
    lmp = anchors.get(Anchor.LMP)
    sealed = session.vault.seal_text(_facts.LMP, row_id, lmp.isoformat() if lmp else None)
    return {"anchors": plain, "lmp_sealed": sealed}


def _stored(anchors: Mapping[str, str]) -> dict[Anchor, date]:
    return {Anchor(name): date.fromisoformat(day) for name, day in anchors.items()}


async def _locked(session: StoreSession, actor: Actor, enrolment_id: int) -> AnyRow:
    """Return a running enrolment within reach, of a programme that the role reports."""
    statement = select(Enrolment.id, Enrolment.resident_id, Enrolment.programme, Enrolment.anchors).where(
        Enrolment.id == enrolment_id,
        Enrolment.state == EnrolmentState.ACTIVE,
        Enrolment.programme.in_(scope.visible(actor)),
        scope.reach(actor, Enrolment),
    )
    row = await session.row(statement)
    if row is None:
        raise NotFound
    if actor.role not in actor.catalogue[row.programme].reported_by:
        raise AccessDenied(Permission.VISIT_REPORT)
    await _people.locked(session, actor, row.resident_id)
    return row


async def _missing(session: StoreSession, actor: Actor, enrolment_id: int) -> NotFound:
    of_whom = select(Enrolment.resident_id).where(Enrolment.id == enrolment_id, scope.reach(actor, Enrolment))
    resident_id = await session.scalar(of_whom.where(Enrolment.programme.in_(scope.visible(actor))))
    return NotFound() if resident_id is None else await _people.missing(session, actor, resident_id)


def _select(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enrolment.id,
            Enrolment.programme,
            Enrolment.state,
            Enrolment.enrolled_on,
            Enrolment.paused,
            Enrolment.followup_on,
            Enrolment.last_visit_on,
            *persons.COLUMNS,
        )
        .join(Resident, Resident.id == Enrolment.resident_id)
        .where(scope.reach(actor, Enrolment), Enrolment.programme.in_(scope.visible(actor)))
    )


def _waiting(actor: Actor) -> Select[*tuple[Any, ...]]:
    approved = tuple(programme.code for programme in actor.catalogue.values() if programme.clinic_approval)
    return _select(actor).where(
        Enrolment.programme.in_(approved),
        Enrolment.state == EnrolmentState.ACTIVE,
        Enrolment.approved_by.is_(None),
        scope.listed(),
    )


async def _lines(session: StoreSession, actor: Actor, rows: Sequence[AnyRow]) -> list[EnrolmentLine]:
    known = await _facts.load(session, [row.id for row in rows])
    today = scope.today(session, actor)
    return [
        EnrolmentLine(
            row.id,
            persons.read(session, row),
            row.programme,
            known[row.id].facts.programme,
            row.state,
            row.enrolled_on,
            known[row.id].waits,
            row.paused,
            known[row.id].due(today),
            row.followup_on,
            row.last_visit_on,
        )
        for row in rows
    ]
