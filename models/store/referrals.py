"""Referrals: made in the village, answered by the clinic, told to who made them.

The reason is a code; notes are sealed. An answer is read by the clinic and by the one who referred, by nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from models.rules import referrals as rules
from models.rules.access import Actor, Permission, Role
from models.rules.clock import local_day
from models.rules.referrals import ReferralAnswer, ReferralReason, ReferralState
from models.store import _kept, _people, _records, audit, outbox, persons, scope
from models.store._kept import Sort
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, Refused
from models.store.persons import PersonLine
from models.store.reports import Version
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.referrals import Referral
from models.tables.visits import RecordKind as RecordKind

NEW, ANSWERED = "referral.new", "referral.answered"
"""What is told: to the clinic, and to the one who referred."""
NOTE = Cell("referrals", "note_sealed")
ANSWER_NOTE = Cell("referrals", "answer_note_sealed")
_SORT = Sort(Referral, RecordKind.REFERRAL)
_REPORT, _ANSWER = "report", "answer"
_BY_ANSWER, _BY_DECLINE = "answered", "declined"
"""Reasons of versions that no correction made."""


@dataclass(frozen=True, slots=True)
class ReferralReport:
    """A referral as it is made.

    Attributes:
        due_on: to be seen by this day; as late as the reason allows, if not said.
        declined: the person does not want it.
        record: kind and id of the visit or attendance with the value that led to it.
    """

    resident_id: int
    reason: ReferralReason
    due_on: date | None = None
    declined: bool = False
    note: str | None = None
    record: tuple[RecordKind, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clinic answers; `next_on`: another look is asked for on this day."""

    answer: ReferralAnswer
    note: str | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class StoredReferral:
    """A referral as it is stored now.

    Attributes:
        answer: what the clinic answered last, for who may read it.
        answered_on: the day of that answer.
        not_come: how often the clinic answered that the person has not come.
    """

    id: int
    resident: PersonLine
    reason: ReferralReason
    made_on: date
    due_on: date
    state: ReferralState
    note: str | None
    record: tuple[RecordKind, int] | None
    answer: Answer | None
    answered_on: date | None
    not_come: int
    entered_by: int | None
    entered_at: datetime
    version: int
    voided: bool


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A page of open referrals; `total` is of all."""

    total: int
    lines: tuple[StoredReferral, ...]


@whole
async def make(
    session: StoreSession, actor: Actor, reported: ReferralReport, draft_id: int | None = None
) -> StoredReferral:
    """Store a referral, tell the clinic, and return it. The same draft saved twice stores one.

    One that the person declined is kept as such: nobody is told, and nothing reminds of it.

    Raises:
        AccessDenied: the role refers nobody.
        NotFound: the person is out of reach or not listed.
        NoConsent: the person does not consent to a health record.
        Refused: `referral_due`.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    done = await _kept.id_by_draft(session, actor, _SORT, draft_id)
    if done is not None:
        return _stored(session, actor, await _kept.find(session, actor, _SORT, done))
    person = await _people.locked(session, actor, reported.resident_id)
    await _people.need_health_consent(session, person.id)
    record_id, today = new_id(), scope.today(session, actor)
    values = _values(session, record_id, reported, today)
    kind, number = reported.record or (None, None)
    values |= {"id": record_id, "made_on": today, "draft_id": draft_id, "record_kind": kind, "record_id": number}
    await _kept.add(session, actor, _SORT, person, values)
    if not reported.declined:
        await _tell_clinic(session, actor, record_id, urgent=reported.reason is ReferralReason.URGENT)
    await audit.write(session, actor, "referral:make", "referral", record_id, {"reason": reported.reason.value})
    return _stored(session, actor, await _kept.find(session, actor, _SORT, record_id))


