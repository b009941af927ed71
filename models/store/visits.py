"""Follow-up visits: report, correct, undo. Each brings the enrolment's next date in line at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.rules.access import AccessDenied, Actor, Permission
from models.rules.due import EXTRA, Due
from models.rules.facts import DueState
from models.rules.outcomes import EFFECTS, Outcome
from models.store import _effects, _facts, _locks, _people, _records, audit, persons, scope
from models.store._records import VISIT, Content
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.persons import PersonLine
from models.store.reports import Answers, Receipt, Version, VisitReport
from models.tables.base import new_id
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident

EARLY = timedelta(days=14)
"""So long before its window opens a visit still counts for the item: as long as lists show it as upcoming."""


@dataclass(frozen=True, slots=True)
class StoredVisit:
    """A visit as it is stored now, to be shown or corrected."""

    id: int
    resident: PersonLine
    programme: str
    item: str | None
    report: VisitReport
    version: int
    entered_by: int | None
    entered_at: datetime
    voided: bool


@whole
async def report(session: StoreSession, actor: Actor, reported: VisitReport, draft_id: int | None = None) -> Receipt:
    """Store a visit, apply its outcome, and return the receipt. The same draft saved twice stores one visit.

    Raises:
        AccessDenied: the role does not report this programme's visits.
        NotFound: the enrolment is out of reach, of a programme the role may not know of, or the person is not
            listed any more.
        NoConsent: the person does not consent to a health record.
        Conflict: `ended`: the enrolment has ended.
        Refused: `not_approved`, `future_date`, `before_birth`, `needs_date`, `next_before_visit`, or a
            measurement that can't be.
    """
    scope.require(actor, Permission.VISIT_REPORT)
    done = await _records.by_draft(session, actor, VISIT, draft_id)
    if done is not None:
        return done
    enrolment = await _enrolment(session, actor, reported.enrolment_id)
    person = await _people.locked(session, actor, enrolment.resident_id)
    await _still_running(session, enrolment.id)
    await _people.need_health_consent(session, person.id)
    content = _content(reported)
    _records.check(content, person, scope.today(session, actor))
    record_id = new_id()
    due = await _due_then(session, enrolment.id, reported.visited_on)
    applied = await _effects.apply(session, person, enrolment.id, content.outcome, content.on)
    values = _values(session, actor, record_id, enrolment, reported, due)
    values |= {"id": record_id, "enrolment_id": enrolment.id, "draft_id": draft_id, "before": applied.before}
    await _records.add(session, actor, VISIT, person, values)
    await _records.tell_clinic(session, actor, VISIT, person, record_id, content.outcome)
    await _recompute(session, actor, {enrolment.id, *applied.touched})
    await _audit(session, actor, "visit:report", record_id, content.outcome)
    return await _records.receipt(session, actor, VISIT, record_id)


@whole
async def correct(
    session: StoreSession,
    actor: Actor,
    record_id: int,
    reported: VisitReport,
    reason: str,
    *,
    version: int | None = None,
) -> Receipt:
    """Replace what a visit says, keeping what it said before and why, and return the new receipt.

    An outcome that changed the person or ended a programme is taken back first, then the new one is applied. On
    another day, or when a vaccination turns out to have been put off or not, it settles what was due then.

    Raises:
        AccessDenied, NoConsent, Refused: as in `report`.
        NotFound: the visit is out of reach, or the report is about another enrolment.
        Conflict: `voided`; `corrected_since`: the record is at another version than `version`; `locked`: entered
            too long ago and the clinic has given no leave; `changed_since`: what the old outcome did can't be taken
            back any more, because the person or a programme was changed later.
    """
    scope.require(actor, Permission.VISIT_REPORT)
    row = await _records.find(session, actor, VISIT, record_id)
    if row.enrolment_id != reported.enrolment_id:
        raise NotFound
    _need_reporter(actor, row.programme)
    person = await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _records.find(session, actor, VISIT, record_id)
    if row.voided_at is not None:
        raise Conflict("voided")
    _records.need_version(row, version)
    lock = await _locks.unlock(session, actor, VISIT.code, record_id, row.entered_at)
    content = _content(reported)
    _records.check(content, person, scope.today(session, actor))
    touched, before = await _records.change_effects(session, actor, VISIT, person, row, content)
    if not EFFECTS[content.outcome].restricts:
        await _people.need_health_consent(session, person.id)
    enrolment = await _enrolment(session, actor, row.enrolment_id)
    due = await _due_then(session, enrolment.id, content.on, but=record_id) if _is_renamed(row, reported) else None
    values = _values(session, actor, record_id, enrolment, reported, due) | {"before": before}
    await _records.replace(session, actor, VISIT, row, values, reason)
    await _records.tell_clinic(session, actor, VISIT, person, record_id, content.outcome)
    await _recompute(session, actor, {row.enrolment_id, *touched})
    await _audit(session, actor, "visit:correct", record_id, content.outcome, lock)
    return await _records.receipt(session, actor, VISIT, record_id)


@whole
async def undo(session: StoreSession, actor: Actor, record_id: int) -> Receipt:
    """Take back a visit within ten minutes, by the one who entered it; the enrolment is as it was before.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role reports no visits.
        NotFound: the visit is out of reach.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    scope.require(actor, Permission.VISIT_REPORT)
    row = await _records.find(session, actor, VISIT, record_id)
    person = await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _records.find(session, actor, VISIT, record_id)
    if row.voided_at is None:
        _records.may_undo(session, actor, row)
        restored = await _effects.restore(session, person, row.before)
        await _records.void(session, VISIT, record_id)
        await _recompute(session, actor, {row.enrolment_id, *restored})
        await _audit(session, actor, "visit:undo", record_id, row.outcome)
    return await _records.receipt(session, actor, VISIT, record_id)


