"""How long it takes to tell a thousand people something at Telegram's pace, and how long others wait meanwhile."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from aiohttp import ClientSession
from sqlalchemy import update

from models.migrations.upgrade import upgrade
from models.rules.access import Role
from models.rules.clock import SystemClock
from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import outbox, places, residents, staff
from models.store.database import Database
from models.store.keyring import Keyring
from models.store.outbox import Recipient
from models.store.residents import Registration
from models.tables.base import table
from models.tables.places import PlaceKind
from models.tables.staff import Staff
from tests.benchmarks.databases import KEYS, postgres
from tests.benchmarks.processes import TOKEN, server
from tests.benchmarks.questions import words
from tests.benchmarks.tables import milliseconds
from tests.benchmarks.tables import table as print_table
from tests.e2e.kill.process import replicas
from tests.e2e.kill.township import names

RECIPIENTS = 1_000
TAPS = 2.0
"""Acts a second, by people of whom half are told something too."""
TAPPERS = 40
GOAL_SECONDS = 1.2 * RECIPIENTS / 25
GOAL_MS = 300
PEOPLE = range(50_001, 50_001 + RECIPIENTS + TAPPERS // 2)
_KIND = "grant.decided"
_REST = 3.0
"""Seconds between two acts of one person, at least."""
_HEAD = ("database", "replicas", "messages", "seconds", "goal", "429", "most in a second", "taps", "p50 ms", "p95 ms")


@dataclass
class Bulk:
    """What was measured.

    Attributes:
        arrived: when each message arrived, in seconds of the machine's monotonic clock.
        waits: seconds from each tap to its answer.
        refused: calls answered with 429.
        sent: when anything was sent to any chat, replies included.
    """

    planned: float = 0.0
    arrived: dict[int, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    refused: int = 0
    sent: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """From the moment the messages were planned to the moment the last one was there."""
        return max(self.arrived.values()) - self.planned

    def most(self) -> int:
        """Return how many messages were sent in the busiest second."""
        times = sorted(self.sent)
        return max(sum(1 for other in times[i : i + 60] if other < at + 1) for i, at in enumerate(times))


@dataclass
class Town:
    """Everybody at their phones, played through the control API.

    Attributes:
        shown: the due list that each person who taps has before them.
        since: who waits for an answer, and since when.
    """

    http: ClientSession
    api: str
    bulk: Bulk
    chance: random.Random
    shown: dict[int, dict[str, Any]] = field(default_factory=dict)
    since: dict[int, float] = field(default_factory=dict)
    rested: dict[int, float] = field(default_factory=dict)
    last: int | None = None

    async def come(self) -> None:
        """Bring everybody to the chat network."""
        for chat_id in PEOPLE:
            body = {"id": chat_id, "first_name": "王", "language_code": "zh-hans", "is_known": True}
            async with self.http.post(f"{self.api}/control/people", json=body) as response:
                response.raise_for_status()

    async def work(self, is_over: asyncio.Event) -> None:
        """Tap at random moments until it is over and nobody waits for an answer."""
        due = time.monotonic()
        while not is_over.is_set() or self.since:
            acts = []
            if time.monotonic() >= due and not is_over.is_set():
                acts = [self._act(self._idle())]
                due += self.chance.expovariate(TAPS)
            await self._round(acts, min(0.5, max(0.0, due - time.monotonic())))
            if len(self.bulk.arrived) == RECIPIENTS:
                is_over.set()

    def _idle(self) -> int:
        now = time.monotonic()
        tappers = PEOPLE[-TAPPERS:]
        free = [one for one in tappers if one not in self.since and self.rested.get(one, 0.0) < now - _REST]
        return self.chance.choice(free)

    def _act(self, chat_id: int) -> dict[str, Any]:
        """Ask for the due list, or turn its page."""
        shown = self.shown.get(chat_id)
        if shown is None or self.chance.random() < 1 / 3:
            return {"chat_id": chat_id, "text": "/due"}
        labels = (words("due.after"), words("due.before"))
        data = [b["callback_data"] for row in shown["inline_keyboard"] for b in row if b["text"] in labels]
        return {"chat_id": chat_id, "message_id": shown["message_id"], "data": data[0]}

    async def _round(self, acts: Sequence[dict[str, Any]], seconds: float) -> None:
        body: dict[str, Any] = {"acts": acts, "timeout": seconds}
        if self.last is not None:
            body["after"] = self.last
        async with self.http.post(f"{self.api}/control/crowd", json=body) as response:
            found = await response.json()
            assert response.status == 200, found
        self.last = found["last"]
        for act in found["acts"]:
            self.since[act["chat_id"]] = act["at"]
        for shown in found["shown"]:
            self._see(shown)

    def _see(self, shown: dict[str, Any]) -> None:
        chat_id, at = shown["chat_id"], float(shown["at"])
        if shown["text"] == words(f"notices.{_KIND}"):
            assert chat_id not in self.bulk.arrived, "a message came twice"
            self.bulk.arrived[chat_id] = at
            return
        self.shown[chat_id] = shown
        self.bulk.waits.append(at - self.since.pop(chat_id))
        self.rested[chat_id] = at


async def settle(database: Database) -> list[Recipient]:
    """Let everybody work in one village with something due; return those who are told something."""
    told = []
    async with database.transaction() as session:
        township = await places.add(session, "411728106", PlaceKind.TOWNSHIP, "沈寨镇", checkup_dom=9)
        village = await places.add(session, "411728106201", PlaceKind.VILLAGE, "大王庄", parent=township, checkup_dom=9)
        for user_id in PEOPLE:
            actor = await staff.add(session, user_id, user_id, Role.MANAGER, village)
            told.append(Recipient(actor.staff_id, actor.township_id))
        await session.execute(update(table(Staff)).values(quiet_until=table(Staff).c.quiet_from))
        consents = frozenset({Purpose.HEALTH_RECORD, Purpose.CONTACT})
        for name, _ in zip(names(), range(12), strict=False):
            person = Registration(
                name, Sex.FEMALE, date(1956, 3, 12), consents=consents, programmes=("checkup", "hypertension")
            )
            await residents.register(session, actor, person)
    return told[:RECIPIENTS]


async def measure(url: str, api: str, folder: Path, count: int, seed: int) -> Bulk:
    """Tell everybody something while people tap."""
    await upgrade(url)
    database = Database(url, Keyring.parse(KEYS), SystemClock())
    told = await settle(database)
    bots = replicas(folder, url, api, count, {"SUIFANG_TELEGRAM_TOKEN": TOKEN})
    bulk = Bulk()
    async with ClientSession(json_serialize=lambda value: orjson.dumps(value).decode()) as http:
        town = Town(http, api, bulk, random.Random(seed))
        await town.come()
        await asyncio.gather(*(bot.start() for bot in bots))
        is_over = asyncio.Event()
        work = asyncio.create_task(town.work(is_over))
        await asyncio.sleep(3)
        bulk.planned = time.monotonic()
        async with database.transaction() as session:
            await outbox.plan(session, told, _KIND)
        await work
        async with http.get(f"{api}/control/calls") as response:
            calls = (await response.json())["calls"]
    for bot in bots:
        assert await bot.stop() == 0
    await database.close()
    bulk.refused = sum(call["code"] == 429 for call in calls)
    bulk.sent = [call["at"] for call in calls if call["method"] == "sendMessage" and call["code"] == 200]
    return bulk


def bulk() -> None:
    """Measure SQLite and PostgreSQL, the latter also with two replicas, and print a table."""
    rows = []
    with TemporaryDirectory() as folder:
        rows.append(_row("SQLite", 1, _measured(f"sqlite+aiosqlite:///{folder}/bulk.sqlite3", Path(folder), 1)))
    with postgres() as running:
        for count in (1, 2):
            with TemporaryDirectory() as folder:
                rows.append(_row("PostgreSQL", count, _measured(running.empty(), Path(folder), count)))
    title = f"{RECIPIENTS} people are told something while others tap; Telegram's limits are on (30 a second)"
    print_table(title, _HEAD, rows)


def _measured(url: str, folder: Path, count: int) -> Bulk:
    with server(limits=True) as api:
        return asyncio.run(measure(url, api.address, folder, count, seed=2026))


def _row(name: str, count: int, found: Bulk) -> tuple[str, ...]:
    p50, p95 = (statistics.quantiles(found.waits, n=100, method="inclusive")[p - 1] * 1000 for p in (50, 95))
    return (
        name,
        str(count),
        str(len(found.arrived)),
        f"{found.seconds:.1f}",
        f"≤ {GOAL_SECONDS:.0f}",
        str(found.refused),
        str(found.most()),
        str(len(found.waits)),
        milliseconds(p50),
        f"{milliseconds(p95)} (< {GOAL_MS})",
    )
