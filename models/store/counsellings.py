"""Informed choice: that methods were explained, how many, and that the decision was the person's own.

Which methods were explained and which one was chosen is sealed. It is read by the one who entered it, to correct
it, and by the clinic; by nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from models.rules import methods
from models.rules.access import Actor, Permission, Role
from models.rules.methods import UNSAID, Method
from models.store import _kept, _people, _records, audit, outbox, persons, scope
from models.store._kept import Sort
from models.store.database import AnyRow, StoreSession, whole
from models.store.persons import PersonLine
from models.store.reports import Version
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.counsellings import Counselling
from models.tables.visits import RecordKind

CONTENT = Cell("counsellings", "content_sealed")
NOT_OWN = "choice.not_own"
"""The clinic is told: a decision was not the person's own."""
_SORT = Sort(Counselling, RecordKind.COUNSELLING)


@dataclass(frozen=True, slots=True)
class CounsellingReport:
    """A talk about methods as it is reported.

    Attributes:
        explained: the methods that were explained.
        own: the decision was the person's own.
        method: the one that was chosen, or `UNSAID`.
    """

    resident_id: int
    counselled_on: date
    explained: tuple[Method, ...]
    own: bool
    method: str = UNSAID


@dataclass(frozen=True, slots=True)
class Counselled:
    """What a receipt may show: never which methods."""

    record_id: int
    resident: PersonLine
    on: date
    explained: int
    own: bool
    version: int
    voided: bool


@dataclass(frozen=True, slots=True)
class StoredCounselling:
    """A talk as it is stored now, to be corrected, or read by the clinic."""

    id: int
    resident: PersonLine
    report: CounsellingReport
    version: int
    entered_by: int | None
    entered_at: datetime
    voided: bool


@dataclass(frozen=True, slots=True)
class CounsellingPage:
    """A page of a person's talks, the newest first; `total` is of all."""

    total: int
    lines: tuple[StoredCounselling, ...]


@whole
async def report(
    session: StoreSession, actor: Actor, reported: CounsellingReport, draft_id: int | None = None
) -> Counselled:
    """Store a talk and return its receipt. The same draft saved twice stores one.

    The clinic is told when the decision was not the person's own.

    Raises:
        AccessDenied: the role reports no talks.
        NotFound: the person is out of reach or not listed.
        NoConsent: the person does not consent to a health record.
        Refused: `future_date`, `before_birth`.
    """
    scope.require(actor, Permission.CHOICE_REPORT)
    done = await _kept.id_by_draft(session, actor, _SORT, draft_id)
    if done is not None:
        return await _receipt(session, actor, done)
    person = await _people.locked(session, actor, reported.resident_id)
    await _people.need_health_consent(session, person.id)
    _kept.check_day(reported.counselled_on, person, scope.today(session, actor))
    record_id = new_id()
    values = _values(session, record_id, reported) | {"id": record_id, "draft_id": draft_id}
    await _kept.add(session, actor, _SORT, person, values)
    await _tell_clinic(session, actor, record_id, reported)
    await audit.write(session, actor, "choice:report", "counselling", record_id)
    return await _receipt(session, actor, record_id)


@whole
async def correct(
    session: StoreSession,
    actor: Actor,
    record_id: int,
    reported: CounsellingReport,
    reason: str,
    *,
    version: int | None = None,
) -> Counselled:
    """Replace what a talk says, keeping what it said before and why, and return the new receipt.

    Raises:
        AccessDenied, NoConsent, Refused: as in `report`.
        NotFound: it is out of reach, or somebody else's and the actor is not the clinic.
        Conflict: `voided`; `corrected_since`: it is at another version than `version`; `locked`: entered too long
            ago and the clinic has given no leave.
    """
    scope.require(actor, Permission.CHOICE_REPORT)
    row = await _find(session, actor, record_id)
    person = await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _find(session, actor, record_id)
    lock = await _kept.may_correct(session, actor, _SORT, row, version)
    await _people.need_health_consent(session, person.id)
    _kept.check_day(reported.counselled_on, person, scope.today(session, actor))
    before = _plain(_report(session, row)) | {"counselled_on": row.counselled_on.isoformat()}
    values = _values(session, record_id, reported)
    await _kept.replace(session, actor, _SORT, row, before=before, values=values, reason=reason)
    await _tell_clinic(session, actor, record_id, reported)
    await audit.write(session, actor, "choice:correct", "counselling", record_id, lock)
    return await _receipt(session, actor, record_id)


