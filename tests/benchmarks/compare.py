"""Which bot takes how many updates a second, a hundred people at once, and how long each waits."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import orjson
import psutil
from aiohttp import ClientSession

from tests.benchmarks import databases
from tests.benchmarks.crowd import Crowd, Result, settle
from tests.benchmarks.databases import PEOPLE
from tests.benchmarks.processes import TOKEN, Cost, Process, cost, machine_cpu, running, server
from tests.benchmarks.questions import CALLS, steps
from tests.benchmarks.tables import milliseconds, table

FORMS = 8
RUNS = 3
_CPU = ("µs bot", "µs API server", "µs database", "µs crowd")


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one bot.

    Attributes:
        cpu: for each update, microseconds of processor time of the bot, the Bot API server, the database
            server, and the crowd.
        resident: bytes of the bot in memory at the end.
        others: how many processors work that isn't ours kept busy.
    """

    result: Result
    cpu: tuple[float, ...]
    resident: int
    others: float


@contextmanager
def suifang(api: str, url: str) -> Iterator[Process]:
    """Run Suifang on the database at `url`."""
    with running("tests.benchmarks.suifang_bot", url, api, TOKEN) as process:
        yield process


@contextmanager
def aiogram(api: str) -> Iterator[Process]:
    """Run the form in aiogram-dialog."""
    with running("tests.benchmarks.aiogram_bot", api, TOKEN) as process:
        yield process


Meter = Callable[[], Cost]


def _nothing() -> Cost:
    return Cost(0.0, 0)


async def drive(api: str, meters: Sequence[Meter], forms: int) -> Measured:
    """Let the crowd fill in forms: one each to warm up, then `forms` that count. The first meter is the bot's."""
    async with ClientSession(json_serialize=lambda value: orjson.dumps(value).decode()) as http:
        crowd = Crowd(http, api, PEOPLE, steps())
        await crowd.meet()
        await crowd.fill_in(1)
        await settle()
        before, machine = [meter() for meter in (*meters, _own)], machine_cpu()
        result = await crowd.fill_in(forms)
        after, whole = [meter() for meter in (*meters, _own)], machine_cpu() - machine
    used = [b.cpu - a.cpu for a, b in zip(before, after, strict=True)]
    cpu = tuple(seconds / len(result.waits) * 1e6 for seconds in used)
    return Measured(result, cpu, after[0].resident, max(0.0, whole - sum(used)) / result.seconds)


def _own() -> Cost:
    return cost(psutil.Process())


Bot = tuple[str, Callable[[], Measured]]


def bots(postgres: databases.Postgres, forms: int = FORMS) -> Sequence[Bot]:
    """Return the bots of the comparison, by name."""

    def on(url: str, meter: Meter) -> Measured:
        with server() as api, suifang(api.address, url) as process:
            return asyncio.run(drive(api.address, (process.cost, api.process.cost, meter), forms))

    def on_sqlite() -> Measured:
        with databases.sqlite() as url:
            return on(url, _nothing)

    def on_postgres() -> Measured:
        return on(postgres.database(), postgres.cost)

    def in_memory() -> Measured:
        with server() as api, aiogram(api.address) as process:
            return asyncio.run(drive(api.address, (process.cost, api.process.cost, _nothing), forms))

    return (
        ("Suifang, SQLite (synchronous=FULL)", on_sqlite),
        ("Suifang, PostgreSQL (fsync on)", on_postgres),
        ("aiogram-dialog, in memory", in_memory),
    )


def compare(runs: int = RUNS, forms: int = FORMS, only: str = "") -> None:
    """Measure every bot `runs` times, in turn so that all suffer alike from other work, and print the medians."""
    found: dict[str, list[Measured]] = {}
    with databases.postgres() as postgres:
        for _ in range(runs):
            for name, measure in bots(postgres, forms):
                if only in name.lower():
                    found.setdefault(name, []).append(measure())
    table(
        f"Five questions, {len(steps())} updates a form, {len(PEOPLE)} people at once, medians of {runs} runs",
        ("bot", "updates/s", "p50 ms", "p95 ms", "p99 ms", *_CPU, "MB", "others", "updates/s of each run"),
        [_row(name, measured) for name, measured in found.items()],
    )
    print("\nµs: processor time for each update. others: processors that other work kept busy meanwhile.")
    print("Each bot makes, besides getUpdates:")
    for kind, calls in CALLS.items():
        print(f"  {kind}: {' + '.join(calls)}")


def _row(name: str, measured: Sequence[Measured]) -> Sequence[str]:
    results = [each.result for each in measured]
    waits = [statistics.median(each.percentile(percent) for each in results) for percent in (50, 95, 99)]
    return (
        name,
        f"{statistics.median(each.rate for each in results):.0f}",
        *map(milliseconds, waits),
        *(f"{statistics.median(column):.0f}" for column in zip(*(each.cpu for each in measured), strict=True)),
        f"{statistics.median(each.resident for each in measured) / 1e6:.0f}",
        f"{statistics.median(each.others for each in measured):.1f}",
        " ".join(f"{each.rate:.0f}" for each in results),
    )
