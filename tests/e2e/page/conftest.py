"""The chat page in real Chromium, with a small bot written for the test behind it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright

from bot.local.server import create_server
from bot.local.server.app import WORLD
from bot.local.server.people import Person
from bot.local.server.world import World
from models.rules.clock import MovableClock

TOKEN = "7:page"
WANG, CHEN = 101, 301
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Answer = Callable[["Scripted", dict[str, Any]], Awaitable[None]]


@dataclass
class Scripted:
    """A bot that answers each update as the test says, over HTTP."""

    http: aiohttp.ClientSession
    world: World
    clock: MovableClock
    address: str
    on_update: Answer | None = None
    got: list[dict[str, Any]] = field(default_factory=list)

    async def call(self, method: str, **fields: Any) -> Any:
        """Call a method and return its result."""
        async with self.http.post(f"/bot{TOKEN}/{method}", json=fields) as answer:
            body = await answer.json()
            assert body["ok"], body
            return body["result"]

    async def send_file(self, kind: str, chat_id: int, name: str, content: bytes) -> None:
        """Send a picture or a document."""
        form = aiohttp.FormData({"chat_id": str(chat_id), "caption": name}, quote_fields=False)
        form.add_field(kind, content, filename=name, content_type="image/png" if kind == "photo" else None)
        async with self.http.post(f"/bot{TOKEN}/send{kind.title()}", data=form) as answer:
            assert answer.status == 200

    async def poll(self) -> None:
        """Take updates until cancelled."""
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                self.got.append(update)
                if self.on_update is not None:
                    await self.on_update(self, update)


@pytest_asyncio.fixture(loop_scope="module")
async def scripted() -> AsyncIterator[Scripted]:
    """A server with two people, and a bot that takes what they do."""
    clock = MovableClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    app = create_server(TOKEN, clock, limits=False, first_name="随访")
    world = app[WORLD]
    world.directory.add_person(Person(WANG, "王秀英", note="石桥村管理员", is_known=True))
    world.directory.add_person(Person(CHEN, "陈主任", note="分管领导"))
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(address) as http:
        bot = Scripted(http, world, clock, address)
        polling = asyncio.create_task(bot.poll())
        yield bot
        polling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await polling
    await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests of a module: each has a context of its own, which shares nothing."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield one
        await one.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def screen(browser: Browser) -> AsyncIterator[Page]:
    """A phone's screen for all tests of a module: a new one costs more than most tests."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True, is_mobile=True
    )
    yield await context.new_page()
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def phone(screen: Page, scripted: Scripted) -> AsyncIterator[Page]:
    """The page on a phone; an error in its console fails the test."""
    wrong: list[str] = []

    def hear_error(error: Error) -> None:
        wrong.append(str(error))

    def hear_line(line: ConsoleMessage) -> None:
        wrong.extend([line.text] if line.type == "error" else [])

    screen.on("pageerror", hear_error)
    screen.on("console", hear_line)
    await screen.goto(scripted.address)
    await screen.wait_for_selector("body[data-ready]")
    yield screen
    assert wrong == []
    screen.remove_listener("pageerror", hear_error)
    screen.remove_listener("console", hear_line)
    await screen.evaluate("localStorage.clear()")
    await screen.goto("about:blank")