async def get(session: StoreSession, actor: Actor, record_id: int) -> StoredVisit:
    """Return a visit as it is stored now.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: it is out of reach.
    """
    scope.require(actor, Permission.PERSON_READ)
    row = await _records.find(session, actor, VISIT, record_id)
    person = await session.row(select(*persons.COLUMNS).where(Resident.id == row.resident_id))
    if person is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "visit", record_id)
    return StoredVisit(
        record_id,
        persons.read(session, person),
        row.programme,
        row.item,
        _report(_records.content_of(session, VISIT, row), row),
        row.version,
        row.entered_by,
        row.entered_at,
        row.voided_at is not None,
    )


async def versions(session: StoreSession, actor: Actor, record_id: int) -> list[Version]:
    """Return what a visit said before its corrections, oldest first.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the visit is out of reach.
    """
    scope.require(actor, Permission.PERSON_READ)
    await audit.write(session, actor, "person:read", "visit", record_id)
    return await _records.versions(session, actor, VISIT, record_id)


async def _enrolment(session: StoreSession, actor: Actor, enrolment_id: int) -> AnyRow:
    which = (Enrolment.programme, Enrolment.programme_version)
    columns = (Enrolment.id, Enrolment.resident_id, *which, Enrolment.approved_by)
    statement = select(*columns).where(
        Enrolment.id == enrolment_id,
        Enrolment.programme.in_(scope.visible(actor)),
        scope.reach(actor, Enrolment),
    )
    row = await session.row(statement)
    if row is None:
        raise NotFound
    _need_reporter(actor, row.programme)
    if actor.catalogue.at(row.programme, row.programme_version).clinic_approval and row.approved_by is None:
        raise Refused("not_approved")
    return row


def _need_reporter(actor: Actor, programme: str) -> None:
    if actor.role not in actor.catalogue[programme].reported_by:
        raise AccessDenied(Permission.VISIT_REPORT)


async def _still_running(session: StoreSession, enrolment_id: int) -> None:
    state = await session.scalar(select(Enrolment.state).where(Enrolment.id == enrolment_id))
    if state is not EnrolmentState.ACTIVE:
        raise Conflict("ended")


async def _due_then(session: StoreSession, enrolment_id: int, day: date, *, but: int | None = None) -> Due:
    return (await _facts.load(session, [enrolment_id], but=but))[enrolment_id].due(day)


async def _recompute(session: StoreSession, actor: Actor, enrolment_ids: set[int]) -> None:
    await _facts.recompute(session, sorted(enrolment_ids), scope.today(session, actor))


def _content(reported: VisitReport) -> Content:
    return Content(
        reported.visited_on,
        reported.outcome,
        reported.next_on,
        reported.measures,
        reported.answers,
        reported.note,
    )


def _report(content: Content, row: AnyRow) -> VisitReport:
    return VisitReport(
        row.enrolment_id,
        content.on,
        content.outcome,
        content.next_on,
        row.channel,
        content.measures,
        content.answers,
        content.note,
    )


def _values(
    session: StoreSession, actor: Actor, record_id: int, enrolment: AnyRow, reported: VisitReport, due: Due | None
) -> dict[str, Any]:
    """Return the columns of a visit; `due` is what was due that day, `None` leaves what is stored of it."""
    schedule = actor.catalogue.at(enrolment.programme, enrolment.programme_version)
    values = _records.columns(session, VISIT, record_id, _content(reported), schedule.based_on or schedule.code)
    values["channel"] = reported.channel
    if due is not None:
        window = due.window
        values["programme"] = schedule.code
        values["window_opens_on"] = window.opens_on if window else None
        values["window_closes_on"] = window.closes_on if window else None
        values["item"] = _item(reported, due)
    return values


def _item(reported: VisitReport, due: Due) -> str | None:
    """Return the item that a visit settles, as far as it can be named.

    A vaccination that was put off settles no dose. A visit long before the window opens is left unnamed.
    """
    if _is_put_off(reported.answers):
        return EXTRA
    if due.window is None:
        return None
    is_near = due.state is not DueState.UPCOMING or due.window.opens_on - reported.visited_on <= EARLY
    return due.window.item if is_near else None


def _is_renamed(row: AnyRow, reported: VisitReport) -> bool:
    """Return whether a correction may change which item the stored visit settles."""
    return row.visited_on != reported.visited_on or _is_put_off(row.answers) != _is_put_off(reported.answers)


def _is_put_off(answers: Answers) -> bool:
    return answers.get("vaccine_given") == "postponed"


async def _audit(
    session: StoreSession,
    actor: Actor,
    action: str,
    record_id: int,
    outcome: Outcome,
    more: Mapping[str, Detail] | None = None,
) -> None:
    await audit.write(session, actor, action, "visit", record_id, {"outcome": outcome.value, **(more or {})})
