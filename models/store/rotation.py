"""Changing the secret key: what older keys sealed is sealed anew with the current one, lookups with it.

Put the new key first in `SUIFANG_SECRET_KEYS`, keep the old one behind it, run this until nothing is left, then
take the old one away. Everything works at any point in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, func, literal, select, update

from models.store import _facts, _records, _roster_lines, deadletters, drafts, inbox, persons, roster_views, staff
from models.store.database import StoreSession
from models.store.vault import Cell, Vault, VaultError
from models.tables.base import Base


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column, the column that names its row, and the lookup that goes with it, if any."""

    cell: Cell
    key: str = "id"
    lookup: Mapping[str, str] = field(default_factory=dict)


SEALED = (
    Sealed(persons.NAME, lookup={"name_hash": "name"}),
    Sealed(persons.PHONE, lookup={"phone_hash": "phone"}),
    Sealed(persons.IDENTITY, lookup={"identity_hash": "identity"}),
    Sealed(staff.NAME),
    Sealed(_facts.LMP),
    Sealed(_records.VISIT.note),
    Sealed(_records.ATTENDANCE.note),
    Sealed(_records.VALUES),
    Sealed(Cell("counsellings", "content_sealed")),
    Sealed(Cell("examinations", "content_sealed")),
    Sealed(Cell("referrals", "note_sealed")),
    Sealed(Cell("referrals", "answer_note_sealed")),
    Sealed(Cell("benefit_decisions", "ground_sealed")),
    Sealed(Cell("benefit_payments", "amount_sealed")),
    Sealed(Cell("complaints", "text_sealed")),
    Sealed(Cell("complaints", "answer_sealed")),
    Sealed(Cell("imports", "content_sealed")),
    Sealed(Cell("meetings", "minutes_sealed")),
    Sealed(Cell("decisions", "text_sealed")),
    Sealed(Cell("alert_holds", "note_sealed")),
    Sealed(Cell("appeals", "text_sealed")),
    Sealed(Cell("appeals", "reason_sealed")),
    Sealed(_roster_lines.VALUES),
    Sealed(roster_views.TYPED),
    Sealed(Cell("dictations", "before_sealed")),
    Sealed(drafts.BODY),
    Sealed(inbox.OWED, key="update_id"),
    Sealed(deadletters.PAYLOAD),
)
"""Every sealed column; a test holds this list to the tables."""


async def rotate(session: StoreSession, limit: int = 500) -> int:
    """Seal up to `limit` values of each column anew with the current key; 0 when nothing is left to do."""
    done = 0
    for sealed in SEALED:
        done += await _rotate(session, sealed, limit)
    return done


async def is_readable(session: StoreSession) -> bool:
    """Return whether the keyring opens the newest name of each kind: whether key and database belong together."""
    for cell in (persons.NAME, staff.NAME):
        columns = Base.metadata.tables[cell.table].c
        sealed = columns[cell.column]
        row = await session.row(
            select(columns.id, sealed).where(sealed.is_not(None)).order_by(columns.id.desc()).limit(1)
        )
        try:
            if row is not None:
                session.vault.open(cell, int(row[0]), bytes(row[1]))
        except VaultError:
            return False
    return True


async def _rotate(session: StoreSession, sealed: Sealed, limit: int) -> int:
    table = Base.metadata.tables[sealed.cell.table]
    key, column = table.c[sealed.key], table.c[sealed.cell.column]
    rows = await session.rows(select(key, column).where(_is_old(session.vault, column)).limit(limit))
    for row in rows:
        row_id, value = int(row[0]), bytes(row[1])
        values = _anew(session.vault, sealed, row_id, value)
        await session.execute(update(table).where(key == row_id, column == value).values(values))
    return len(rows)


def _is_old(vault: Vault, column: Column[Any]) -> Any:
    head = vault.current_head()
    return func.substr(column, 1, len(head)) != literal(head)


def _anew(vault: Vault, sealed: Sealed, row_id: int, value: bytes) -> dict[str, bytes]:
    plain = vault.open(sealed.cell, row_id, value)
    values = {sealed.cell.column: vault.seal(sealed.cell, row_id, plain)}
    for column, name in sealed.lookup.items():
        values[column] = vault.lookup(name, plain.decode())
    return values
