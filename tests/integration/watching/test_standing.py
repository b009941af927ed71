"""How things stand: what makes it bad, and that asking often costs the database nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.telegram.service import Health
from bot.watching import standing
from bot.watching.metrics import Metrics
from bot.watching.standing import KEPT, LONGEST_LAG, Phase, Watch
from models.rules.clock import MovableClock
from models.store import outbox
from models.store.database import Database, StoreSession
from models.store.outbox import Recipient
from scheduler.messenger import Fate
from scheduler.watchdog import Watchdog
from tests.factories.world import World

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@dataclass
class Asked:
    """A database that counts how often it is asked, and may be away or slow."""

    database: Database
    times: int = 0
    error: Exception | None = None
    seconds: float = 0.0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[StoreSession]:
        self.times += 1
        if self.error is not None:
            raise self.error
        await asyncio.sleep(self.seconds)
        async with self.database.reading() as session:
            yield session


@dataclass
class Parts:
    """What a watch asks, and the watch."""

    asked: Asked
    now: float = 100.0
    telegram: str | None = None
    stored: str | None = None
    fates: Counter[Fate] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.watchdog = Watchdog(lambda: None, self.clock)
        self.watchdog.expect("dispatch", timedelta(seconds=2))
        self.watch = Watch(self.asked, self.health, self.watchdog, self.fates, self.clock)  # type: ignore[arg-type]
        self.watch.phase = Phase.RUNNING

    def clock(self) -> float:
        return self.now

    def health(self) -> Health:
        return Health(self.telegram, self.stored, 3, 4)

    async def said(self) -> dict[str, Any]:
        return (await self.watch.standing()).as_json()


@pytest.fixture
def parts(database: Database) -> Parts:
    return Parts(Asked(database))


async def test_all_is_well(parts: Parts) -> None:
    assert await parts.said() == {
        "good": True,
        "phase": "running",
        "telegram": "ok",
        "database": "ok",
        "ticks": {"dispatch": {"age": 0.0, "stalled": None}},
        "lag": 0.0,
    }


async def test_the_database_is_asked_once_in_a_while(parts: Parts) -> None:
    await asyncio.gather(*(parts.said() for _ in range(50)))
    parts.now += KEPT - 1
    await parts.said()
    assert parts.asked.times == 1
    parts.now += 1
    await parts.said()
    assert parts.asked.times == 2


async def test_a_lost_database_is_bad_until_it_is_back(parts: Parts) -> None:
    parts.asked.error = ConnectionRefusedError("10.0.0.7")
    said = await parts.said()
    assert (said["good"], said["database"], said["lag"]) == (False, "ConnectionRefusedError", None)
    assert b"suifang_outbox" not in Metrics().text(await parts.watch.standing())
    parts.asked.error, parts.now = None, parts.now + KEPT
    assert (await parts.said())["good"]


async def test_a_database_that_does_not_answer_is_bad(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "PATIENCE", 0.01)
    parts.asked.seconds = 60
    assert (await parts.said())["database"] == "TimeoutError"


async def test_what_others_met_is_bad(parts: Parts) -> None:
    parts.stored = "OperationalError"
    assert (await parts.said())["database"] == "OperationalError"
    parts.stored, parts.telegram = None, "NotSent"
    said = await parts.said()
    assert (said["good"], said["telegram"]) == (False, "NotSent")


async def test_a_tick_that_stalled_is_bad(parts: Parts) -> None:
    parts.now += 60
    parts.watchdog.look()
    said = await parts.said()
    assert (said["good"], said["ticks"]) == (False, {"dispatch": {"age": 60.0, "stalled": "late"}})
    assert b'suifang_tick_stalled{job="dispatch"} 1.0' in Metrics().text(await parts.watch.standing())
    parts.watchdog.succeeded("dispatch")
    assert (await parts.said())["good"]


async def test_who_starts_or_stops_is_not_good_yet_or_any_more(parts: Parts) -> None:
    for phase in (Phase.STARTING, Phase.STOPPING):
        parts.watch.phase = phase
        said = await parts.said()
        assert (said["good"], said["phase"], said["ticks"]) == (False, phase, {})


async def test_a_message_that_waits_for_too_long_is_bad(parts: Parts, world: World, clock: MovableClock) -> None:
    async with parts.asked.database.transaction() as session:
        await outbox.plan(session, [Recipient(world.clinic.staff_id, world.township.id)], "handover.decided")
    clock.move(timedelta(seconds=LONGEST_LAG))
    assert (await parts.said())["good"]
    clock.move(timedelta(seconds=1))
    parts.now += KEPT
    said = await parts.said()
    assert (said["good"], said["lag"]) == (False, LONGEST_LAG + 1)


async def test_two_applications_in_one_process_have_their_own_numbers(parts: Parts) -> None:
    parts.fates[Fate.SENT] = 7
    ours = Metrics().text(await parts.watch.standing()).decode()
    others = Parts(parts.asked)
    theirs = Metrics().text(await others.watch.standing()).decode()
    assert 'suifang_messages_total{fate="sent"} 7.0' in ours
    assert 'suifang_messages_total{fate="sent"} 0.0' in theirs
    assert "suifang_updates_under_way 3.0" in ours
    assert "suifang_replies_under_way 4.0" in ours
