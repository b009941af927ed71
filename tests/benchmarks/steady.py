"""How long people wait when the bot is as busy as it will ever be, not as busy as it can be."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Sequence

import orjson
from aiohttp import ClientSession

from tests.benchmarks import databases
from tests.benchmarks.compare import suifang
from tests.benchmarks.crowd import Crowd, Result, settle
from tests.benchmarks.databases import PEOPLE
from tests.benchmarks.processes import machine_cpu, server
from tests.benchmarks.questions import steps
from tests.benchmarks.tables import milliseconds, table

RATE = 50.0
SECONDS = 20.0
GOAL_MS = 10.0


def steady(runs: int) -> None:
    """Measure Suifang on SQLite at `RATE` updates a second and print the medians."""
    evenly = [_measure(None) for _ in range(runs)]
    at_random = [_measure(seed) for seed in range(runs)]
    table(
        f"Suifang on SQLite at {RATE:.0f} updates/s {SECONDS:.0f} s, medians of {runs} runs",
        ("updates come", "p50 ms", "p95 ms", "p99 ms", "p95 of each run", "busy processors", "goal"),
        [_row("evenly", evenly), _row("at random (Poisson)", at_random)],
    )


Steady = tuple[Result, float]
"""What was measured, and how many processors were busy with anything but waiting."""


def _measure(seed: int | None) -> Steady:
    with databases.sqlite() as url, server() as api, suifang(api.address, url):
        return asyncio.run(_drive(api.address, seed))


async def _drive(api: str, seed: int | None) -> Steady:
    async with ClientSession(json_serialize=lambda value: orjson.dumps(value).decode()) as http:
        crowd = Crowd(http, api, PEOPLE, steps())
        await crowd.meet()
        await crowd.fill_in(1)
        await settle()
        before = machine_cpu()
        result = await crowd.at_rate(RATE, SECONDS, seed)
        return result, (machine_cpu() - before) / result.seconds


def _row(name: str, found: Sequence[Steady]) -> Sequence[str]:
    results = [result for result, _ in found]
    waits = [statistics.median(each.percentile(percent) for each in results) for percent in (50, 95, 99)]
    each_run = " ".join(milliseconds(each.percentile(95)) for each in results)
    busy = statistics.median(busy for _, busy in found)
    return (name, *map(milliseconds, waits), each_run, f"{busy:.1f}", f"p95 < {GOAL_MS:.0f} ms")
