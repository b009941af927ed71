"""The watchdog: what it finds by a clock of ours, and that it says it once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from scheduler import watchdog as watchdog_module
from scheduler.watchdog import GRACE, MISSED, Watchdog, Why

EVERY = timedelta(seconds=2)
LIMIT = MISSED * 2 + GRACE


class Hand:
    """A clock that is moved by hand, and a count of how often the scheduler was woken."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def watchdog(hand: Hand) -> Watchdog:
    made = Watchdog(hand.wake, lambda: hand.now)
    made.expect("dispatch", EVERY)
    made.expect("imports", EVERY, longest=timedelta(minutes=30))
    hand.now += 500  # connecting took a while
    made.begin()
    return made


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    # A logger that was used before another test set logging up keeps its old processors.
    monkeypatch.setattr(watchdog_module, "log", structlog.get_logger())
    with capture_logs() as logs:
        yield logs


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - there is nobody to set an event
            await asyncio.sleep(0)


def run(watchdog: Watchdog, name: str = "dispatch", *, well: bool = True) -> None:
    watchdog.begun(name)
    (watchdog.succeeded if well else watchdog.failed)(name)


def test_what_ticks_in_time_is_not_mentioned(watchdog: Watchdog, hand: Hand, said: list[Any]) -> None:
    for _ in range(20):
        hand.now += LIMIT
        watchdog.look()
        run(watchdog)
        run(watchdog, "imports")
    assert (said, hand.woken, watchdog.stalled()) == ([], 0, {})


def test_a_tick_that_does_not_come_is_said_once_and_woken_until_it_is_back(
    watchdog: Watchdog, hand: Hand, said: list[Any]
) -> None:
    hand.now += LIMIT + 1
    run(watchdog, "imports")
    for _ in range(3):
        watchdog.look()
    assert watchdog.stalled() == {"dispatch": Why.LATE}
    assert hand.woken == 3
    run(watchdog)
    watchdog.look()
    assert watchdog.stalled() == {}
    assert hand.woken == 3
    stalled, back = said
    assert stalled == {
        "event": "tick_stalled",
        "job": "dispatch",
        "seconds": 17,
        "why": "late",
        "log_level": "error",
    }
    assert (back["event"], back["job"], back["seconds"]) == ("tick_back", "dispatch", 17)


def test_a_job_that_never_ends_is_said_and_not_woken(watchdog: Watchdog, hand: Hand, said: list[Any]) -> None:
    watchdog.begun("dispatch")
    watchdog.begun("imports")
    hand.now += LIMIT + 1
    watchdog.look()
    watchdog.look()
    assert watchdog.stalled() == {"dispatch": Why.HANGS}  # an import may take so long
    assert (len(said), hand.woken) == (1, 0)
    watchdog.succeeded("dispatch")
    assert [line["event"] for line in said] == ["tick_stalled", "tick_back"]


def test_a_job_that_fails_each_time_is_said_until_it_succeeds(watchdog: Watchdog, hand: Hand, said: list[Any]) -> None:
    while hand.now < 1500 + LIMIT + 2:
        hand.now += 2
        run(watchdog, well=False)
        run(watchdog, "imports")
        watchdog.look()
    watchdog.begun("dispatch")
    watchdog.look()
    assert watchdog.stalled() == {"dispatch": Why.FAILS}
    watchdog.failed("dispatch")
    watchdog.look()
    assert len(said) == 1
    run(watchdog)
    watchdog.look()
    assert (watchdog.stalled(), hand.woken) == ({}, 0)


def test_one_failure_after_a_long_run_is_no_stall(watchdog: Watchdog, hand: Hand, said: list[Any]) -> None:
    watchdog.begun("imports")
    hand.now += 600
    run(watchdog)
    watchdog.failed("imports")
    watchdog.look()
    assert said == []


def test_ages_are_those_of_the_last_success(watchdog: Watchdog, hand: Hand) -> None:
    hand.now += 5
    run(watchdog)
    run(watchdog, "imports", well=False)
    hand.now += 2
    assert watchdog.ages() == {"dispatch": 2, "imports": 7}


async def test_a_loop_that_was_held_up_is_not_taken_for_ticks_that_stalled(hand: Hand, said: list[Any]) -> None:
    def clock() -> float:
        hand.now += GRACE + 5  # so much goes by between any two looks at the clock
        return hand.now

    watchdog = Watchdog(hand.wake, clock)
    watchdog.expect("dispatch", EVERY)
    watching = asyncio.create_task(watchdog.watch(0))
    await until(lambda: bool(said))
    watching.cancel()
    assert {line["event"] for line in said} == {"loop_held_up"}
    assert hand.woken == 0


async def test_a_look_that_fails_does_not_end_the_watch(said: list[Any]) -> None:
    def wake() -> None:
        raise RuntimeError

    watchdog = Watchdog(wake, grace=0)
    watchdog.expect("dispatch", timedelta(0))
    watching = asyncio.create_task(watchdog.watch(0))
    await until(lambda: sum(line["event"] == "watchdog_failed" for line in said) > 1)
    watching.cancel()
