"""Check-up days and what came of each person's place: report, correct, undo.

A check-up is a programme like any other, so an urgent value there calls for a follow-up within 14 days on the
same enrolment. Nobody is put into a programme of disease by a measurement: that is for the clinic and the
person. Who comes without being in the programme joins it by coming. Without consent to a health record only
the outcome is kept: no measurement, no answer, no note, no enrolment, no next date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from models.rules.access import Actor, Permission
from models.rules.calendar import CheckupDate, next_checkup_day
from models.rules.consent import Purpose
from models.rules.outcomes import EFFECTS, Outcome
from models.store import _days, _effects, _facts, _locks, _people, _records, audit, enrolments, persons, scope
from models.store._days import DayLine
from models.store._records import ATTENDANCE, CHECKUP, Content
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NoConsent, NotFound
from models.store.persons import PersonLine
from models.store.reports import CheckupReport, Receipt, Version
from models.tables.base import new_id
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident
from models.tables.visits import Visit


@dataclass(frozen=True, slots=True)
class Expected:
    """A person on the roster of a check-up day.

    Attributes:
        outcome: the last outcome reported for the day; `None` is still open.
        record_id: the record with that outcome.
    """

    resident: PersonLine
    outcome: Outcome | None
    record_id: int | None


@dataclass(frozen=True, slots=True)
class StoredCheckup:
    """A check-up record as it is stored now, to be shown or corrected."""

    id: int
    resident: PersonLine
    day: DayLine
    report: CheckupReport
    version: int
    entered_by: int | None
    entered_at: datetime
    voided: bool


async def day_for(session: StoreSession, actor: Actor, on: date, village_id: int | None = None) -> DayLine:
    """Return the check-up day that `on` belongs to: the last one that is not after it.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the village is out of reach.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    village = await scope.village(session, actor, village_id)
    return await _days.day_of(session, village.id, village.township_id, on)


async def upcoming_day(session: StoreSession, actor: Actor, after: date, village_id: int | None = None) -> CheckupDate:
    """Return the next check-up day that is held later than `after`.

    Raises:
        AccessDenied, NotFound: as in `day_for`.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    village = await scope.village(session, actor, village_id)
    dom, moves = await _days.rule_of(session, village.id, village.township_id)
    return next_checkup_day(dom, after, moves)


async def expected(session: StoreSession, actor: Actor, on: date, village_id: int | None = None) -> list[Expected]:
    """Return everybody in the check-up programme of the village, with what was reported for the day so far.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the village is out of reach.
    """
    day = await day_for(session, actor, on, village_id)
    last = await _last_outcomes(session, actor, day.id)
    statement = (
        select(*persons.COLUMNS)
        .join(Enrolment, Enrolment.resident_id == Resident.id)
        .where(
            Enrolment.programme == CHECKUP,
            Enrolment.state == EnrolmentState.ACTIVE,
            Resident.village_id == day.village_id,
            scope.reach(actor, Resident),
            scope.listed(),
        )
        .order_by(Resident.group_id, Resident.id)
    )
    lines = [persons.read(session, row) for row in await session.rows(statement)]
    await audit.write(session, actor, "person:read", "checkup_day", day.id, {"count": len(lines)})
    return [Expected(line, *last.get(line.id, (None, None))) for line in lines]


async def expected_by_village(session: StoreSession, actor: Actor) -> Mapping[int, int]:
    """Return how many people a check-up day is for, of each village within the actor's reach."""
    statement = (
        select(Enrolment.village_id, func.count().label("many"))
        .join(Resident, Resident.id == Enrolment.resident_id)
        .where(
            Enrolment.programme == CHECKUP,
            Enrolment.state == EnrolmentState.ACTIVE,
            Enrolment.paused.is_(False),
            scope.reach(actor, Enrolment),
            scope.listed(),
        )
    )
    return {row.village_id: row.many for row in await session.rows(statement.group_by(Enrolment.village_id))}


