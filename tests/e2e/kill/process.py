"""The bot as its own process, which can be killed while everything around it lives on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.conftest import KEYS
from tests.e2e.world import TOKEN

ROOT = Path(__file__).parents[3]
_READY_WITHIN = 60.0


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Running(Protocol):
    """What we use of `asyncio.subprocess.Process`."""

    @property
    def returncode(self) -> int | None:
        """The code it ended with."""
        ...

    def send_signal(self, signal: int, /) -> None:
        """Send a signal."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    async def wait(self) -> int:
        """Wait until it has ended and return its code."""
        ...


async def spawn(module: str, folder: Path, environment: Mapping[str, str], log: Path) -> Running:
    """Run `python -m module run` in `folder`, its words appended to `log`."""
    with log.open("ab") as words:
        how: dict[str, Any] = {"cwd": folder, "env": environment, "stderr": words, "stdout": words}
        return await asyncio.create_subprocess_exec(sys.executable, "-m", module, "run", **how)


@dataclass
class BotProcess:
    """`python -m bot run`, started anew as often as it is killed.

    Attributes:
        folder: where it keeps its files and where its log is written.
        settings: more of its environment.
        module: what is run instead of `bot`.
        starts: how often it was started.
        start_seconds: how long each start took until it was ready.
    """

    folder: Path
    database_url: str
    api_url: str
    settings: dict[str, str] = field(default_factory=dict)
    module: str = "bot"
    starts: int = 0
    start_seconds: list[float] = field(default_factory=list)
    _running: Running | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._running is not None and self._running.returncode is None

    @property
    def log(self) -> Path:
        """Where every start appends its log."""
        return self.folder / "bot.log"

    def lines(self) -> list[dict[str, Any]]:
        """Return what was logged by all starts; a line that a kill cut in two is left out."""
        found = []
        for line in self.log.read_text("utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except json.JSONDecodeError:
                assert "Traceback" not in line, line
        return found

    async def start(self) -> None:
        """Start the process and wait until it says that it is ready."""
        begun = time.monotonic()
        self.starts += 1
        self._running = await spawn(self.module, self.folder, self._environment(), self.log)
        while self._said("ready") < self.starts:
            assert self._running.returncode is None, self.log.read_text("utf-8")
            assert time.monotonic() - begun < _READY_WITHIN, self.log.read_text("utf-8")
            await asyncio.sleep(0.02)
        self.start_seconds.append(time.monotonic() - begun)

    def kill(self) -> None:
        """Kill it as a power cut does: it gets no chance to do anything."""
        assert self._running is not None
        assert self._running.returncode is None, self.log.read_text("utf-8")
        self._running.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end, as a service manager does."""
        assert self._running is not None
        self._running.terminate()

    async def gone(self) -> int:
        """Wait until the process has ended and return its code."""
        assert self._running is not None
        return await asyncio.wait_for(self._running.wait(), 30)

    async def stop(self) -> int:
        """Ask it to end, as a service manager does, and return its code."""
        assert self._running is not None
        if self._running.returncode is None:
            self.terminate()
        return await self.gone()

    def _said(self, event: str) -> int:
        return self.log.read_text("utf-8").count(f'"event": "{event}"')

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SUIFANG_")}
        return {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "SUIFANG_TELEGRAM_TOKEN": TOKEN,
            "SUIFANG_TELEGRAM_API_URL": self.api_url,
            "SUIFANG_SECRET_KEYS": KEYS,
            "SUIFANG_DATABASE_URL": self.database_url,
            "SUIFANG_DATA_DIR": str(self.folder / "data"),
            "SUIFANG_LOG_FORMAT": "json",
            "SUIFANG_HEALTH_PORT": "0",
            **self.settings,
        }


def replicas(
    folder: Path, database_url: str, api_url: str, count: int, settings: dict[str, str], module: str = "bot"
) -> list[BotProcess]:
    """Return processes that serve one bot; several can't all poll, so updates are brought to the first of them."""
    ports = [free_port() for _ in range(count)]
    hook = {
        "SUIFANG_WEBHOOK_URL": f"http://127.0.0.1:{ports[0]}/telegram",
        "SUIFANG_WEBHOOK_SECRET": "replicas-webhook-secret-1234",
    }
    found = []
    for number, port in enumerate(ports):
        own = {**settings, **({**hook, "SUIFANG_WEBHOOK_PORT": str(port)} if count > 1 else {})}
        home = folder / f"replica{number}"
        home.mkdir()
        found.append(BotProcess(home, database_url, api_url, own, module))
    return found
