"""What the pace lets leave, the strict server takes: both by one clock that only moves when somebody waits."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import pytest

from bot.local.server.limits import Limits
from scheduler.pace import Pace


@dataclass
class Time:
    """Seconds, moved by whoever sleeps."""

    now: float = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Time:
    found = Time()
    monkeypatch.setattr(Pace, "_now", lambda _: found.now)
    monkeypatch.setattr(asyncio, "sleep", found.sleep)
    return found


async def test_a_thousand_people_and_replies_between_them(moment: Time) -> None:
    pace, limits, chance = Pace(), Limits(read_seconds=lambda: moment.now), random.Random(25)
    for number in range(1000):
        await pace.wait(number)
        await pace.leave()
        limits.spend(number)
        if chance.random() < 2 / 25:  # two replies a second
            tapper = 2000 + number % 50
            pace.note(tapper)
            limits.spend(tapper)
    assert moment.now - 100 <= 1.2 * 1000 / 25


async def test_one_chat_and_one_group(moment: Time) -> None:
    pace, limits = Pace(), Limits(read_seconds=lambda: moment.now)
    for chat_id in (*[7] * 20, *[-7] * 50):
        await pace.wait(chat_id)
        await pace.leave()
        limits.spend(chat_id)


async def test_what_a_slow_database_held_up_does_not_leave_all_at_once(moment: Time) -> None:
    pace, limits = Pace(), Limits(read_seconds=lambda: moment.now)
    for number in range(200):
        await pace.wait(number)
        if number % 100 < 40:
            continue  # it waits for its transaction
        for held in range(number - 40, number) if number % 100 == 40 else ():
            await pace.leave()
            limits.spend(held)
        await pace.leave()
        limits.spend(number)
