"""A person who presses anything, forged or not, and everything that the bot says to it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.local.server.people import Person
from bot.local.server.playing import buttons, tap, write
from bot.telegram.callback import TapSigner
from locales.message import Tap
from models.store import deadletters
from models.store.deadletters import Letter
from models.tables.base import Base
from tests.e2e.chat import plain
from tests.e2e.world import World

PATIENCE = 40.0
_SIGNATURE_AND_DAY = 15


@dataclass(frozen=True, slots=True)
class Said:
    """What the bot did in answer to one act: the texts of messages and notices, and the labels of buttons."""

    texts: tuple[str, ...]
    notices: tuple[str, ...]
    labels: tuple[str, ...]

    def __str__(self) -> str:
        """Everything that a person can read of it."""
        return "\n".join((*self.texts, *self.notices, *self.labels))


@dataclass
class Probe:
    """One account in one chat.

    Attributes:
        heard: everything that was ever said to it.
    """

    world: World
    user_id: int
    chat_id: int
    heard: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Come to the chat network, unless the account is there."""
        people = self.world.server.directory.people
        if self.user_id not in people:
            self.world.server.directory.add_person(Person(self.user_id, "某", language_code="zh", is_known=True))

    async def send(self, *several: str) -> Said:
        """Type one thing after another and return all that is answered."""
        server = self.world.server
        before = server.calls.last
        for text in several:
            write(server, server.directory.chats[self.chat_id], server.directory.people[self.user_id], text)
        return await self._said(before)

    async def press(self, *several: str, message_id: int = 1) -> Said:
        """Press buttons that carry this data, whether or not there are any, and return all that is answered."""
        server = self.world.server
        before = server.calls.last
        chat, person = server.directory.chats[self.chat_id], server.directory.people[self.user_id]
        for data in several:
            tap(server, chat, person, message_id, data)
        return await self._said(before)

    async def craft(self, action: str, *args: object, message_id: int = 1, days_ago: int = 0) -> Said:
        """Press a button with a good signature for this chat and any content."""
        return await self.press(self.signed(action, *args, days_ago=days_ago), message_id=message_id)

    def signed(self, action: str, *args: object, days_ago: int = 0) -> str:
        """Return the data of a button as the bot would sign it for this person and chat."""
        signer = TapSigner(self.world.database.vault.keyring)
        day = self.world.clock.now().date() - timedelta(days=days_ago)
        return signer.write(Tap.of(action, *args), user_id=self.user_id, chat_id=self.chat_id, day=day)

    def buttons(self) -> list[tuple[int, str, str]]:
        """Return message, label and data of every inline button in the chat."""
        messages = self.world.server.messages.get(self.chat_id, {}).values()
        return [(m.id, b["text"], b["callback_data"]) for m in messages for b in buttons(m)]

    def button(self, label: str) -> tuple[int, str]:
        """Return message and data of the newest button whose label contains `label`."""
        return next((number, data) for number, words, data in reversed(self.buttons()) if label in words)

    async def tap(self, label: str) -> Said:
        """Press the newest button whose label contains `label`."""
        message_id, data = self.button(label)
        return await self.press(data, message_id=message_id)

    async def _said(self, before: int) -> Said:
        await quiet(self.world)
        calls = [call for call in self.world.server.calls.after(before) if self._is_mine(call.params)]
        texts = [str(call.params[key]) for call in calls for key in ("text", "caption") if key in call.params]
        notices = [str(c.params["text"]) for c in calls if c.method == "answerCallbackQuery" and "text" in c.params]
        said = Said(
            tuple(plain(text) for text in texts if text not in notices),
            tuple(notices),
            tuple(label for call in calls for label in _labels(call.params)),
        )
        self.heard.append(said)
        return said

    def _is_mine(self, params: dict[str, Any]) -> bool:
        return str(params.get("chat_id", self.chat_id)) == str(self.chat_id)


def meaning(data: str) -> tuple[str, ...]:
    """Return what a button means, without its signature and day, and without the revision of a form."""
    action, *args = data[_SIGNATURE_AND_DAY:].split("|")
    return (action, args[0], *args[2:]) if action == "f" else (action, *args)


async def quiet(world: World) -> None:
    """Wait until every update had its effect and was answered, and what it changed was drawn."""
    service, drawing = world.service, world.redrawer.under_way
    async with asyncio.timeout(PATIENCE):
        while world.server.updates.pending or service.ingest.under_way() or service.delivery.total() or drawing():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def letters(world: World) -> list[Letter]:
    """Return the dead letters: what a handler failed on."""
    async with world.database.reading() as session:
        return await deadletters.list_letters(session)


async def rows(world: World, *tables: type[Base]) -> list[int]:
    """Return how many rows each table has."""
    async with world.database.reading() as session:
        return [int(await session.scalar(select(func.count()).select_from(table))) for table in tables]


def _labels(params: dict[str, Any]) -> list[str]:
    markup = params.get("reply_markup") or {}
    if isinstance(markup, str):
        markup = json.loads(markup)  # it comes with a file
    lines = [*markup.get("inline_keyboard", []), *markup.get("keyboard", [])]
    return [button["text"] for line in lines for button in line]
