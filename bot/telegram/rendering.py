"""Replies turned into Bot API calls, in the language of the person they answer."""

from __future__ import annotations

import html
import mimetypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from bot.telegram.callback import TapSigner
from bot.telegram.calls import Call, Params
from bot.telegram.request import Upload
from locales.message import (
    Attachment,
    Commands,
    Edit,
    Label,
    Menu,
    Message,
    Remove,
    Reply,
    Rows,
    Say,
    Text,
    Toast,
)
from models.files.aside import pack

ROOM_FOR_NOTICE = 64
"""What a message leaves free, so that the notice that it may be a repeat always fits."""
LONGEST_TEXT = 4096 - ROOM_FOR_NOTICE
LONGEST_CAPTION = 1024 - ROOM_FOR_NOTICE
LONGEST_TOAST = 200
_TAG = re.compile(r"<[^>]*>")
_NO_PREVIEW = {"is_disabled": True}


class Words(Protocol):
    """The texts of one language."""

    def render(self, text: Text) -> str:
        """Return `text` as HTML."""
        ...

    def plain(self, label: Label) -> str:
        """Return `label` without markup."""
        ...


Translate = Callable[[str], Words]


class PersonalToGroup(Exception):
    """Something about a person was about to be said to a group."""


class TooLong(ValueError):
    """A text is longer than Telegram takes; the message names its key only."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the replies.

    Attributes:
        day: the day (UTC) from which buttons age.
        callback_id: the tap that must be answered, if there was one.
    """

    chat_id: int
    user_id: int
    language: str
    day: date
    callback_id: str | None = None


class Renderer:
    """Renders replies."""

    def __init__(self, translate: Translate, signer: TapSigner) -> None:
        """Take words from `translate` and sign buttons with `signer`."""
        self._translate = translate
        self._signer = signer

    def words(self, language: str) -> Words:
        """Return the texts of `language`."""
        return self._translate(language)

    def render(self, replies: Sequence[Reply], reader: Reader) -> tuple[Call, ...]:
        """Return the calls that make `replies`; a tap is answered exactly once, whatever they are.

        Raises:
            PersonalToGroup: when a protected message is for a group.
            TooLong: when a text doesn't fit into a message.
            ValueError: when a message has both buttons and a menu, or a button doesn't fit.
        """
        page = _Page(self._translate(reader.language), self._signer, reader)
        calls = [page.call(reply) for reply in replies if not isinstance(reply, Toast)]
        toasts = [reply for reply in replies if isinstance(reply, Toast)]
        if reader.callback_id is not None:
            calls.append(page.answer(toasts[-1] if toasts else Toast()))
        else:
            calls.extend(page.send(Message(toast.text), None) for toast in toasts if toast.text)
        return tuple(calls)


@dataclass(frozen=True, slots=True)
class _Page:
    words: Words
    signer: TapSigner
    reader: Reader

    def call(self, reply: Say | Edit | Remove | Commands) -> Call:
        chat: Params = {"chat_id": self.reader.chat_id}
        match reply:
            case Say():
                return self.send(reply.message, reply.draft_id)
            case Edit():
                return self._edit(reply)
            case Remove():
                return Call("deleteMessage", {**chat, "message_id": reply.message_id})
            case Commands():
                return self._commands(reply)

    def answer(self, toast: Toast) -> Call:
        params: Params = {"callback_query_id": self.reader.callback_id}
        if toast.text is not None:
            params["text"] = _fitting(self.words.plain(toast.text), LONGEST_TOAST, toast.text)
        if toast.alert:
            params["show_alert"] = True
        return Call("answerCallbackQuery", params)

    def send(self, message: Message, draft_id: int | None) -> Call:
        params: Params = {"chat_id": self.reader.chat_id}
        if (markup := self._markup(message)) is not None:
            params["reply_markup"] = markup
        if message.protect:
            self._refuse_group()
            params["protect_content"] = True
        if message.attachment is not None:
            return self._upload(message.text, message.attachment, params, draft_id)
        self._write(params, message.text)
        return Call("sendMessage", params, draft_id)

    def _edit(self, edit: Edit) -> Call:
        message = edit.message
        if message.attachment is not None or message.menu is not None:
            return self.send(message, edit.draft_id)  # an edit can carry neither
        if message.protect:
            self._refuse_group()
        params: Params = {"chat_id": self.reader.chat_id, "message_id": edit.message_id}
        if (markup := self._markup(message)) is not None:
            params["reply_markup"] = markup
        self._write(params, message.text)
        return Call("editMessageText", params, edit.draft_id, message.protect)

    def _write(self, params: Params, text: Text) -> None:
        params["text"] = _fitting(self.words.render(text), LONGEST_TEXT, text)
        params["parse_mode"] = "HTML"
        params["link_preview_options"] = _NO_PREVIEW

    def _upload(self, text: Text, file: Attachment, params: Params, draft_id: int | None) -> Call:
        params["caption"] = _fitting(self.words.render(text), LONGEST_CAPTION, text)
        params["parse_mode"] = "HTML"
        media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        content, is_sheet = (file.content, False) if isinstance(file.content, bytes) else (pack(file.content), True)
        upload = Upload(file.name, content, media_type, is_sheet)
        field = "photo" if file.is_picture else "document"
        return Call(f"send{field.capitalize()}", params, draft_id, field=field, upload=upload)

    def _commands(self, commands: Commands) -> Call:
        params: Params = {"scope": {"type": "chat", "chat_id": self.reader.chat_id}}
        if not commands.names:
            return Call("deleteMyCommands", params)
        params["commands"] = [
            {"command": name, "description": self.words.plain(Text.of(f"commands.{name}"))} for name in commands.names
        ]
        return Call("setMyCommands", params)

    def _markup(self, message: Message) -> dict[str, Any] | None:
        if message.buttons and message.menu is not None:
            raise ValueError(f"{message.text.key}: a message carries buttons or a menu, not both")
        if message.buttons:
            return {"inline_keyboard": self._buttons(message.buttons)}
        return None if message.menu is None else self._menu(message.menu)

    def _buttons(self, rows: Rows) -> list[list[dict[str, str]]]:
        reader = self.reader
        write, plain = self.signer.write, self.words.plain
        return [
            [
                {
                    "text": plain(button.label),
                    "callback_data": write(button.tap, user_id=reader.user_id, chat_id=reader.chat_id, day=reader.day),
                }
                for button in row
            ]
            for row in rows
        ]

    def _menu(self, menu: Menu) -> dict[str, Any]:
        if not menu.rows:
            return {"remove_keyboard": True}
        rows = [[{"text": self.words.plain(Text.of(key))} for key in row] for row in menu.rows]
        return {"keyboard": rows, "is_persistent": True, "resize_keyboard": True}

    def _refuse_group(self) -> None:
        if self.reader.chat_id < 0:
            raise PersonalToGroup


def _fitting(words: str, longest: int, text: Text) -> str:
    """Return `words` if they fit: counted as Telegram does, without tags, in UTF-16 units."""
    if len(words) * 2 > longest:
        bare = html.unescape(_TAG.sub("", words))
        if len(bare.encode("utf-16-le")) // 2 > longest:
            raise TooLong(text.key)
    return words
