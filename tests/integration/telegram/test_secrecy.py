"""What people write, who they are and the token stay out of every log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import text as sql

from bot.logging import set_up
from handlers.context import Turn
from tests.integration.telegram.conftest import BOTH
from tests.integration.telegram.playground import TOKEN, Playground

CANARIES = ("canary", "金丝雀", "13912345678", TOKEN)


@pytest.fixture(params=["json", "console"])
def logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Log everything there is, in each format, and put logging back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    set_up(request.param, "debug")
    for name in ("telegram", "telegram.ext", "aiohttp", "asyncio", "sqlalchemy", "aiosqlite"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    root.handlers[:] = before
    root.setLevel(level)
    for name in ("telegram", "telegram.ext", "aiohttp", "asyncio", "sqlalchemy", "aiosqlite"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


@BOTH
@pytest.mark.usefixtures("logs")
async def test_canaries_are_in_no_log(play: Playground, capfd: pytest.CaptureFixture[str]) -> None:
    async def fail(turn: Turn) -> None:
        local = f"{turn.text} 金丝雀"
        if turn.text == "canary-sql":
            await turn.session.execute(sql("SELECT :name FROM nowhere"), {"name": local})
        if turn.text == "canary-raise":
            raise ValueError(f"bad {local} 13912345678")

    play.bot.before = fail
    await play.person(7)
    await play.fault("status", "sendMessage", times=1)
    await play.fault("error", "sendMessage", after=1, code=400, description="Bad Request: can't parse canary")
    await play.fault("reset", "getUpdates", times=1)
    await play.start()
    for text in ("canary-sql", "canary-raise", "canary-fine", "/card 金丝雀", "/form", "canary 13912345678"):
        await play.write(7, text)
    await play.ask("POST", "updates", update={"message": {"chat": {"id": 7}, "text": ["canary"]}})
    await play.quiet()
    wrong = play.service(token="77:AAcanary-wrong")

    async def is_refused() -> bool:
        return wrong.health.telegram is not None

    start = asyncio.create_task(wrong.start())
    await play.until(is_refused, True)
    start.cancel()
    await asyncio.gather(start, return_exceptions=True)
    said = "".join(capfd.readouterr())
    assert "update_failed" in said, "the test sees the log"
    assert "ValueError" in said
    assert "playground.py" in said, "frames are logged"
    for canary in CANARIES:
        assert canary not in said
