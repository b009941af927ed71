"""What is said to a person, described once and rendered at the edge.

Nothing here knows a chat network. A `Message` names its texts by key; `locales.translator` turns keys into
words and `bot.telegram` turns messages into Telegram calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

Value = "str | int | Decimal | date | datetime | time | Text | Sequence[Text] | None"


@dataclass(frozen=True, slots=True)
class Text:
    """A text by its key in `locales/`, with the values it mentions.

    A value that is a `str` comes from a person or the database and is escaped when rendered; a value that is a
    label (`Text`, `Verbatim`, `Worded`) is rendered in the same language; a sequence of `Text` becomes one line each.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, key: str, **values: object) -> Text:
        """Build a text: `Text.of("residents.saved", name="王秀英")`."""
        return cls(key, values)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A string that is not translated (a person's name on a button, a number)."""

    text: str


@dataclass(frozen=True, slots=True)
class Worded:
    """What the database has in every language (the name of a township's own programme); the reader's is shown."""

    words: Mapping[str, str]


Label = Text | Verbatim | Worded


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button means when it is pressed: an action and its short arguments.

    Together they must fit into 48 bytes, because a button carries at most 64 with its signature.
    """

    action: str
    args: tuple[str, ...] = ()

    @classmethod
    def of(cls, action: str, *args: object) -> Tap:
        """Build a tap: `Tap.of("due.open", enrolment_id)`."""
        return cls(action, tuple(str(arg) for arg in args))


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button under a message."""

    label: Label
    tap: Tap


Rows = tuple[tuple[Button, ...], ...]


class Sheet(Protocol):
    """What a file is drawn from, after the answer that it goes with is committed: it can be pickled."""

    def content(self) -> bytes:
        """Return the file."""
        ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or picture that goes with a message: ready, or yet to be drawn."""

    name: str
    content: bytes | Sheet
    is_picture: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A reply keyboard: rows of text keys. An empty menu takes the keyboard away."""

    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say.

    Attributes:
        text: the words.
        buttons: inline buttons, rows of them.
        menu: a reply keyboard to show from now on; `None` leaves the present one.
        attachment: a file that the text captions.
        protect: forbid forwarding and saving; set wherever a person's name or details are shown.
    """

    text: Text
    buttons: Rows = ()
    menu: Menu | None = None
    attachment: Attachment | None = None
    protect: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Send `message` as a new message.

    `draft_id` binds the message to a draft: later questions of that draft edit it in place.
    """

    message: Message
    draft_id: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace message `message_id` by `message` (falls back to `Say` when it can't be edited any more)."""

    message_id: int
    message: Message
    draft_id: int | None = None


@dataclass(frozen=True, slots=True)
class Toast:
    """Answer a tap with a short notice; `alert` makes it a dialog that must be closed."""

    text: Text | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete message `message_id` (what a person typed into a form, so that the chat doesn't scroll away)."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Commands:
    """Set the commands that this chat offers: names, described by `commands.<name>`."""

    names: tuple[str, ...]


Reply = Say | Edit | Toast | Remove | Commands
