"""Pictures of messages in the chat where they arrived."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime

from PIL import Image
from playwright.async_api import Page, expect

from bot.local.demo.personas import PERSONAS, Persona
from tests.e2e.phone import Player
from tests.e2e.screenshots import FLAT
from tests.e2e.two_months.watching import Came, Watch

COLOURS = 32
"""Of a picture's palette."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a message.

    Attributes:
        at: when it came, in China.
        said: its words.
    """

    name: str
    at: datetime
    to: Persona
    said: str
    image: Image.Image


@dataclass
class Album:
    """Takes a picture of each kind of message the first time that it is seen."""

    page: Page
    watch: Watch
    shots: dict[str, Shot] = field(default_factory=dict)
    _seen: int = 0

    def skip(self) -> None:
        """Leave out what has come so far."""
        self._seen = len(self.watch.sent())

    async def look(self) -> list[str]:
        """Photograph what is new; returns which kinds came for the first time."""
        came = self.watch.sent()
        fresh, self._seen = came[self._seen :], len(came)
        first = []
        for one in fresh:
            if one.name not in self.shots:
                self.shots[one.name] = await self._take(one)
                first.append(one.name)
        return first

    async def _take(self, one: Came) -> Shot:
        persona = next(each for each in PERSONAS if each.user_id == one.user_id)
        player = Player(self.page, one.user_id)
        await player.open()
        message = self.page.locator(f'[data-testid="message"][data-message-id="{one.message_id}"]')
        await expect(message).to_be_visible()
        if await player.by("reply-keyboard").is_visible():
            await player.by("keyboard-toggle").click()
            await expect(player.by("reply-keyboard")).to_be_hidden()
        await message.scroll_into_view_if_needed()
        await expect(self.page.locator('[data-testid="toast"]:visible')).to_have_count(0)
        await self.page.evaluate(FLAT)
        await self.page.evaluate("document.fonts.ready.then(() => true)")
        taken = await self.page.screenshot(animations="disabled", caret="hide", scale="css")
        said = await message.locator('[data-testid="message-text"]').inner_text()
        await player.by("back").click()
        return Shot(one.name, await self.watch.clock(), persona, said, _small(taken))


def _small(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
