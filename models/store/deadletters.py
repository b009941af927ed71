"""Updates that fail: counted, given up after a few tries, kept sealed for a replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select, update

from models.store import audit
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.vault import Cell
from models.tables.base import new_id, table
from models.tables.inbox import DeadLetter, ProcessedUpdate, UpdateAttempt

PAYLOAD = Cell("dead_letters", "payload_sealed")

_a = table(UpdateAttempt).c
_l = table(DeadLetter).c


@dataclass(frozen=True, slots=True)
class Letter:
    """An update that was given up.

    Attributes:
        error: name of the class of the last error.
        payload: the update as Telegram sent it; only where one letter is asked for.
    """

    id: int
    update_id: int
    chat_id: int
    error: str
    at: datetime
    replayed_at: datetime | None
    payload: bytes | None = None


async def count_failure(session: StoreSession, update_id: int, error: str) -> int:
    """Count a failed try of an update, in a transaction of its own; returns the number of failures so far.

    `error` is the name of the error's class: messages may quote what people typed.
    """
    values = {"update_id": update_id, "failures": 1, "last_error": error[:80], "at": session.now()}
    statement = session.insert(table(UpdateAttempt)).values(values)
    upsert = statement.on_conflict_do_update(
        index_elements=[_a.update_id],
        set_={"failures": _a.failures + 1, "last_error": values["last_error"], "at": values["at"]},
    ).returning(_a.failures)
    return int(await session.scalar(upsert))


async def bury(session: StoreSession, update_id: int, chat_id: int, payload: bytes, error: str) -> int:
    """Keep an update as a dead letter and return its id; record the update in the same transaction."""
    letter_id = new_id()
    statement = session.insert(table(DeadLetter)).on_conflict_do_nothing(index_elements=[_l.update_id])
    values = {
        "id": letter_id,
        "update_id": update_id,
        "chat_id": chat_id,
        "payload_sealed": session.vault.seal(PAYLOAD, letter_id, payload),
        "error": error[:80],
        "at": session.now(),
    }
    await session.execute(statement, values)
    await session.execute(delete(table(UpdateAttempt)).where(_a.update_id == update_id))
    return letter_id


async def list_letters(session: StoreSession, *, with_replayed: bool = False, limit: int = 100) -> list[Letter]:
    """Return dead letters without their payload, oldest first."""
    statement = _select().order_by(_l.at, _l.id).limit(limit)
    if not with_replayed:
        statement = statement.where(_l.replayed_at.is_(None))
    return [_letter(row) for row in await session.rows(statement)]


async def get_letter(session: StoreSession, letter_id: int) -> Letter:
    """Return a dead letter with its payload.

    Raises:
        NotFound: there is no such letter.
    """
    row = await session.row(_select().add_columns(_l.payload_sealed).where(_l.id == letter_id))
    if row is None:
        raise NotFound
    return _letter(row, session.vault.open(PAYLOAD, letter_id, row.payload_sealed))


async def mark_replayed(session: StoreSession, letter_id: int) -> int:
    """Mark a letter as replayed and forget that its update was recorded, so that it can have its effect now.

    Returns the update's id. Call it in the transaction in which the update is handled again.

    Raises:
        NotFound: there is no such letter, or it was replayed before.
    """
    statement = update(table(DeadLetter)).where(_l.id == letter_id, _l.replayed_at.is_(None))
    row = await session.row(statement.values(replayed_at=session.now()).returning(_l.update_id))
    if row is None:
        raise NotFound
    processed = table(ProcessedUpdate)
    await session.execute(delete(processed).where(processed.c.update_id == row.update_id))
    await audit.write(session, None, "dead_letter:replay", "dead_letter", letter_id)
    return int(row.update_id)


def _select() -> Select[*tuple[object, ...]]:
    return select(_l.id, _l.update_id, _l.chat_id, _l.error, _l.at, _l.replayed_at)


def _letter(row: AnyRow, payload: bytes | None = None) -> Letter:
    return Letter(row.id, row.update_id, row.chat_id, row.error, row.at, row.replayed_at, payload)
