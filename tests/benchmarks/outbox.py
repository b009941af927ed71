"""How messages fare while the processes that send them are killed, at length; `tests/e2e/kill` does it in short."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from models.migrations.upgrade import upgrade
from models.tables.outbox import OutboxState
from tests.benchmarks.databases import postgres
from tests.benchmarks.tables import table
from tests.e2e.kill import process
from tests.e2e.kill.forked import nursery
from tests.e2e.kill.outbox_storm import Came, Restart, Strength, storm

KILLS = 100
MESSAGES = 3_000
SEED = 2026
_HEAD = (
    "engine",
    "messages",
    "kills",
    "restarts",
    "faults",
    "lost",
    "extra copies",
    "flagged",
    "unflagged",
    "first copy flagged",
    "held",
    "dead",
    "next not told",
    "seconds",
)


def outbox(kills: int, only: str = "") -> None:
    """Kill, end and mislead the processes on each database, and print what came of it."""
    few, restarts = max(2, kills // 8 * 2), max(1, kills // 10)
    storms = {
        "SQLite, killed": Strength(MESSAGES, kills),
        "SQLite, told to end": Strength(MESSAGES, few, gently=True),
        "PostgreSQL, two replicas, killed": Strength(MESSAGES, kills, 2, restarts),
        "PostgreSQL, two replicas, killed, leases end early": Strength(MESSAGES, few, 2, jumps=True),
        "PostgreSQL, two replicas, told to end": Strength(MESSAGES, few, 2, gently=True),
    }
    with nursery() as forks, patch.object(process, "spawn", forks.spawn):
        rows = [_row(title, _blown(title, strength)) for title, strength in storms.items() if only in title.lower()]
    table("Messages go out in bad weather while the processes that send them end (SIGKILL, SIGTERM)", _HEAD, rows)


def _blown(title: str, strength: Strength) -> Came:
    with TemporaryDirectory() as folder:
        if title.startswith("SQLite"):
            came = asyncio.run(_storm(f"sqlite+aiosqlite:///{folder}/storm.sqlite3", Path(folder), strength))
        else:
            with postgres() as server:
                came = asyncio.run(_storm(server.empty(), Path(folder), strength, server.restart))
    print(f"{title}: {came}", file=sys.stderr)
    return came


async def _storm(url: str, folder: Path, strength: Strength, restart: Restart | None = None) -> Came:
    await upgrade(url)
    return await storm(url, folder, strength, seed=SEED, restart=restart)


def _row(title: str, came: Came) -> tuple[str, ...]:
    found = came.ledger
    counts = (came.kills, came.restarts, came.faults.total(), found.lost, found.extra, found.flagged, found.unflagged)
    held, dead = found.states[OutboxState.IN_DOUBT], found.states[OutboxState.DEAD]
    ends = (found.flagged_first, held, dead, found.untold)
    return (title, str(found.states.total()), *map(str, (*counts, *ends)), f"{came.seconds:.0f}")
