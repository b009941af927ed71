"""What visits and attendances have in common: storing, correcting and taking back a report.

Private to the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, literal, select, update

from models.rules.access import Actor, Role
from models.rules.ages import age_in_months
from models.rules.outcomes import EFFECTS, Outcome
from models.store import _effects, _findings, _people, outbox, persons, scope
from models.store._effects import Before
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.reports import MEASURES, Answers, Measures, NextDue, Receipt, Version
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment
from models.tables.residents import Resident
from models.tables.visits import RecordKind, RecordVersion, Visit

UNDO_WITHIN = timedelta(minutes=10)
VALUES = Cell("record_versions", "values_sealed")
CHECKUP = "checkup"
ILL = "person.ill"
"""The message that tells the clinic of somebody unwell; its occurrence names the record."""

Record = type[Visit] | type[Attendance]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two kinds of record.

    Attributes:
        model: the mapped class; `on` is its column with the day, `note` the cell of its note.
        code: how record versions and the audit trail call it.
        programme: the column or constant that names the programme.
    """

    model: Any
    on: Any
    note: Cell
    code: RecordKind
    programme: ColumnElement[str]


VISIT = Kind(Visit, Visit.visited_on, Cell("visits", "note_sealed"), RecordKind.VISIT, Visit.programme)  # type: ignore[arg-type]
ATTENDANCE = Kind(
    Attendance,
    Attendance.held_on,
    Cell("attendances", "note_sealed"),
    RecordKind.ATTENDANCE,
    literal(CHECKUP),
)


@dataclass(frozen=True, slots=True)
class Content:
    """The part of a report that both kinds share."""

    on: date
    outcome: Outcome
    next_on: date | None
    measures: Measures
    answers: Answers
    note: str | None

    @property
    def is_bare(self) -> bool:
        """Whether nothing of health is said beside the outcome."""
        return self.measures == Measures() and not self.answers and not self.note


def check(content: Content, person: AnyRow, today: date) -> None:
    """Refuse what can't be: `future_date`, `before_birth`, `needs_date`, `next_before_visit`, a measurement."""
    if content.on > today:
        raise Refused("future_date")
    if person.birth_date is not None and content.on < person.birth_date:
        raise Refused("before_birth")
    if EFFECTS[content.outcome].needs_date and content.next_on is None:
        raise Refused("needs_date")
    if content.next_on is not None and content.next_on <= content.on:
        raise Refused("next_before_visit")
    months = age_in_months(person.birth_date, content.on)
    _findings.check_all(content.measures, child=_findings.is_child(months))


def columns(session: StoreSession, kind: Kind, record_id: int, content: Content, programme: str) -> dict[str, Any]:
    """Return the columns that a report fills in."""
    findings = _findings.find(programme, content.measures, content.answers)
    return {
        kind.on.key: content.on,
        "outcome": content.outcome,
        "next_on": content.next_on,
        **asdict(content.measures),
        **asdict(findings),
        "answers": dict(content.answers),
        "note_sealed": session.vault.seal_text(kind.note, record_id, content.note or None),
    }


async def by_draft(session: StoreSession, actor: Actor, kind: Kind, draft_id: int | None) -> Receipt | None:
    """Return the receipt of the record that this draft saved, if it did."""
    if draft_id is None:
        return None
    row = await session.row(_receipt(actor, kind).where(kind.model.draft_id == draft_id))
    return _read_receipt(session, actor, row, await _is_told(session, kind, row)) if row else None


async def receipt(session: StoreSession, actor: Actor, kind: Kind, record_id: int) -> Receipt:
    """Return the receipt of a record as it stands now."""
    row = await session.row(_receipt(actor, kind).where(kind.model.id == record_id))
    if row is None:
        raise NotFound
    return _read_receipt(session, actor, row, await _is_told(session, kind, row))


