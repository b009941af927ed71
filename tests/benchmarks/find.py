"""How long `/find` takes in a township of 60,000 people with a village of 5,000, names sealed."""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert

from models.rules.access import Actor
from models.rules.clock import SystemClock
from models.rules.sex import Sex
from models.store import places, search, staff
from models.store.database import Database, StoreSession
from models.store.keyring import Keyring
from models.store.persons import NAME, PHONE
from models.tables.base import new_id
from models.tables.places import PlaceKind
from models.tables.residents import Resident
from tests.benchmarks.databases import KEYS, PEOPLE, postgres, sqlite
from tests.benchmarks.tables import milliseconds, table

TOWNSHIP, VILLAGE = 60_000, 5_000
QUERIES = ("王秀英", "王", "秀英", "汪秀英", "wxy", "wangxiu", "wangxy", "xiuying", "wangxiuyng", "5678", "w")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_GIVEN = "秀英红国强伟芳娜敏静丽军洋勇艳杰涛明超兰霞平刚桂华玉梅建志春海燕小林凤鑫波云文斌宇浩凯欣怡子涵梓轩"
_BATCH = 2_000
_AGO = timedelta(days=1)
"""Nobody was registered just now: for two minutes after an import of thousands a search takes longer."""


def find(runs: int) -> None:
    """Print the table."""
    rows = []
    with sqlite() as url:
        rows += asyncio.run(_measure("SQLite", url, runs))
    with postgres() as server:
        rows += asyncio.run(_measure("PostgreSQL", server.database(), runs))
    head = ("database", "who asks", "p50 ms", "p95 ms", "longest ms", "first search ms", "peak MB")
    table(f"/find among {TOWNSHIP:,} people, {VILLAGE:,} of them in the manager's village", head, rows)


async def _measure(name: str, url: str, runs: int) -> list[Sequence[str]]:
    database = Database(url, Keyring.parse(KEYS), SystemClock())
    async with database.transaction() as session:
        manager = await staff.find(session, PEOPLE[0])
        assert manager is not None
        township = await places.get(session, manager.township_id)
        other = await places.add(session, "411728106299", PlaceKind.VILLAGE, "别村", parent=township)
        clinic = Actor(manager.staff_id, type(manager.role).CLINIC, manager.township_id, None)
    await _fill(database, manager, other.id)
    rows = []
    first = await _time(database, manager, QUERIES[0])
    for who, actor in (("manager", manager), ("clinic", clinic)):
        times = [await _time(database, actor, query) for _ in range(3 * runs) for query in QUERIES]
        quantiles = statistics.quantiles(times, n=20)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        shown = (statistics.median(times), quantiles[-1], max(times), first)
        rows.append((name, who, *map(milliseconds, shown), f"{peak:.0f}"))
    await database.close()
    return rows


async def _time(database: Database, actor: Actor, query: str) -> float:
    began = time.perf_counter()
    async with database.transaction() as session:
        await search.find(session, actor, query, 8)
    return (time.perf_counter() - began) * 1000


async def _fill(database: Database, manager: Actor, elsewhere: int) -> None:
    chance = random.Random(7)
    for start in range(0, TOWNSHIP, _BATCH):
        async with database.transaction() as session:
            villages = [manager.village_id if row < VILLAGE else elsewhere for row in range(start, start + _BATCH)]
            await session.execute(insert(Resident), [_row(session, manager, each, chance) for each in villages])


def _row(session: StoreSession, manager: Actor, village_id: int | None, chance: random.Random) -> dict[str, object]:
    row, vault = new_id(), session.vault
    name = chance.choice(_SURNAMES) + "".join(chance.choice(_GIVEN) for _ in range(chance.choice((1, 2, 2))))
    phone = f"138{chance.randrange(10**8):08}"
    return {
        "id": row,
        "township_id": manager.township_id,
        "village_id": village_id,
        "name_sealed": vault.seal_text(NAME, row, name),
        "name_hash": vault.lookup("name", name),
        "phone_sealed": vault.seal_text(PHONE, row, phone),
        "phone_hash": vault.lookup("phone", phone),
        "sex": Sex.FEMALE,
        "created_at": session.now() - _AGO,
        "updated_at": session.now() - _AGO,
    }
