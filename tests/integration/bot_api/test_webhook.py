"""Delivery by webhook: the secret, the order, repetition, and the conflict with polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram.error import BadRequest, Conflict

from tests.integration.bot_api.conftest import LI, WANG, Played


async def eventually(is_true: Callable[[], bool]) -> None:
    """Wait up to five seconds until `is_true`."""
    for _ in range(500):
        if is_true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never happened")


@dataclass
class Receiver:
    """A bot's webhook that answers as it is told."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    got: list[tuple[str, str | None]] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        text = (update.get("message") or {}).get("text", "")
        self.got.append((text, request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.json_response(self.answer, status=status) if self.answer else web.Response(status=status)

    async def until(self, count: int) -> list[str]:
        await eventually(lambda: len(self.got) >= count)
        return [text for text, _ in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.receive)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield one
    await runner.cleanup()


async def test_updates_arrive_with_the_secret_and_leave_the_queue(played: Played, receiver: Receiver) -> None:
    await played.say(WANG, "before")
    await played.bot.set_webhook(receiver.url, secret_token="s3cret_-")
    await played.say(WANG, "after")
    assert await receiver.until(2) == ["before", "after"]
    assert {secret for _, secret in receiver.got} == {"s3cret_-"}
    await asyncio.sleep(0.05)
    info = await played.bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == (receiver.url, 0, 40)


async def test_a_refused_update_is_repeated_before_the_next_of_its_chat(played: Played, receiver: Receiver) -> None:
    receiver.statuses = [500, 503, 403]
    await played.bot.set_webhook(receiver.url)
    await played.say(WANG, "one")
    await played.say(WANG, "two")
    assert await receiver.until(5) == ["one", "one", "one", "one", "two"]
    info = await played.bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"


async def test_another_chat_is_not_held_up(played: Played, receiver: Receiver) -> None:
    await played.meet(LI, "李")
    receiver.statuses = [500] * 4
    await played.bot.set_webhook(receiver.url)
    await played.say(WANG, "stuck")
    await receiver.until(4)
    await played.say(LI, "other")
    texts = await receiver.until(6)
    assert texts.count("other") == 1
    assert texts.count("stuck") == 5


async def test_polling_and_webhook_exclude_each_other(played: Played, receiver: Receiver) -> None:
    poll = asyncio.create_task(played.bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await played.bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await played.bot.get_updates()
    await played.bot.delete_webhook()
    await played.say(WANG, "x")
    assert len(await played.bot.get_updates()) == 1
    assert receiver.got == []


async def test_pending_updates_can_be_dropped(played: Played, receiver: Receiver) -> None:
    await played.say(WANG, "old")
    await played.bot.set_webhook(receiver.url, drop_pending_updates=True)
    await played.say(WANG, "new")
    assert await receiver.until(1) == ["new"]


async def test_an_unreachable_webhook_is_named(played: Played) -> None:
    await played.bot.set_webhook("http://127.0.0.1:9/hook")
    await played.say(WANG, "x")
    await eventually(lambda: played.world.webhook.error != "")
    info = await played.bot.get_webhook_info()
    assert info.pending_update_count == 1
    assert info.last_error_message.startswith("Connection refused")


async def test_a_method_call_in_the_answer_is_done(played: Played, receiver: Receiver) -> None:
    receiver.answer = {"method": "sendMessage", "chat_id": WANG, "text": "at once"}
    await played.bot.set_webhook(receiver.url)
    await played.say(WANG, "x")
    await eventually(lambda: "at once" in [m.text for m in played.world.messages[WANG].values()])


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"url": "ftp://x/y"}, "https url"), ({"url": "https://x/y", "secret_token": "a b"}, "unallowed characters")],
)
async def test_bad_webhooks(played: Played, fields: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await played.bot.set_webhook(**fields)
