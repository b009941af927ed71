"""How something is said outside a turn, and what came of it. The chat network's side is passed in.

One call is one attempt: whoever calls decides, by its fate, whether and when there is another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from locales.message import Message
from models.rules.publications import Spot

MAY_NOT_POST = "may_not_post"
"""The error of what is `GONE` because the bot has no right to write in a group or channel; it may get it back."""


class Fate(Enum):
    """What became of a message."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    """It certainly did not arrive; later it may."""
    IN_DOUBT = "in_doubt"
    """It may have arrived: nobody knows."""
    TOO_MANY = "too_many"
    """The network asks to wait first."""
    GONE = "gone"
    """The chat can't be reached any more: the bot was blocked, there is no such chat, or it may not write there."""
    REFUSED = "refused"
    """The network does not take such a message; trying again does not help."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of an attempt.

    Attributes:
        message_id: the message that shows it now.
        retry_after: seconds to wait, when it were too many.
        error: the class name of what went wrong, or `MAY_NOT_POST`.
    """

    fate: Fate
    message_id: int | None = None
    retry_after: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is to read it.

    Attributes:
        chat_id: the private chat.
        user_id: the account; only it may press the buttons.
        language: `zh-CN` or `en`.
    """

    chat_id: int
    user_id: int
    language: str


@dataclass(frozen=True, slots=True)
class Found:
    """A group or channel that was looked up; without one, its number is 0."""

    spot: Spot
    chat_id: int = 0
    title: str = ""


class FileTooLarge(Exception):
    """The file is larger than asked for."""


class FileGone(Exception):
    """The network has no such file any more."""


class Unreachable(Exception):
    """The network can't be reached now; later it may."""


class Messenger(Protocol):
    """Says something to people, and fetches what they sent."""

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        """Send `message`; with `may_repeat` it says that it may have arrived before."""
        ...

    async def edit(self, to: Addressee, message_id: int, message: Message) -> Sent:
        """Replace a message; where that can't be done any more, `message` comes as a new one."""
        ...

    async def fetch(self, file_id: str, most: int) -> bytes:
        """Return the content of a file that somebody sent, of at most `most` bytes.

        Raises:
            FileTooLarge, FileGone, Unreachable: there is no content to return.
        """
        ...

    async def look_up(self, name: str) -> Found:
        """Return the group or channel `@name`, or of that number, and whether the bot may post there.

        Raises:
            Unreachable: nobody knows now.
        """
        ...
