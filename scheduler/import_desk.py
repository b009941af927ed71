"""Files of residents that were sent to the bot: fetched, checked, imported and taken back, and what is told of it.

What there is to do comes from the database at each tick. A file is worked on under a lease, so that two replicas don't
do it twice, and an owner stays in its row until the person was told: a process that dies before is followed by another
one that tells it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from locales.message import Message
from models.files.limits import LARGEST_FILE, FileRefused
from models.rules.access import AccessDenied
from models.store import imports
from models.store.database import Database, StoreSession, is_disconnect
from models.store.imports import ImportState, Job, LeaseLost
from scheduler import import_words as words
from scheduler.desk import Desk, Stopping
from scheduler.imports import carry_out, check, take_back
from scheduler.messenger import Addressee, Fate, FileGone, FileTooLarge, Messenger, Unreachable

log = structlog.get_logger(__name__)

EDIT_EVERY = 3.0
"""Seconds between two edits that show progress."""
_LATER = timedelta(seconds=30)
_MUCH_LATER = timedelta(minutes=10)
_LEAVES = frozenset({Fate.SENT, Fate.GONE, Fate.REFUSED})
"""After one of these nothing is left to be told."""


class ImportDesk(Desk[Job]):
    """Works on one file after another."""

    def __init__(self, database: Database, messenger: Messenger, edit_every: float = EDIT_EVERY) -> None:
        """Tell people through `messenger`, showing progress every `edit_every` seconds."""
        super().__init__(database, messenger, edit_every)

    async def _waits(self, session: StoreSession) -> bool:
        return await imports.waits(session)

    async def _claim(self, session: StoreSession, owner: str) -> Job | None:
        return await imports.claim(session, owner)

    async def _guarded(self, job: Job) -> None:
        try:
            await self._work(job)
        except LeaseLost:
            log.info("import_left_to_another")
        except Stopping:
            await self._later(job, timedelta(0))
        except Unreachable:
            await self._later(job, _LATER)
        except Exception as error:
            if is_disconnect(error):
                log.warning("import_waits_for_the_database")  # its lease runs out
                return
            log.exception("import_failed", error=type(error).__name__)
            if job.row.state in {ImportState.UNDOING, ImportState.UNDONE}:
                await self._later(job, _MUCH_LATER)
            else:
                await self._refuse(job, "failed")

    async def _work(self, job: Job) -> None:
        try:
            match job.row.state:
                case ImportState.RECEIVED | ImportState.CHECKED:
                    await self._check(job)
                case ImportState.IMPORTING | ImportState.DONE:
                    await self._import(job)
                case ImportState.UNDOING | ImportState.UNDONE:
                    await self._undo(job)
                case _:
                    await self._tell(job, words.refused(job.row))
        except FileRefused as error:
            await self._refuse(job, error.code)
        except AccessDenied:
            await self._refuse(job, "denied")

    async def _check(self, job: Job) -> None:
        content = await self._content(job)
        progress = _Progress(self, job, words.checking)
        findings = await check(self._database, job, content, progress.tell)
        assert findings.head is not None  # noqa: S101 - after a check there is one
        async with self._database.transaction() as session:
            await imports.checked(session, job, findings.head.kind, findings.counts)
        if findings.wrong:
            await self._say(job, words.copy(findings, job.actor.language))
        await self._tell(job, words.found(findings, job.row.id), progress.message_id)

    async def _import(self, job: Job) -> None:
        row = job.row
        progress = _Progress(self, job, lambda done: words.importing(done, job.row.rows))
        if row.state is ImportState.IMPORTING:
            row = await carry_out(self._database, job, await self._content(job), progress.tell)
        await self._tell(job, words.done(row), progress.message_id)

    async def _undo(self, job: Job) -> None:
        progress = _Progress(self, job, words.undoing)
        gone, reported, changed = await take_back(self._database, job, progress.tell)
        await self._tell(job, words.undone(gone, reported, changed), progress.message_id)

    async def _content(self, job: Job) -> bytes:
        async with self._database.reading() as session:
            content = await imports.content(session, job.actor, job.row.id)
        if content is not None:
            return content
        if job.row.file_id is None:
            raise FileRefused("file_gone")
        content = await self._fetched(job.row.file_id)
        async with self._database.transaction() as session:
            await imports.keep(session, job, content)
        return content

    async def _fetched(self, file_id: str) -> bytes:
        try:
            return await self._messenger.fetch(file_id, LARGEST_FILE)
        except FileTooLarge:
            raise FileRefused("file_large") from None
        except FileGone:
            raise FileRefused("file_gone") from None

    async def _refuse(self, job: Job, problem: str) -> None:
        try:
            async with self._database.transaction() as session:
                row = await imports.refuse(session, job, problem)
            await self._tell(job, words.refused(row), row.message_id)
        except LeaseLost:
            log.info("import_left_to_another")

    async def _tell(self, job: Job, message: Message, message_id: int | None = None) -> None:
        """Tell what came of it, and let go of the file; where that can't be told now, it is told later."""
        to = _addressee(job)
        if to is not None:
            shown_in = message_id or job.row.message_id
            if shown_in is None:
                sent = await self._messenger.send(to, message)
            else:
                sent = await self._messenger.edit(to, shown_in, message)
            if sent.fate not in _LEAVES:
                await self._later(job, max(_LATER, timedelta(seconds=sent.retry_after)))
                return
        async with self._database.transaction() as session:
            await imports.release(session, job)

    async def _say(self, job: Job, message: Message) -> None:
        """Say something more; it is worth one attempt."""
        to = _addressee(job)
        if to is not None:
            await self._messenger.send(to, message)

    async def show(self, job: Job, message: Message, message_id: int | None) -> int | None:
        """Show how far a file is, in `message_id` or a new message; returns where it is shown."""
        self.go_on()
        to = _addressee(job)
        if to is None:
            return None
        if message_id is not None:
            await self._messenger.edit(to, message_id, message)
            return message_id
        sent = await self._messenger.send(to, message)
        if sent.message_id is not None:
            async with self._database.transaction() as session:
                await imports.show_in(session, job, sent.message_id)
        return sent.message_id

    async def _later(self, job: Job, wait: timedelta) -> None:
        async with self._database.transaction() as session:
            await imports.postpone(session, job, wait)


class _Progress:
    """Shows how far a file is, seldom enough for the chat network."""

    def __init__(self, desk: ImportDesk, job: Job, worded: Callable[[int], Message]) -> None:
        self.message_id = job.row.message_id
        self._desk = desk
        self._job = job
        self._worded = worded
        self._shown_at = asyncio.get_running_loop().time()

    async def tell(self, done: int) -> None:
        self._desk.go_on()
        now = asyncio.get_running_loop().time()
        if now - self._shown_at >= self._desk.edit_every:
            self._shown_at = now
            self.message_id = await self._desk.show(self._job, self._worded(done), self.message_id)


def _addressee(job: Job) -> Addressee | None:
    if job.row.chat_id is None or job.user_id is None:
        return None
    return Addressee(job.row.chat_id, job.user_id, job.actor.language)
