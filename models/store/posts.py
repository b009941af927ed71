"""To whom the planner can say something: everybody who works in a township, and when they hear from the bot.

No names, no accounts, nothing about residents: therefore no actor is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy import select

from models.rules.quiet import Quiet
from models.rules.roles import Role
from models.store.database import AnyRow, StoreSession
from models.store.outbox import Recipient
from models.tables.places import Place
from models.tables.staff import Staff


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody at work.

    Attributes:
        place: name of the village or township.
        village_id: where a manager works; `None` for the township's own staff.
        digest_at: the hour of the morning's messages.
        quiet: when nothing is pushed that isn't urgent.
    """

    to: Recipient
    role: Role
    place: str
    village_id: int | None
    digest_at: time
    quiet: Quiet


async def of_township(session: StoreSession, township_id: int) -> list[Post]:
    """Return everybody who works in a township."""
    columns = (Staff.id, Staff.role, Place.name, Staff.village_id, Staff.digest_at, Staff.quiet_from, Staff.quiet_until)
    statement = select(*columns).join(Place, Place.id == Staff.place_id)
    rows = await session.rows(statement.where(Staff.township_id == township_id, Staff.active).order_by(Staff.id))
    return [_post(row, township_id) for row in rows]


def _post(row: AnyRow, township_id: int) -> Post:
    quiet = Quiet(row.quiet_from, row.quiet_until)
    return Post(Recipient(row.id, township_id), row.role, row.name, row.village_id, row.digest_at, quiet)
