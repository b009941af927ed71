"""Rate limits, and faults on demand."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.local.server.errors import ApiError
from bot.local.server.limits import Limits
from tests.integration.bot_api.conftest import LI, TOKEN, WANG, Played


def refused(limits: Limits, chat_id: int) -> int:
    """Return the seconds to wait, 0 when the message may go."""
    try:
        limits.spend(chat_id)
    except ApiError as error:
        assert error.parameters is not None
        return error.parameters["retry_after"]
    return 0


def test_one_chat_takes_a_short_burst_then_one_a_second() -> None:
    now = [100.0]
    limits = Limits(read_seconds=lambda: now[0])
    assert [refused(limits, 7) for _ in range(4)] == [0, 0, 0, 1]
    now[0] += 0.9
    assert refused(limits, 7) == 1
    now[0] += 0.1
    assert [refused(limits, 7), refused(limits, 7)] == [0, 1]


def test_no_second_holds_more_than_30_messages() -> None:
    now = [0.0]
    limits = Limits(read_seconds=lambda: now[0])
    went = []
    for step in range(300):
        now[0] = step / 100
        if refused(limits, step) == 0:
            went.append(now[0])
    assert max(sum(1 for other in went if t <= other < t + 1) for t in went) == 30
    assert len(went) == 90


def test_a_group_takes_20_a_minute() -> None:
    now = [0.0]
    limits = Limits(read_seconds=lambda: now[0])
    waits = []
    for second in range(30):
        now[0] = float(second)
        waits.append(refused(limits, -5))
    assert waits[:20] == [0] * 20
    assert waits[20:22] == [40, 39]


async def test_429_says_how_long_to_wait(played: Played) -> None:
    await played.control("PUT", "/limits", {"enabled": True})
    with pytest.raises(RetryAfter) as caught:
        for _ in range(4):
            await played.bot.send_message(WANG, "x")
    assert caught.value.retry_after == 1
    body = {"chat_id": WANG, "text": "x"}
    async with played.http.post(f"/bot{TOKEN}/sendMessage", json=body) as answer:
        assert answer.status == 429
        assert answer.headers["Retry-After"] == "1"
        assert await answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
    texts = [m for m in played.world.messages[WANG].values() if m.from_bot]
    assert len(texts) == 3


async def test_edits_are_not_limited(played: Played) -> None:
    await played.control("PUT", "/limits", {"enabled": True})
    message = await played.bot.send_message(WANG, "x")
    for number in range(10):
        await message.edit_text(str(number))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "too_many", "retry_after": 7}, RetryAfter),
        ({"kind": "error", "code": 403, "description": "Forbidden: user is deactivated"}, Forbidden),
        ({"kind": "error", "code": 400, "description": "Bad Request: odd"}, BadRequest),
        ({"kind": "status", "code": 502}, NetworkError),
        ({"kind": "reset"}, NetworkError),
    ],
)
async def test_a_fault_meets_one_call_and_nothing_is_done(
    played: Played, fault: dict[str, object], error: type[Exception]
) -> None:
    await played.control("POST", "/faults", {"method": "sendMessage", **fault})
    with pytest.raises(error):
        await played.bot.send_message(WANG, "x")
    assert not [m for m in played.world.messages[WANG].values() if m.from_bot]
    assert await played.bot.send_message(WANG, "x")


async def test_a_lost_answer_is_lost_after_the_effect(played: Played) -> None:
    await played.control("POST", "/faults", {"method": "sendMessage", "kind": "lost"})
    with pytest.raises(NetworkError):
        await played.bot.send_message(WANG, "x")
    assert [m.text for m in played.world.messages[WANG].values() if m.from_bot] == ["x"]
    (call,) = (await played.control("GET", "/calls?method=sendMessage"))["calls"]
    assert (call["fault"], call["code"]) == ("lost", 200)


async def test_a_hanging_call_times_out_at_the_client(played: Played) -> None:
    await played.control("POST", "/faults", {"method": "sendMessage", "kind": "hang", "seconds": 1})
    with pytest.raises(TimedOut):
        await played.bot.send_message(WANG, "x", read_timeout=0.2)


async def test_late_and_slow(played: Played) -> None:
    for kind in ("late", "slow"):
        await played.control("POST", "/faults", {"method": "sendMessage", "kind": kind, "seconds": 0.3})
        began = time.monotonic()
        sending = asyncio.create_task(played.bot.send_message(WANG, kind))
        await asyncio.sleep(0.15)
        arrived = kind in [m.text for m in played.world.messages[WANG].values()]
        assert arrived is (kind == "late")
        await sending
        assert time.monotonic() - began >= 0.3


async def test_a_fault_can_wait_choose_its_chat_and_last(played: Played) -> None:
    await played.meet(LI, "李")
    fault = {"method": "sendMessage", "kind": "too_many", "chat_id": LI, "after": 1, "times": 2}
    await played.control("POST", "/faults", fault)
    assert await played.bot.send_message(WANG, "x")
    assert await played.bot.send_message(LI, "passes")
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await played.bot.send_message(LI, "x")
    assert await played.bot.send_message(LI, "x")
    await played.control("POST", "/faults", {"kind": "reset", "times": None})
    assert len((await played.control("GET", "/faults"))["faults"]) == 1
    await played.control("DELETE", "/faults")
    assert await played.bot.send_message(WANG, "x")


async def test_a_reset_is_a_reset_on_the_wire(played: Played) -> None:
    await played.control("POST", "/faults", {"method": "getMe", "kind": "reset"})
    with pytest.raises(aiohttp.ClientOSError):
        await played.call("getMe")
