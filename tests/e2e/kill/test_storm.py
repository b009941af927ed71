"""Kills at random moments while answers are in flight, and the orderly end in their midst."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from models.rules.clock import MovableClock, SystemClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests.conftest import KEYS
from tests.e2e.kill import proof
from tests.e2e.kill.player import Player, listen
from tests.e2e.kill.process import BotProcess
from tests.e2e.kill.scripts import SCRIPTS
from tests.e2e.kill.storm import storm
from tests.e2e.kill.township import settle
from tests.e2e.world import serve

pytestmark = pytest.mark.usefixtures("quick_starts")
KILLS = 2
"""As few as a change needs to be seen; `make bench` counts many."""
SEED = 20_261_109


async def test_kills_while_answers_are_in_flight_lose_and_repeat_nothing(database_url: str, tmp_path: Path) -> None:
    came = await storm(database_url, tmp_path, kills=KILLS, seed=SEED, desks_a_form=2)
    assert len(came.in_flight) == KILLS
    assert min(came.in_flight) > 0
    assert came.forms > KILLS


async def test_sigterm_drains_and_leaves_nothing_in_doubt(database_url: str, tmp_path: Path) -> None:
    """Told to end while many wait for an answer, it answers what it took, and what it left comes later."""
    database = Database(database_url, Keyring.parse(KEYS), SystemClock())
    posts = await settle(database, list(SCRIPTS) * 4)
    async with serve(MovableClock()) as (server, base):
        players = [Player(server, post.user_id, post.form, post.people[0]) for post in posts]
        listen(server, players)
        bot = BotProcess(tmp_path, database_url, base)
        await bot.start()
        await asyncio.gather(*(player.go(1 + number % 7) for number, player in enumerate(players)))
        await asyncio.gather(*(player.act() for player in players))
        assert await bot.stop() == 0
        assert await proof.owed(database) == set()
        taken = await proof.processed(database)
        assert all(player.is_answered() for player in players if taken[player.user_id] == player.done)
        await bot.start()
        await asyncio.gather(*(player.see() for player in players))
        await asyncio.gather(*(player.go() for player in players))
        await proof.until_settled(database, server)
        assert await bot.stop() == 0
        assert not [words for player in players for words in player.bot_says() if proof.REPEAT in words]
        await proof.nothing_lost_or_repeated(
            database, server, {player.user_id: len(player.script) for player in players}
        )
        for player in players:
            await proof.filled_once(database, player)
    (first, second) = [line for line in bot.lines() if line["event"] == "telegram_stopped"]
    assert first["committed"] and first["delivered"] and second["committed"] and second["delivered"]
    await database.close()