@whole
async def correct(
    session: StoreSession,
    actor: Actor,
    referral_id: int,
    reported: ReferralReport,
    reason: str,
    *,
    version: int | None = None,
) -> StoredReferral:
    """Replace what the village said, keeping what it said before and why.

    Raises:
        AccessDenied, NoConsent, Refused: as in `make`.
        NotFound: it is out of reach.
        Conflict: `voided`, `answered`: the clinic has answered meanwhile; `corrected_since`: it is at another
            version than `version`; `locked`: entered too long ago and the clinic has given no leave.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    row = await _locked(session, actor, referral_id)
    lock = await _kept.may_correct(session, actor, _SORT, row, version)
    await _people.need_health_consent(session, row.resident_id)
    if row.state is ReferralState.ANSWERED:
        raise Conflict("answered")
    await _replace(session, actor, row, _REPORT, _values(session, row.id, reported, row.made_on), reason)
    if row.state is ReferralState.DECLINED and not reported.declined:
        await _tell_clinic(session, actor, row.id, urgent=reported.reason is ReferralReason.URGENT)
    await audit.write(session, actor, "referral:correct", "referral", row.id, lock)
    return _stored(session, actor, await _kept.find(session, actor, _SORT, referral_id))


@whole
async def decline(session: StoreSession, actor: Actor, referral_id: int) -> StoredReferral:
    """Note that the person does not want it (any more): nothing reminds of it, no reason is asked.

    Raises:
        AccessDenied: the role refers nobody.
        NotFound: it is out of reach.
        Conflict: `voided`, `answered`.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    row = await _locked(session, actor, referral_id)
    if row.state is ReferralState.ANSWERED:
        raise Conflict("answered")
    if row.state is ReferralState.OPEN:
        await _replace(session, actor, row, _REPORT, {"state": ReferralState.DECLINED}, _BY_DECLINE)
        await audit.write(session, actor, "referral:decline", "referral", row.id)
    return _stored(session, actor, await _kept.find(session, actor, _SORT, referral_id))


@whole
async def undo(session: StoreSession, actor: Actor, referral_id: int) -> StoredReferral:
    """Take a referral back within ten minutes, by the one who made it. Twice does no more than once.

    Raises:
        AccessDenied: the role refers nobody.
        NotFound: it is out of reach.
        Conflict: `not_yours`, `too_late`, `answered`: by the clinic meanwhile.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    row = await _locked(session, actor, referral_id, voided=True)
    if row.voided_at is None:
        _records.may_undo(session, actor, row)
        if row.answered_at is not None:
            raise Conflict("answered")
        await _kept.void(session, _SORT, row.id)
        await audit.write(session, actor, "referral:undo", "referral", row.id)
    return _stored(session, actor, await _kept.find(session, actor, _SORT, referral_id))


@whole
async def answer(
    session: StoreSession, actor: Actor, referral_id: int, given: Answer, draft_id: int | None = None
) -> StoredReferral:
    """Answer a referral and tell the one who made it; who has not come is counted and still waited for.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach.
        Conflict: `voided`, `declined`, `answered`.
        Refused: `next_before_visit`.
    """
    scope.require(actor, Permission.REFERRAL_ANSWER)
    row = await _locked(session, actor, referral_id)
    if draft_id is not None and row.answer_draft_id == draft_id:
        return _stored(session, actor, row)
    _waits(row)
    values = _answered(session, actor, row, given, came_before=row.not_come) | {"answer_draft_id": draft_id}
    await _replace(session, actor, row, _ANSWER, values, _BY_ANSWER)
    return await _told(session, actor, row, "referral:answer", given)


@whole
async def correct_answer(
    session: StoreSession,
    actor: Actor,
    referral_id: int,
    given: Answer,
    reason: str,
    *,
    version: int | None = None,
) -> StoredReferral:
    """Replace the last answer, keeping what it said before and why, and tell the one who referred.

    Raises:
        AccessDenied, NotFound, Refused: as in `answer`.
        Conflict: `voided`, `declined`, `changed_since`: there is no answer; `corrected_since`.
    """
    scope.require(actor, Permission.REFERRAL_ANSWER)
    row = await _locked(session, actor, referral_id)
    _records.need_version(row, version)
    if row.state is ReferralState.DECLINED:
        raise Conflict("declined")
    if row.answer is None:
        raise Conflict("changed_since")
    before = row.not_come - (row.answer is ReferralAnswer.NOT_COME)
    values = _answered(session, actor, row, given, came_before=before)
    await _replace(session, actor, row, _ANSWER, values, reason)
    return await _told(session, actor, row, "referral:correct", given)


@whole
async def undo_answer(session: StoreSession, actor: Actor, referral_id: int) -> StoredReferral:
    """Take the last answer back within ten minutes, by the one who gave it: all is as it was before it.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach.
        Conflict: `not_yours`, `too_late`, `changed_since`.
    """
    scope.require(actor, Permission.REFERRAL_ANSWER)
    row = await _locked(session, actor, referral_id)
    if row.answered_by != actor.staff_id:
        raise Conflict("not_yours")
    if session.now() - row.answered_at > _records.UNDO_WITHIN:
        raise Conflict("too_late")
    before = _before_answer(await _records.read_versions(session, _SORT.code, row.id))
    await _replace(session, actor, row, _ANSWER, _restored(session, row.id, before), "undone")
    await audit.write(session, actor, "referral:undo", "referral", row.id)
    return _stored(session, actor, await _kept.find(session, actor, _SORT, referral_id))


async def get(session: StoreSession, actor: Actor, referral_id: int) -> StoredReferral:
    """Return a referral as it is stored now.

    Raises:
        AccessDenied: the role refers nobody.
        NotFound: it is out of reach.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    row = await _kept.find(session, actor, _SORT, referral_id)
    await audit.write(session, actor, "person:read", "referral", referral_id)
    return _stored(session, actor, row)


