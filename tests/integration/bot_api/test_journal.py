"""A world that is kept in a folder goes on after a kill."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot.local.server import create_server
from bot.local.server.app import WORLD
from models.rules.clock import MovableClock
from tests.integration.bot_api.conftest import START, TOKEN, WANG, Played

KEYS = InlineKeyboardMarkup.from_button(InlineKeyboardButton("好", callback_data="ok"))


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Played]:
    """A server that keeps its world in `folder`."""
    clock = MovableClock(START)
    app = create_server(TOKEN, clock, limits=False, keep_in=folder)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    bot = Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot")
    async with aiohttp.ClientSession(address) as http, bot:
        yield Played(app[WORLD], clock, address, http, bot)
    await runner.cleanup()


async def test_everything_people_see_comes_back(tmp_path: Path) -> None:
    async with served(tmp_path) as first:
        await first.meet()
        gone = await first.bot.send_message(WANG, "gone")
        kept = await first.bot.send_message(WANG, "<b>一</b>", parse_mode="HTML", protect_content=True)
        await kept.edit_text("<i>二</i>", parse_mode="HTML", reply_markup=KEYS)
        await gone.delete()
        await first.bot.send_message(WANG, "x", reply_markup=ReplyKeyboardMarkup([["a"]]))
        document = await first.bot.send_document(WANG, b"content", filename="a.txt")
        await first.bot.set_my_commands([("due", "应访")])
        await first.control("POST", "/groups", {"title": "镇", "members": [WANG]})
        await first.control("POST", "/clock/move", {"days": 7})
        before = await first.control("GET", f"/chats/{WANG}")
        chats = await first.control("GET", "/chats")
        moved = first.clock.now()
    async with served(tmp_path) as second:
        after = await second.control("GET", f"/chats/{WANG}")
        assert {**after, "seq": 0} == {**before, "seq": 0}
        assert await second.control("GET", "/chats") == chats
        assert second.clock.now() == moved
        assert (await second.bot.get_my_commands())[0].command == "due"
        file = await second.bot.get_file(document.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"content"
        later = await second.bot.send_message(WANG, "later")
        assert later.message_id > document.message_id


async def test_updates_keep_their_numbers_and_stay_until_confirmed(tmp_path: Path) -> None:
    async with served(tmp_path) as first:
        await first.meet()
        await first.bot.send_message(WANG, "?", reply_markup=KEYS)
        for text in ("a", "b"):
            await first.say(WANG, text)
        await first.control("POST", f"/chats/{WANG}/tap", {"label": "好"})
        (one, two, tap) = await first.bot.get_updates()
        await first.bot.get_updates(offset=two.update_id)
    async with served(tmp_path) as second:
        again = await second.bot.get_updates()
        assert [u.update_id for u in again] == [two.update_id, tap.update_id]
        assert await again[1].callback_query.answer("好")
        await second.say(WANG, "c")
        *_, newest = await second.bot.get_updates()
        assert newest.update_id == tap.update_id + 1 > one.update_id


async def test_a_line_cut_short_is_left_out(tmp_path: Path) -> None:
    async with served(tmp_path) as first:
        await first.meet()
        await first.say(WANG, "whole")
    journal = tmp_path / "journal.jsonl"
    assert journal.stat().st_mode & 0o777 == 0o600
    journal.write_bytes(journal.read_bytes() + b'{"k":"message","chat')
    async with served(tmp_path) as second:
        texts = [m["text"] for m in (await second.control("GET", f"/chats/{WANG}"))["messages"]]
        assert texts == ["/start", "whole"]


@dataclass
class Alone:
    """The server as a process of its own."""

    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        given = ["--port", str(self.port), "--token", TOKEN, "--keep-in", str(self.folder)]
        given += ["--start", datetime(2026, 3, 2, tzinfo=UTC).isoformat()]
        command = [sys.executable, "-m", "bot.local.server", *given]
        self.process = await asyncio.create_subprocess_exec(*command)
        for _ in range(200):
            try:
                await self.ask("GET", "/state")
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
            else:
                return
        raise AssertionError("the server did not start")

    async def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        address = f"http://127.0.0.1:{self.port}/control{path}"
        async with aiohttp.request(method, address, json=body) as answer:
            return await answer.json()


async def test_a_killed_process_lost_nothing_it_had_acknowledged(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        alone = Alone(tmp_path, free.getsockname()[1])
    await alone.start()
    await alone.ask("POST", "/people", {"id": WANG, "first_name": "王"})
    for number in range(3):
        await alone.ask("POST", f"/chats/{WANG}/text", {"text": f"text {number}"})
        before = await alone.ask("GET", "/updates")
        await alone.kill()
        await alone.start()
        assert (await alone.ask("GET", "/updates"))["pending"] == before["pending"]
        texts = [m["text"] for m in (await alone.ask("GET", f"/chats/{WANG}"))["messages"]]
        assert texts == [f"text {n}" for n in range(number + 1)]
    await alone.kill()