@whole
async def report(session: StoreSession, actor: Actor, reported: CheckupReport, draft_id: int | None = None) -> Receipt:
    """Store what came of a person's place at a check-up, and return the receipt.

    The same draft saved twice stores one record.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the person is out of reach or not listed.
        NoConsent: more than the outcome is reported of a person without a health record.
        Conflict: `already_reported`: the person was served at this check-up already.
        Refused: `future_date`, `before_birth`, `needs_date`, `next_before_visit`, or a measurement that can't be.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    done = await _records.by_draft(session, actor, ATTENDANCE, draft_id)
    if done is not None:
        return done
    person = await _people.locked(session, actor, reported.resident_id)
    content = _content(reported)
    _records.check(content, person, scope.today(session, actor))
    consents = await _allow(session, person.id, content)
    day = await _days.day_of(session, person.village_id, person.township_id, content.on)
    await _refuse_second(session, day.id, person.id, content.outcome)
    enrolment_id, created = await _enrolment(session, actor, person, content, consents)
    if created:
        person = await _people.locked(session, actor, person.id)
    applied = await _effects.apply(session, person, enrolment_id, content.outcome, content.on)
    before = applied.before
    if created and enrolment_id is not None:
        before = _effects.with_creation(before, enrolment_id, person.revision)
    record_id = new_id()
    values = _values(session, record_id, content) | await _window(session, enrolment_id, content.on)
    values |= {"id": record_id, "day_id": day.id, "enrolment_id": enrolment_id}
    values |= {"draft_id": draft_id, "before": before}
    await _records.add(session, actor, ATTENDANCE, person, values)
    await _records.tell_clinic(session, actor, ATTENDANCE, person, record_id, content.outcome)
    await _recompute(session, actor, {enrolment_id, *applied.touched})
    await _audit(session, actor, "checkup:report", record_id, content.outcome)
    return await _records.receipt(session, actor, ATTENDANCE, record_id)


@whole
async def correct(
    session: StoreSession,
    actor: Actor,
    record_id: int,
    reported: CheckupReport,
    reason: str,
    *,
    version: int | None = None,
) -> Receipt:
    """Replace what a check-up record says, keeping what it said before and why, and return the new receipt.

    Raises:
        AccessDenied, NoConsent, Refused: as in `report`.
        NotFound: the record is out of reach, or the report is about another person.
        Conflict: `voided`, `already_reported`; `corrected_since`: the record is at another version than `version`;
            `locked`: entered too long ago and the clinic has given no leave; `changed_since`: what the old outcome
            did can't be taken back any more.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    row = await _records.find(session, actor, ATTENDANCE, record_id)
    if row.resident_id != reported.resident_id:
        raise NotFound
    person = await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _records.find(session, actor, ATTENDANCE, record_id)
    if row.voided_at is not None:
        raise Conflict("voided")
    _records.need_version(row, version)
    lock = await _locks.unlock(session, actor, ATTENDANCE.code, record_id, row.entered_at)
    content = _content(reported)
    _records.check(content, person, scope.today(session, actor))
    day = await _days.day_of(session, person.village_id, person.township_id, content.on)
    await _refuse_second(session, day.id, person.id, content.outcome, but=record_id)
    touched, before = await _records.change_effects(session, actor, ATTENDANCE, person, row, content)
    if not EFFECTS[content.outcome].restricts:
        await _allow(session, person.id, content)
    values = _values(session, record_id, content) | {"day_id": day.id, "before": before}
    await _records.replace(session, actor, ATTENDANCE, row, values, reason)
    await _records.tell_clinic(session, actor, ATTENDANCE, person, record_id, content.outcome)
    await _recompute(session, actor, {row.enrolment_id, *touched})
    await _audit(session, actor, "checkup:correct", record_id, content.outcome, lock)
    return await _records.receipt(session, actor, ATTENDANCE, record_id)


