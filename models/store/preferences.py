"""What a member of staff has chosen for the messages that come unasked: when, and when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sqlalchemy import select, update

from models.rules.access import Actor
from models.rules.quiet import Quiet
from models.store import plannings
from models.store.database import StoreSession
from models.store.errors import NotFound
from models.tables.staff import Staff


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody has chosen, or the usual.

    Attributes:
        digest_at: the time of the day at which the morning's messages come.
        quiet: when nothing comes unless it is urgent.
    """

    digest_at: time
    quiet: Quiet


async def get(session: StoreSession, actor: Actor) -> Preferences:
    """Return what the actor has chosen.

    Raises:
        NotFound: the actor was removed meanwhile.
    """
    columns = (Staff.digest_at, Staff.quiet_from, Staff.quiet_until)
    row = await session.row(select(*columns).where(Staff.id == actor.staff_id, Staff.active))
    if row is None:
        raise NotFound
    return Preferences(row.digest_at, Quiet(row.quiet_from, row.quiet_until))


async def set_digest(session: StoreSession, actor: Actor, at: time) -> None:
    """Let the morning's messages come at `at` from now on."""
    await session.execute(update(Staff).where(Staff.id == actor.staff_id).values(digest_at=at))
    await plannings.touch(session, actor.township_id)


async def set_quiet(session: StoreSession, actor: Actor, quiet: Quiet) -> None:
    """Keep these quiet hours from now on, or none."""
    values = {"quiet_from": quiet.start, "quiet_until": quiet.end}
    await session.execute(update(Staff).where(Staff.id == actor.staff_id).values(**values))
