"""Clinical results: entered, seen, listed and corrected by the clinic alone. Everything but the person is sealed.

Nobody else learns even that there is a result: to other roles every function says that it is not allowed,
whatever the id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.rules import examinations as rules
from models.rules.access import Actor, Permission
from models.rules.examinations import ExaminationKind, ExaminationResult
from models.store import _kept, _people, _records, audit, persons, scope
from models.store._kept import Sort
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Refused
from models.store.persons import PersonLine
from models.store.reports import Version
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.examinations import Examination
from models.tables.visits import RecordKind

CONTENT = Cell("examinations", "content_sealed")
_SORT = Sort(Examination, RecordKind.EXAMINATION)


@dataclass(frozen=True, slots=True)
class ExaminationReport:
    """An examination as it is entered.

    Attributes:
        next_on: another one was agreed for this day.
    """

    resident_id: int
    examined_on: date
    kind: ExaminationKind
    result: ExaminationResult
    next_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StoredExamination:
    """An examination as it is stored now."""

    id: int
    resident: PersonLine
    report: ExaminationReport
    version: int
    entered_by: int | None
    entered_at: datetime
    voided: bool


@dataclass(frozen=True, slots=True)
class ExaminationPage:
    """A page of a person's examinations, the newest first; `total` is of all."""

    total: int
    lines: tuple[StoredExamination, ...]


@whole
async def report(
    session: StoreSession, actor: Actor, reported: ExaminationReport, draft_id: int | None = None
) -> StoredExamination:
    """Store an examination and return it. The same draft saved twice stores one.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: the person is out of reach or not listed.
        NoConsent: the person does not consent to a health record.
        Refused: `future_date`, `before_birth`, `next_before_visit`, `impossible_result`.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    done = await _kept.id_by_draft(session, actor, _SORT, draft_id)
    if done is not None:
        return _stored(session, await _kept.find(session, actor, _SORT, done))
    person = await _people.locked(session, actor, reported.resident_id)
    await _people.need_health_consent(session, person.id)
    _check(reported, person, scope.today(session, actor))
    record_id = new_id()
    values = {"id": record_id, "draft_id": draft_id, "content_sealed": _sealed(session, record_id, reported)}
    await _kept.add(session, actor, _SORT, person, values)
    await audit.write(session, actor, "examination:report", "examination", record_id)
    return _stored(session, await _kept.find(session, actor, _SORT, record_id))


@whole
async def correct(
    session: StoreSession,
    actor: Actor,
    record_id: int,
    reported: ExaminationReport,
    reason: str,
    *,
    version: int | None = None,
) -> StoredExamination:
    """Replace what an examination says, keeping what it said before and why.

    Raises:
        AccessDenied, NoConsent, Refused: as in `report`.
        NotFound: it is out of reach.
        Conflict: `voided`; `corrected_since`: it is at another version than `version`.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    row = await _kept.find(session, actor, _SORT, record_id)
    person = await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _kept.find(session, actor, _SORT, record_id)
    lock = await _kept.may_correct(session, actor, _SORT, row, version)
    await _people.need_health_consent(session, person.id)
    _check(reported, person, scope.today(session, actor))
    before = session.vault.open_json(CONTENT, row.id, row.content_sealed)
    values = {"content_sealed": _sealed(session, record_id, reported)}
    await _kept.replace(session, actor, _SORT, row, before=before, values=values, reason=reason)
    await audit.write(session, actor, "examination:correct", "examination", record_id, lock)
    return _stored(session, await _kept.find(session, actor, _SORT, record_id))


@whole
async def undo(session: StoreSession, actor: Actor, record_id: int) -> StoredExamination:
    """Take an examination back within ten minutes, by the one who entered it. Twice does no more than once.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach.
        Conflict: `not_yours`, `too_late`.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    row = await _kept.find(session, actor, _SORT, record_id)
    await _people.locked(session, actor, row.resident_id, listed=False)
    row = await _kept.find(session, actor, _SORT, record_id)
    if row.voided_at is None:
        _records.may_undo(session, actor, row)
        await _kept.void(session, _SORT, record_id)
        await audit.write(session, actor, "examination:undo", "examination", record_id)
    return _stored(session, await _kept.find(session, actor, _SORT, record_id))


async def get(session: StoreSession, actor: Actor, record_id: int) -> StoredExamination:
    """Return an examination as it is stored now.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    row = await _kept.find(session, actor, _SORT, record_id)
    await audit.write(session, actor, "examination:read", "examination", record_id)
    return _stored(session, row)


async def versions(session: StoreSession, actor: Actor, record_id: int) -> list[Version]:
    """Return what an examination said before its corrections, oldest first.

    Raises:
        AccessDenied, NotFound: as in `get`.
    """
    await get(session, actor, record_id)
    return await _records.read_versions(session, _SORT.code, record_id)


async def of_person(
    session: StoreSession, actor: Actor, resident_id: int, *, limit: int = 5, offset: int = 0
) -> ExaminationPage:
    """Return a person's examinations, the newest first. They are few, and their days are sealed: all are opened.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.CLINICAL_READ)
    theirs = (Examination.resident_id == resident_id, Examination.voided_at.is_(None))
    rows = await session.rows(_kept.within(actor, _SORT, *theirs).order_by(Examination.entered_at, Examination.id))
    found = sorted((_stored(session, row) for row in rows), key=lambda one: one.report.examined_on)
    page = tuple(reversed(found))[offset : offset + limit]
    await audit.write(session, actor, "examination:read", "resident", resident_id, {"count": len(page)})
    return ExaminationPage(len(found), page)


def _check(reported: ExaminationReport, person: AnyRow, today: date) -> None:
    _kept.check_day(reported.examined_on, person, today)
    if reported.next_on is not None and reported.next_on <= reported.examined_on:
        raise Refused("next_before_visit")
    if not rules.is_possible(reported.kind, reported.result):
        raise Refused("impossible_result")


def _sealed(session: StoreSession, record_id: int, reported: ExaminationReport) -> bytes:
    content: dict[str, Any] = {
        "examined_on": reported.examined_on,
        "kind": reported.kind,
        "result": reported.result,
        "next_on": reported.next_on,
        "note": reported.note or None,
    }
    return session.vault.seal_json(CONTENT, record_id, content)


def _stored(session: StoreSession, row: AnyRow) -> StoredExamination:
    content = session.vault.open_json(CONTENT, row.id, row.content_sealed)
    next_on = content["next_on"]
    reported = ExaminationReport(
        row.resident_id,
        date.fromisoformat(content["examined_on"]),
        ExaminationKind(content["kind"]),
        ExaminationResult(content["result"]),
        date.fromisoformat(next_on) if next_on else None,
        content["note"],
    )
    return StoredExamination(
        row.id,
        persons.read(session, row),
        reported,
        row.version,
        row.entered_by,
        row.entered_at,
        row.voided_at is not None,
    )
