"""Messages that show a roster, drawn again whenever it has changed, whoever has changed it.

Nobody else draws them: so two drawings never overtake each other. However fast people tap, a chat gets one edit a
second at most, and always the last state: what there is to show is read just before it is drawn. What is owed stands in
the database: a message shows an older revision than its roster's. So a pause that Telegram asks for, or a restart, only
delays it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from locales.message import Message
from models.rules.access import AccessDenied, Actor
from models.store import pacing, roster_views, staff
from models.store.database import Database, StoreSession
from models.store.errors import NotFound
from models.store.roster_views import View
from scheduler.messenger import Addressee, Fate, Messenger, Sent
from scheduler.pace import Pace

log = structlog.get_logger(__name__)

Compose = Callable[[StoreSession, Actor, View], Awaitable[tuple[Message, int]]]
"""What a view shows by now, and the revision of the roster that this is."""
MOST = 50
"""So many messages are drawn at once."""
A_LITTLE = 0.1
"""Seconds added to a pause that the chat network asks for."""
PAUSE = timedelta(seconds=3)
"""After so long a drawing that did not arrive is tried again."""


class Redrawer:
    """Draws what is owed, whenever it is woken."""

    def __init__(self, database: Database, messenger: Messenger, compose: Compose, pace: Pace | None = None) -> None:
        """Edit through `messenger`, as fast as `pace` allows."""
        self._database = database
        self._messenger = messenger
        self._compose = compose
        self._pace = pace or Pace()
        self._drawing: set[asyncio.Task[None]] = set()
        self._serving: asyncio.Task[None] | None = None
        self._is_looking = False

    def under_way(self) -> int:
        """Return how many messages are being drawn, or are about to be."""
        return len(self._drawing) + self._is_looking + self._database.redrawn.is_set()

    async def wake(self) -> None:
        """Look for what is owed, soon: for a tick."""
        self._database.redrawn.set()

    def start(self) -> None:
        """Begin to serve, in the running event loop."""
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    async def stop(self, grace: float) -> None:
        """Begin nothing new and finish what is under way within `grace` seconds; the rest stays owed."""
        if self._serving is not None:
            self._serving.cancel()
            with suppress(asyncio.CancelledError):
                await self._serving
        if self._drawing:
            await asyncio.wait(self._drawing, timeout=grace)
        for task in self._drawing:
            task.cancel()

    async def run(self) -> None:
        """Draw everything that is owed now and can be drawn."""
        while await self._begin():
            await asyncio.gather(*self._drawing)

    async def _serve(self) -> None:
        while True:
            await self._database.redrawn.wait()
            self._is_looking = True
            self._database.redrawn.clear()
            try:
                await self._begin()
            except Exception as error:  # the next tick tries again
                log.exception("redraw_failed", error=type(error).__name__)
            finally:
                self._is_looking = False

    async def _begin(self) -> int:
        """Begin to draw what is owed; returns how many messages."""
        async with self._database.reading() as session:
            if not await roster_views.is_owed(session):
                return 0
        async with self._database.transaction() as session:
            views = await roster_views.claim(session, MOST)
        for view in views:
            task = asyncio.create_task(self._guarded(view))
            self._drawing.add(task)
            task.add_done_callback(self._drawing.discard)
        return len(views)

    async def _guarded(self, view: View) -> None:
        try:
            await self._pace.wait(view.chat_id)  # what happens meanwhile is drawn with it
            await self._draw(view.id)
        except Exception as error:  # its lease runs out, and it is drawn then
            log.exception("redraw_failed", error=type(error).__name__)

    async def _draw(self, view_id: int) -> None:
        async with self._database.transaction() as session:
            view = await roster_views.again(session, view_id)
            prepared = await self._prepare(session, view) if view is not None else None
        if view is None or prepared is None:
            return
        actor, message, revision = prepared
        await self._pace.leave()
        to = Addressee(view.chat_id, view.user_id, actor.language)
        if view.message_id is None:
            sent = await self._messenger.send(to, message, may_repeat=view.may_repeat)
        else:
            sent = await self._messenger.edit(to, view.message_id, message)
        async with self._database.transaction() as session:
            await self._settle(session, view, revision, sent)

    async def _prepare(self, session: StoreSession, view: View) -> tuple[Actor, Message, int] | None:
        """Return who reads and what; whoever may not (any more) is not drawn for."""
        actor = await staff.find(session, view.user_id)
        if actor is not None:
            try:
                message, revision = await self._compose(session, actor, view)
            except (AccessDenied, NotFound):
                log.info("roster_gone")
            else:
                return actor, message, revision
        await roster_views.forget(session, view.id)
        return None

    async def _settle(self, session: StoreSession, view: View, revision: int, sent: Sent) -> None:
        match sent.fate:
            case Fate.SENT:
                await roster_views.drawn(session, view, revision, sent.message_id)
            case Fate.GONE | Fate.REFUSED:
                await roster_views.forget(session, view.id)
            case Fate.TOO_MANY:
                seconds = sent.retry_after + A_LITTLE
                await pacing.close(session, pacing.EVERYBODY, seconds)
                await roster_views.put_back(session, view, timedelta(seconds=seconds))
            case _:
                is_new = view.message_id is None and sent.fate is Fate.IN_DOUBT
                await roster_views.put_back(session, view, PAUSE, may_repeat=is_new)
