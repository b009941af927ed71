"""One key in order, keys side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.lanes import Job, Lanes


def job(work: Callable[[], Awaitable[None]]) -> Job:
    async def run() -> None:
        await work()

    return run


async def test_the_limit_holds_and_is_used() -> None:
    lanes, running, most = Lanes(3), 0, 0

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    for key in range(10):
        for _ in range(3):
            lanes.submit(key, job(work))
    await lanes.idle()
    assert most == 3


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=40), st.integers(1, 4))
@settings(max_examples=50, deadline=None)
def test_a_lane_is_always_in_order(jobs: list[tuple[int, int]], limit: int) -> None:
    async def play() -> list[tuple[int, int]]:
        lanes, done = Lanes(limit), []

        def numbered(number: int, key: int, yields: int) -> Job:
            async def run() -> None:
                for _ in range(yields):
                    await asyncio.sleep(0)
                done.append((key, number))

            return run

        for number, (key, yields) in enumerate(jobs):
            lanes.submit(key, numbered(number, key, yields))
        await lanes.idle()
        assert lanes.total() == 0
        return done

    done = asyncio.run(play())
    assert len(done) == len(jobs)
    for key in range(4):
        numbers = [number for k, number in done if k == key]
        assert numbers == sorted(numbers)


async def test_a_flooding_lane_takes_turns() -> None:
    lanes, done = Lanes(1), []

    def named(name: str) -> Job:
        async def run() -> None:
            done.append(name)
            await asyncio.sleep(0)

        return run

    for number in range(5):
        lanes.submit(1, named(f"flood {number}"))
    lanes.submit(2, named("other"))
    await lanes.idle()
    assert done.index("other") == 1


async def test_an_exception_is_told_and_the_lane_goes_on() -> None:
    told: list[BaseException] = []
    lanes, done = Lanes(1, on_error=told.append), asyncio.Event()

    async def fail() -> None:
        raise ValueError

    async def work() -> None:
        done.set()

    lanes.submit(1, job(fail))
    lanes.submit(1, job(work))
    await asyncio.wait_for(done.wait(), 1)
    assert [type(error) for error in told] == [ValueError]


async def test_a_held_lane_frees_its_place_and_goes_on_when_released() -> None:
    lanes, done = Lanes(1), []
    until: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def hold() -> asyncio.Future[object]:
        done.append("hold")
        return until

    async def after() -> None:
        done.append("after")

    async def other() -> None:
        done.append("other")

    lanes.submit(1, hold)
    lanes.submit(1, after)
    lanes.submit(2, other)
    await asyncio.sleep(0.01)
    assert done == ["hold", "other"]
    until.set_result(None)
    await lanes.idle()
    assert done == ["hold", "other", "after"]


async def test_a_hold_ends_by_itself() -> None:
    lanes, done = Lanes(1, longest_hold=0.01), asyncio.Event()

    async def hold() -> asyncio.Future[object]:
        return asyncio.get_running_loop().create_future()

    async def after() -> None:
        done.set()

    lanes.submit(1, hold)
    lanes.submit(1, after)
    await asyncio.wait_for(done.wait(), 1)


async def test_closing_waits_then_cancels() -> None:
    lanes, ended = Lanes(2), []

    async def quick() -> None:
        await asyncio.sleep(0.01)
        ended.append("quick")

    async def endless() -> None:
        await asyncio.Event().wait()

    lanes.submit(1, job(quick))
    assert await lanes.close(1.0)
    lanes.submit(1, job(endless))
    lanes.submit(1, job(quick))
    assert not await lanes.close(0.02)
    assert ended == ["quick"]
    assert lanes.total() == 0
    await asyncio.wait_for(lanes.idle(), 1)


async def test_work_submitted_as_the_last_worker_leaves_is_not_forgotten() -> None:
    lanes, done = Lanes(1), []

    async def work() -> None:
        done.append(1)

    for count in range(1, 200):
        lanes.submit(count, work)
        while len(done) < count:  # noqa: ASYNC110 - a yield at the exact moment is the point
            await asyncio.sleep(0)
    assert len(done) == 199
