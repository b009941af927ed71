"""To whom the planner can say something: everybody who works in a township, and when they hear from the bot.

No names, no accounts, nothing about residents: therefore no actor is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy import select

from models.rules.roles import Role
from models.store.database import StoreSession
from models.store.outbox import Recipient
from models.tables.staff import Staff


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody at work.

    Attributes:
        village_id: where a manager works; `None` for the township's own staff.
        digest_at: the hour of the morning's messages.
    """

    to: Recipient
    role: Role
    village_id: int | None
    digest_at: time


async def of_township(session: StoreSession, township_id: int) -> list[Post]:
    """Return everybody who works in a township."""
    columns = (Staff.id, Staff.role, Staff.village_id, Staff.digest_at)
    statement = select(*columns).where(Staff.township_id == township_id, Staff.active).order_by(Staff.id)
    rows = await session.rows(statement)
    return [Post(Recipient(row.id, township_id), row.role, row.village_id, row.digest_at) for row in rows]