@whole
async def undo(session: StoreSession, actor: Actor, record_id: int) -> Counselled:
    """Take back a talk within ten minutes, by the one who entered it. Twice does no more than once.

    Raises:
        AccessDenied: the role reports no talks.
        NotFound: it is out of reach or somebody else's.
        Conflict: `not_yours`, `too_late`.
    """
    scope.require(actor, Permission.CHOICE_REPORT)
    row = await _find(session, actor, record_id)
    await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _find(session, actor, record_id)
    if row.voided_at is None:
        _records.may_undo(session, actor, row)
        await _kept.void(session, _SORT, record_id)
        await audit.write(session, actor, "choice:undo", "counselling", record_id)
    return await _receipt(session, actor, record_id)


async def get(session: StoreSession, actor: Actor, record_id: int) -> StoredCounselling:
    """Return a talk as it is stored now, to the one who entered it and to the clinic.

    Raises:
        AccessDenied: the role reports no talks.
        NotFound: it is out of reach or somebody else's.
    """
    scope.require(actor, Permission.CHOICE_REPORT)
    row = await _find(session, actor, record_id)
    await audit.write(session, actor, "choice:read", "counselling", record_id)
    return _stored(session, row)


async def versions(session: StoreSession, actor: Actor, record_id: int) -> list[Version]:
    """Return what a talk said before its corrections, oldest first.

    Raises:
        AccessDenied, NotFound: as in `get`.
    """
    await get(session, actor, record_id)
    return await _records.read_versions(session, _SORT.code, record_id)


async def of_person(
    session: StoreSession, actor: Actor, resident_id: int, *, limit: int = 5, offset: int = 0
) -> CounsellingPage:
    """Return a person's talks to the clinic, the newest first.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    theirs = (Counselling.resident_id == resident_id, Counselling.voided_at.is_(None))
    total = await session.scalar(select(func.count()).select_from(_kept.within(actor, _SORT, *theirs).subquery()))
    newest = (Counselling.counselled_on.desc(), Counselling.entered_at.desc(), Counselling.id.desc())
    statement = _kept.within(actor, _SORT, *theirs).order_by(*newest)
    rows = await session.rows(statement.limit(limit).offset(offset))
    await audit.write(session, actor, "choice:read", "resident", resident_id, {"count": len(rows)})
    return CounsellingPage(int(total), tuple(_stored(session, row) for row in rows))


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor entered the record or is the clinic."""
    return true() if actor.may(Permission.CLINICAL_READ) else Counselling.entered_by == actor.staff_id


async def _find(session: StoreSession, actor: Actor, record_id: int) -> AnyRow:
    return await _kept.find(session, actor, _SORT, record_id, _readable(actor))


async def _receipt(session: StoreSession, actor: Actor, record_id: int) -> Counselled:
    row = await _find(session, actor, record_id)
    return Counselled(
        record_id,
        persons.read(session, row),
        row.counselled_on,
        row.explained,
        row.decision_own,
        row.version,
        row.voided_at is not None,
    )


async def _tell_clinic(session: StoreSession, actor: Actor, record_id: int, reported: CounsellingReport) -> None:
    if reported.own or actor.role is Role.CLINIC:
        return
    clinic = await outbox.of_role(session, actor.township_id, Role.CLINIC)
    await outbox.plan(session, clinic, NOT_OWN, reported.resident_id, str(record_id))


def _values(session: StoreSession, record_id: int, reported: CounsellingReport) -> dict[str, Any]:
    return {
        "counselled_on": reported.counselled_on,
        "explained": methods.count(reported.explained),
        "decision_own": reported.own,
        "content_sealed": session.vault.seal_json(CONTENT, record_id, _plain(reported)),
    }


def _plain(reported: CounsellingReport) -> dict[str, Any]:
    explained: Sequence[str] = [str(method) for method in reported.explained]
    return {"explained": explained, "own": reported.own, "method": str(reported.method)}


def _report(session: StoreSession, row: AnyRow) -> CounsellingReport:
    content = session.vault.open_json(CONTENT, row.id, row.content_sealed)
    explained = tuple(Method(code) for code in content["explained"])
    return CounsellingReport(row.resident_id, row.counselled_on, explained, row.decision_own, content["method"])


def _stored(session: StoreSession, row: AnyRow) -> StoredCounselling:
    return StoredCounselling(
        row.id,
        persons.read(session, row),
        _report(session, row),
        row.version,
        row.entered_by,
        row.entered_at,
        row.voided_at is not None,
    )
