"""What counsellings, examinations and referrals have in common: finding, storing, replacing, taking back.

Private to the store. Unlike visits and attendances (`_records`) they settle nothing that is due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select, update

from models.rules.access import Actor
from models.store import _locks, _records, persons, scope
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.tables.base import new_id
from models.tables.residents import Resident
from models.tables.visits import RecordKind, RecordVersion


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of record: its mapped class, and how record versions call it."""

    model: Any
    code: RecordKind


def within(actor: Actor, sort: Sort, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of a sort's records about people within reach who are not restricted."""
    model = sort.model
    statement = select(model.__table__, *persons.COLUMNS).join(Resident, Resident.id == model.resident_id)
    return statement.where(scope.of_reachable(actor, model), scope.listed(gone=True), *conditions)


async def find(
    session: StoreSession, actor: Actor, sort: Sort, record_id: int, *conditions: ColumnElement[bool]
) -> AnyRow:
    """Return a record within reach that meets `conditions`, with its person.

    Raises:
        NotFound: there is none.
    """
    row = await session.row(within(actor, sort, sort.model.id == record_id, *conditions))
    if row is None:
        raise NotFound
    return row


async def id_by_draft(session: StoreSession, actor: Actor, sort: Sort, draft_id: int | None) -> int | None:
    """Return the record that this draft saved, if it did."""
    if draft_id is None:
        return None
    model = sort.model
    found: int | None = await session.scalar(
        select(model.id).where(model.draft_id == draft_id, scope.of_reachable(actor, model))
    )
    return found


async def add(session: StoreSession, actor: Actor, sort: Sort, person: AnyRow, values: Mapping[str, Any]) -> None:
    """Insert a record of `person` with `values`."""
    whole = {
        "resident_id": person.id,
        "township_id": person.township_id,
        "village_id": person.village_id,
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
        **values,
    }
    await session.execute(insert(sort.model), whole)


async def replace(
    session: StoreSession,
    actor: Actor,
    sort: Sort,
    row: AnyRow,
    *,
    before: Mapping[str, Any],
    values: Mapping[str, Any],
    reason: str,
) -> None:
    """Keep `before`, what the record said, as a version, and write `values` over it; the person is locked."""
    version_id = new_id()
    kept = {
        "id": version_id,
        "kind": sort.code,
        "record_id": row.id,
        "township_id": row.township_id,
        "village_id": row.village_id,
        "version": row.version,
        "values_sealed": session.vault.seal_json(
            _records.VALUES, version_id, {"values": dict(before), "reason": reason}
        ),
        "replaced_by": actor.staff_id,
        "replaced_at": session.now(),
    }
    await session.execute(insert(RecordVersion), kept)
    statement = update(sort.model).where(sort.model.id == row.id)
    await session.execute(statement.values(**values, version=row.version + 1))


async def void(session: StoreSession, sort: Sort, record_id: int) -> None:
    """Mark a record as taken back."""
    await session.execute(update(sort.model).where(sort.model.id == record_id).values(voided_at=session.now()))


async def may_correct(
    session: StoreSession, actor: Actor, sort: Sort, row: AnyRow, version: int | None
) -> dict[str, Detail]:
    """Let the correction of a record pass; returns what the audit trail notes of it.

    Raises:
        Conflict: `voided`, `corrected_since`, `locked`.
    """
    not_voided(row)
    _records.need_version(row, version)
    return await _locks.unlock(session, actor, sort.code, row.id, row.entered_at)


def not_voided(row: AnyRow) -> None:
    """Raise `Conflict` `voided` when the record was taken back."""
    if row.voided_at is not None:
        raise Conflict("voided")


def check_day(on: date, person: AnyRow, today: date) -> None:
    """Refuse a day that can't be: `future_date`, `before_birth`."""
    if on > today:
        raise Refused("future_date")
    if person.birth_date is not None and on < person.birth_date:
        raise Refused("before_birth")
