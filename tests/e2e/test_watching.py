"""How the running bot stands, as somebody who looks after it sees it: over HTTP, with the real application."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families as parsed
from structlog.testing import capture_logs

from bot.application import telegram_service, until_stopped
from bot.local.server.faults import Fault, FaultKind
from bot.local.server.people import Person
from bot.local.server.world import World as Server
from bot.settings import Settings
from models.rules.clock import MovableClock
from models.store import outbox
from models.store.database import Database
from models.store.keyring import Keyring
from models.store.outbox import Recipient
from tests.conftest import KEYS
from tests.e2e.conftest import Township
from tests.e2e.phone import free_port
from tests.e2e.world import CANARY, MORNING, TOKEN, serve


@dataclass
class Running:
    """The application, and where it tells how it stands."""

    database: Database
    server: Server
    http: ClientSession
    address: str
    township: Township

    async def healthz(self) -> tuple[int, Any]:
        """Return status and body."""
        async with self.http.get(f"{self.address}/healthz") as response:
            return response.status, await response.json()

    async def metrics(self) -> dict[str, float]:
        """Return every sample by name and labels."""
        async with self.http.get(f"{self.address}/metrics") as response:
            assert response.status == 200
            text = await response.text()
        assert not {CANARY, "大王庄", "411728106"} & set(text.replace('"', " ").split())
        samples = [sample for family in parsed(text) for sample in family.samples]
        return {":".join((one.name, *one.labels.values())): one.value for one in samples}


@pytest.fixture(autouse=True)
def unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What freezes the objects of a process for good is not for one that runs tests."""
    monkeypatch.setattr("bot.application.settle", lambda: None)


@asynccontextmanager
async def running(township: Township, folder: Path, port: int, fault: Fault | None = None) -> AsyncIterator[Running]:
    """Run the whole application until the block ends."""
    clock = MovableClock(MORNING)
    url = f"sqlite+aiosqlite:///{copyfile(township.template, folder / 'world.db')}"
    database = Database(url, Keyring.parse(KEYS), clock)
    settings = Settings(_env_file=None, drain_seconds=2, health_port=port)  # type: ignore[call-arg]
    async with serve(clock) as (server, base), ClientSession() as http:
        if fault is not None:
            server.faults.waiting.append(fault)
        service = telegram_service(settings, database, TOKEN, base)
        ready = asyncio.Event()

        async def on_ready() -> None:
            ready.set()

        ends = asyncio.create_task(until_stopped(service, database, settings, on_ready))
        async with asyncio.timeout(20):
            if fault is None:
                await ready.wait()
            yield Running(database, server, http, f"http://127.0.0.1:{port}", township)
        ends.cancel()
        with suppress(asyncio.CancelledError):
            await ends


async def test_a_bot_that_is_well_says_so_in_numbers(township: Township, tmp_path: Path) -> None:
    async with running(township, tmp_path, free_port()) as bot:
        bot.server.directory.add_person(Person(1003, "乡所", is_known=True))
        clinic = township.populated[0]["clinic"]
        async with bot.database.transaction() as session:
            await outbox.plan(session, [Recipient(clinic.staff_id, clinic.township_id)], "handover.decided")
        while not (metrics := await bot.metrics())["suifang_messages_total:sent"]:  # noqa: ASYNC110 - it is elsewhere
            await asyncio.sleep(0.02)
        status, said = await bot.healthz()
        assert (status, said["good"], said["telegram"], said["database"]) == (200, True, "ok", "ok")
        assert set(said["ticks"]) >= {"dispatch", "tidy"}
        assert set(metrics) >= {
            "suifang_last_tick_age_seconds:dispatch",
            "suifang_outbox_in_doubt",
            "suifang_outbox_lag_seconds",
            "suifang_outbox_messages:planned",
            "suifang_dead_letters",
            "suifang_updates_under_way",
            "suifang_replies_under_way",
        }
        assert metrics["suifang_up:telegram"] == metrics["suifang_up:database"] == 1
        assert metrics["suifang_messages_total:gone"] == 0
        assert metrics["process_resident_memory_bytes"] > 1e6


async def test_a_bot_that_can_not_reach_telegram_says_so(township: Township, tmp_path: Path) -> None:
    fault = Fault(FaultKind.STATUS, "getme", times=None)
    async with running(township, tmp_path, free_port(), fault) as bot:
        said: Any = {"telegram": "ok"}
        while said["telegram"] == "ok":
            await asyncio.sleep(0.02)
            with suppress(OSError):
                status, said = await bot.healthz()
        assert (status, said["good"], said["phase"], said["ticks"]) == (503, False, "starting", {})
        assert (await bot.metrics())["suifang_up:telegram"] == 0


async def test_a_port_that_is_taken_is_said_and_the_bot_runs(township: Township, tmp_path: Path) -> None:
    with socket.socket() as other, capture_logs() as said:
        other.bind(("127.0.0.1", 0))
        other.listen()
        async with running(township, tmp_path, other.getsockname()[1]):
            pass
    [line] = [line for line in said if line["event"] == "health_not_served"]
    assert "SUIFANG_HEALTH_PORT" in line["hint"]
    assert "ready" in [line["event"] for line in said]


async def test_with_port_0_nothing_listens(township: Township, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("bot.watching.serving.HealthServer.open", refuse)
    async with running(township, tmp_path, 0):
        pass
