"""How long others wait to write while a year's report, or rows for analysis, are made of a large township."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import update

from models.rules import periods
from models.rules.access import Role
from models.rules.clock import MovableClock
from models.rules.periods import PeriodKind
from models.store.database import Database
from models.store.keyring import Keyring
from models.tables.base import table
from models.tables.places import Place
from scheduler import extract_making, report_making
from tests.benchmarks.databases import KEYS, postgres, sqlite
from tests.benchmarks.tables import milliseconds
from tests.benchmarks.tables import table as print_table
from tests.benchmarks.township import NOW, RESIDENTS, TODAY, VILLAGES, VISITS, fill

GOAL_MS = 1000
_PAUSE = 0.02
"""Seconds between two writes of others."""


def holds(residents: int = RESIDENTS) -> None:
    """Print the table."""
    rows: list[Sequence[str]] = []
    with sqlite() as url:
        rows += asyncio.run(_measure("SQLite", url, residents))
    with postgres() as server:
        rows += asyncio.run(_measure("PostgreSQL", server.database(), residents))
    visits = residents * VISITS // RESIDENTS
    print_table(
        f"Writers beside reports: {VILLAGES} villages, {residents:,} residents, {visits:,} visits",
        ("database", "what", "s in all", "median wait of a writer, ms", "longest, ms", "goal"),
        rows,
    )


async def _measure(name: str, url: str, residents: int) -> list[Sequence[str]]:
    database = Database(url, Keyring.parse(KEYS), MovableClock(NOW))
    leader, _ = await fill(database, url, residents)
    year, half = periods.to_date(TODAY), periods.last_complete(PeriodKind.HALF_YEAR, TODAY)
    steps: list[tuple[str, Awaitable[object]]] = [
        ("a year's report, nothing counted yet", report_making.count(database, leader, year)),
        ("a year's report, everything counted", report_making.count(database, leader, year)),
        ("half a year's rows", extract_making.read(database, replace(leader, role=Role.CLINIC), half, 0)),
    ]
    rows: list[Sequence[str]] = []
    for what, step in steps:
        took, waits = await _beside(database, step)
        longest, usual = max(waits) * 1000, sorted(waits)[len(waits) // 2] * 1000
        rows.append((name, what, f"{took:.1f}", milliseconds(usual), milliseconds(longest), f"< {GOAL_MS}"))
    await database.close()
    return rows


async def _beside(database: Database, step: Awaitable[object]) -> tuple[float, list[float]]:
    """Return how long a step takes while others write, and how long each of them waits."""
    waits: list[float] = []
    others = asyncio.create_task(_write(database, waits))
    began = time.perf_counter()
    await step
    took = time.perf_counter() - began
    await asyncio.sleep(_PAUSE)
    others.cancel()
    with suppress(asyncio.CancelledError):
        await others
    return took, waits


async def _write(database: Database, waits: list[float]) -> None:
    """Write something small, again and again."""
    place = table(Place)
    while True:
        began = time.perf_counter()
        async with database.transaction() as session:
            await session.execute(update(place).where(place.c.parent_id.is_(None)).values(name=place.c.name))
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(_PAUSE)
