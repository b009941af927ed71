"""Local mode as its own process, and people who use its chat page in a real browser."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect

from tests.e2e.page.conftest import FLAGS

ROOT = Path(__file__).parents[2]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
PATIENCE_MS = 15_000
_READY_WITHIN = 60.0
_WORDS = '[data-testid="message-text"]'
_LETTER = re.compile(r"[A-Z] \d+")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class LocalMode:
    """`python -m bot run` without a token, which can be killed and started again at the same address.

    Attributes:
        folder: an empty folder: the process runs there, so that no `.env` is read, and keeps its data there.
        residents: how many people the demo township has.
    """

    folder: Path
    residents: int = 2000
    port: int = field(default_factory=free_port)
    _process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Where the chat page is."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it tells its address."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=self.folder,
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert self._process.stdout is not None
        said = ""
        async with asyncio.timeout(_READY_WITHIN):
            while not _ADDRESS.search(said):
                line = await self._process.stdout.readline()
                assert line, f"it ended: {said}"
                said += line.decode()
        assert self.address in said

    async def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, as Ctrl-C does."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.communicate(), 15)
        if self._process.returncode is None:
            self._process.kill()

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SUIFANG_")}
        return {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "SUIFANG_DATA_DIR": str(self.folder / "data"),
            "SUIFANG_LOCAL_PORT": str(self.port),
            "SUIFANG_HEALTH_PORT": "0",
            "SUIFANG_DEMO_RESIDENTS": str(self.residents),
        }


@asynccontextmanager
async def local_mode(folder: Path, residents: int = 2000) -> AsyncIterator[LocalMode]:
    """Run local mode until the block ends."""
    running = LocalMode(folder, residents)
    try:
        await running.start()
        yield running
    finally:
        await running.stop()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Open a real browser until the block ends."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Player:
    """One person in an open chat of the page.

    Attributes:
        user_id: the person's account.
        taps: buttons touched since the last `count_anew`.
        typed: messages typed since then.
    """

    page: Page
    user_id: int
    taps: int = 0
    typed: int = 0

    @property
    def chat(self) -> Locator:
        """The person's open chat."""
        return self.page.locator(f'[data-testid="chat"][data-person="{self.user_id}"]')

    def by(self, test: str) -> Locator:
        """Return what the chat calls `test`."""
        return self.chat.locator(f'[data-testid="{test}"]')

    async def open(self) -> None:
        """Open the chat from the list."""
        name = f"{self.user_id}:{self.user_id}"
        await self.page.locator(f'[data-testid="person"][data-view="{name}"]').click()
        await expect(self.chat).to_be_visible()

    async def open_beside(self) -> None:
        """Open the chat beside those that are open."""
        row = self.page.locator(f'li[data-view="{self.user_id}:{self.user_id}"]')
        await row.hover()
        await row.locator('[data-testid="open-beside"]').click()
        await expect(self.chat).to_be_visible()

    async def begin(self) -> None:
        """Touch *Start*, as in a chat never opened before."""
        await self.by("start-button").click()

    def count_anew(self) -> None:
        """Count taps and typed messages from here on."""
        self.taps = self.typed = 0

    async def key(self, label: str) -> None:
        """Touch a button of the keyboard under the chat."""
        await self.by("reply-button").filter(has_text=label).click()
        self.taps += 1

    async def tap(self, label: str | re.Pattern[str]) -> None:
        """Touch the newest button with that label, and wait until the bot has answered the touch."""
        button = self.by("inline-button").filter(has_text=label).last
        await button.click()
        self.taps += 1
        await self.answered()

    async def answered(self) -> None:
        """Wait until no touched button waits for its answer."""
        await expect(self.chat.locator('[data-testid="inline-button"][aria-busy="true"]')).to_have_count(
            0, timeout=PATIENCE_MS
        )

    async def type(self, text: str) -> None:
        """Type and send."""
        await self.by("composer-input").fill(text)
        await self.by("composer-input").press("Enter")
        self.typed += 1

    async def sees(self, *parts: str | re.Pattern[str]) -> Locator:
        """Wait until the newest message of the bot has all of `parts`, and return it."""
        last = self.chat.locator('[data-testid="message"][data-from="bot"]').last
        for part in parts:
            await expect(last).to_contain_text(part, timeout=PATIENCE_MS)
        return last

    async def choose_person(self) -> str:
        """Answer *who* with the first who is offered, through a first letter if need be; return the name."""
        await self.sees("点姓名")
        label = (await self.labels())[0]
        if _LETTER.fullmatch(label):
            await self.tap(label)
            await expect(self.by("inline-button").filter(has_text="全部村民")).to_be_visible()
            label = (await self.labels())[0]
        await self.tap(label)
        return label.split(" · ")[0]

    @property
    def asks(self) -> Locator:
        """The words of the newest message of the bot."""
        return self.by("message").and_(self.page.locator('[data-from="bot"]')).last.locator(_WORDS)

    async def question(self) -> str:
        """Return the last line of what the bot says."""
        return (await self.asks.inner_text()).strip().splitlines()[-1]

    async def labels(self) -> list[str]:
        """Return the labels under the newest message of the bot."""
        last = self.chat.locator('[data-testid="message"][data-from="bot"]').last
        return await last.locator('[data-testid="inline-button"]').all_inner_texts()


async def visit(page: Page, address: str) -> None:
    """Open the page and wait until it shows everything."""
    await page.goto(address)
    await page.wait_for_selector("body[data-ready]")
