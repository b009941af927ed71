"""The Telegram side of the bot, put together: start, run until told to stop, drain."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from bot.logging import frames
from bot.telegram.api import Api
from bot.telegram.callback import TapSigner
from bot.telegram.calls import Batch, newest_only, unpack
from bot.telegram.clearing import Clearing
from bot.telegram.delivery import Delivery
from bot.telegram.ingest import Ingest
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.outage import Backoff, Outage
from bot.telegram.polling import LONG_POLL, Polling
from bot.telegram.rendering import Renderer, Translate
from bot.telegram.request import AiohttpRequest, Timeouts
from bot.telegram.routing import Router, Routes, build_application, fill
from bot.telegram.sending import TOKEN_HINT, Sender
from bot.telegram.studio import Studio
from bot.telegram.turns import Turns
from bot.telegram.webhook import Webhook, announce
from models.files.charts import LOADS
from models.files.easel import Easel
from models.store import deliveries
from models.store.database import Database
from scheduler.pace import Pace

_OTHERS_DELIVER = 30.0
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram brings updates.

    Attributes:
        url: the public https address, path included.
        secret: what Telegram sends along.
        host, port: where we listen; port 0 takes any.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8443


@dataclass(frozen=True, slots=True)
class Connection:
    """How the Bot API is reached.

    Attributes:
        api_url: the Bot API server, without a slash at the end.
        hook: webhook instead of long polling.
        parallel_chats: how many chats are served side by side.
        long_poll: seconds for which the server may hold an empty answer back.
        proxy: address of an HTTP proxy; `None` asks the environment (HTTPS_PROXY, NO_PROXY).
    """

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    hook: Hook | None = None
    parallel_chats: int = 64
    long_poll: int = LONG_POLL
    proxy: str | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)


@dataclass(frozen=True, slots=True)
class Health:
    """How things stand.

    Attributes:
        telegram, database: the class name of what is wrong, or `None`.
        uncommitted: updates under way.
        undelivered: batches of replies under way.
    """

    telegram: str | None
    database: str | None
    uncommitted: int
    undelivered: int

    @property
    def is_good(self) -> bool:
        """Whether nothing is lost."""
        return self.telegram is None and self.database is None


class TelegramService:
    """Takes updates and answers them."""

    def __init__(
        self,
        connection: Connection,
        database: Database,
        routes: Routes,
        translate: Translate,
        languages: Sequence[str],
        pace: Pace | None = None,
    ) -> None:
        """Put the parts together; nothing is opened yet. `pace` is told of every reply that leaves."""
        self._connection = connection
        self.pace = pace or Pace()
        self._database = database
        self._log = structlog.get_logger("bot.telegram")
        self._receiving = Outage(self._log, "telegram")
        self._sending = Outage(self._log, "telegram_sending")
        self._stored = Outage(self._log, "database")
        proxy = connection.proxy or proxy_for(connection.api_url)
        self._request = AiohttpRequest(timeouts=connection.timeouts, proxy=proxy)
        self.application = build_application(connection.token, connection.api_url, self._request)
        self.api = Api(self.application.bot, self._request)
        signer = TapSigner(database.vault.keyring)
        router = Router(routes, signer, translate, languages)
        fill(self.application, router)
        renderer = Renderer(translate, signer)
        self._easel = Easel(LOADS)
        studio = Studio(self._easel, translate, self._log)
        self._turns = Turns(self.application, router, renderer, self._easel.warm)
        sender = Sender(self.api, translate, self._sending, self._log, self.pace, studio)
        self.messenger = TelegramMessenger(self.api, renderer, database.clock, self._sending, self._log, studio)
        clearing = Clearing(database, self._log)
        self.delivery = Delivery(sender, database, clearing, self._log)
        self.ingest = Ingest(
            self._turns,
            database,
            self.delivery,
            self._stored,
            self._log,
            side_by_side=connection.parallel_chats,
        )
        self._polling = Polling(self.api, self.ingest, self._receiving, self._log, long_poll=connection.long_poll)
        self._webhook: Webhook | None = None
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.hook_port = 0

    @property
    def health(self) -> Health:
        """How things stand."""
        problem = self._receiving.problem or self._sending.problem
        return Health(problem, self._stored.problem, self.ingest.under_way(), self.delivery.total())

    async def connect(self) -> str:
        """Find out who the bot is, trying until Telegram answers; return its username."""
        pauses = Backoff()
        await self._request.initialize()
        while True:
            try:
                await self.application.initialize()
            except TelegramError as error:
                hint = TOKEN_HINT if isinstance(error, InvalidToken) else None
                self._receiving.lost(self, error, hint)
            else:
                self._receiving.back(self)
                name = str(self.application.bot.username)
                self._turns.name_bot(name)
                return name
            await pauses.pause()

    async def start(self) -> None:
        """Connect, deliver what is owed from before, and begin to take updates."""
        await self.connect()
        hook = self._connection.hook
        if hook is None:
            await self._redeliver()
            self._go(self._polling.run)
        else:
            left = await self._all_owed()
            await self._listen(hook)
            self._go(partial(announce, self.api, hook.url, hook.secret, self._receiving))
            self._go(partial(self._redeliver_after_others, frozenset(batch.update_id for batch in left)))

    async def stop(self, grace: float = 10.0) -> bool:
        """Take nothing new, finish what is under way within `grace` seconds; return whether all was."""
        loop = asyncio.get_running_loop()
        end = loop.time() + grace
        if self._webhook is not None:
            self._webhook.drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        committed = await self.ingest.close(max(0.0, end - loop.time()))
        if self._connection.hook is None and self._tasks:
            await self._polling.confirm()
        delivered = await self.delivery.close(max(0.0, end - loop.time()))
        if self._runner is not None:
            await self._runner.cleanup()
        await self._disconnect()
        self._log.info("telegram_stopped", committed=committed, delivered=delivered)
        return committed and delivered

    async def replay(self, letter_id: int) -> None:
        """Handle a dead letter again, once, and deliver the answer. Raises as `Ingest.replay` does."""
        await self.connect()
        try:
            await self.ingest.replay(letter_id)
        finally:
            await self.delivery.close(10.0)
            await self._disconnect()

    async def _listen(self, hook: Hook) -> None:
        self._webhook = Webhook(self.ingest, hook.secret, self._log)
        path = urlsplit(hook.url).path or "/"
        self._runner = web.AppRunner(
            self._webhook.application(path), access_log=None, handle_signals=False, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, hook.host, hook.port)
        await site.start()
        self.hook_port = int(self._runner.addresses[0][1])

    async def _redeliver(self) -> None:
        """Deliver what an earlier process left owed, before anything new is taken."""
        self._take_up(await self._all_owed())
        self.ingest.end_redelivery()

    async def _redeliver_after_others(self, left: Collection[int]) -> None:
        """Deliver what is still owed for the updates `left`, when other replicas had time to deliver what is theirs."""
        await asyncio.sleep(_OTHERS_DELIVER)
        await asyncio.gather(*self._take_up([batch for batch in await self._all_owed() if batch.update_id in left]))
        self.ingest.end_redelivery()

    def _take_up(self, batches: Sequence[Batch]) -> list[asyncio.Future[None]]:
        if batches:
            self._log.info("owed_redelivered", updates=len(batches))
        return [self.ingest.redeliver(batch) for batch in batches]

    async def _all_owed(self) -> list[Batch]:
        """Return what is owed, of each draft only its newest showing."""
        found: list[Batch] = []
        after = -1
        while page := await self._owed(after):
            after = page[-1].update_id
            found += [unpack(row.update_id, row.chat_id, row.calls) for row in page if row.calls is not None]
            if any(row.calls is None for row in page):
                self._log.error("owed_unreadable", updates=sum(row.calls is None for row in page))
        return newest_only(found)

    async def _owed(self, after: int) -> list[deliveries.Owed]:
        pauses = Backoff()
        while True:
            try:
                async with self._database.reading() as session:
                    found = await deliveries.owed(session, after=after, limit=_PAGE)
            except Exception as error:
                self._stored.lost(self, error)
                await pauses.pause()
            else:
                self._stored.back(self)
                return found

    def _go(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(self._through(work)))

    async def _through(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do `work`; what a bug ended is begun again: a process that lives but takes nothing helps nobody."""
        pauses = Backoff()
        while True:
            try:
                await work()
            except Exception as error:
                self._log.error("taking_failed", error=type(error).__name__, frames=frames(error))
                self._receiving.lost(work, error)
                await pauses.pause()
            else:
                return
            finally:
                self._receiving.back(work)

    async def _disconnect(self) -> None:
        await self._easel.close()
        with suppress(RuntimeError):
            await self.application.shutdown()
        await self._request.shutdown()


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for `url`, if any."""
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)
