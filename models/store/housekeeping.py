"""What is kept only for a time is deleted here."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, delete, exists

from models.store import drafts
from models.store.database import StoreSession
from models.tables.base import table
from models.tables.inbox import ProcessedUpdate, UpdateAttempt

UPDATES_KEPT = timedelta(days=8)
"""Telegram keeps an update for at most 24 hours; a week more is kept for looking into trouble."""
ENDED_DRAFTS_KEPT = timedelta(days=1)
"""A form that was given up can be taken up again for so long."""


async def tidy(session: StoreSession) -> dict[str, int]:
    """Delete what is past its time and return how much of each."""
    now = session.now()
    updates, attempts = table(ProcessedUpdate), table(UpdateAttempt)
    settled = and_(updates.c.at < now - UPDATES_KEPT, updates.c.owed.is_(None))
    done = exists().where(updates.c.update_id == attempts.c.update_id)
    return {
        "attempts": await session.changed(delete(attempts).where(done)),
        "updates": await session.changed(delete(updates).where(settled)),
        "drafts": await drafts.prune(session, now - ENDED_DRAFTS_KEPT),
        "expired": await drafts.expire(session),
    }
