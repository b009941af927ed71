"""Reports that were asked for: made one after another, their progress shown in place, sent as files.

What there is to do comes from the database at each tick. A report is worked on under a lease; that a file is about to
leave is committed before it does, so that one which may have arrived says so when it is sent again. Files are kept
nowhere: a process that takes over makes them again.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog

from locales.message import Message
from models.files.report_content import Report
from models.rules.access import AccessDenied
from models.rules.report_files import FileForm
from models.store import report_files
from models.store.database import Database, StoreSession, is_disconnect
from models.store.report_files import MOST_ATTEMPTS, Job, LeaseLost, ReportState
from scheduler import report_making as making
from scheduler import report_words as words
from scheduler.desk import Desk, Stopping
from scheduler.messenger import Addressee, Fate, Messenger, Sent

log = structlog.get_logger(__name__)

EDIT_EVERY = 2.0
"""Seconds between two edits that show progress."""
_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(minutes=10)
_ENDS = frozenset({Fate.SENT, Fate.GONE, Fate.REFUSED})
"""After one of these nothing is left to be tried."""


class ReportDesk(Desk[Job]):
    """Works on one report after another."""

    def __init__(self, database: Database, messenger: Messenger, edit_every: float = EDIT_EVERY) -> None:
        """Send through `messenger`, showing progress every `edit_every` seconds."""
        super().__init__(database, messenger, edit_every)

    async def _waits(self, session: StoreSession) -> bool:
        return await report_files.waits(session)

    async def _claim(self, session: StoreSession, owner: str) -> Job | None:
        return await report_files.claim(session, owner)

    async def _guarded(self, job: Job) -> None:
        try:
            await self._work(job)
        except LeaseLost:
            log.info("report_left_to_another")
        except Stopping:
            await self._let_go(job)
        except Exception as error:
            if is_disconnect(error):
                log.warning("report_waits_for_the_database")  # its lease runs out
                return
            log.exception("report_failed", error=type(error).__name__)
            await self._failed(job)

    async def _work(self, job: Job) -> None:
        if not job.is_active:
            async with self._database.transaction() as session:
                await report_files.drop(session, job)
            return
        match job.state:
            case ReportState.WAITING:
                await self._make(job)
            case ReportState.SENT:
                await self._tell(job, words.done(job.period))
            case ReportState.CANCELLED:
                await self._tell(job, words.cancelled(job.period))
            case _:
                await self._tell(job, words.failed(job.period))

    async def _make(self, job: Job) -> None:
        """Count, draw and send what is left of a report, and tell that it is done."""
        if job.attempts >= MOST_ATTEMPTS:  # whoever tried did not survive it
            await self._fail(job, words.failed(job.period))
            return
        try:
            async with self._database.transaction() as session:
                await report_files.begin(session, job)
        except AccessDenied:
            await self._fail(job, words.denied())
            return
        progress = _Progress(self, job)
        report = await making.count(self._database, job.actor, job.period, progress.counted)
        await progress.show(words.drawing(job.id, job.period))
        for form in job.left:
            job = replace(job, message_id=progress.message_id)
            sent = await self._send(job, report, form)
            if sent.fate is not Fate.SENT:
                await self._unsent(job, sent)
                return
            job = replace(job, sent=job.sent + 1, may_repeat=False)
            async with self._database.transaction() as session:
                await report_files.mark_arrived(session, job, job.sent)
        await self._tell(job, words.done(job.period))

    async def _send(self, job: Job, report: Report, form: FileForm) -> Sent:
        content = await making.make(report, form)
        place = await making.place_of(self._database, job.actor)
        self.go_on()
        async with self._database.transaction() as session:
            await report_files.mark_sending(session, job)
            now = session.now()
        message = words.caption(place, job.period, now, job.actor.zone, is_last=len(job.left) == 1)
        message = replace(message, attachment=words.attachment(job.actor, place, job.period, form, content))
        return await self._messenger.send(_addressee(job), message, may_repeat=job.may_repeat)

    async def _unsent(self, job: Job, sent: Sent) -> None:
        """Try again later what could not be sent, or may not have been; or give up."""
        if sent.fate in _ENDS or job.attempts + 1 >= MOST_ATTEMPTS:
            await self._fail(job, words.failed(job.period))
            return
        wait = max(pause_after(job.attempts), timedelta(seconds=sent.retry_after))
        async with self._database.transaction() as session:
            await report_files.put_back(session, job, wait, may_repeat=sent.fate is Fate.IN_DOUBT)
        if job.message_id is not None:
            await self._messenger.edit(_addressee(job), job.message_id, words.resting(job.period))

    async def _failed(self, job: Job) -> None:
        """Try again what went wrong, once; then tell that it can't be had."""
        try:
            async with self._database.transaction() as session:
                if job.state is not ReportState.WAITING:
                    await report_files.postpone(session, job, _LONGEST_PAUSE)
                    return
                if job.attempts == 0:
                    await report_files.put_back(session, job, _FIRST_PAUSE)
                    return
            await self._fail(job, words.failed(job.period))
        except LeaseLost:
            log.info("report_left_to_another")

    async def _fail(self, job: Job, message: Message) -> None:
        async with self._database.transaction() as session:
            await report_files.fail(session, job)
        await self._tell(job, message)

    async def _tell(self, job: Job, message: Message) -> None:
        """Tell what came of it, and let go of the report; where that can't be told now, it is told later."""
        sent = await self._said(job, message)
        async with self._database.transaction() as session:
            if sent.fate in _ENDS or sent.fate is Fate.IN_DOUBT:
                await report_files.release(session, job)
            else:
                wait = max(_FIRST_PAUSE, timedelta(seconds=sent.retry_after))
                await report_files.postpone(session, job, wait)

    async def _said(self, job: Job, message: Message) -> Sent:
        if job.message_id is None:
            return await self._messenger.send(_addressee(job), message)
        return await self._messenger.edit(_addressee(job), job.message_id, message)

    async def _let_go(self, job: Job) -> None:
        async with self._database.transaction() as session:
            await report_files.leave(session, job)

    async def show(self, job: Job, message: Message, message_id: int | None) -> int | None:
        """Show how far a report is, in `message_id` or a new message; returns where it is shown.

        Raises:
            LeaseLost: it was cancelled, or is another's by now.
        """
        self.go_on()
        async with self._database.transaction() as session:
            await report_files.extend(session, job)
        if message_id is not None:
            await self._messenger.edit(_addressee(job), message_id, message)
            return message_id
        sent = await self._messenger.send(_addressee(job), message)
        if sent.message_id is not None:
            async with self._database.transaction() as session:
                await report_files.show_in(session, job, sent.message_id)
        return sent.message_id


class _Progress:
    """Shows how far a report is, seldom enough for the chat network."""

    def __init__(self, desk: ReportDesk, job: Job) -> None:
        self.message_id = job.message_id
        self._desk, self._job = desk, job
        self._shown_at = float("-inf")

    async def counted(self, done: int, everything: int) -> None:
        self._desk.go_on()
        now = asyncio.get_running_loop().time()
        if now - self._shown_at >= self._desk.edit_every and done < everything:
            self._shown_at = now
            await self.show(words.progress(self._job.id, self._job.period, done, everything))

    async def show(self, message: Message) -> None:
        self.message_id = await self._desk.show(self._job, message, self.message_id)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before the next attempt: doubled each time, ten minutes at most."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * (1 << min(attempts, 8)))


def _addressee(job: Job) -> Addressee:
    return Addressee(job.chat_id, job.user_id, job.actor.language)
