"""Files that are drawn after the commit: others write meanwhile, a kill loses none, what fails is said."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog

from models.files import aside
from tests import thrift
from tests.integration.telegram.conftest import BOTH
from tests.integration.telegram.playground import Playground
from tests.integration.telegram.test_delivering import owed


@pytest.fixture(autouse=True)
def drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no process for a drawing."""
    thrift.draw_here(monkeypatch)


def files(play: Playground, chat_id: int) -> list[str]:
    """Return what the files in a chat hold, in order."""
    messages = play.world.messages[chat_id].values()
    return [play.world.files.contents[m.file.file_id].decode() for m in messages if m.file]


async def test_others_are_answered_while_a_file_is_drawn(play: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = asyncio.Event()
    draw = aside.use

    async def held(pencil: aside.Pencil, packed: bytes) -> bytes:
        await may_end.wait()
        return await draw(pencil, packed)

    monkeypatch.setattr(aside, "use", held)
    for person in (7, 8):
        await play.person(person)
    await play.start()
    await play.write(7, "/drawing 甲")
    await play.until(lambda: _ran(play), 1)
    await play.write(8, "/form")  # which writes
    await play.until_said(8, ["第1题"])
    assert await play.said(7) == []
    may_end.set()
    await play.until_said(7, ["菜单", "答:后"])
    assert files(play, 7) == ["甲"]


@BOTH
async def test_a_file_that_was_not_drawn_before_a_kill_is_drawn_at_the_next_start(play: Playground) -> None:
    await play.person(7)
    service = await play.start()
    service.delivery.submit = lambda _batch: asyncio.get_running_loop().create_future()  # type: ignore[method-assign]
    await play.write(7, "/drawing 甲")
    await play.until(lambda: owed(play), 1)
    await play.stop(service, 0.0)
    await play.start()
    await play.until_said(7, ["(可能重复)\n\n菜单", "(可能重复)\n\n答:后"])
    assert files(play, 7) == ["甲"]
    assert len(play.bot.runs) == 1


async def test_what_cannot_be_drawn_is_said_in_its_place(play: Playground) -> None:
    await play.person(7)
    await play.start()
    with structlog.testing.capture_logs() as logs:
        await play.write(7, "/drawing nothing")
        await play.until_said(7, ["菜单\n\n没画出来", "答:后"])
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["file_not_drawn"]
    assert files(play, 7) == []


async def _ran(play: Playground) -> Any:
    return len(play.bot.runs)
