"""How fast the bot may speak: distances, room for replies, pauses."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.pace import Pace

CHATS = st.lists(st.integers(-2, 3).filter(bool), max_size=60)


@given(CHATS)
def test_what_is_booked_keeps_every_distance(chats: list[int]) -> None:
    pace = Pace(25)
    left = [(chat_id, pace.book(chat_id, 0.0)) for chat_id in chats]
    overall = sorted(at for _, at in left)
    assert all(later - earlier >= 0 for earlier, later in pairwise(overall))
    for chat_id in set(chats):
        mine = [at for other, at in left if other == chat_id]
        distance = 3.0 if chat_id < 0 else 1.0
        assert all(b - a >= distance - 1e-9 for a, b in pairwise(mine))


@given(st.integers(1, 200))
def test_different_chats_leave_at_the_pace_and_no_later(count: int) -> None:
    pace = Pace(25)
    times = [pace.book(chat_id, 0.0) for chat_id in range(1, count + 1)]
    assert all(abs(at - number / 25) < 1e-6 for number, at in enumerate(times))


class Loop:
    """The event loop's time, moved by whoever sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(monkeypatch: pytest.MonkeyPatch, pace: Pace) -> Loop:
    loop = Loop()
    monkeypatch.setattr(Pace, "_now", lambda _: loop.now)
    monkeypatch.setattr(asyncio, "sleep", loop.sleep)
    return loop


async def test_replies_never_wait_and_what_is_sent_makes_room_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(25)
    loop = paced(monkeypatch, pace)
    left: list[float] = []
    for number in range(200):
        for _ in range(number % 2):
            pace.note(-number)
            left.append(loop.now)
        await pace.wait(number + 1)
        await pace.leave()
        left.append(loop.now)
    assert max(sum(at <= other < at + 1 for other in left) for at in left) <= 30  # what the network takes
    assert loop.now - 100 < 200 / 14 + 1  # as many again were replies


async def test_nothing_leaves_in_a_pause_and_others_are_told_of_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(inf, per_chat=0)
    loop = paced(monkeypatch, pace)
    pace.hold(7)
    await pace.wait(1)
    assert loop.now >= 107
    assert (pace.owed_pause(), pace.owed_pause()) == (7, 0)


async def test_a_reply_keeps_its_distance_to_the_next_message_in_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(25)
    loop = paced(monkeypatch, pace)
    pace.note(5)
    await pace.wait(6)
    assert loop.now == 100
    await pace.wait(5)
    assert loop.now == 101
