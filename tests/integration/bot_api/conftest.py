"""A running Bot API server, a python-telegram-bot `Bot` against it, and a player of people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.local.server import create_server
from bot.local.server.app import WORLD
from bot.local.server.world import World
from models.rules.clock import MovableClock

TOKEN = "4200:TEST-token_x"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WANG, LI = 101, 102


@dataclass
class Played:
    """The server with everything a test needs."""

    world: World
    clock: MovableClock
    address: str
    http: aiohttp.ClientSession
    bot: Bot

    async def control(self, method: str, path: str, body: Any = None, expect: int = 200) -> Any:
        """Call the control API and return its answer."""
        async with self.http.request(method, f"/control{path}", json=body) as answer:
            result = await answer.json()
            assert answer.status == expect, result
            return result

    async def call(self, method: str, **fields: Any) -> dict[str, Any]:
        """Call a bot method with raw JSON and return the whole answer."""
        async with self.http.post(f"/bot{TOKEN}/{method}", json=fields) as answer:
            body: dict[str, Any] = await answer.json()
            assert answer.status == body.get("error_code", 200)
            return body

    async def refusal(self, method: str, **fields: Any) -> str:
        """Call a bot method that must be refused and return the description."""
        body = await self.call(method, **fields)
        assert body["ok"] is False, body
        return str(body["description"])

    async def say(self, chat_id: int, text: str, **more: Any) -> int:
        """Write a text as a person and return its message id."""
        answer = await self.control("POST", f"/chats/{chat_id}/text", {"text": text, **more})
        return int(answer["message_id"])

    async def meet(self, person_id: int = WANG, name: str = "王秀英") -> None:
        """Add a person who has written to the bot; nothing waits for the bot afterwards."""
        await self.control("POST", "/people", {"id": person_id, "first_name": name})
        await self.say(person_id, "/start")
        self.world.updates.clear()


def _plain() -> HTTPXRequest:
    """Return a way of asking that loads no certificates: there are none on loopback, and loading them takes long."""
    return HTTPXRequest(httpx_kwargs={"verify": False})


@pytest.fixture
async def played() -> AsyncIterator[Played]:
    """A server without rate limits whose clock stands still; Wang has started the bot."""
    clock = MovableClock(START)
    app = create_server(TOKEN, clock, limits=False, redelivery_pause=0.01)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    requests = (_plain(), _plain())
    bot = Bot(TOKEN, f"{address}/bot", f"{address}/file/bot", request=requests[0], get_updates_request=requests[1])
    async with aiohttp.ClientSession(address) as http, bot:
        one = Played(app[WORLD], clock, address, http, bot)
        await one.meet()
        yield one
    await runner.cleanup()
