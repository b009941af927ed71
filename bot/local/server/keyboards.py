"""Keyboards under and instead of messages, checked as Telegram checks them.

Bot API, "InlineKeyboardMarkup", "InlineKeyboardButton" (callback_data 1-64 bytes), "ReplyKeyboardMarkup",
"ReplyKeyboardRemove", "ForceReply".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.local.server.errors import bad_request
from bot.local.server.parameters import Parameters

DATA_LIMIT = 64
BUTTONS_LIMIT = 100
_OTHER_KINDS = (
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")


@dataclass(frozen=True, slots=True)
class Markup:
    """What a call says about keyboards: an inline one, or another kind that concerns the whole chat."""

    inline: dict[str, Any] | None = None
    other: dict[str, Any] | None = None


def read_markup(parameters: Parameters) -> Markup:
    """Return `reply_markup`, or refuse it."""
    value = parameters.structure("reply_markup", "reply keyboard markup")
    if value is None:
        return Markup()
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply markup")
    keyboard = _rows(value, "keyboard", 'Field "keyboard" must be an Array of Arrays', _reply_button)
    if keyboard:
        return Markup(other=_reply_keyboard(value, keyboard))
    words = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    inline = _rows(value, "inline_keyboard", words, _inline_button)
    if inline:
        return Markup(inline=_inline_keyboard(inline))
    if value.get("remove_keyboard"):
        return Markup(other={"remove_keyboard": True})
    if value.get("force_reply"):
        return Markup(other={"force_reply": True, **_placeholder(value)})
    return Markup()


def read_inline(parameters: Parameters) -> dict[str, Any] | None:
    """Return `reply_markup` of an edit, which must be inline."""
    markup = read_markup(parameters)
    if markup.other is not None:
        raise bad_request("Inline keyboard expected")
    return markup.inline


def _rows(value: dict[str, Any], name: str, words: str, read: Any) -> list[list[dict[str, Any]]]:
    rows = value.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad_request(f'Field "{name}" must be of type Array')
    if any(not isinstance(row, list) for row in rows):
        raise bad_request(words)
    kept = [[read(button) for button in row] for row in rows]
    return [row for row in kept if row]


def _inline_keyboard(rows: list[list[dict[str, Any]]]) -> dict[str, Any]:
    if sum(len(row) for row in rows) > BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows}


def _reply_keyboard(value: dict[str, Any], rows: list[list[dict[str, Any]]]) -> dict[str, Any]:
    flags = {flag: True for flag in _FLAGS if value.get(flag)}
    return {"keyboard": rows, **flags, **_placeholder(value)}


def _placeholder(value: dict[str, Any]) -> dict[str, Any]:
    words = value.get("input_field_placeholder")
    if not words:
        return {}
    if len(words) > 64:
        raise bad_request("input field placeholder is too long")
    return {"input_field_placeholder": words}


def _label(button: Any, kind: str, where: str) -> str:
    if "text" not in button:
        raise bad_request(f"Can't parse {where}: Can't find field \"text\"")
    label = str(button["text"]).strip()
    if not label:
        raise bad_request(f"{kind} button text must be non-empty")
    return label


def _reply_button(button: Any) -> dict[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("Can't parse keyboard button: KeyboardButton must be a String or an Object")
    return {**button, "text": _label(button, "Keyboard", "keyboard button")}


def _inline_button(button: Any) -> dict[str, Any]:
    where = "inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"Can't parse {where}: InlineKeyboardButton must be an Object")
    label = _label(button, "Inline keyboard", where)
    if button.get("url"):
        return {"text": label, "url": _url(str(button["url"]))}
    data = button.get("callback_data")
    if data:
        if len(str(data).encode()) > DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"text": label, "callback_data": str(data)}
    if any(kind in button for kind in _OTHER_KINDS):
        return {**button, "text": label}
    raise bad_request(f"Can't parse {where}: Text buttons are unallowed in the inline keyboard")


def _url(url: str) -> str:
    if url.startswith("tg://"):
        return url
    full = url if "://" in url else f"http://{url}"
    host = urlsplit(full).hostname or ""
    if "." not in host and host != "localhost":
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return full
