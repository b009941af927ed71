"""What `suifang doctor` says of a bot that runs on the same machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.doctor import Finding, Level, examine
from bot.settings import Settings
from bot.watching import asking
from locales.translator import translator
from tests.e2e.phone import free_port

WELL: dict[str, Any] = {"good": True, "phase": "running", "ticks": {"tidy": {"age": 9.0, "stalled": None}}, "lag": 1.0}
Examine = Callable[[int], Awaitable[list[str]]]


@pytest.fixture
def examined(tmp_path: Path) -> Examine:
    """Return what the doctor says, of bots only."""

    async def run(port: int) -> list[str]:
        settings = Settings(_env_file=None, data_dir=tmp_path, health_port=port)  # type: ignore[call-arg]
        return [said(finding) for finding in await examine(settings) if _of_bots(finding)]

    return run


def _of_bots(finding: Finding) -> bool:
    return finding.text.key.rpartition(".")[2].startswith(("bot_", "tick_", "outbox_"))


def said(finding: Finding) -> str:
    assert finding.level is not Level.PROBLEM
    for language in ("zh-CN", "en"):
        words = translator(language).plain(finding.text)
    return words


@asynccontextmanager
async def answering(body: object, status: int = 503) -> AsyncIterator[int]:
    """Answer every question with `body`; yields the port."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


async def test_where_no_bot_runs_nothing_is_said(examined: Examine) -> None:
    assert await examined(free_port()) == []
    assert await examined(0) == []


async def test_a_bot_that_is_well(examined: Examine) -> None:
    async with answering(WELL, 200) as port:
        assert await examined(port) == ["The bot that runs here is well."]


async def test_ticks_that_do_not_come_and_messages_that_are_late(examined: Examine) -> None:
    ticks = {**WELL["ticks"], "dispatch": {"age": 61.6, "stalled": "hangs"}}
    async with answering({**WELL, "good": False, "ticks": ticks, "lag": 1800.0}) as port:
        stalled, late = await examined(port)
    assert "“dispatch” for 62 s" in stalled
    assert "late by 30 min" in late


async def test_a_bot_that_begins_or_has_lost_something(examined: Examine) -> None:
    async with answering({**WELL, "good": False, "phase": "starting", "lag": None}) as port:
        [words] = await examined(port)
    assert "not well yet (starting)" in words


async def test_something_else_that_listens(examined: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with answering(["not", "a", "bot"], 200) as port:
        [words] = await examined(port)
    assert f"port {port} does not answer" in words
    monkeypatch.setattr(asking, "PATIENCE", 0.05)
    deaf = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    async with deaf:
        [words] = await examined(deaf.sockets[0].getsockname()[1])
    assert "SUIFANG_HEALTH_PORT" in words
