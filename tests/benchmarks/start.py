"""How soon local mode is ready, and how much memory it takes with the demo township."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

import orjson
import psutil

from tests.benchmarks.questions import words
from tests.benchmarks.tables import table

GOAL_SECONDS = 3
GOAL_MB = 150
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_MENUS = ("menu.due", "menu.visit", "menu.checkup", "menu.register", "menu.status", "menu.me", "menu.help")


class Local:
    """Local mode in a data folder."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait until it says that it is ready."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SUIFANG_")}
        settings = {"SUIFANG_DATA_DIR": str(folder), "SUIFANG_LOCAL_PORT": "0", "PYTHONUNBUFFERED": "1"}
        begun = time.monotonic()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env=kept | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self._read_address()
        self.seconds = time.monotonic() - begun

    def _read_address(self) -> str:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            if found := _ADDRESS.search(line):
                return found.group()
        raise RuntimeError("local mode ended before it was ready")

    def megabytes(self) -> float:
        """Return how much memory it takes, in MB (10⁶ bytes)."""
        resident: int = psutil.Process(self._child.pid).memory_info().rss
        return resident / 1e6

    def use(self) -> None:
        """Let every person of the demo open every menu and look for somebody by name."""
        for person in self._call("GET", "/control/people")["people"]:
            said = ["/start", *(words(key) for key in _MENUS), words("menu.visit"), "wxy"]
            for text in said:
                self._call("POST", f"/control/chats/{person['id']}/text", {"text": text})
        self._wait_for_silence()

    def _wait_for_silence(self) -> None:
        """Wait until everything said has been answered: nothing happens for two seconds."""
        last = self._call("GET", "/control/state")["seq"]
        while True:
            time.sleep(2)
            now = self._call("GET", "/control/state")["seq"]
            if now == last:
                return
            last = now

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else orjson.dumps(body)
        request = Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return orjson.loads(answer.read())

    def stop(self) -> None:
        """End it."""
        self._child.terminate()
        self._child.wait(20)


def start(runs: int) -> None:
    """Measure the first start in an empty folder, and later ones, and print the medians."""
    first: list[tuple[float, float, float]] = []
    later: list[tuple[float, float, float]] = []
    for _ in range(runs):
        with TemporaryDirectory() as folder:
            first.append(_measure(Path(folder)))
            later.append(_measure(Path(folder)))
    table(
        f"`python -m bot run` in local mode with the demo township, medians of {runs} runs",
        ("start", "ready after s", "MB when ready", "MB after use", "goals"),
        [
            _row("first (makes the demo township)", first, f"< {GOAL_MB} MB"),
            _row("later", later, f"≤ {GOAL_SECONDS} s, < {GOAL_MB} MB"),
        ],
    )


def _measure(folder: Path) -> tuple[float, float, float]:
    local = Local(folder)
    try:
        time.sleep(1)
        ready = local.megabytes()
        local.use()
        return local.seconds, ready, local.megabytes()
    finally:
        local.stop()


def _row(name: str, found: Sequence[tuple[float, float, float]], goals: str) -> Sequence[str]:
    seconds, ready, used = (statistics.median(column) for column in zip(*found, strict=True))
    return name, f"{seconds:.1f}", f"{ready:.0f}", f"{used:.0f}", goals
