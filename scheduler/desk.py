"""A desk: works on what waits in the database, one job after another, and ends between two steps when it is told to."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Generic, TypeVar
from uuid import uuid4

from models.store.database import Database, StoreSession
from scheduler.messenger import Messenger

J = TypeVar("J")


class Stopping(Exception):
    """The process is to end; the job waits for the next one."""


class Desk(ABC, Generic[J]):
    """Works on one job after another; each is claimed under a lease.

    Attributes:
        edit_every: seconds between two edits that show progress.
    """

    def __init__(self, database: Database, messenger: Messenger, edit_every: float) -> None:
        """Tell people through `messenger`."""
        self.edit_every = edit_every
        self._database = database
        self._messenger = messenger
        self._one_at_a_time = asyncio.Lock()
        self._is_stopping = False

    @abstractmethod
    async def _waits(self, session: StoreSession) -> bool:
        """Return whether there is anything to do."""

    @abstractmethod
    async def _claim(self, session: StoreSession, owner: str) -> J | None:
        """Take the next job for `owner`; `None`: there is none."""

    @abstractmethod
    async def _guarded(self, job: J) -> None:
        """Work on a job; whatever goes wrong is dealt with here."""

    async def wake(self) -> None:
        """Work on what waits: for a tick."""
        async with self._database.reading() as session:
            waits = await self._waits(session)
        if waits:
            await self.run()

    async def run(self) -> int:
        """Work on every job that waits now; returns how many there were."""
        done = 0
        async with self._one_at_a_time:
            while not self._is_stopping:
                async with self._database.transaction() as session:
                    job = await self._claim(session, uuid4().hex)
                if job is None:
                    break
                await self._guarded(job)
                done += 1
        return done

    async def stop(self, grace: float) -> bool:
        """Begin nothing new and leave the present job at its next step; return whether that took `grace` seconds."""
        self._is_stopping = True
        try:
            async with asyncio.timeout(grace), self._one_at_a_time:
                return True
        except TimeoutError:
            return False

    def go_on(self) -> None:
        """Return if work may go on.

        Raises:
            Stopping: the process is to end.
        """
        if self._is_stopping:
            raise Stopping
