"""The process is killed in the middle of a dictated message: nothing is lost, doubled or left unasked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import func, select

from bot.local.server.faults import Fault, FaultKind
from bot.local.server.world import World as Server
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import residents
from models.store.database import Database
from models.store.keyring import Keyring
from models.store.residents import Registration
from models.tables.dictations import Dictation
from models.tables.rosters import RosterEntry
from tests.conftest import KEYS
from tests.e2e.chat import Person, plain
from tests.e2e.kill import proof
from tests.e2e.kill.moved import CLOCK_FILE, FileClock
from tests.e2e.kill.process import BotProcess
from tests.e2e.world import MORNING, STAFF, populate, serve

MANAGER = STAFF["manager"][0]
OTHER = "李红"
"""There are two of that name."""


@dataclass
class Stage:
    """The process, what it talks to, and the manager."""

    bot: BotProcess
    database: Database
    server: Server
    manager: Person

    async def die(self) -> None:
        """Kill the process, and let the network be whole again."""
        self.bot.kill()
        await self.bot.gone()
        self.server.faults.waiting.clear()

    async def press(self, label: str) -> None:
        """Tap a button, though nobody may be there to answer."""
        message_id, data = await self.manager.button(label)
        url = f"{self.manager.base}/control/chats/{MANAGER}/tap"
        body = {"from": MANAGER, "message_id": message_id, "data": data, "wait": 0}
        async with self.manager.http.post(url, json=body) as response:
            assert response.status == 200

    def hang(self) -> None:
        """Let no call to the manager's chat arrive from now on."""
        self.server.faults.waiting.append(Fault(FaultKind.HANG, "*", times=None, chat_id=str(MANAGER), seconds=600))

    async def until_stored(self, dictations: int) -> None:
        """Wait until so many dictated messages are stored, and what is said of the last one is owed."""

        async def is_stored() -> bool:
            return await self.count(Dictation) == dictations and await proof.owed(self.database) == {MANAGER}

        await proof.until(is_stored, 20)

    async def count(self, model: Any, *conditions: Any) -> int:
        """Return how many rows there are."""
        async with self.database.reading() as session:
            return int(await session.scalar(select(func.count()).select_from(model).where(*conditions)))

    async def said(self, part: str) -> list[str]:
        """Return what the bot's messages say now that contain `part`."""
        texts = [plain(one["html"]) for one in await self.manager.screen() if one["from_bot"]]
        return [words for words in texts if part in words]


@pytest.fixture
async def stage(quick_starts: None, database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The township of the tests on the morning of a check-up day, with two people of one name."""
    clock = FileClock(tmp_path / "clock")
    clock.move(MORNING - datetime.now(UTC))
    database = Database(database_url, Keyring.parse(KEYS), clock)
    actors, _ = await populate(database)
    async with database.transaction() as session:
        other = Registration(OTHER, Sex.FEMALE, date(1950, 3, 4), consents=frozenset(Purpose), programmes=("checkup",))
        await residents.register(session, actors["manager"], other)
    async with serve(MovableClock(MORNING)) as (server, base), ClientSession() as http:
        body = {"id": MANAGER, "first_name": "甲", "language_code": "zh-hans", "is_known": True}
        async with http.post(f"{base}/control/people", json=body) as response:
            assert response.status == 200
        settings = {CLOCK_FILE: str(tmp_path / "clock")}
        bot = BotProcess(tmp_path, database_url, base, settings, "tests.e2e.kill.moved")
        await bot.start()
        yield Stage(bot, database, server, Person(http, base, MANAGER, MANAGER))
        await bot.stop()
    await database.close()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_was_dictated_is_noted_once_and_what_is_open_is_asked_again(stage: Stage) -> None:
    manager = stage.manager
    await manager.send("/roster")
    await manager.expect("大王庄康检名册", "共 5 位")
    await proof.until_settled(stage.database, stage.server)

    stage.hang()  # between the message and the answer: stored, and nothing of it was said
    await manager.send(f"王秀英 128/82\n{OTHER} 135/88")
    await stage.until_stored(1)
    assert await stage.said("记上了") == []
    await stage.die()
    await stage.bot.start()
    await manager.expect("记上了 1 位", "王秀英：128/82")
    await manager.expect("不止一位", OTHER)
    await proof.until_settled(stage.database, stage.server)
    assert [len(await stage.said(words)) for words in ("王秀英：128/82", "不止一位")] == [1, 1]

    stage.hang()  # between the readback and the confirmation: it is chosen who is meant, and nothing is said of it
    await stage.press("李红 · 1950")
    await stage.until_stored(2)
    await stage.die()
    assert len(await stage.said("不止一位")) == 1
    await stage.bot.start()
    await manager.expect("记上了 1 位", f"{OTHER}：135/88")
    await proof.until_settled(stage.database, stage.server)
    assert await stage.said("不止一位") == []
    assert await stage.count(RosterEntry, RosterEntry.measures_sealed.is_not(None)) == 2

    await stage.die()  # while nobody is there, more is dictated, and the last message is taken back
    await manager.send("单国强 126/80")
    await stage.press("这次的不算")
    await stage.bot.start()
    await manager.expect("记上了 1 位", "单国强：126/80")
    await proof.until_settled(stage.database, stage.server)
    assert len(await stage.said("收回了，1 位")) == 1
    assert await stage.count(RosterEntry, RosterEntry.measures_sealed.is_not(None)) == 2
    assert await stage.count(Dictation) == 3
    await proof.nothing_lost_or_repeated(stage.database, stage.server, {MANAGER: 5})
    assert [line for line in stage.bot.lines() if line["level"] in ("error", "critical")] == []
