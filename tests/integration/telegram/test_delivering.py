"""Replies: faults while sending, kills between commit and delivery, draining."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
import structlog

from handlers.context import Turn
from models.store import deliveries
from models.tables.base import table
from models.tables.inbox import ProcessedUpdate
from tests.integration.telegram.conftest import BOTH
from tests.integration.telegram.playground import Playground


async def owed(play: Playground) -> int:
    """Return how many updates are owed something."""
    async with play.database.reading() as session:
        return len(await deliveries.owed(session))


@BOTH
async def test_replies_owed_after_a_kill_are_delivered_at_the_next_start(play: Playground) -> None:
    await play.person(7)
    service = play.service()
    await service.connect()
    _kill_before_delivery(service)
    for text in ("hello", "/form"):
        message = await play.write(7, text)
        await service.ingest.take(_pending(play, message))
    assert await play.said(7) == []
    assert await owed(play) == 2
    await _kill(play, service)
    await play.start()
    await play.until_said(7, ["(可能重复)\n\n答:hello", "(可能重复)\n\n第1题"])
    await play.write(7, "一")  # the question sent late is the form's message now
    await play.until_said(7, ["(可能重复)\n\n答:hello", "第2题"])
    await play.until(lambda: owed(play), 0)
    assert [text for _, text in play.bot.runs] == ["hello", "", "一"]


async def test_an_unreadable_debt_does_not_stand_in_the_way_of_the_others(play: Playground) -> None:
    for person in (7, 8):
        await play.person(person)
    service = await play.start()
    _kill_before_delivery(service)
    for person in (7, 8):
        await play.write(person, "x")
    await play.until(lambda: owed(play), 2)
    await _kill(play, service)
    async with play.database.transaction() as session:
        columns = table(ProcessedUpdate).c
        await session.execute(table(ProcessedUpdate).update().where(columns.chat_id == 7).values(owed=b"damaged"))
    with structlog.testing.capture_logs() as logs:
        await play.start()
        await play.until_said(8, ["(可能重复)\n\n答:x"])
    assert [entry["updates"] for entry in logs if entry["event"] == "owed_unreadable"] == [1]


async def test_an_edit_owed_after_a_kill_is_made_as_it_is(play: Playground) -> None:
    await play.person(7)
    service = await play.start()
    await play.write(7, "/form")
    await play.until_said(7, ["第1题"])
    await play.until(lambda: owed(play), 0)
    _kill_before_delivery(service)
    await play.write(7, "一")
    await play.until(lambda: owed(play), 1)
    await _kill(play, service)
    await play.start()
    await play.until_said(7, ["第2题"])


async def test_what_was_delivered_is_not_owed_any_more(play: Playground) -> None:
    await play.person(7)
    service = await play.start()
    for number in range(5):
        await play.write(7, f"{number}")
    await play.until_said(7, [f"答:{number}" for number in range(5)])
    await play.until(lambda: owed(play), 0)
    assert await play.stop(service)
    await play.start()
    await asyncio.sleep(0.1)
    assert len(await play.said(7)) == 5


async def test_a_drain_finishes_what_is_under_way_and_leaves_nothing_owed(play: Playground) -> None:
    async def slow(_: Turn) -> None:
        await asyncio.sleep(0.1)

    play.bot.before = slow
    await play.person(7)
    service = await play.start()
    await play.write(7, "x")
    await play.until(lambda: _runs(play), 1)
    assert await play.stop(service)
    assert await play.said(7) == ["答:x"]
    assert await owed(play) == 0
    assert (await play.ask("GET", "updates"))["pending"] == []


async def test_a_drain_is_bounded_and_what_is_left_comes_again(play: Playground) -> None:
    async def hang(_: Turn) -> None:
        await asyncio.sleep(30)

    play.bot.before = hang
    await play.person(7)
    service = await play.start()
    await play.write(7, "x")
    await play.until(lambda: _runs(play), 1)
    began = asyncio.get_running_loop().time()
    assert not await play.stop(service, 0.2)
    assert asyncio.get_running_loop().time() - began < 3
    play.bot.before = None
    await play.start()
    await play.until_said(7, ["答:x"])


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("too_many", {"retry_after": 1}, "答:x"),
        ("error", {"code": 500, "description": "Internal Server Error"}, "(可能重复)\n\n答:x"),
        ("status", {"code": 502}, "(可能重复)\n\n答:x"),
        ("reset", {}, "(可能重复)\n\n答:x"),
        ("hang", {"seconds": 60}, "(可能重复)\n\n答:x"),
    ],
)
async def test_a_send_that_fails_is_tried_again_and_flagged_when_in_doubt(
    play: Playground, kind: str, more: dict[str, Any], expected: str
) -> None:
    await play.person(7)
    await play.start()
    await play.fault(kind, "sendMessage", **more)
    await play.write(7, "x")
    await play.until_said(7, [expected], 15)
    assert play.bot.runs == [(7, "x")]


async def test_an_answer_lost_after_the_effect_is_repeated_with_a_flag(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.fault("lost", "sendMessage")
    await play.write(7, "x")
    await play.until_said(7, ["答:x", "(可能重复)\n\n答:x"])


async def test_an_edit_whose_answer_was_lost_shows_no_second_message(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "/form")
    await play.until_said(7, ["第1题"])
    await play.fault("lost", "editMessageText")
    with structlog.testing.capture_logs() as logs:
        await play.write(7, "一")
        await play.quiet()
    assert await play.said(7) == ["第2题"]
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == []


async def test_a_message_that_cannot_be_edited_is_sent_anew_and_bound(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "/form")
    await play.until_said(7, ["第1题"])
    await play.fault("error", "editMessageText", code=400, description="Bad Request: message to edit not found")
    await play.write(7, "一")
    await play.until_said(7, ["第1题", "第2题"])
    await play.write(7, "二")
    await play.until_said(7, ["第1题", "第3题"])


async def test_a_blocked_bot_gives_up_at_once(play: Playground) -> None:
    await play.person(7)
    service = await play.start()
    await play.write(7, "before")
    await play.until_said(7, ["答:before"])
    await play.fault("error", "sendMessage", code=403, description="Forbidden: bot was blocked by the user")
    with structlog.testing.capture_logs() as logs:
        await play.write(7, "x")
        await play.until(lambda: _runs(play), 2)
        await play.quiet()
    assert len(await play.calls("sendMessage")) == 2
    assert [entry["event"] for entry in logs] == ["chat_unreachable"]
    await play.until(lambda: owed(play), 0)
    assert service.health.is_good


async def test_a_group_that_became_a_supergroup_is_answered_there(play: Playground) -> None:
    await play.person(7)
    await play.ask("POST", "groups", title="村", members=[7], id=-50, bot_is_admin=True)
    service = play.service()
    await service.connect()
    update = _pending(play, await play.write(-50, "/buttons", **{"from": 7}))
    moved = (await play.ask("POST", "groups/-50/migrate"))["id"]
    await service.ingest.take(update)
    await play.until_said(moved, ["菜单"])


async def test_one_chat_at_its_limit_does_not_hold_back_others(play: Playground) -> None:
    await play.person(7)
    await play.person(8)
    await play.fault("too_many", "sendMessage", chat_id="7", retry_after=60, times=None)
    await play.start()
    for number in range(60):
        await play.write(7, f"{number}")
    await play.until(lambda: _runs(play), 33, 5)
    await play.write(8, "x")
    await play.until_said(8, ["答:x"], 2)


async def test_a_hanging_telegram_does_not_stop_the_taking(play: Playground) -> None:
    people = range(100, 180)
    for person in people:
        await play.person(person)
    await play.fault("hang", "sendMessage", times=None, seconds=60)
    await play.start()
    await asyncio.gather(*(play.write(person, "x") for person in people))
    await play.until(lambda: owed(play), 80)


def _kill_before_delivery(service: Any) -> None:
    """Let nothing leave any more, as if the process ended right after each commit."""
    service.delivery.submit = lambda batch: asyncio.get_running_loop().create_future()


async def _kill(play: Playground, service: Any) -> None:
    play.services.remove(service)
    for task in service._tasks:
        task.cancel()
    await asyncio.gather(*service._tasks, return_exceptions=True)
    await service._request.shutdown()


def _pending(play: Playground, message_id: int) -> dict[str, Any]:
    found = [orjson.loads(update.body) for update in play.world.updates.pending.values()]
    (update,) = [u for u in found if u.get("message", {}).get("message_id") == message_id]
    return dict(update)


async def _runs(play: Playground) -> int:
    return len(play.bot.runs)
