"""Ticks, and the tidying that they wake up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from models.rules.clock import MovableClock
from models.store import drafts, inbox
from models.store.database import Database
from models.store.drafts import DraftState
from scheduler.jobs import Ticker, tidy


async def _updates(database: Database) -> int:
    async with database.reading() as session:
        return len([n for n in (1, 2) if (await inbox.open_turn(session, n, 5, 5)).seen])


async def test_what_has_served_its_time_goes(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await inbox.record(session, 1, 5, None)
        await inbox.record(session, 2, 5, b"still owed")
        draft = await drafts.open_draft(session, chat_id=5, user_id=5, staff_id=None, form="visit", form_version=1)
        await drafts.cancel(session, draft.id)
    await tidy(database)()
    assert await _updates(database) == 2
    clock.move(timedelta(days=9))
    await tidy(database)()
    assert await _updates(database) == 1
    async with database.reading() as session:
        assert await drafts.state_of(session, 5, draft.id) is None


async def test_a_given_up_draft_stays_for_a_day(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        draft = await drafts.open_draft(session, chat_id=5, user_id=5, staff_id=None, form="visit", form_version=1)
        await drafts.cancel(session, draft.id)
    clock.move(timedelta(hours=23))
    await tidy(database)()
    async with database.reading() as session:
        assert await drafts.state_of(session, 5, draft.id) is DraftState.CANCELLED


async def test_a_job_that_fails_runs_again() -> None:
    ran = asyncio.Semaphore(0)

    async def job() -> None:
        ran.release()
        raise RuntimeError

    ticker = Ticker()
    ticker.every(timedelta(milliseconds=10), "fails", job)
    ticker.start()
    for _ in range(3):
        await asyncio.wait_for(ran.acquire(), 5)
    ticker.stop()


async def test_a_stopped_ticker_is_silent() -> None:
    ticker = Ticker()
    ticker.every(timedelta(milliseconds=10), "none", _never)
    ticker.stop()
    await asyncio.sleep(0.05)


async def _never() -> None:
    raise AssertionError
