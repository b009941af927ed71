"""The processes of a run: the Bot API server and the bot, each by itself, and what they cost."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import urlopen

import psutil

TOKEN = "4200:bench-token"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process has used.

    Attributes:
        cpu: seconds of processor time.
        resident: bytes in memory.
    """

    cpu: float
    resident: int


def cost(*processes: psutil.Process) -> Cost:
    """Return what processes have used so far, together."""
    cpu, resident = 0.0, 0
    for process in processes:
        times = process.cpu_times()
        cpu += times.user + times.system
        resident += process.memory_info().rss
    return Cost(cpu, resident)


def machine_cpu() -> float:
    """Return the processor time, in seconds, that the whole machine has used so far."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


class Process:
    """A child process of this one."""

    def __init__(self, *arguments: str) -> None:
        """Run `python -m` with `arguments`."""
        self._child = subprocess.Popen([sys.executable, "-m", *arguments])
        self._seen = psutil.Process(self._child.pid)

    def cost(self) -> Cost:
        """Return what it has used so far."""
        return cost(self._seen)

    def check(self) -> None:
        """Raise when it has ended by itself."""
        if self._child.poll() is not None:
            raise RuntimeError(f"a process ended with {self._child.returncode}")

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._child.terminate()
        try:
            self._child.wait(15)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


@contextmanager
def running(*arguments: str) -> Iterator[Process]:
    """Run a process until the block ends."""
    process = Process(*arguments)
    try:
        yield process
    finally:
        process.stop()


@dataclass(frozen=True, slots=True)
class Server:
    """A Bot API server."""

    address: str
    process: Process


@contextmanager
def server(*, limits: bool = False) -> Iterator[Server]:
    """Run a Bot API server, with Telegram's limits or without."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    arguments = ("--port", str(port), "--token", TOKEN, *(() if limits else ("--no-limits",)))
    with running("bot.local.server", *arguments) as process:
        until_up(f"{address}/control/state", process)
        yield Server(address, process)


def until_up(url: str, process: Process, seconds: float = 20.0) -> None:
    """Wait until `url` answers."""
    deadline = time.monotonic() + seconds
    while True:
        process.check()
        try:
            with urlopen(url, timeout=1) as answer:  # noqa: S310 - loopback, made here
                answer.read()
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
