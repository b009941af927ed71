"""Taking updates: commit first, confirm after.

One transaction holds the chat's lock, the unique update id, what the handler changed, and the calls that answer
it. Only when it has committed is the update confirmed and are the calls made.
"""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.logging import frames
from bot.telegram.calls import Batch
from bot.telegram.delivery import Delivery
from bot.telegram.incoming import Json, chat_of
from bot.telegram.lanes import Lanes
from bot.telegram.outage import Backoff, Outage
from bot.telegram.turns import Turns, Work
from models.store import deadletters
from models.store.database import Database, is_disconnect

TRIES = 3
_RETRY_PAUSE = 0.2
_MOST_UNDELIVERED = 32


class Ingest:
    """Takes updates, each once, and says when they are safe."""

    def __init__(
        self,
        turns: Turns,
        database: Database,
        delivery: Delivery,
        outage: Outage,
        log: Any,
        *,
        side_by_side: int = 64,
    ) -> None:
        """Work on at most `side_by_side` chats at once."""
        self._turns = turns
        self._database = database
        self._delivery = delivery
        self._outage = outage
        self._log = log
        self._lanes = Lanes(side_by_side, on_error=self._broken)
        self._under_way: dict[int, asyncio.Future[None]] = {}
        self._latest: dict[int, int] | None = {}

    def take(self, update: Json) -> asyncio.Future[None]:
        """Take `update`; the future is done when it is committed, and then it may be confirmed.

        An update that is under way already gets the same future. It is cancelled when we stop before.

        Raises:
            KeyError, TypeError: when the update has no number.
        """
        update_id = update["update_id"]
        if type(update_id) is not int:
            raise TypeError("update_id is not a number")
        known = self._under_way.get(update_id)
        if known is not None:
            return known
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._under_way[update_id] = committed
        work = Work(update_id, chat_of(update), update)

        async def job() -> asyncio.Future[object] | None:
            return await self._run(work, committed)

        self._lanes.submit(work.chat_id, job)
        return committed

    def redeliver(self, batch: Batch) -> asyncio.Future[None]:
        """Deliver what an earlier process left owed; the future is done when it stands in its chat's queue.

        Updates of that chat that are taken later wait for it.
        """
        begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def job() -> asyncio.Future[object] | None:
            outdated = (self._latest or {}).get(batch.chat_id, batch.update_id) > batch.update_id
            left = batch.sends_only() if outdated else batch  # an old edit must not cover a newer question
            if not begun.done():  # nobody waits for it once we stop
                begun.set_result(None)
            return self._delivery.submit(left)

        self._lanes.submit(batch.chat_id, job)
        return begun

    def end_redelivery(self) -> None:
        """Forget which updates were the latest: nothing older is redelivered from now on."""
        self._latest = None

    def under_way(self) -> int:
        """Return how many updates are not committed yet."""
        return len(self._under_way)

    async def close(self, grace: float) -> bool:
        """Finish what is under way within `grace` seconds, drop the rest; return whether all was finished."""
        finished = await self._lanes.close(grace)
        for committed in list(self._under_way.values()):
            committed.cancel()
        self._under_way.clear()
        return finished

    async def replay(self, letter_id: int) -> None:
        """Handle dead letter `letter_id` again, once, and wait until it was answered.

        Raises:
            models.store.errors.NotFound: there is no such letter, or it was replayed before.
            Exception: what the handler let through; the letter stays.
        """
        async with self._database.transaction() as session:
            letter = await deadletters.get_letter(session, letter_id)
        work = Work.of_letter(letter)
        async with self._database.transaction() as session:
            await deadletters.mark_replayed(session, letter_id)
            batch = await self._turns.take(work, session)
        if batch is not None:
            await self._delivery.submit(batch)

    async def _run(self, work: Work, committed: asyncio.Future[None]) -> asyncio.Future[object] | None:
        try:
            batch = await self._settle(work)
            if self._latest is not None:
                self._latest[work.chat_id] = work.update_id
            if not committed.done():
                committed.set_result(None)
        finally:
            self._under_way.pop(work.update_id, None)
            committed.cancel()  # has no effect when it is done
        if batch is None:
            return None
        delivered = self._delivery.submit(batch)
        must_wait = batch.binds or self._delivery.waiting(batch.chat_id) > _MOST_UNDELIVERED
        return delivered if must_wait else None

    async def _settle(self, work: Work) -> Batch | None:
        """Try until the update had its effect or is buried; return what is owed for it."""
        pauses = Backoff()
        try:
            while True:
                try:
                    return await self._attempt(work)
                except Exception as error:
                    if work.in_burial and isinstance(error, IntegrityError):
                        return work.prepared  # recorded meanwhile, by us or by another process
                    if not _is_lost(error, work):
                        await self._failed(work, error)
                        continue
                    self._outage.lost(work.update_id, error)
                await pauses.pause()
        finally:
            self._outage.back(work.update_id)

    async def _attempt(self, work: Work) -> Batch | None:
        work.opened = False
        async with self._database.transaction() as session:
            work.opened = True
            if work.failures >= TRIES:
                batch = await self._turns.bury(work, session)
            else:
                batch = await self._turns.take(work, session)
            # A connection lost during COMMIT leaves it open whether this had its effect. If the next try
            # finds that it had, these calls are what is owed.
            work.prepared = batch
        self._outage.back(work.update_id)
        return batch

    async def _failed(self, work: Work, error: Exception) -> None:
        """Count a failure of the handler; an expected one is answered in the next attempt instead."""
        if isinstance(error, self._turns.expected) and work.refusal is None:
            work.refusal = error
            return
        work.error, work.prepared = type(error).__name__, None
        work.failures = await self._count(work)
        self._log.error(
            "update_failed",
            update_id=work.update_id,
            error=work.error,
            tries=work.failures,
            frames=frames(error),
        )
        # Beyond the last try even the burial failed: the database works and refuses, which only time can mend.
        await asyncio.sleep(_RETRY_PAUSE * work.failures if work.failures < TRIES else 5.0 * work.in_burial)

    async def _count(self, work: Work) -> int:
        pauses = Backoff()
        while True:
            try:
                async with self._database.transaction() as session:
                    return await deadletters.count_failure(session, work.update_id, work.error)
            except Exception as error:
                self._outage.lost(work.update_id, error)
            await pauses.pause()

    def _broken(self, error: BaseException) -> None:
        self._log.error("lane_failed", error=type(error).__name__, frames=frames(error))


def _is_lost(error: Exception, work: Work) -> bool:
    """Return whether the database is away.

    That no transaction can be had is never the update's fault; a handler's own OSError or time-out always is.
    """
    if not work.opened:
        return True
    if work.in_handler and not isinstance(error, SQLAlchemyError | ConnectionError):
        return False
    return is_disconnect(error)
