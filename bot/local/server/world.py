"""The played world: everything the server knows, in memory."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.local.server.callbacks import Taps
from bot.local.server.calls import CallLog
from bot.local.server.commands import CommandLists
from bot.local.server.errors import bad_request
from bot.local.server.events import EventLog
from bot.local.server.faults import Faults
from bot.local.server.files import FileStore
from bot.local.server.limits import Limits
from bot.local.server.messages import Message
from bot.local.server.people import Chat, Directory
from bot.local.server.updates import UpdateQueue
from bot.local.server.webhooks import Webhook
from models.rules.clock import Clock


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who the bot is; its id is the first part of its token."""

    token: str
    first_name: str
    username: str

    @property
    def id(self) -> int:
        """The bot's id."""
        return int(self.token.split(":", 1)[0])

    def to_user(self) -> dict[str, Any]:
        """Return the bot as a `User`."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}


@dataclass(slots=True)
class World:
    """State and the few operations that everything else is made of."""

    bot: BotIdentity
    clock: Clock
    directory: Directory = field(default_factory=Directory)
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    taps: Taps = field(default_factory=Taps)
    files: FileStore = field(default_factory=FileStore)
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    calls: CallLog = field(default_factory=CallLog)
    commands: CommandLists = field(default_factory=CommandLists)
    events: EventLog = field(default_factory=EventLog)
    webhook: Webhook = field(default_factory=Webhook)
    messages: dict[int, dict[int, Message]] = field(default_factory=dict)
    on_clock_moved: Callable[[datetime], None] | None = None
    next_message_id: int = field(default_factory=lambda: 1_000 + secrets.randbelow(100_000))
    next_group_id: itertools.count[int] = field(default_factory=lambda: itertools.count(4_000_001))

    def now(self) -> int:
        """Return the server's time in seconds since 1970."""
        return int(self.clock.now().timestamp())

    def new_message_id(self) -> int:
        """Return the next message id."""
        self.next_message_id += 1
        return self.next_message_id

    def user(self, sender: int) -> dict[str, Any]:
        """Return the sender of a message as a `User`."""
        return self.directory.people[sender].to_user() if sender else self.bot.to_user()

    def message_json(self, message: Message, with_reply: bool = True) -> dict[str, Any]:
        """Return a message as a `Message`, with the one it replies to."""
        chat = self.directory.chats[message.chat_id]
        described: dict[str, Any] = {
            "message_id": message.id,
            **self._author(message, chat),
            "chat": self.directory.describe(chat),
            "date": message.date,
        }
        if message.edit_date:
            described["edit_date"] = message.edit_date
        replied = self.messages[message.chat_id].get(message.reply_to) if message.reply_to else None
        if replied is not None and with_reply:
            described["reply_to_message"] = self.message_json(replied, with_reply=False)
        described.update(message.content())
        if message.protected:
            described["has_protected_content"] = True
        if message.inline is not None:
            described["reply_markup"] = message.inline
        return described

    def _author(self, message: Message, chat: Chat) -> dict[str, Any]:
        """Return who a message is from: in a channel it is the channel that speaks."""
        if chat.is_channel:
            return {"sender_chat": self.directory.describe(chat)}
        return {"from": self.user(message.sender)}

    def post(self, message: Message) -> Message:
        """Put a message into its chat and tell everyone who follows."""
        self.messages.setdefault(message.chat_id, {})[message.id] = message
        self.events.append("message", message.chat_id, message.view())
        return message

    def change(self, message: Message) -> None:
        """Tell everyone who follows that a message was edited."""
        self.events.append("edit", message.chat_id, message.view())

    def remove(self, message: Message) -> None:
        """Take a message out of its chat and tell everyone who follows."""
        del self.messages[message.chat_id][message.id]
        chat = self.directory.chats[message.chat_id]
        if message.id in chat.pinned:
            chat.pinned.remove(message.id)
        self.events.append("delete", message.chat_id, {"message_id": message.id})

    def message(self, chat: Chat, message_id: int, what: str) -> Message:
        """Return a message of a chat; refuse as "`what` not found"."""
        found = self.messages.get(chat.id, {}).get(message_id)
        if found is None:
            raise bad_request(f"{what} not found")
        return found

    def set_keyboard(self, chat: Chat, markup: dict[str, Any]) -> None:
        """Show, or take away, the reply keyboard of a chat."""
        if "force_reply" in markup:
            return
        chat.keyboard = None if markup.get("remove_keyboard") else markup
        self.tell_chat(chat)

    def tell_chat(self, chat: Chat) -> None:
        """Tell everyone who follows that a chat changed."""
        self.events.append("chat", chat.id, chat.to_json())
