"""Ticks, and the tidying that they wake up."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

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


async def test_jobs_that_run_or_have_not_begun_when_it_stops_are_left_quietly(caplog: pytest.LogCaptureFixture) -> None:
    began, ended = asyncio.Semaphore(0), asyncio.Event()

    async def long() -> None:
        began.release()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    ticker = Ticker()
    ticker.every(timedelta(milliseconds=10), "long", long)
    ticker.start()
    await asyncio.wait_for(began.acquire(), 5)
    ticker.every(timedelta(seconds=60), "late", long)
    ticker._scheduler.modify_job("late", next_run_time=datetime.now(UTC))
    ticker.stop()
    ticker._scheduler._process_jobs()  # makes the task of a job just before the executor is shut down
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.sleep(0.01)
    assert began.locked(), "the second one never ran"
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_stopped_ticker_is_silent() -> None:
    ticker = Ticker()
    ticker.every(timedelta(milliseconds=10), "none", _never)
    ticker.stop()
    await asyncio.sleep(0.05)


async def _never() -> None:
    raise AssertionError


async def test_ticks_go_on_when_the_wall_clock_is_set_back() -> None:
    ran, tidied = asyncio.Semaphore(0), asyncio.Event()

    async def dispatch() -> None:
        ran.release()

    async def tidy_up() -> None:
        tidied.set()

    ticker = Ticker(grace=0.2, look_every=0.02)
    ticker.every(timedelta(milliseconds=10), "dispatch", dispatch)
    ticker.every(timedelta(hours=1), "tidy", tidy_up)
    with capture_logs() as said:
        ticker.start()
        async with asyncio.timeout(5):
            await ran.acquire()
            with time_machine.travel(time.time() - 7200, tick=True):
                await tidied.wait()  # it would have waited for three hours
                while "tick_back" not in [line["event"] for line in said]:
                    await ran.acquire()
                for _ in range(3):
                    await ran.acquire()
        ticker.stop()
    first, second = said[:2]
    assert (first["event"], first["job"], first["why"]) == ("tick_stalled", "dispatch", "late")
    assert (second["event"], second["job"]) == ("tick_back", "dispatch")


async def test_a_hung_job_is_reported_and_not_run_beside_itself() -> None:
    begun, goes_on = 0, asyncio.Event()

    async def hang() -> None:
        nonlocal begun
        begun += 1
        await goes_on.wait()

    ticker = Ticker(grace=0.02, look_every=0.01)
    ticker.every(timedelta(milliseconds=10), "hangs", hang)
    ticker.start()
    async with asyncio.timeout(5):
        while "hangs" not in ticker.watchdog.stalled():  # noqa: ASYNC110 - there is nobody to set an event
            await asyncio.sleep(0.01)
        assert begun == 1
        goes_on.set()
        while ticker.watchdog.stalled():  # noqa: ASYNC110 - there is nobody to set an event
            await asyncio.sleep(0.01)
    ticker.stop()
