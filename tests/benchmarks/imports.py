"""Importing a township's list: how long it takes, and how much memory the process takes at most."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from models.rules.clock import SystemClock
from models.store import imports, places
from models.store.database import Database
from models.store.keyring import Keyring
from scheduler.imports import carry_out, check
from tests.benchmarks.databases import KEYS, sqlite
from tests.benchmarks.tables import table
from tests.factories.files import huge_list

ROWS = 50_000
ALLOWED_MB = 300


def importing(rows: int = ROWS) -> None:
    """Import a list of `rows` people on SQLite, in a process of its own, and print what it took."""
    with sqlite() as url, TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        path.write_bytes(huge_list(rows, ["大王庄"]))
        command = [sys.executable, "-m", "tests.benchmarks.imports", url, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        checked, imported, peak, new = done.stdout.split()
        size = f"{path.stat().st_size / 1e6:.1f} MB"
    head = ("rows", "file", "check", "import", "most memory", "allowed")
    line = (f"{int(new):,}", size, f"{checked} s", f"{imported} s", f"{peak} MB", f"{ALLOWED_MB} MB")
    table("A list of residents on SQLite", head, [line])


async def _measured(url: str, path: Path) -> None:
    database = Database(url, Keyring.parse(KEYS), SystemClock())
    content = path.read_bytes()
    async with database.transaction() as session:
        actor = imports.operator(await places.by_code(session, "411728106"))
        await imports.receive(session, actor, content=content)
        job = await imports.claim(session, "bench")
    assert job is not None
    begun = time.perf_counter()
    findings = await check(database, job, content)
    checked = time.perf_counter()
    async with database.transaction() as session:
        await imports.checked(session, job, "xlsx", findings.counts)
        await imports.begin(session, actor, job.row.id)
        job = await imports.claim(session, "bench")
    assert job is not None
    done = await carry_out(database, job, content)
    imported = time.perf_counter()
    await database.close()
    print(f"{checked - begun:.1f} {imported - checked:.1f} {_peak()} {done.new}")


def _peak() -> int:
    """Return the most memory that this process has had, in MB."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 if psutil.LINUX else 1024 * 1024)


if __name__ == "__main__":
    asyncio.run(_measured(sys.argv[1], Path(sys.argv[2])))