async def add(session: StoreSession, actor: Actor, kind: Kind, person: AnyRow, values: Mapping[str, Any]) -> None:
    """Insert a record of `person` with `values`."""
    whole = {
        "resident_id": person.id,
        "township_id": person.township_id,
        "village_id": person.village_id,
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
        **values,
    }
    await session.execute(insert(kind.model), whole)


async def tell_clinic(
    session: StoreSession, actor: Actor, kind: Kind, person: AnyRow, record_id: int, outcome: Outcome
) -> None:
    """Plan to tell the clinic, where the outcome asks for it; not whoever reports it."""
    if EFFECTS[outcome].tells_clinic:
        clinic = await outbox.of_role(session, person.township_id, Role.CLINIC)
        others = [each for each in clinic if each.staff_id != actor.staff_id]
        await outbox.plan(session, others, ILL, person.id, _occurrence(kind, record_id))


async def find(session: StoreSession, actor: Actor, kind: Kind, record_id: int) -> AnyRow:
    """Return all columns of a record within reach, of a programme that the role may know of.

    Raises:
        NotFound: there is none.
    """
    statement = select(kind.model.__table__, kind.programme.label("of_programme"))
    row = await session.row(statement.where(kind.model.id == record_id, *_within(actor, kind)))
    if row is None:
        raise NotFound
    return row


async def replace(
    session: StoreSession, actor: Actor, kind: Kind, row: AnyRow, values: Mapping[str, Any], reason: str
) -> None:
    """Keep the record's present values as a version and write `values` over them; the person is locked."""
    before = asdict(content_of(session, kind, row)) | {"channel": row._mapping.get("channel")}
    await keep_version(session, actor, kind.code, row, before, reason)
    statement = update(kind.model).where(kind.model.id == row.id)
    await session.execute(statement.values(**values, version=row.version + 1))


async def change_effects(
    session: StoreSession, actor: Actor, kind: Kind, person: AnyRow, row: AnyRow, content: Content
) -> tuple[set[int], Before]:
    """Take back what the old outcome did and apply the new one.

    Returns the enrolments to compute again, and what to remember for an undo.

    Raises:
        Conflict: `changed_since`.
    """
    is_same = content.outcome is row.outcome and content.on == row._mapping[kind.on.key]
    if row.before and is_same:
        return set(), row.before
    heavy = _effects.without_creation(row.before)
    restored = await _effects.restore(session, person, heavy)
    fresh = await _people.locked(session, actor, person.id, listed=False)
    applied = await _effects.apply(session, fresh, row.enrolment_id, content.outcome, content.on)
    before = applied.before
    if "created" in row.before:
        revision = fresh.revision if heavy else row.before["revision"]
        before = _effects.with_creation(before, row.before["created"], revision)
    return {*restored, *applied.touched}, before


def may_undo(session: StoreSession, actor: Actor, row: AnyRow) -> None:
    """Raise `Conflict` unless the actor entered the record in the last ten minutes.

    Codes: `not_yours`, `too_late`.
    """
    if row.entered_by != actor.staff_id:
        raise Conflict("not_yours")
    if session.now() - row.entered_at > UNDO_WITHIN:
        raise Conflict("too_late")


async def void(session: StoreSession, kind: Kind, record_id: int) -> None:
    """Mark a record as taken back."""
    await session.execute(update(kind.model).where(kind.model.id == record_id).values(voided_at=session.now()))


async def versions(session: StoreSession, actor: Actor, kind: Kind, record_id: int) -> list[Version]:
    """Return the versions of a record that were replaced, oldest first.

    Raises:
        NotFound: there is no such record within reach.
    """
    await find(session, actor, kind, record_id)
    return await read_versions(session, kind.code, record_id)


