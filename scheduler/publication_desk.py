"""Looks up where an admin wants notices to be posted: whether there is such a group or channel, and what is allowed."""

from __future__ import annotations

import structlog

from models.store import publication_places
from models.store.database import Database
from models.store.publication_places import Asked, Chat
from scheduler.messenger import Messenger, Unreachable

log = structlog.get_logger(__name__)


class PublicationDesk:
    """Looks up what was asked for, once."""

    def __init__(self, database: Database, messenger: Messenger) -> None:
        """Look up through `messenger`."""
        self._database = database
        self._messenger = messenger

    async def wake(self) -> None:
        """Look up what waits: for a tick."""
        await self.run()

    async def run(self) -> int:
        """Look up everything that waits now; returns how much was answered."""
        async with self._database.reading() as session:
            asked = await publication_places.asked(session)
        return sum([await self._look_up(one) for one in asked])

    async def _look_up(self, one: Asked) -> bool:
        try:
            found = await self._messenger.look_up(one.name)
        except Unreachable:  # the next tick tries again
            log.info("place_not_looked_up")
            return False
        async with self._database.transaction() as session:
            return await publication_places.answer(session, one, found.spot, Chat(found.chat_id, found.title))
