"""How the process stands being killed at random moments while answers are in flight."""

from __future__ import annotations

import asyncio
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from models.migrations.upgrade import upgrade
from tests.benchmarks.databases import postgres
from tests.benchmarks.tables import table
from tests.e2e.kill.storm import Storm, storm

KILLS = 25
SEED = 2026
_HEAD = (
    "database",
    "kills",
    "waiting at a kill",
    "updates",
    "lost",
    "applied twice",
    "forms stored",
    "flagged repeats",
    "start, s",
)


def kills(count: int) -> None:
    """Kill the process `count` times on each database and print what came of it; a loss ends it with an error."""
    with TemporaryDirectory() as folder:
        rows = [_row("SQLite", _on(f"sqlite+aiosqlite:///{folder}/kills.sqlite3", Path(folder), count))]
    with postgres() as server, TemporaryDirectory() as folder:
        rows.append(_row("PostgreSQL", _on(server.empty(), Path(folder), count)))
    table("Killed (SIGKILL) while managers fill forms; each restart goes on where it was", _HEAD, rows)


def _on(url: str, folder: Path, count: int) -> Storm:
    async def run() -> Storm:
        await upgrade(url)
        return await storm(url, folder, kills=count, seed=SEED)

    return asyncio.run(run())


def _row(name: str, came: Storm) -> tuple[str, ...]:
    """Return a line; lost and applied twice are 0, or the run had ended with an error."""
    return (
        name,
        str(came.kills),
        f"{statistics.mean(came.in_flight):.1f} people",
        str(came.updates),
        "0",
        "0",
        str(came.forms),
        str(came.flagged),
        f"{came.restart_seconds:.2f}",
    )
