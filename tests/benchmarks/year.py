"""What the bot says in a year of a township: messages per role and month, and that nobody hears too much."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy import func, select

from bot.local.demo.seeding import seed
from models.migrations.upgrade import upgrade
from models.rules.clock import MovableClock
from models.rules.roles import Role
from models.store.database import Database
from models.store.keyring import Keyring
from models.tables.staff import Staff
from tests.benchmarks.databases import KEYS
from tests.benchmarks.tables import table
from tests.factories.year import CALENDAR, DAILY, Heard, Life, Year, check

RESIDENTS, DAYS, SEED = 2_000, 365, 2026
NEW_YEAR = datetime(2025, 12, 31, 4, 0, tzinfo=UTC)
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - where a file costs no disk: what is said is counted, not how fast
ROLES = (Role.MANAGER, Role.CLINIC, Role.DEPUTY, Role.LEADER, Role.ADMIN)


def year(days: int = DAYS) -> None:
    """Live a year, print what was said, and hold what a person hears a day."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        began = time.perf_counter()
        came, workers = asyncio.run(_lived(Path(folder), days))
    months = sorted({one.on.month for one in came.heard})
    rows = [_row(role, part, months, came.heard) for role in ROLES for part in ("daily", "calendar", "urgent")]
    head = ("role", "people", "sort", *(f"{month}" for month in months), "a person and week")
    shown = [(*row[:1], str(workers[Role(row[0])]), *row[1:], _a_week(row, workers, days)) for row in rows]
    table(f"Messages of {days} days by month: 21 villages, {RESIDENTS:,} residents", head, shown)
    most = came.a_day({one.kind for one in came.heard})
    print(f"\n{came.reports:,} reports; the bot was away on {len(came.outages)} days; most messages to one person")
    print(f"on one day: {max(most.values())}; {len(came.reached):,} times something overdue reached a rung;")
    print(f"{time.perf_counter() - began:.0f} s")
    check(came)


async def _lived(folder: Path, days: int) -> tuple[Year, dict[Role, int]]:
    url = f"sqlite+aiosqlite:///{folder}/year.db"
    await upgrade(url)
    clock = MovableClock(NEW_YEAR)
    database = Database(url, Keyring.parse(KEYS), clock)
    await seed(database, clock, residents=RESIDENTS)
    came = await Life(database, clock, SEED, hours=(8,)).live(days)
    async with database.reading() as session:
        rows = await session.rows(select(Staff.role, func.count().label("many")).group_by(Staff.role))
    await database.close()
    return came, {row.role: row.many for row in rows}


def _sort(one: Heard) -> str:
    if one.kind in DAILY:
        return "daily"
    return "calendar" if one.kind.startswith(CALENDAR) else "urgent"


def _row(role: Role, part: str, months: list[int], heard: list[Heard]) -> tuple[str, ...]:
    counts = Counter(one.on.month for one in heard if one.role is role and _sort(one) == part)
    return (role.value, part, *(str(counts[month]) for month in months))


def _a_week(row: tuple[str, ...], workers: dict[Role, int], days: int) -> str:
    return f"{sum(map(int, row[2:])) / workers[Role(row[0])] / (days / 7):.1f}"
