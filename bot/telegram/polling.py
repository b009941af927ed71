"""Long polling that confirms an update only when it is committed.

`getUpdates` confirms every update below its `offset` (Bot API, "getUpdates"). Ours is the lowest update that is
not committed yet: a window slides over the updates, and one that takes long holds back confirmations, not work.
"""

from __future__ import annotations

import asyncio
from typing import Any

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.telegram.api import Api
from bot.telegram.errors import TooMany
from bot.telegram.ingest import Ingest
from bot.telegram.outage import Backoff, Outage
from bot.telegram.sending import A_LITTLE, TOKEN_HINT

ALLOWED_UPDATES = ["message", "callback_query"]
LIMIT = 100
LONG_POLL = 25
READ_MARGIN = 10.0
_GRACE = 0.02
_BUSY = 16
"""So many updates under way keep the bot busy."""
_PATIENCE = 0.1
_TWO_POLLERS = "Another process polls with this token: stop it, or give each its own SUIFANG_TELEGRAM_TOKEN."
_WEBHOOK = "A webhook was set for this token elsewhere: stop that process, or set SUIFANG_WEBHOOK_URL here."


class Polling:
    """Fetches updates, hands them to the ingest, confirms what is committed."""

    def __init__(self, api: Api, ingest: Ingest, outage: Outage, log: Any, *, long_poll: int = LONG_POLL) -> None:
        """Let the server hold an empty answer back for `long_poll` seconds."""
        self._api = api
        self._ingest = ingest
        self._outage = outage
        self._log = log
        self._long_poll = long_poll
        self._open: dict[int, asyncio.Future[None]] = {}
        self._done: set[int] = set()
        self._offset = 0
        self._pauses = Backoff()
        self._unfinished = 0
        self._goal = 0
        self._reached = asyncio.Event()

    async def run(self) -> None:
        """Poll until cancelled."""
        await self._leave_webhook()
        while True:
            updates = await self._fetch()
            if updates is None:
                continue
            accepted = [self._accept(update) for update in updates]
            await self._settle(any(accepted))

    async def confirm(self) -> None:
        """Confirm what was committed since the last call; a failure is harmless, it only means repeats."""
        self._advance()
        try:
            async with asyncio.timeout(2.0):
                await self._get_updates(limit=1, wait=0)
        except (TelegramError, TimeoutError) as error:
            self._log.info("last_confirmation_failed", error=type(error).__name__)

    async def _leave_webhook(self) -> None:
        while True:
            try:
                await self._api.call("deleteWebhook", {})
            except TelegramError as error:
                await self._trouble(error)
            else:
                self._recovered()
                return

    async def _fetch(self) -> list[Any] | None:
        self._advance()
        try:
            updates = await self._get_updates(limit=LIMIT, wait=0 if self._open else self._long_poll)
        except TelegramError as error:
            await self._trouble(error)
            return None
        self._recovered()
        if not self._open:
            # Everything below the offset is confirmed now. Without an offset the next call also sees updates
            # whose numbers began anew, as they do after a quiet week ("Update.update_id").
            self._offset = 0
        return updates

    async def _get_updates(self, *, limit: int, wait: int) -> list[Any]:
        params = {"offset": self._offset, "limit": limit, "timeout": wait, "allowed_updates": ALLOWED_UPDATES}
        updates = await self._api.call("getUpdates", params, read_timeout=wait + READ_MARGIN)
        return updates if isinstance(updates, list) else []

    def _accept(self, update: Any) -> bool:
        """Take an update in unless it is known; return whether it is new."""
        try:
            update_id = update["update_id"]
            if update_id in self._open or update_id in self._done:
                return False
            future = self._ingest.take(update)
        except (KeyError, TypeError):
            self._log.error("update_without_number")
            return False
        self._open[update_id] = future
        self._unfinished += 1
        future.add_done_callback(self._finished)
        return True

    def _finished(self, _: object) -> None:
        self._unfinished -= 1
        if self._unfinished <= self._goal:
            self._reached.set()

    def _advance(self) -> None:
        """Set the offset to the lowest update that isn't committed."""
        finished = {update_id for update_id, future in self._open.items() if _is_committed(future)}
        for update_id in finished:
            del self._open[update_id]
        self._done |= finished
        if self._open:
            self._offset = min(self._open)
            self._done = {update_id for update_id in self._done if update_id > self._offset}
        elif self._done:
            self._offset = max(self._done) + 1
            self._done.clear()

    async def _settle(self, has_fresh: bool) -> None:
        """Wait before the next call, so that it confirms much and repeats little.

        While many updates are under way there is no hurry for more: each call would bring those again.
        """
        is_busy = self._unfinished >= _BUSY
        self._goal = self._unfinished // 2 if is_busy else 0
        if self._unfinished <= self._goal:
            return
        self._reached.clear()
        try:
            async with asyncio.timeout(_GRACE if has_fresh and not is_busy else _PATIENCE):
                await self._reached.wait()
        except TimeoutError:
            return

    def _recovered(self) -> None:
        self._pauses.reset()
        self._outage.back(self)

    async def _trouble(self, error: TelegramError) -> None:
        self._outage.lost(self, error, _hint(error))
        if isinstance(error, TooMany):
            await asyncio.sleep(error.retry_after + A_LITTLE)
        else:
            await self._pauses.pause()


def _is_committed(future: asyncio.Future[None]) -> bool:
    return future.done() and not future.cancelled()


def _hint(error: TelegramError) -> str | None:
    if isinstance(error, InvalidToken):
        return TOKEN_HINT
    if isinstance(error, Conflict):
        return _WEBHOOK if "webhook" in error.message.lower() else _TWO_POLLERS
    return None
