"""The process is killed between any two answers of each form; the next answer continues the same draft.

One kill meets many chats, each at another position of its form and in one of four manners. A chat's form is
always filled to the end afterwards, and must be stored as if nothing had happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.local.server.faults import Fault, FaultKind
from bot.local.server.world import World as Server
from models.rules.clock import MovableClock, SystemClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests.conftest import KEYS
from tests.e2e.kill import proof
from tests.e2e.kill.player import Player, listen
from tests.e2e.kill.process import BotProcess
from tests.e2e.kill.scripts import SCRIPTS
from tests.e2e.kill.township import settle
from tests.e2e.world import serve

MANNERS = {
    "idle": "the answer before the kill was shown; the next one comes after the restart",
    "dead": "the next answer is given while the process is dead",
    "owed": "the answer before the kill was stored, its reply never left",
    "unsure": "the same, but its reply was shown and the process doesn't know",
}
_FAULTS = {"owed": FaultKind.HANG, "unsure": FaultKind.LATE}


@dataclass
class Case:
    """One chat: `position` answers are given before the kill."""

    manner: str
    position: int
    player: Player


@dataclass
class Stage:
    """The process, what it talks to, and the people."""

    bot: BotProcess
    database: Database
    server: Server
    cases: list[Case]

    def of(self, *manners: str) -> list[Case]:
        """Return the cases of some manners."""
        return [case for case in self.cases if case.manner in manners]


def _positions(backend: str) -> list[tuple[str, str, int]]:
    """Return manner, form and position of every case: all positions on SQLite; elsewhere the first, one
    inside and the last ones.

    A position that is met in one manner on SQLite is met in the other on PostgreSQL.
    """
    found = []
    for form, script in SCRIPTS.items():
        last = len(script)
        one, other = ("idle", "owed") if backend == "sqlite" else ("owed", "idle")
        met = range(1, last + 1) if backend == "sqlite" else (1, last // 2, last - 1, last)
        found += [(one if position % 2 else other, form, position) for position in met]
        inside = (last // 2,) if backend == "sqlite" else ()
        found += [("dead", form, position) for position in (1, *inside, last - 1)]
        found += [("unsure", form, position) for position in (1, *inside, last)]
    return found


@pytest.fixture
async def stage(quick_starts: None, backend: str, database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A chat for every manner and position of every form."""
    database = Database(database_url, Keyring.parse(KEYS), SystemClock())
    wanted = _positions(backend)
    posts = await settle(database, [form for _, form, _ in wanted])
    async with serve(MovableClock()) as (server, base):
        cases = [
            Case(manner, position, Player(server, post.user_id, form, post.people[0]))
            for (manner, form, position), post in zip(wanted, posts, strict=True)
        ]
        listen(server, [case.player for case in cases])
        bot = BotProcess(tmp_path, database_url, base)
        yield Stage(bot, database, server, cases)
        await bot.stop()
    await database.close()


async def test_the_next_answer_continues_the_same_draft(stage: Stage) -> None:
    await stage.bot.start()
    await _before(stage)
    stage.bot.kill()
    await stage.bot.gone()
    stage.server.faults.waiting.clear()
    said = {case.player.user_id: case.player.bot_says() for case in stage.cases}
    for case in stage.of("dead"):
        await case.player.act()
    await stage.bot.start()
    await _after(stage, said)
    await _nothing_amiss(stage)


async def _before(stage: Stage) -> None:
    """Bring every chat to its position, the last reply delivered or not, as its manner wants."""
    await asyncio.gather(*(case.player.go(case.position) for case in stage.of("idle", "dead")))
    cut_off = stage.of("owed", "unsure")
    await asyncio.gather(*(case.player.go(case.position - 1) for case in cut_off))
    await proof.until_settled(stage.database, stage.server)
    for case in cut_off:
        chat = str(case.player.user_id)
        fault = Fault(_FAULTS[case.manner], "*", times=None, chat_id=chat, seconds=600)
        stage.server.faults.waiting.append(fault)
    await asyncio.gather(*(case.player.act() for case in cut_off))
    await asyncio.gather(*(case.player.see() for case in stage.of("unsure")))
    await proof.until_settled(stage.database, stage.server, but=[case.player.user_id for case in cut_off])
    assert await proof.owed(stage.database) == {case.player.user_id for case in cut_off}


async def _after(stage: Stage, said: dict[int, list[str]]) -> None:
    """See what the restart shows by itself, then fill every form to its end."""
    await asyncio.gather(*(case.player.see() for case in stage.of("owed", "dead")))
    for case in stage.of("owed", "unsure"):
        await _shown_again(case, said[case.player.user_id])
    for case in stage.of("idle"):
        assert case.player.bot_says() == said[case.player.user_id], case
    await asyncio.gather(*(case.player.go() for case in stage.cases))
    await proof.until_settled(stage.database, stage.server)


async def _shown_again(case: Case, before: list[str]) -> None:
    """The reply that was owed is there; one that is sent anew says that it may be a repeat."""

    async def stands() -> bool:
        return _stands(case, case.player.bot_says(), before)

    await proof.until(stands, 60)


def _stands(case: Case, now: list[str], before: list[str]) -> bool:
    shown = [words for words in now if case.player.is_awaited(words)]
    if case.position > 1:  # a question in the form's own message: the same edit again
        return len(now) == len(before) == len(shown) == 1
    copies = 1 if case.manner == "owed" else 2
    return len(shown) == copies and shown[-1].startswith(proof.REPEAT) and len(now) == len(before) + 1


async def _nothing_amiss(stage: Stage) -> None:
    for case in stage.cases:
        await proof.filled_once(stage.database, case.player)
        texts = case.player.bot_says()
        assert len(texts) == (2 if (case.manner, case.position) == ("unsure", 1) else 1), case
        assert not any(proof.REPEAT in words for words in texts[:-1]), case
    taken = {case.player.user_id: len(case.player.script) for case in stage.cases}
    await proof.nothing_lost_or_repeated(stage.database, stage.server, taken)
    troubles = proof.troubles(stage.bot.lines())
    assert troubles == [], troubles
