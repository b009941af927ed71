"""Many kills at random moments, each while answers are in flight, and what came of them."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from models.rules.clock import MovableClock, SystemClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests.conftest import KEYS
from tests.e2e.kill import proof
from tests.e2e.kill.player import Player, listen
from tests.e2e.kill.process import BotProcess
from tests.e2e.kill.scripts import SCRIPTS
from tests.e2e.kill.township import Post, settle
from tests.e2e.world import serve

LONGEST_THOUGHT = 0.05
"""Seconds that a manager thinks before an answer, at most."""
LONGEST_PEACE = 40
"""Answers that a process may give before it is killed, at most."""
LONGEST_DELAY = 0.02
"""Seconds from then on to the kill, at most: so that it meets any moment of an answer's way."""


@dataclass(frozen=True, slots=True)
class Storm:
    """What was done and what came of it; the proofs have held.

    Attributes:
        in_flight: at each kill, how many managers waited for an answer.
        flagged: messages that came with the notice that they may be a repeat.
        restart_seconds: the median of how long a start took until the process was ready.
    """

    kills: int
    updates: int
    forms: int
    in_flight: tuple[int, ...]
    flagged: int
    restart_seconds: float
    seconds: float


@dataclass
class Desk:
    """A manager who fills one form after another."""

    post: Post
    player: Player
    chance: random.Random
    filled: int = 0
    acts: int = 0

    async def work(self, is_over: asyncio.Event) -> None:
        """Fill forms until it is over; the last one is filled to its end."""
        for name in self.post.people:
            if is_over.is_set():
                return
            self.player.begin(name)
            while not self.player.is_through:
                await asyncio.sleep(self.chance.uniform(0, LONGEST_THOUGHT))
                self.acts += 1
                await self.player.act()
                await self.player.see()
            self.filled += 1


@dataclass
class _Weather:
    """Kills the process, each time while somebody waits for an answer."""

    bot: BotProcess
    desks: list[Desk]
    chance: random.Random
    in_flight: list[int] = field(default_factory=list)

    async def strike(self) -> None:
        """Let the process answer for a random while, kill it in the middle of its work, and start it again."""
        goal = self._answers() + self.chance.randint(1, LONGEST_PEACE)

        async def is_time() -> bool:
            return self._answers() >= goal

        async def someone_waits() -> bool:
            return any(desk.player.waits for desk in self.desks)

        await proof.until(is_time, 60, every=0.002)
        await asyncio.sleep(self.chance.uniform(0, LONGEST_DELAY))
        await proof.until(someone_waits, 10, every=0.001)
        self.bot.kill()
        self.in_flight.append(sum(desk.player.waits for desk in self.desks))
        await self.bot.gone()
        await self.bot.start()

    def _answers(self) -> int:
        return sum(desk.acts - desk.player.waits for desk in self.desks)


async def storm(database_url: str, folder: Path, *, kills: int, seed: int, desks_a_form: int = 3) -> Storm:
    """Let managers fill forms on a migrated, empty database while the process is killed `kills` times.

    Raises:
        AssertionError: an update was lost or applied twice, a form was stored twice or otherwise than filled.
    """
    chance, begun = random.Random(seed), time.monotonic()
    database = Database(database_url, Keyring.parse(KEYS), SystemClock())
    posts = await settle(database, list(SCRIPTS) * desks_a_form, people_each=4 + kills)
    async with serve(MovableClock()) as (server, base):
        desks = [
            Desk(post, Player(server, post.user_id, post.form, ""), random.Random(chance.random())) for post in posts
        ]
        listen(server, [desk.player for desk in desks])
        bot = BotProcess(folder, database_url, base)
        weather = _Weather(bot, desks, chance)
        is_over = asyncio.Event()
        await bot.start()
        work = [asyncio.create_task(desk.work(is_over)) for desk in desks]
        try:
            for _ in range(kills):
                await weather.strike()
        finally:
            is_over.set()
        await asyncio.gather(*work)
        await proof.until_settled(database, server)
        assert await bot.stop() == 0
        flagged = sum(words.startswith(proof.REPEAT) for desk in desks for words in desk.player.bot_says())
        await _hold(database, bot, desks, server.updates.confirmed)
        await proof.nothing_lost_or_repeated(database, server, {desk.post.user_id: desk.acts for desk in desks})
    await database.close()
    acts, forms = sum(desk.acts for desk in desks), sum(desk.filled for desk in desks)
    median = statistics.median(bot.start_seconds)
    return Storm(kills, acts, forms, tuple(weather.in_flight), flagged, median, time.monotonic() - begun)


async def _hold(database: Database, bot: BotProcess, desks: list[Desk], confirmed: int) -> None:
    assert confirmed == sum(desk.acts for desk in desks)
    for desk in desks:
        await proof.filled_once(database, desk.player, desk.filled)
    troubles = proof.troubles(bot.lines())
    assert troubles == [], troubles
