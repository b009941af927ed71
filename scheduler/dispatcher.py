"""Carries planned messages to people: claim, look again whether it makes sense, send, mark.

Each step is a short transaction, and nothing is open while a request is under way. A process that dies between
the steps loses nothing: its lease runs out, and another one takes up what it left. What was being sent then goes
out again and says that it may be a repeat, or is held where a repeat is not worth it.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog

from locales.message import Attachment, Message
from models.rules.quiet import next_allowed
from models.store import leaves, pacing, publications, sending, unreached
from models.store.database import Database, StoreSession, is_disconnect
from models.store.sending import LEASE, Claimed
from scheduler.messages import LOW_VALUE, NOTICES, RECURRING, prepare
from scheduler.messenger import Addressee, Fate, Messenger, Sent
from scheduler.pace import Pace

log = structlog.get_logger(__name__)

MOST = 50
"""So many messages are under way at once: two seconds' worth, well within a lease."""
A_LITTLE = 0.1
"""Seconds added to a pause that the chat network asks for."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=30)
_MOST_FILES = 8
"""So many messages wait at once for a file to be made; others are claimed again a little later."""
_FILES_LATER = timedelta(seconds=15)
_SETTLE_FOR = LEASE.total_seconds() * 0.75
"""So long it is tried to write down what came of a message, while the database is away."""


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before the next attempt: doubled each time, half an hour at most."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(attempts, 10)))


class Dispatcher:
    """Sends what is due, whenever it is woken.

    Attributes:
        fates: what came of the attempts of this process, for whoever watches it.
    """

    def __init__(self, database: Database, messenger: Messenger, pace: Pace | None = None) -> None:
        """Send through `messenger`, as fast as `pace` allows."""
        self.fates: Counter[Fate] = Counter()
        self._database = database
        self._messenger = messenger
        self._pace = pace or Pace()
        self._one_at_a_time = asyncio.Lock()
        self._is_stopping = False
        self._under_way: set[int] = set()
        self._making = asyncio.Lock()
        self._for_files = 0
        self._owners: set[str] = set()
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
        async with self._one_at_a_time:
            before = self.fates[Fate.SENT]
            flying: set[asyncio.Task[None]] = set()
            try:
                await self._carry(flying)
            except asyncio.CancelledError:
                for lane in flying:
                    lane.cancel()
                raise
            finally:
                await asyncio.gather(*flying, return_exceptions=True)
                await self._give_back()
            return self.fates[Fate.SENT] - before

    async def _serve(self) -> None:
        while not self._is_stopping:
            await self._database.planned.wait()
            self._database.planned.clear()
            try:
                await self.run()
            except Exception as error:  # the next tick tries again
                log.exception("dispatch_failed", error=type(error).__name__)

    async def _carry(self, flying: set[asyncio.Task[None]]) -> None:
        """Claim and send until nothing is left; one slow chat does not hold up the others."""
        while not self._is_stopping:
            room = MOST - len(self._under_way)
            if room >= MOST // 2:
                for messages, owner in await self._claimed(room):
                    flying.add(asyncio.create_task(self._in_order(messages, owner)))
            if not flying:
                return
            done, _ = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
            flying -= done

    async def _claimed(self, room: int) -> list[tuple[Sequence[Claimed], str]]:
        """Claim up to `room` messages and return them, those to one chat together."""
        owner, every = uuid4().hex, timedelta(seconds=self._pace.every)
        async with self._database.transaction() as session:
            if owed := self._pace.owed_pause():
                await pacing.close(session, pacing.EVERYBODY, owed)
            claimed, ahead = await sending.claim(session, owner, room, LOW_VALUE, every, self._under_way)
        if claimed:
            self._owners.add(owner)
            self._pace.begin_at(ahead.total_seconds())
        self._under_way.update(message.id for message in claimed)
        by_chat: defaultdict[int, list[Claimed]] = defaultdict(list)
        for message in claimed:
            by_chat[message.chat_id].append(message)
        return [(messages, owner) for messages in by_chat.values()]

    async def _give_back(self) -> None:
        """Give back what a stop has left unsent; the lease would do it too, later."""
        owners, self._owners = self._owners, set()
        if self._is_stopping and owners:
            async with self._database.transaction() as session:
                for owner in owners:
                    await sending.release(session, owner)

    async def _in_order(self, messages: Sequence[Claimed], owner: str) -> None:
        for message in messages:
            try:
                await self._pace.wait(message.chat_id)
                if not self._is_stopping:
                    await self._one(message, owner)
            except Exception as error:  # its lease runs out, and it is taken up again
                log.exception("message_failed", kind=message.kind, error=type(error).__name__)
            finally:
                self._under_way.discard(message.id)

    async def _one(self, message: Claimed, owner: str) -> None:
        try:
            prepared = await self._prepared(message, owner)
            if prepared is None:
                return
            to = Addressee(message.chat_id, message.user_id, message.to.language)
            await self._pace.leave()
            sent = await self._messenger.send(to, prepared, may_repeat=message.may_repeat)
        except Exception as error:  # it can't be worded here; a newer version may know how
            if is_disconnect(error):
                raise
            log.exception("message_unworded", kind=message.kind, error=type(error).__name__)
            sent = Sent(Fate.NOT_SENT, error=type(error).__name__)
        self.fates[sent.fate] += 1
        await self._settle(message, owner, sent)

    async def _prepared(self, message: Claimed, owner: str) -> Message | None:
        """Return what leaves now, with its file; `None` when it does not, or not now."""
        if not _has_file(message) or await self._is_held(message):
            return await self._begin(message, owner)
        if self._for_files >= _MOST_FILES:
            async with self._database.transaction() as session:
                await sending.postpone(session, message.id, owner, _FILES_LATER)
            return None
        # It is made before the message is noted as leaving: one whose process dies meanwhile has certainly not arrived.
        file = await self._file(message, owner)
        if file is None:
            return None
        prepared = await self._begin(message, owner, was_in_time=True)
        return replace(prepared, attachment=file) if prepared is not None else None

    async def _file(self, message: Claimed, owner: str) -> Attachment | None:
        """Return a message's file; one is made at a time. `None`: while it waited, another process took it up."""
        attach = NOTICES[message.kind].attach
        assert attach is not None  # noqa: S101 - asked before
        self._for_files += 1
        try:
            async with self._making:
                async with self._database.transaction() as session:
                    if not await sending.keep(session, message.id, owner):
                        return None
                return await attach(self._database, message)
        finally:
            self._for_files -= 1

    async def _is_held(self, message: Claimed) -> bool:
        """Return whether a message will not leave now whatever it says, so that no file has to be made."""
        async with self._database.reading() as session:
            is_early = await self._wait(session, message) > timedelta(0)
            return is_early or _dropped(session, message) is not None or await prepare(session, message) is None

    async def _begin(self, message: Claimed, owner: str, *, was_in_time: bool = False) -> Message | None:
        """Note that the message is about to leave, and return it; `None` when it does not, or not now.

        With `was_in_time` its time is not over, whatever the clock says: it was not when its file was begun.
        """
        async with self._database.transaction() as session:
            wait = await self._wait(session, message)
            if wait > timedelta(0):
                await sending.postpone(session, message.id, owner, wait)
                return None
            dropped = _dropped(session, message)
            if dropped == "too_late" and was_in_time:
                dropped = None
            prepared = await prepare(session, message) if dropped is None else None
            if prepared is not None:
                if not await sending.mark_sending(session, message.id, owner):
                    return None
                if message.kind not in LOW_VALUE:
                    await leaves.tell_substitute(session, message)
                return prepared
            if dropped == "removed":
                await sending.mark_dead(session, message.id, owner, dropped)
            else:
                await sending.mark_expired(session, message.id, owner, dropped or "senseless")
        log.info("message_dropped", kind=message.kind, reason=dropped or "senseless")
        return None

    @staticmethod
    async def _wait(session: StoreSession, message: Claimed) -> timedelta:
        """Return how long the message has to wait: for a pause that was asked for, or for the end of quiet hours."""
        seconds = await pacing.opens_in(session, pacing.EVERYBODY, message.chat_id)
        if seconds:
            return timedelta(seconds=seconds)
        now = session.now()
        if message.urgent or message.expires_at <= now:
            return timedelta(0)
        return next_allowed(now, ZoneInfo(message.to.zone), message.quiet) - now

    async def _settle(self, message: Claimed, owner: str, sent: Sent) -> None:
        """Write down what came of it, for as long as the lease holds if the database is away."""
        loop = asyncio.get_running_loop()
        pause, end = 0.1, loop.time() + _SETTLE_FOR
        while True:
            try:
                async with self._database.transaction() as session:
                    await self._mark(session, message, owner, sent)
            except Exception as error:
                if not is_disconnect(error) or loop.time() > end:
                    raise
                await asyncio.sleep(pause)
                pause = min(2 * pause, 5.0)
            else:
                break
        if sent.fate is not Fate.SENT:
            log.info("message_not_sent", kind=message.kind, fate=sent.fate.value, error=sent.error)

    async def _mark(self, session: StoreSession, message: Claimed, owner: str, sent: Sent) -> None:
        error = sent.error or sent.fate.value
        match sent.fate:
            case Fate.SENT:
                await sending.mark_sent(session, message.id, owner, sent.message_id)
                if message.is_unreachable and not message.is_post:
                    await sending.note_reach(session, message.to.staff_id, reached=True)
            case Fate.GONE:
                await self._gone(session, message, owner, error)
            case Fate.REFUSED:
                await sending.mark_dead(session, message.id, owner, error)
            case Fate.TOO_MANY:
                await self._too_many(session, message, owner, sent.retry_after + A_LITTLE)
            case Fate.IN_DOUBT if message.kind in LOW_VALUE:
                await sending.mark_in_doubt(session, message.id, owner, error)
            case _:
                wait, in_doubt = pause_after(message.attempts), sent.fate is Fate.IN_DOUBT
                await sending.put_back(session, message.id, owner, wait, error, may_repeat=in_doubt)
        if message.is_post:
            await publications.settle(session, message.subject_id, sent.message_id, is_posted=sent.fate is Fate.SENT)

    async def _gone(self, session: StoreSession, message: Claimed, owner: str, error: str) -> None:
        """End a message that can never arrive, and tell the next person, once, unless it is of little value."""
        if not await sending.mark_dead(session, message.id, owner, error) or message.is_post:
            return
        await sending.note_reach(session, message.to.staff_id, reached=False)
        is_known = message.kind in RECURRING and message.is_unreachable
        is_worth = message.is_active and message.kind not in LOW_VALUE and not is_known
        if is_worth and not await unreached.tell_next(session, message):
            log.warning("nobody_to_tell", kind=message.kind)

    @staticmethod
    async def _too_many(session: StoreSession, message: Claimed, owner: str, seconds: float) -> None:
        """Keep the pause that was asked for: in a group for the group, else for everybody, in every process."""
        whose = message.chat_id if message.chat_id < 0 else pacing.EVERYBODY
        await pacing.close(session, whose, seconds)
        await sending.postpone(session, message.id, owner, timedelta(seconds=seconds))


def _has_file(message: Claimed) -> bool:
    """Return whether a file goes with a message."""
    notice = NOTICES.get(message.kind)
    return notice is not None and notice.attach is not None


def _dropped(session: StoreSession, message: Claimed) -> str | None:
    """Return why a message is not sent whatever it says, or `None`."""
    notice = NOTICES.get(message.kind)
    if not message.is_active and not (notice and notice.to_removed):
        return "removed"
    return "too_late" if message.expires_at <= session.now() else None
