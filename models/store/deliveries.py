"""What is still owed to a chat after the commit, and the memory of updates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from models.store.database import AnyRow, StoreSession
from models.store.inbox import OWED
from models.store.vault import Vault, VaultError
from models.tables.base import table
from models.tables.inbox import ProcessedUpdate, UpdateAttempt

_p = table(ProcessedUpdate).c


@dataclass(frozen=True, slots=True)
class Owed:
    """Calls that an update is still owed, as they were recorded; `None`: they can't be opened (a lost key)."""

    update_id: int
    chat_id: int
    calls: bytes | None


_OWED = (
    select(_p.update_id, _p.chat_id, _p.owed)
    .where(_p.owed.is_not(None), _p.update_id > bindparam("after"))
    .order_by(_p.update_id)
)
_CLEAR = (
    update(table(ProcessedUpdate))
    .where(_p.update_id.in_(bindparam("ids", expanding=True)), _p.owed.is_not(None))
    .values(owed=None)
)


async def owed(session: StoreSession, *, after: int = -1, limit: int = 500) -> list[Owed]:
    """Return what is owed, in the order of updates, beginning after update `after`."""
    found = await session.rows(_OWED.limit(limit), {"after": after})
    return [Owed(row.update_id, row.chat_id, _opened(session.vault, row)) for row in found]


async def clear_owed(session: StoreSession, update_ids: Collection[int]) -> int:
    """Forget what was delivered; returns how many updates had something owed."""
    return await session.changed(_CLEAR, {"ids": list(update_ids)}) if update_ids else 0


async def prune(session: StoreSession, before: datetime) -> int:
    """Forget updates from before `before` that owe nothing, and their attempts; returns how many updates.

    Telegram keeps an update for 24 hours; keep more than that.
    """
    attempts = table(UpdateAttempt)
    await session.execute(delete(attempts).where(attempts.c.at < before))
    return await session.changed(delete(table(ProcessedUpdate)).where(_p.at < before, _p.owed.is_(None)))


def _opened(vault: Vault, row: AnyRow) -> bytes | None:
    try:
        return vault.open(OWED, row.update_id, row.owed)
    except VaultError:
        return None