async def versions(session: StoreSession, actor: Actor, referral_id: int) -> list[Version]:
    """Return what a referral and its answers said before, oldest first, to the clinic and the one who referred.

    Raises:
        AccessDenied: the role refers nobody.
        NotFound: it is out of reach, or somebody else's and the actor is not the clinic.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    mine = () if actor.may(Permission.REFERRAL_ANSWER) else (Referral.entered_by == actor.staff_id,)
    await _kept.find(session, actor, _SORT, referral_id, *mine)
    await audit.write(session, actor, "person:read", "referral", referral_id)
    return await _records.read_versions(session, _SORT.code, referral_id)


async def list_open(session: StoreSession, actor: Actor, *, limit: int = 5, offset: int = 0) -> ReferralPage:
    """Return the open referrals within reach: urgent ones first, then those that are due first.

    Raises:
        AccessDenied: the role refers nobody.
    """
    total = await open_count(session, actor)
    first = case((Referral.reason == ReferralReason.URGENT, 0), else_=1)
    statement = _open(actor).order_by(first, Referral.due_on, Referral.entered_at, Referral.id)
    rows = await session.rows(statement.limit(limit).offset(offset))
    await audit.write(session, actor, "person:read", "referral", None, {"count": len(rows)})
    return ReferralPage(total, tuple(_stored(session, actor, row) for row in rows))


async def open_count(session: StoreSession, actor: Actor) -> int:
    """Return how many referrals within reach wait for an answer.

    Raises:
        AccessDenied: the role refers nobody.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    return int(await session.scalar(select(func.count()).select_from(_open(actor).subquery())))


