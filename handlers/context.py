"""A turn: one update from one person, and what is answered to it.

Handlers are coroutines `async def handler(turn: Turn) -> None`. They read the turn, call the store with its
session and actor, and append replies. They never commit: what they changed and what they answer is committed
together with the update that caused it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from locales.message import Edit, Message, Remove, Reply, Rows, Say, Tap, Text, Toast
from models.rules.access import AccessDenied, Actor, Permission
from models.rules.clock import CHINA, local_day
from models.store.database import StoreSession
from models.store.drafts import DraftRow
from models.store.errors import NotFound

LARGEST_ID = 2**63 - 1
"""The largest number that a row can have."""


@dataclass(frozen=True, slots=True)
class Chat:
    """Where the update came from.

    Attributes:
        chat_id: the chat.
        user_id: the person, as the chat network knows them.
        is_private: whether only that person reads along.
        language_hint: the language the person's app is set to, if it says.
        name: what the person calls themselves on the chat network.
    """

    chat_id: int
    user_id: int
    is_private: bool = True
    language_hint: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was sent.

    Attributes:
        file_id: the chat network's name for it.
        size: in bytes, as the network says; 0 when it doesn't.
    """

    file_id: str
    size: int = 0


def _nothing() -> None:
    return


@dataclass(slots=True)
class Turn:
    """One update and its replies.

    Attributes:
        session: the open transaction; it commits after the handler returns.
        chat: where the update came from.
        now: the moment of the update, aware.
        actor: who acts; `None` for a person who is not enrolled.
        draft: the form this person has open in this chat.
        text: what was typed; for a command, what follows it.
        tap: the button that was pressed.
        document: the file that was sent.
        message_id: the typed message, or the message whose button was pressed.
        is_protected: whether the message whose button was pressed can't be forwarded or saved.
        bot_name: the bot's name on the chat network, for links that lead to it.
        expect_drawing: makes ready what draws, because a picture is asked for, or is likely to be soon.
        replies: what is answered, in order.
    """

    session: StoreSession
    chat: Chat
    now: datetime
    actor: Actor | None = None
    draft: DraftRow | None = None
    text: str | None = None
    tap: Tap | None = None
    document: Document | None = None
    message_id: int | None = None
    is_protected: bool = False
    bot_name: str = ""
    expect_drawing: Callable[[], None] = _nothing
    replies: list[Reply] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The calendar day where the person works."""
        zone = ZoneInfo(self.actor.zone) if self.actor else CHINA
        return local_day(self.now, zone)

    @property
    def language(self) -> str:
        """The language to answer in."""
        if self.actor is not None:
            return self.actor.language
        return "zh-CN" if (self.chat.language_hint or "zh").startswith("zh") else "en"

    @property
    def protected_place(self) -> int | None:
        """The message whose button was pressed, where what names people may take its place.

        An edit can't protect what was sent without protection: in place of that, names would be open to be forwarded.
        """
        return self.message_id if self.tap is not None and self.is_protected else None

    def require(self, permission: Permission) -> Actor:
        """Return the actor.

        Raises:
            AccessDenied: when nobody is enrolled or the role lacks `permission`.
        """
        if self.actor is None or not self.actor.may(permission):
            raise AccessDenied(permission)
        return self.actor

    def argument(self, index: int) -> str:
        """Return argument `index` of the pressed button.

        Raises:
            NotFound: when there is no such argument: the button is of another version.
        """
        args = self.tap.args if self.tap is not None else ()
        if index >= len(args):
            raise NotFound
        return args[index]

    def number(self, index: int, most: int = LARGEST_ID) -> int:
        """Return argument `index` of the pressed button as a number from 0 to `most`.

        Raises:
            NotFound: when there is no such argument: the button is of another version.
        """
        text = self.argument(index)
        if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most):
            raise NotFound
        return int(text)

    def say(self, text: Text, buttons: Rows = (), *, protect: bool = False) -> None:
        """Answer with a new message."""
        self.replies.append(Say(Message(text, buttons, protect=protect)))

    def show(self, message: Message, draft_id: int | None = None) -> None:
        """Show `message` in place of the message whose button was pressed, or as a new one."""
        place = self.protected_place if message.protect else self.message_id
        if self.tap is not None and place is not None:
            self.replies.append(Edit(place, message, draft_id))
        else:
            self.replies.append(Say(message, draft_id))

    def toast(self, text: Text | None = None, *, alert: bool = False) -> None:
        """Answer a tap with a short notice."""
        self.replies.append(Toast(text, alert))

    def tidy(self) -> None:
        """Delete what was typed, once it stands in the form's own message."""
        if self.tap is None and self.message_id is not None:
            self.replies.append(Remove(self.message_id))


Handler = Callable[[Turn], Awaitable[None]]
