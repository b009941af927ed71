"""Messages as they are kept, and how they look to the bot and to a reader.

Bot API, "Message", "PhotoSize", "Document", "InaccessibleMessage".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.local.server.entities import Entity

BOT = 0


@dataclass(slots=True)
class StoredFile:
    """A file that was sent.

    Attributes:
        kind: photo or document.
        path: what `getFile` names; the last part of its address.
        size: width and height of a picture, in pixels.
    """

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    path: str
    length: int
    size: tuple[int, int] = (0, 0)

    def to_json(self) -> dict[str, Any]:
        """Return everything about the file but its content."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> StoredFile:
        """Return a file from what `to_json` gave."""
        return cls(**{**kept, "size": (kept["size"][0], kept["size"][1])})

    def described(self) -> dict[str, Any]:
        """Return the file as a `PhotoSize` or a `Document`."""
        basic: dict[str, Any] = {"file_id": self.file_id, "file_unique_id": self.unique_id}
        if self.kind == "photo":
            return {**basic, "file_size": self.length, "width": self.size[0], "height": self.size[1]}
        return {"file_name": self.name, "mime_type": self.mime_type, **basic, "file_size": self.length}


@dataclass(slots=True)
class Message:
    """One message.

    Attributes:
        sender: the person who wrote it; `BOT` for the bot.
        date: seconds since 1970, like `edit_date` (0 when it was never edited).
        text: the text, or the caption when there is a file.
        inline: the inline keyboard under it.
        is_locked: it was sent with another kind of keyboard and can't be edited any more.
        service: fields of a service message (members who joined, a migration, a pin).
    """

    id: int
    chat_id: int
    sender: int
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    file: StoredFile | None = None
    inline: dict[str, Any] | None = None
    is_locked: bool = False
    protected: bool = False
    edit_date: int = 0
    reply_to: int = 0
    service: dict[str, Any] | None = None

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return self.sender == BOT

    def content(self) -> dict[str, Any]:
        """Return what the message says, as fields of a `Message`."""
        if self.service is not None:
            return dict(self.service)
        if self.file is None:
            return _with_text("text", "entities", self.text, self.entities)
        described = self.file.described()
        media = {"photo": [described]} if self.file.kind == "photo" else {"document": described}
        return {**media, **_with_text("caption", "caption_entities", self.text, self.entities)}

    def view(self) -> dict[str, Any]:
        """Return the message as the control API and the chat page see it."""
        seen: dict[str, Any] = {
            "message_id": self.id,
            "chat_id": self.chat_id,
            "from": self.sender,
            "from_bot": self.from_bot,
            "date": self.date,
            "edit_date": self.edit_date,
            "text": self.text,
            "entities": self.entities,
            "inline_keyboard": self.inline["inline_keyboard"] if self.inline else [],
            "protected": self.protected,
            "reply_to": self.reply_to,
            "locked": self.is_locked,
        }
        if self.file is not None:
            seen["file"] = {"kind": self.file.kind, **self.file.described()}
        if self.service is not None:
            seen["service"] = self.service
        return seen

    @classmethod
    def from_view(cls, seen: dict[str, Any], files: dict[str, StoredFile]) -> Message:
        """Return a message from what `view` gave; `files` are the known ones by id."""
        rows = seen["inline_keyboard"]
        return cls(
            id=seen["message_id"],
            chat_id=seen["chat_id"],
            sender=seen["from"],
            date=seen["date"],
            text=seen["text"],
            entities=seen["entities"],
            file=files.get(seen["file"]["file_id"]) if "file" in seen else None,
            inline={"inline_keyboard": rows} if rows else None,
            is_locked=seen["locked"],
            protected=seen["protected"],
            edit_date=seen["edit_date"],
            reply_to=seen["reply_to"],
            service=seen.get("service"),
        )


def _with_text(name: str, entities_name: str, text: str, entities: list[Entity]) -> dict[str, Any]:
    if not text:
        return {}
    return {name: text, entities_name: entities} if entities else {name: text}
