"""Carries planned messages to people: claim, look again whether it makes sense, send, mark.

Each step is a short transaction, and nothing is open while a request is under way. A process that dies between
the steps loses nothing: its lease runs out, and another one takes up what it left. What was being sent then goes
out again and says that it may be a repeat.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import structlog

from models.store import outbox
from models.store.database import Database, StoreSession
from models.store.outbox import Claimed
from scheduler.messages import NOTICES, word
from scheduler.messenger import Addressee, Fate, Messenger, Sent
from scheduler.pace import Pace

log = structlog.get_logger(__name__)

BATCH = 50
"""So many messages are claimed at once."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=30)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before the next attempt: doubled each time, half an hour at most."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(attempts, 10)))


class Dispatcher:
    """Sends what is due, whenever it is woken."""

    def __init__(self, database: Database, messenger: Messenger, pace: Pace | None = None) -> None:
        """Send through `messenger`, as fast as `pace` allows."""
        self._database = database
        self._messenger = messenger
        self._pace = pace or Pace()
        self._one_at_a_time = asyncio.Lock()
        self._is_stopping = False
        self._serving: asyncio.Task[None] | None = None

    async def wake(self) -> None:
        """Look for what is due, soon: for a tick."""
        self._database.planned.set()

    def start(self) -> None:
        """Begin to serve, in the running event loop."""
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    async def stop(self, grace: float) -> bool:
        """Begin nothing new and finish what is under way within `grace` seconds; return whether all was."""
        self._is_stopping = True
        self._database.planned.set()
        if self._serving is None:
            return True
        done, _ = await asyncio.wait({self._serving}, timeout=grace)
        self._serving.cancel()
        with suppress(asyncio.CancelledError):
            await self._serving
        return bool(done)

    async def run(self) -> int:
        """Send everything that is due now; returns how many messages were sent."""
        sent = 0
        async with self._one_at_a_time:
            while not self._is_stopping:
                owner = uuid4().hex
                async with self._database.transaction() as session:
                    claimed = await outbox.claim(session, owner, BATCH)
                if not claimed:
                    break
                sent += await self._send_all(claimed, owner)
        return sent

    async def _serve(self) -> None:
        while not self._is_stopping:
            await self._database.planned.wait()
            self._database.planned.clear()
            try:
                await self.run()
            except Exception as error:  # the next tick tries again
                log.exception("dispatch_failed", error=type(error).__name__)

    async def _send_all(self, claimed: Sequence[Claimed], owner: str) -> int:
        by_chat: defaultdict[int, list[Claimed]] = defaultdict(list)
        for message in claimed:
            by_chat[message.chat_id].append(message)
        sent = await asyncio.gather(*(self._in_order(messages, owner) for messages in by_chat.values()))
        if self._is_stopping:
            async with self._database.transaction() as session:
                await outbox.release(session, owner)
        return sum(sent)

    async def _in_order(self, messages: Sequence[Claimed], owner: str) -> int:
        sent = 0
        for message in messages:
            await self._pace.wait(message.chat_id)
            if self._is_stopping:
                break
            try:
                sent += await self._one(message, owner)
            except Exception as error:  # its lease runs out, and it is taken up again
                log.exception("message_failed", kind=message.kind, error=type(error).__name__)
        return sent

    async def _one(self, message: Claimed, owner: str) -> bool:
        if not await self._begin(message, owner):
            return False
        to = Addressee(message.chat_id, message.user_id, message.to.language)
        try:
            sent = await self._messenger.send(to, word(message), may_repeat=message.may_repeat)
        except Exception as error:  # it can't be worded here; a newer version may know how
            log.exception("message_unworded", kind=message.kind, error=type(error).__name__)
            sent = Sent(Fate.NOT_SENT, error=type(error).__name__)
        await self._settle(message, owner, sent)
        return sent.fate is Fate.SENT

    async def _begin(self, message: Claimed, owner: str) -> bool:
        """Note that the message is about to leave, unless it is for nobody, too late, or senseless by now."""
        async with self._database.transaction() as session:
            notice = NOTICES.get(message.kind)
            if not message.is_active and not (notice and notice.to_removed):
                await outbox.mark_dead(session, message.id, owner, "removed")
            elif not await _makes_sense(session, message):
                await outbox.mark_expired(session, message.id, owner)
            else:
                return await outbox.mark_sending(session, message.id, owner)
        log.info("message_dropped", kind=message.kind)
        return False

    async def _settle(self, message: Claimed, owner: str, sent: Sent) -> None:
        error = sent.error or sent.fate.value
        async with self._database.transaction() as session:
            if sent.fate is Fate.SENT:
                await outbox.mark_sent(session, message.id, owner, sent.message_id)
            elif sent.fate in {Fate.GONE, Fate.REFUSED}:
                await outbox.mark_dead(session, message.id, owner, error)
            else:
                wait = max(timedelta(seconds=sent.retry_after), pause_after(message.attempts))
                in_doubt = sent.fate is Fate.IN_DOUBT
                await outbox.put_back(session, message.id, owner, wait, error, may_repeat=in_doubt)
        if sent.fate is not Fate.SENT:
            log.info("message_not_sent", kind=message.kind, fate=sent.fate.value, error=error)


async def _makes_sense(session: StoreSession, message: Claimed) -> bool:
    if message.expires_at is not None and message.expires_at <= session.now():
        return False
    notice = NOTICES.get(message.kind)
    return notice is None or await notice.makes_sense(session, message)
