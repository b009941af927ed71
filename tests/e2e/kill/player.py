"""A manager who fills a form from its script and minds nothing that happens to the bot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.local.server.events import Event
from bot.local.server.messages import Message
from bot.local.server.people import Person
from bot.local.server.playing import buttons, tap, write
from bot.local.server.world import World as Server
from tests.e2e.kill.scripts import SCRIPTS, Step

PATIENCE = 60.0


class NotShown(AssertionError):
    """The answer to a step did not come; the message holds what did."""


@dataclass
class Player:
    """A manager at their phone; they play inside the server's process, the bot hears of it over HTTP.

    Attributes:
        form: the form they fill.
        name: the resident it is about.
        done: how many steps of the script they have taken.
        waits: whether they are waiting for an answer.
        news: what the bot said since the last step.
    """

    server: Server
    user_id: int
    form: str
    name: str
    done: int = 0
    waits: bool = False
    news: list[str] = field(default_factory=list)
    _stir: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Come to the chat network."""
        self.server.directory.add_person(Person(self.user_id, "管", language_code="zh-hans", is_known=True))

    def __repr__(self) -> str:
        """Name the chat and how far it is."""
        return f"Player({self.user_id}, {self.form}, {self.done})"

    @property
    def script(self) -> tuple[Step, ...]:
        """What they do, step by step."""
        return SCRIPTS[self.form]

    @property
    def is_through(self) -> bool:
        """Whether the form is filled."""
        return self.done == len(self.script)

    def begin(self, name: str) -> None:
        """Turn to the next form, about somebody else."""
        self.name, self.done = name, 0

    async def act(self) -> None:
        """Take the next step, without waiting for an answer."""
        step = self.script[self.done]
        what = step.what.format(name=self.name)
        target = await self._button(what) if step.act == "tap" else None
        self.waits, self.news = True, []
        chat, person = self.server.directory.chats[self.user_id], self.server.directory.people[self.user_id]
        if target is not None:
            tap(self.server, chat, person, *target)
        else:
            write(self.server, chat, person, what)
        self.done += 1

    async def see(self) -> None:
        """Wait for the answer to the last step."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not self.is_answered():
                    await self._stirred()
        except TimeoutError:
            raise NotShown(f"{self}: no {self.awaited()} in {self.news}") from None
        self.waits = False

    async def go(self, until: int | None = None) -> None:
        """Take step after step, each after the answer to the one before."""
        while self.done < (len(self.script) if until is None else until):
            await self.act()
            await self.see()

    def awaited(self) -> list[str]:
        """Return what the answer to the last step must hold."""
        return [part.format(name=self.name) for part in self.script[self.done - 1].seen]

    def is_answered(self) -> bool:
        """Return whether the answer to the last step was seen."""
        return any(self.is_awaited(words) for words in self.news)

    def is_awaited(self, words: str) -> bool:
        """Return whether `words` hold the answer to the last step."""
        return all(part in words for part in self.awaited())

    def bot_says(self) -> list[str]:
        """Return the bot's messages that the chat shows, with the labels of their buttons."""
        return [shown(message) for message in self._messages() if message.from_bot]

    def hear(self, event: Event) -> None:
        """Notice something that happened in the chat."""
        if event.kind in ("message", "edit") and event.data["from_bot"]:
            self.news.append(shown(self.server.messages[self.user_id][event.data["message_id"]]))
        self._stir.set()

    async def _stirred(self) -> None:
        self._stir.clear()
        await self._stir.wait()

    def _messages(self) -> list[Message]:
        return list(self.server.messages.get(self.user_id, {}).values())

    async def _button(self, label: str) -> tuple[int, str]:
        """Wait for a button whose label contains `label`, newest message first; return its message and data."""
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := self._find(label)) is None:
                    await self._stirred()
        except TimeoutError:
            raise NotShown(f"{self}: no button {label!r} in {self.bot_says()}") from None
        return found

    def _find(self, label: str) -> tuple[int, str] | None:
        for message in reversed(self._messages()):
            for button in buttons(message):
                if label in button["text"]:
                    return message.id, button["callback_data"]
        return None


def shown(message: Message) -> str:
    """Return a message as a reader sees it, the labels of its buttons behind it."""
    return "\n".join((message.text, *(button["text"] for button in buttons(message))))


def listen(server: Server, players: list[Player]) -> None:
    """Let each player notice what happens in their chat."""
    by_chat = {player.user_id: player for player in players}

    def tell(event: Event) -> None:
        player = by_chat.get(event.chat_id or 0)
        if player is not None:
            player.hear(event)

    server.events.on_append = tell
