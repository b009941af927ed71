"""Messages that go out while the processes which send them are killed at random moments, in bad weather."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL

from bot.local.server.world import World as Server
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests.conftest import KEYS, MONDAY
from tests.e2e.kill import ledger, letters, proof
from tests.e2e.kill.ledger import Ledger
from tests.e2e.kill.letters import Letter
from tests.e2e.kill.moved import CLOCK_FILE, FileClock
from tests.e2e.kill.process import BotProcess, replicas
from tests.e2e.kill.weather import CLEAR, STORMY, Weather
from tests.e2e.world import serve

Restart = Callable[[], Awaitable[None]]
"""Breaks the database server off as a crash does, and starts it again."""
PACE = 200
"""Messages that a process may send a second."""
LONGEST_PEACE = 25
"""Messages that leave before a process is killed, at most."""
LONGEST_DELAY = 0.03
"""Seconds from then on to the kill, at most: so that it meets any moment of a message's way."""
IN_THE_MIDST = 0.5
"""How many of the kills come the moment a message comes in: it arrives, and its sender never hears of that."""
QUIET = 1.2
"""When nothing was sent for so many seconds and nothing is due, what is left waits for the clock."""
FORGOTTEN = 15.0
"""A lease is left behind, though its process was told to end, when nothing was sent for so many seconds."""
BETWEEN_JUMPS = (3, 20)
"""Messages between two jumps of the clock."""
_PATIENCE = 60.0
_LONGEST = 900.0
_JUMP = timedelta(seconds=121)
"""Past every lease."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard it blows.

    Attributes:
        messages: how many messages are planned, evenly over the kills.
        kills: how many processes are killed.
        replicas: how many processes send; two need PostgreSQL.
        restarts: how often the database server is broken off.
        gently: the processes are told to end (SIGTERM), and only faults come that leave no doubt.
        jumps: the clock jumps past every lease while messages are on their way.
    """

    messages: int
    kills: int
    replicas: int = 1
    restarts: int = 0
    gently: bool = False
    jumps: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What was done and what came of it.

    Attributes:
        begun: messages that were found begun and not marked right after a kill.
        faults: how many faults of each kind calls met.
    """

    kills: int
    restarts: int
    begun: int
    faults: Counter[str]
    ledger: Ledger
    seconds: float


@dataclass
class Storm:
    """Kills, plans, and moves the clock.

    Attributes:
        steady: held while the database must be there.
    """

    strength: Strength
    database: Database
    clock: FileClock
    weather: Weather
    bots: list[BotProcess]
    unplanned: list[Letter]
    restart: Restart | None
    chance: random.Random
    kills: int = 0
    restarts: int = 0
    begun: int = 0
    steady: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def blow(self) -> None:
        """Let everything happen, and wait until every message has come to an end."""
        try:
            async with asyncio.TaskGroup() as group:
                around = [group.create_task(self._tide())]
                if self.strength.jumps:
                    around.append(group.create_task(self._jump()))
                await self._through()
                for task in around:
                    task.cancel()
            codes = await asyncio.gather(*(bot.stop() for bot in self.bots))
            assert codes == [0] * len(codes)
        finally:
            for bot in self.bots:
                if bot.is_alive:
                    bot.kill()
                    await bot.gone()

    async def _through(self) -> None:
        await asyncio.gather(*(self._start(bot) for bot in self.bots))
        async with asyncio.TaskGroup() as group:
            for bot in self.bots:
                group.create_task(self._strike_often(bot))
            group.create_task(self._break_often())
        await self._plan(len(self.unplanned))
        await proof.until(self._is_over, _LONGEST, every=0.2)

    async def _strike_often(self, bot: BotProcess) -> None:
        for _ in range(self.strength.kills // len(self.bots)):
            await self._plan(self.strength.messages // (self.strength.kills + 1))
            await self._strike(bot)
            self.kills += 1
            await self._start(bot)

    async def _strike(self, bot: BotProcess) -> None:
        """End a process: the moment a message comes in, or some time after one."""
        is_struck = asyncio.Event()

        def strike() -> None:
            if not is_struck.is_set():
                bot.terminate() if self.strength.gently else bot.kill()
                is_struck.set()

        number = self.chance.randint(1, LONGEST_PEACE)
        if self.chance.random() < IN_THE_MIDST:
            self.weather.at.setdefault(self.weather.calls + number, []).append(strike)
        await self._some_leave(number)
        if not is_struck.is_set():
            await asyncio.sleep(self.chance.uniform(0, LONGEST_DELAY))
        strike()
        code = await bot.gone()
        assert code == (0 if self.strength.gently else -SIGKILL)
        await self._after()

    async def _after(self) -> None:
        """When no process lives, count what they had begun, and end their leases: nobody could hold one."""
        if self.strength.gently or any(bot.is_alive for bot in self.bots):
            return
        async with self.steady:
            self.begun += await ledger.count_begun(self.database)
        self.clock.move(_JUMP)

    async def _start(self, bot: BotProcess) -> None:
        async with self.steady:
            await bot.start()

    async def _plan(self, count: int) -> None:
        fresh = [self.unplanned.pop() for _ in range(min(count, len(self.unplanned)))]
        async with self.steady:
            await letters.plan(self.database, fresh)

    async def _some_leave(self, count: int, seconds: float = _PATIENCE) -> None:
        """Wait until `count` more messages have left, or until there are none; at most so many seconds."""
        goal = self.weather.calls + count

        async def have_left() -> bool:
            if self.weather.calls >= goal:
                return True
            return time.monotonic() - self.weather.latest > QUIET and await self._is_over()

        await proof.until(have_left, seconds, every=0.005)

    async def _break_often(self) -> None:
        """Break the database server off now and then."""
        for _ in range(self.strength.restarts):
            await self._some_leave(self.strength.messages // (self.strength.restarts + 1), _LONGEST)
            assert self.restart is not None
            async with self.steady:
                await self.database.close()
                await self.restart()
            self.restarts += 1

    async def _tide(self) -> None:
        """Move the clock on whenever nothing can happen before it moves."""
        while True:
            await asyncio.sleep(0.1)
            quiet = time.monotonic() - self.weather.latest
            if quiet < QUIET or not all(bot.is_alive for bot in self.bots):
                continue
            async with self.steady:  # nobody who was told to end has left a lease: what is leased is under way
                spare = self.strength.gently and quiet < FORGOTTEN
                step = await ledger.until_due(self.database, spare_leases=spare)
            if step is not None:
                self.clock.move(step)

    async def _jump(self) -> None:
        """Move the clock past every lease, whoever is sending: every few messages, however slow the machine."""
        while True:
            await self._some_leave(self.chance.randint(*BETWEEN_JUMPS), _LONGEST)
            await asyncio.sleep(self.chance.uniform(0, LONGEST_DELAY))
            self.clock.move(_JUMP)

    async def _is_over(self) -> bool:
        async with self.steady:
            return await ledger.is_over(self.database)


async def storm(
    database_url: str, folder: Path, strength: Strength, *, seed: int, restart: Restart | None = None
) -> Came:
    """Send messages on a migrated, empty database while processes end at random moments."""
    chance, begun = random.Random(seed), time.monotonic()
    clock = FileClock(folder / "clock")
    clock.move(MONDAY - clock.now())
    database = Database(database_url, Keyring.parse(KEYS), clock)
    async with serve(MovableClock()) as (server, base):
        unplanned = await letters.found(database, server, strength.messages)
        weather = _weather(server, strength, chance)
        settings = {"SUIFANG_MESSAGES_PER_SECOND": str(PACE), CLOCK_FILE: str(folder / "clock")}
        bots = replicas(folder, database_url, base, strength.replicas, settings, "tests.e2e.kill.moved")
        blown = Storm(strength, database, clock, weather, bots, unplanned, restart, chance)
        await blown.blow()
        found = await ledger.read(database, server)
    await database.close()
    return Came(blown.kills, blown.restarts, blown.begun, weather.met, found, time.monotonic() - begun)


def _weather(server: Server, strength: Strength, chance: random.Random) -> Weather:
    """Let the server's faults come at random."""
    weather = Weather(chance=chance, kinds=CLEAR if strength.gently else STORMY)
    server.faults = weather
    return weather