@whole
async def undo(session: StoreSession, actor: Actor, record_id: int) -> Receipt:
    """Take back a check-up record within ten minutes, by the one who entered it; all is as it was before.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the record is out of reach.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    row, person = await _found(session, actor, record_id)
    if row.voided_at is None:
        _records.may_undo(session, actor, row)
        await _void(session, actor, row, person)
        await _audit(session, actor, "checkup:undo", record_id, row.outcome)
    return await _records.receipt(session, actor, ATTENDANCE, record_id)


@whole
async def take_back(session: StoreSession, actor: Actor, record_id: int) -> Receipt:
    """Take back a check-up record whoever entered it, until its lock date: a roster that was opened again lost it.

    Raises:
        AccessDenied: the role reports no check-ups.
        NotFound: the record is out of reach.
        Conflict: `locked` or `changed_since`.
    """
    scope.require(actor, Permission.CHECKUP_REPORT)
    row, person = await _found(session, actor, record_id)
    if row.voided_at is None:
        lock = await _locks.unlock(session, actor, ATTENDANCE.code, record_id, row.entered_at)
        await _void(session, actor, row, person)
        await _audit(session, actor, "checkup:take-back", record_id, row.outcome, lock)
    return await _records.receipt(session, actor, ATTENDANCE, record_id)


async def _found(session: StoreSession, actor: Actor, record_id: int) -> tuple[AnyRow, AnyRow]:
    """Return a record and its person, locked; the record as it stands since."""
    row = await _records.find(session, actor, ATTENDANCE, record_id)
    person = await _people.locked(session, actor, row.resident_id, listed=False)
    return await _records.find(session, actor, ATTENDANCE, record_id), person


async def _void(session: StoreSession, actor: Actor, row: AnyRow, person: AnyRow) -> None:
    restored = await _effects.restore(session, person, row.before)
    await _records.void(session, ATTENDANCE, row.id)
    if "created" in row.before:
        await _refuse_orphans(session, row.before["created"])
        await _effects.forget_enrolment(session, row.before["created"])
    await _recompute(session, actor, {row.enrolment_id, *restored})


async def get(session: StoreSession, actor: Actor, record_id: int) -> StoredCheckup:
    """Return a check-up record as it is stored now.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: it is out of reach.
    """
    scope.require(actor, Permission.PERSON_READ)
    row = await _records.find(session, actor, ATTENDANCE, record_id)
    person = await session.row(select(*persons.COLUMNS).where(Resident.id == row.resident_id))
    if person is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "checkup", record_id)
    content = _records.content_of(session, ATTENDANCE, row)
    return StoredCheckup(
        record_id,
        persons.read(session, person),
        await _days.get(session, row.day_id),
        CheckupReport(
            row.resident_id,
            content.on,
            content.outcome,
            content.next_on,
            content.measures,
            content.answers,
            content.note,
        ),
        row.version,
        row.entered_by,
        row.entered_at,
        row.voided_at is not None,
    )


async def versions(session: StoreSession, actor: Actor, record_id: int) -> list[Version]:
    """Return what a record said before its corrections, oldest first.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the record is out of reach.
    """
    scope.require(actor, Permission.PERSON_READ)
    await audit.write(session, actor, "person:read", "checkup", record_id)
    return await _records.versions(session, actor, ATTENDANCE, record_id)


async def _allow(session: StoreSession, person_id: int, content: Content) -> frozenset[Purpose]:
    consents = await _people.consents(session, person_id)
    if Purpose.HEALTH_RECORD not in consents and not content.is_bare:
        raise NoConsent(Purpose.HEALTH_RECORD)
    return consents


async def _refuse_second(session: StoreSession, day_id: int, person_id: int, outcome: Outcome, *, but: int = 0) -> None:
    if not EFFECTS[outcome].done:
        return
    statement = select(Attendance.id).where(
        Attendance.day_id == day_id,
        Attendance.resident_id == person_id,
        Attendance.settled,
        Attendance.voided_at.is_(None),
        Attendance.id != but,
    )
    if await session.row(statement) is not None:
        raise Conflict("already_reported")


async def _refuse_orphans(session: StoreSession, enrolment_id: int) -> None:
    if await session.row(select(Visit.id).where(Visit.enrolment_id == enrolment_id).limit(1)) is not None:
        raise Conflict("changed_since")


async def _enrolment(
    session: StoreSession, actor: Actor, person: AnyRow, content: Content, consents: frozenset[Purpose]
) -> tuple[int | None, bool]:
    """Return the running check-up enrolment, and whether coming has just created it."""
    statement = select(Enrolment.id).where(
        Enrolment.resident_id == person.id,
        Enrolment.programme == CHECKUP,
        Enrolment.state == EnrolmentState.ACTIVE,
    )
    found: int | None = await session.scalar(statement)
    if found is not None:
        return found, False
    if Purpose.HEALTH_RECORD not in consents or content.outcome is not Outcome.ATTENDED:
        return None, False
    created = await enrolments.insert_for(session, actor, person, CHECKUP, {}, content.on)
    await _effects.bump(session, person.id)
    return created, True


async def _window(session: StoreSession, enrolment_id: int | None, on: date) -> dict[str, Any]:
    if enrolment_id is None:
        return {}
    window = (await _facts.load(session, [enrolment_id]))[enrolment_id].due(on).window
    if window is None:
        return {}
    return {"window_opens_on": window.opens_on, "window_closes_on": window.closes_on}


async def _last_outcomes(
    session: StoreSession, actor: Actor, day_id: int
) -> dict[int, tuple[Outcome | None, int | None]]:
    columns = (Attendance.resident_id, Attendance.outcome, Attendance.id)
    statement = select(*columns).where(
        Attendance.day_id == day_id, Attendance.voided_at.is_(None), scope.reach(actor, Attendance)
    )
    found = await session.rows(statement.order_by(Attendance.held_on, Attendance.entered_at, Attendance.id))
    return {row.resident_id: (row.outcome, row.id) for row in found}


async def _recompute(session: StoreSession, actor: Actor, enrolment_ids: set[int | None]) -> None:
    known = sorted(found for found in enrolment_ids if found is not None)
    await _facts.recompute(session, known, scope.today(session, actor))


def _content(reported: CheckupReport) -> Content:
    return Content(
        reported.held_on,
        reported.outcome,
        reported.next_on,
        reported.measures,
        reported.answers,
        reported.note,
    )


def _values(session: StoreSession, record_id: int, content: Content) -> dict[str, Any]:
    values = _records.columns(session, ATTENDANCE, record_id, content, CHECKUP)
    return values | {"settled": EFFECTS[content.outcome].done}


async def _audit(
    session: StoreSession,
    actor: Actor,
    action: str,
    record_id: int,
    outcome: Outcome,
    more: Mapping[str, Detail] | None = None,
) -> None:
    await audit.write(session, actor, action, "checkup", record_id, {"outcome": outcome.value, **(more or {})})
