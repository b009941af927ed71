"""Replies carried to their chats after the commit: in order in one chat, chats side by side."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.logging import frames
from bot.telegram.calls import Batch, Call
from bot.telegram.clearing import Clearing
from bot.telegram.lanes import Lanes
from bot.telegram.outage import Backoff
from bot.telegram.sending import Sender, Sent
from models.store import drafts
from models.store.database import Database, is_disconnect

_BIND_TRIES = 5


class Delivery:
    """Delivers batches of calls."""

    def __init__(
        self, sender: Sender, database: Database, clearing: Clearing, log: Any, *, side_by_side: int = 128
    ) -> None:
        """Deliver to at most `side_by_side` chats at once."""
        self._sender = sender
        self._database = database
        self._clearing = clearing
        self._log = log
        self._lanes = Lanes(side_by_side, on_error=self._broken)

    def submit(self, batch: Batch) -> asyncio.Future[object]:
        """Put `batch` behind what its chat still waits for; the future is done when it was delivered."""
        delivered: asyncio.Future[object] = asyncio.get_running_loop().create_future()

        async def job() -> None:
            try:
                await self._deliver(batch)
            finally:
                if not delivered.done():
                    delivered.set_result(None)

        self._lanes.submit(batch.chat_id, job)
        return delivered

    def waiting(self, chat_id: int) -> int:
        """Return how many batches a chat still waits for."""
        return self._lanes.waiting(chat_id)

    def total(self) -> int:
        """Return how many batches are under way."""
        return self._lanes.total()

    async def idle(self) -> None:
        """Wait until everything was delivered."""
        await self._lanes.idle()

    async def close(self, grace: float) -> bool:
        """Deliver for `grace` more seconds and write down what was; return whether everything was."""
        finished = await self._lanes.close(grace)
        await self._clearing.close()
        return finished

    async def _deliver(self, batch: Batch) -> None:
        ordered = [call for call in batch.calls if not call.is_independent]
        others = [call for call in batch.calls if call.is_independent]
        if others and len(batch.calls) > 1:
            made = await asyncio.gather(self._in_order(ordered, batch), *(self._make(call, batch) for call in others))
            settled = Sent.OPEN not in made
        else:
            settled = await self._in_order(batch.calls, batch) is not Sent.OPEN
        if settled:
            self._clearing.add(batch.update_id)

    async def _in_order(self, calls: list[Call] | tuple[Call, ...], batch: Batch) -> Sent:
        worst = Sent.DONE
        for call in calls:
            sent = await self._make(call, batch)
            if sent is Sent.GONE:
                return sent
            if sent is Sent.OPEN:
                worst = sent
        return worst

    async def _make(self, call: Call, batch: Batch) -> Sent:
        sent, result = await self._sender.send(call, batch)
        if call.draft_id is not None and isinstance(result, dict):
            message_id = result.get("message_id")
            if isinstance(message_id, int) and message_id != call.params.get("message_id"):
                await self._bind(call.draft_id, message_id)
        return sent

    async def _bind(self, draft_id: int, message_id: int) -> None:
        pauses = Backoff()
        while True:
            try:
                async with self._database.transaction() as session:
                    await drafts.bind_message(session, draft_id, message_id)
            except Exception as error:
                if not is_disconnect(error) or pauses.tries >= _BIND_TRIES:
                    self._log.error("binding_failed", error=type(error).__name__, frames=frames(error))
                    return  # the next question comes as a new message
                await pauses.pause()
            else:
                return

    def _broken(self, error: BaseException) -> None:
        self._log.error("delivery_failed", error=type(error).__name__, frames=frames(error))
