"""Updates that Telegram brings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.telegram.service import Hook, TelegramService
from bot.telegram.webhook import HEADER
from handlers.context import Turn
from models.tables.inbox import ProcessedUpdate
from tests.integration.telegram.conftest import BOTH, POSTGRES
from tests.integration.telegram.playground import Playground

SECRET = "canary-webhook-secret_1"


async def hooked(play: Playground, secret: str = SECRET) -> TelegramService:
    """Start a bot that is called by the server."""
    from aiohttp.test_utils import unused_port

    port = unused_port()
    return await play.start(hook=Hook(f"http://127.0.0.1:{port}/telegram", secret, port=port))


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client for calls that Telegram doesn't make."""
    async with aiohttp.ClientSession() as session:
        yield session


async def post(http: aiohttp.ClientSession, service: TelegramService, body: Any, **headers: str) -> int:
    """Call the webhook as anybody could."""
    async with http.post(f"http://127.0.0.1:{service.hook_port}/telegram", json=body, headers=headers) as answer:
        return answer.status


def update(number: int, text: str = "x") -> dict[str, Any]:
    """Make an update."""
    chat = {"id": 7, "type": "private"}
    person = {"id": 7, "is_bot": False, "first_name": "人"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": message}


@BOTH
async def test_updates_are_taken_in_order_and_once(play: Playground) -> None:
    await play.person(7)
    await play.person(8)
    await hooked(play)
    for number in range(20):
        await play.write(7, f"{number}")
        await play.write(8, f"{number}")
    await play.until_said(7, [f"答:{number}" for number in range(20)])
    await play.until_said(8, [f"答:{number}" for number in range(20)])
    await play.quiet()
    assert [text for chat, text in play.bot.runs if chat == 8] == [f"{number}" for number in range(20)]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "é"])
async def test_without_the_secret_nobody_comes_in(
    play: Playground, http: aiohttp.ClientSession, secret: str | None
) -> None:
    service = await hooked(play)
    headers = {} if secret is None else {HEADER: secret}
    assert await post(http, service, update(1), **headers) == 403
    await asyncio.sleep(0.05)
    async with play.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ProcessedUpdate)) == 0


async def test_the_answer_comes_after_the_commit(play: Playground, http: aiohttp.ClientSession) -> None:
    await play.person(7)
    service = await hooked(play)
    release = asyncio.Event()

    async def wait(_: Turn) -> None:
        await release.wait()

    play.bot.before = wait
    first, second = (asyncio.create_task(post(http, service, update(1), **{HEADER: SECRET})) for _ in range(2))
    await asyncio.sleep(0.2)
    assert not first.done()
    assert not second.done()
    release.set()
    assert (await first, await second) == (200, 200)
    assert play.bot.runs == [(7, "x")]
    assert await post(http, service, update(1), **{HEADER: SECRET}) == 200
    await play.until_said(7, ["答:x"])


async def test_what_is_no_update_is_refused(play: Playground, http: aiohttp.ClientSession) -> None:
    service = await hooked(play)
    for body in ([], {}, {"update_id": "1"}, {"update_id": True}, 5):
        assert await post(http, service, body, **{HEADER: SECRET}) == 400


async def test_while_draining_telegram_is_sent_away_and_comes_again(
    play: Playground, http: aiohttp.ClientSession
) -> None:
    await play.person(7)
    release = asyncio.Event()

    async def wait(_: Turn) -> None:
        await release.wait()

    play.bot.before = wait
    service = await hooked(play)
    await play.write(7, "under way")
    await play.until(lambda: _runs(play), 1)
    stopping = asyncio.create_task(play.stop(service))
    await asyncio.sleep(0.1)
    assert await post(http, service, update(1), **{HEADER: SECRET}) == 503
    await play.write(7, "later")
    release.set()
    assert await stopping
    assert await play.said(7) == ["答:under way"]
    await hooked(play)
    await play.until_said(7, ["答:under way", "答:later"])


async def test_a_change_of_mode_needs_no_hand(play: Playground) -> None:
    await play.person(7)
    service = await hooked(play)
    await play.write(7, "1")
    await play.until_said(7, ["答:1"])
    await play.stop(service)
    await play.start()
    await play.write(7, "2")
    await play.until_said(7, ["答:1", "答:2"])


@POSTGRES
async def test_two_replicas_keep_a_chat_in_order(play: Playground, http: aiohttp.ClientSession) -> None:
    await play.person(7)
    one, two = await hooked(play), await hooked(play)
    await play.ask("POST", "updates", update={})  # wakes nobody: the second replica's address is announced last
    statuses = await asyncio.gather(
        *(post(http, s, update(5000 + n, f"{n}"), **{HEADER: SECRET}) for n in range(30) for s in (one, two))
    )
    assert set(statuses) == {200}
    await play.until(lambda: _count(play), 30)


async def test_what_is_being_delivered_is_not_taken_for_left_over(
    play: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.service._OTHERS_DELIVER", 0.3)
    await play.person(7)
    await play.fault("too_many", "sendMessage", times=1, retry_after=1)
    await hooked(play)
    await play.write(7, "x")
    await play.until(lambda: _count(play), 1)
    await asyncio.sleep(0.2)
    await play.quiet()
    assert await play.said(7) == ["答:x"]


async def test_what_is_left_over_is_delivered_when_others_had_their_time(
    play: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.service._OTHERS_DELIVER", 0.1)
    await play.person(7)
    await play.fault("too_many", "sendMessage", times=1, retry_after=60)
    service = await hooked(play)
    await play.write(7, "x")
    await play.until(lambda: _runs(play), 1)
    await play.stop(service, 0.1)
    await hooked(play)
    await play.until_said(7, ["(可能重复)\n\n答:x"])


async def _runs(play: Playground) -> int:
    return len(play.bot.runs)


async def _count(play: Playground) -> int:
    return len(await play.said(7))
