"""Processes of the bot that a nursery forks, as a test holds them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e.kill.process import ROOT


@dataclass
class Forked:
    """A running process; it has what we use of `asyncio.subprocess.Process`."""

    pid: int
    _end: asyncio.Task[bytes]
    _writer: asyncio.StreamWriter

    @property
    def returncode(self) -> int | None:
        """The code it ended with."""
        return int(self._end.result()) if self._end.done() else None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if not self._end.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        """Wait until it has ended and return its code."""
        code = int(await asyncio.shield(self._end))
        self._writer.close()
        return code


@dataclass(frozen=True)
class Forks:
    """A running nursery."""

    address: str

    async def spawn(self, module: str, folder: Path, environment: Mapping[str, str], log: Path) -> Forked:
        """Run `python -m module run` in `folder`, its words appended to `log`."""
        log.touch()
        reader, writer = await asyncio.open_unix_connection(self.address)
        how = {"module": module, "cwd": str(folder), "env": dict(environment), "log": str(log)}
        writer.write(json.dumps(how).encode() + b"\n")
        pid = int(await reader.readline())
        return Forked(pid, asyncio.create_task(reader.readline()), writer)


@contextmanager
def nursery() -> Iterator[Forks]:
    """Start a nursery, and end it with all that it forked."""
    with TemporaryDirectory(prefix="suifang-") as folder:
        address = f"{folder}/nursery"
        command = [sys.executable, "-m", "tests.e2e.kill.nursery", address]
        running = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        yield Forks(address)
        running.stdin.close()
        running.wait(30)
        running.stdout.close()
