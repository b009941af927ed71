"""Where a township's public notices are posted: asked for by an admin, looked up, and set when that is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from models.rules.access import Actor, Permission
from models.rules.publications import Spot
from models.store import audit, outbox, plannings, scope
from models.store.database import StoreSession
from models.tables.base import table
from models.tables.outbox import ENDED, OutboxMessage
from models.tables.publications import Publication, PublicationPlace

PLACE = "publication.place"
"""Tells the admin what came of it."""
_p, _o = table(PublicationPlace).c, table(OutboxMessage).c


@dataclass(frozen=True, slots=True)
class Chat:
    """A group or channel."""

    chat_id: int
    title: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A chat that somebody asked for: `@name` or its number."""

    township_id: int
    name: str
    staff_id: int
    at: datetime


async def of_township(session: StoreSession, township_id: int) -> Chat | None:
    """Return where notices are posted; a title is no secret of anybody."""
    row = await session.row(select(_p.chat_id, _p.title).where(_p.township_id == township_id))
    return Chat(row.chat_id, row.title or "") if row is not None and row.chat_id is not None else None


async def ask(session: StoreSession, actor: Actor, name: str) -> None:
    """Ask for a chat; until it is looked up, notices go where they went.

    Raises:
        AccessDenied: the role does not set where.
    """
    scope.require(actor, Permission.CALENDAR_CHANGE)
    mine = {"township_id": actor.township_id}
    await session.execute(session.insert_or_ignore(PublicationPlace, ["township_id"]), mine)
    values = {"asked": name, "asked_by": actor.staff_id, "asked_at": session.now()}
    await session.execute(update(table(PublicationPlace)).where(_p.township_id == actor.township_id).values(**values))
    await audit.write(session, actor, "publication:place", "publication")


async def asked(session: StoreSession) -> Sequence[Asked]:
    """Return the chats that have to be looked up, in every township."""
    columns = (_p.township_id, _p.asked, _p.asked_by, _p.asked_at)
    rows = await session.rows(select(*columns).where(_p.asked.is_not(None)))
    return [Asked(row.township_id, row.asked, row.asked_by, row.asked_at) for row in rows]


async def answer(session: StoreSession, one: Asked, spot: Spot, chat: Chat | None) -> bool:
    """Note what a look-up found, and tell whoever asked; `False`: another process did, or something else is asked."""
    values: dict[str, object] = {"asked": None}
    if spot is Spot.FINE and chat is not None:
        values |= {"chat_id": chat.chat_id, "title": chat.title[:255]}
    mine = (_p.township_id == one.township_id, _p.asked == one.name, _p.asked_at == one.at)
    if not await session.changed(update(table(PublicationPlace)).where(*mine).values(**values)):
        return False
    to = await outbox.member(session, one.staff_id)
    await outbox.plan(session, to, PLACE, occurrence=one.at.isoformat()[:32], details={"spot": spot.value})
    await plannings.touch(session, one.township_id)
    return True


async def follow(session: StoreSession, before: int, now: int) -> int:
    """Have what is posted in a group posted in the chat that it has become; returns of how many townships.

    What waits to be posted goes there as well.
    """
    rows = await session.rows(select(_p.township_id).where(_p.chat_id == before))
    if not rows:
        return 0
    await session.execute(update(table(PublicationPlace)).where(_p.chat_id == before).values(chat_id=now))
    posts = update(table(OutboxMessage)).where(_o.chat_id == before, _o.state.not_in(ENDED))
    await session.execute(posts.values(chat_id=now))
    approved = update(table(Publication)).where(Publication.chat_id == before, Publication.posted_at.is_(None))
    await session.execute(approved.values(chat_id=now))
    for row in rows:
        await audit.write(session, None, "publication:follow", "publication", township_id=row.township_id)
    return len(rows)