async def of_person(session: StoreSession, actor: Actor, resident_id: int) -> StoredReferral | None:
    """Return a person's last referral that was neither taken back nor declined, if there is one.

    Raises:
        AccessDenied: the role refers nobody.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    theirs = (
        Referral.resident_id == resident_id,
        Referral.voided_at.is_(None),
        Referral.state != ReferralState.DECLINED,
    )
    statement = _kept.within(actor, _SORT, *theirs).order_by(Referral.entered_at.desc(), Referral.id.desc())
    row = await session.row(statement.limit(1))
    await audit.write(session, actor, "person:read", "referral", row.id if row else None)
    return _stored(session, actor, row) if row else None


async def of_record(session: StoreSession, actor: Actor, kind: RecordKind, record_id: int) -> int | None:
    """Return the referral that a record led to, if there is one that was not taken back.

    Raises:
        AccessDenied: the role refers nobody.
    """
    scope.require(actor, Permission.REFERRAL_MAKE)
    theirs = (Referral.record_kind == kind, Referral.record_id == record_id, Referral.voided_at.is_(None))
    statement = select(Referral.id).where(*theirs, scope.of_reachable(actor, Referral))
    found: int | None = await session.scalar(statement.order_by(Referral.entered_at.desc()).limit(1))
    return found


def _open(actor: Actor) -> Select[*tuple[Any, ...]]:
    here: ColumnElement[bool] = and_(Referral.state == ReferralState.OPEN, Referral.voided_at.is_(None))
    return _kept.within(actor, _SORT, here, scope.listed())


async def _locked(session: StoreSession, actor: Actor, referral_id: int, *, voided: bool = False) -> AnyRow:
    """Return a referral whose person is locked until the transaction ends.

    Raises:
        NotFound: it is out of reach.
        Conflict: `voided`, unless it may be.
    """
    row = await _kept.find(session, actor, _SORT, referral_id)
    await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _kept.find(session, actor, _SORT, referral_id)
    if not voided:
        _kept.not_voided(row)
    return row


def _waits(row: AnyRow) -> None:
    if row.state is ReferralState.DECLINED:
        raise Conflict("declined")
    if row.state is ReferralState.ANSWERED:
        raise Conflict("answered")


async def _tell_clinic(session: StoreSession, actor: Actor, referral_id: int, *, urgent: bool) -> None:
    clinic = await outbox.of_role(session, actor.township_id, Role.CLINIC)
    others = [one for one in clinic if one.staff_id != actor.staff_id]
    await outbox.plan(session, others, NEW, referral_id, urgent=urgent)


async def _told(session: StoreSession, actor: Actor, row: AnyRow, action: str, given: Answer) -> StoredReferral:
    """Tell the one who referred that there is an answer, and return the referral."""
    if row.entered_by is not None and row.entered_by != actor.staff_id:
        referrer = await outbox.member(session, row.entered_by)
        await outbox.plan(session, referrer, ANSWERED, row.id, str(row.version + 1))
    await audit.write(session, actor, action, "referral", row.id, {"answer": given.answer.value})
    return _stored(session, actor, await _kept.find(session, actor, _SORT, row.id))


def _values(session: StoreSession, referral_id: int, reported: ReferralReport, made_on: date) -> dict[str, Any]:
    due_on = reported.due_on or rules.last_day(reported.reason, made_on)
    if not rules.is_in_time(reported.reason, made_on, due_on):
        raise Refused("referral_due")
    return {
        "reason": reported.reason,
        "due_on": due_on,
        "state": ReferralState.DECLINED if reported.declined else ReferralState.OPEN,
        "note_sealed": session.vault.seal_text(NOTE, referral_id, reported.note or None),
    }


def _answered(session: StoreSession, actor: Actor, row: AnyRow, given: Answer, *, came_before: int) -> dict[str, Any]:
    if given.next_on is not None and given.next_on <= row.made_on:
        raise Refused("next_before_visit")
    return {
        "state": rules.after(given.answer),
        "answer": given.answer,
        "answer_note_sealed": session.vault.seal_text(ANSWER_NOTE, row.id, given.note or None),
        "answered_by": actor.staff_id,
        "answered_at": session.now(),
        "next_on": given.next_on,
        "not_come": came_before + (given.answer is ReferralAnswer.NOT_COME),
    }


async def _replace(
    session: StoreSession, actor: Actor, row: AnyRow, part: str, values: dict[str, Any], reason: str
) -> None:
    before = _content(session, row) | {"part": part}
    await _kept.replace(session, actor, _SORT, row, before=before, values=values, reason=reason)


def _content(session: StoreSession, row: AnyRow) -> dict[str, Any]:
    """Return everything that a correction or an answer may replace, as JSON."""
    vault = session.vault
    return {
        "reason": row.reason,
        "due_on": row.due_on,
        "state": row.state,
        "note": vault.open_text(NOTE, row.id, row.note_sealed),
        "answer": row.answer,
        "answer_note": vault.open_text(ANSWER_NOTE, row.id, row.answer_note_sealed),
        "answered_by": row.answered_by,
        "answered_at": row.answered_at,
        "next_on": row.next_on,
        "not_come": row.not_come,
    }


def _before_answer(kept: list[Version]) -> Any:
    """Return what a referral said before its last answer, corrections of that answer aside.

    Raises:
        Conflict: `changed_since`: something else was changed since, or there is no answer to take back.
    """
    for version in reversed(kept):
        if version.values["part"] != _ANSWER or version.reason == "undone":
            break
        if version.reason == _BY_ANSWER:
            return version.values
    raise Conflict("changed_since")


def _restored(session: StoreSession, referral_id: int, before: Any) -> dict[str, Any]:
    """Return the columns of the answer that was there before."""
    given, at, day = before["answer"], before["answered_at"], before["next_on"]
    return {
        "state": ReferralState(before["state"]),
        "answer": ReferralAnswer(given) if given else None,
        "answer_note_sealed": session.vault.seal_text(ANSWER_NOTE, referral_id, before["answer_note"]),
        "answered_by": before["answered_by"],
        "answered_at": datetime.fromisoformat(at) if at else None,
        "next_on": date.fromisoformat(day) if day else None,
        "not_come": before["not_come"],
        "answer_draft_id": None,
    }


def _stored(session: StoreSession, actor: Actor, row: AnyRow) -> StoredReferral:
    may_read = actor.may(Permission.REFERRAL_ANSWER) or row.entered_by == actor.staff_id
    is_answered = row.answered_at is not None
    return StoredReferral(
        id=row.id,
        resident=persons.read(session, row),
        reason=row.reason,
        made_on=row.made_on,
        due_on=row.due_on,
        state=row.state,
        note=session.vault.open_text(NOTE, row.id, row.note_sealed),
        record=(RecordKind(row.record_kind), row.record_id) if row.record_kind else None,
        answer=_answer(session, row) if is_answered and may_read else None,
        answered_on=local_day(row.answered_at, ZoneInfo(actor.zone)) if is_answered else None,
        not_come=row.not_come,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        version=row.version,
        voided=row.voided_at is not None,
    )


def _answer(session: StoreSession, row: AnyRow) -> Answer:
    return Answer(row.answer, session.vault.open_text(ANSWER_NOTE, row.id, row.answer_note_sealed), row.next_on)