async def keep_version(
    session: StoreSession, actor: Actor, kind: RecordKind, row: AnyRow, values: Mapping[str, Any], reason: str
) -> None:
    """Keep what a record of any kind said before a correction; whoever corrects counts `version` up.

    Args:
        session: the transaction of the correction; the person is locked.
        actor: who corrects.
        kind: the record's table.
        row: the record before the correction: `id`, `township_id`, `village_id` and `version` at least.
        values: what it said, as JSON; it is sealed.
        reason: why it is corrected, a code; it is sealed.
    """
    version_id = new_id()
    kept = {
        "id": version_id,
        "kind": kind,
        "record_id": row.id,
        "township_id": row.township_id,
        "village_id": row.village_id,
        "version": row.version,
        "values_sealed": session.vault.seal_json(VALUES, version_id, {"values": values, "reason": reason}),
        "replaced_by": actor.staff_id,
        "replaced_at": session.now(),
    }
    await session.execute(insert(RecordVersion), kept)


async def read_versions(session: StoreSession, kind: RecordKind, record_id: int) -> list[Version]:
    """Return what a record of any kind said before its corrections, oldest first; its reader may reach it."""
    statement = select(RecordVersion.__table__).where(RecordVersion.kind == kind, RecordVersion.record_id == record_id)
    return [_version(session, row) for row in await session.rows(statement.order_by(RecordVersion.version))]


def need_version(row: AnyRow, version: int | None) -> None:
    """Raise `Conflict` (`corrected_since`) when a record is not any more as the one who corrects it saw it.

    `version` is the one that was seen; `None` asks nothing.
    """
    if version is not None and row.version != version:
        raise Conflict("corrected_since")


def content_of(session: StoreSession, kind: Kind, row: AnyRow) -> Content:
    """Return the content of a stored record."""
    stored: Any = row._mapping
    return Content(
        stored[kind.on.key],
        row.outcome,
        row.next_on,
        Measures(**{name: stored[name] for name in MEASURES}),
        row.answers,
        session.vault.open_text(kind.note, row.id, row.note_sealed),
    )


def _version(session: StoreSession, row: AnyRow) -> Version:
    sealed = session.vault.open_json(VALUES, row.id, row.values_sealed)
    return Version(row.version, sealed["values"], sealed["reason"], row.replaced_by, row.replaced_at)


async def _is_told(session: StoreSession, kind: Kind, row: AnyRow) -> bool:
    if not EFFECTS[row.outcome].tells_clinic:
        return False
    return await outbox.is_planned(session, ILL, row.person_id, _occurrence(kind, row.record_id))


def _occurrence(kind: Kind, record_id: int) -> str:
    return f"{kind.code}:{record_id}"


def _within(actor: Actor, kind: Kind) -> tuple[ColumnElement[bool], ...]:
    return scope.of_reachable(actor, kind.model), kind.programme.in_(scope.visible(actor))


def _receipt(actor: Actor, kind: Kind) -> Select[*tuple[Any, ...]]:
    model = kind.model
    return (
        select(
            model.id.label("record_id"),
            kind.programme.label("of_programme"),
            model.outcome,
            kind.on.label("on_day"),
            model.urgent,
            model.version,
            model.voided_at,
            Enrolment.programme_version,
            Enrolment.next_item,
            Enrolment.next_due_on,
            Enrolment.next_target_on,
            Enrolment.next_closes_on,
            Enrolment.followup_on,
            *persons.COLUMNS,
        )
        .join(Resident, Resident.id == model.resident_id)
        .outerjoin(Enrolment, Enrolment.id == model.enrolment_id)
        .where(*_within(actor, kind))
    )


def _read_receipt(session: StoreSession, actor: Actor, row: AnyRow, tells_clinic: bool) -> Receipt:
    due = None
    if row.next_item is not None:
        due = NextDue(row.next_item, row.next_due_on, row.next_target_on, row.next_closes_on)
    return Receipt(
        row.record_id,
        persons.read(session, row),
        row.of_programme,
        actor.catalogue.at(row.of_programme, row.programme_version or 0),
        row.outcome,
        row.on_day,
        due,
        row.urgent,
        row.followup_on,
        row.version,
        row.voided_at is not None,
        tells_clinic,
    )
