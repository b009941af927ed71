"""What can go wrong between us and a Bot API server, told apart by what it means for a message.

Either the request certainly never left (`NotSent`), or nobody knows whether it had its effect (`InDoubt`), or
the server answered with a refusal (python-telegram-bot's own classes). All are python-telegram-bot errors, so
that its code and ours catch them alike.

No message of these errors holds an address: a Bot API address contains the token.
"""

from __future__ import annotations

from typing import Any

import orjson
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)


class NotSent(NetworkError):
    """The request never left: sending again can't repeat anything."""

    __slots__ = ()


class NotSentInTime(NotSent, TimedOut):
    """No connection could be had in time."""

    __slots__ = ()


class InDoubt(NetworkError):
    """The request left, and no usable answer came: it may have had its effect."""

    __slots__ = ()


class InDoubtInTime(InDoubt, TimedOut):
    """The request left, and no answer came in time."""

    __slots__ = ()


class Unsendable(BadRequest):
    """No request can be made of this (a malformed address or file name): trying again doesn't help."""

    __slots__ = ()


class TooLarge(BadRequest):
    """A file that is larger than asked for; it was not read to its end."""

    __slots__ = ()


class TokenRefused(InvalidToken):
    """The server doesn't accept the token (401)."""

    __slots__ = ()


class AddressUnknown(InvalidToken):
    """The server knows no such address: a malformed token, a wrong API address or an unknown method (404)."""

    __slots__ = ()


class TooMany(RetryAfter):
    """The server asks to wait (429). Unlike its parent it needs no setting to read the pause without a warning."""

    __slots__ = ()

    @property
    def retry_after(self) -> int:
        """Seconds to wait."""
        return int(self._retry_after.total_seconds())


_NO_CHAT = (
    "chat not found",
    "user is deactivated",
    "chat was deactivated",
    "peer_id_invalid",
    "bot was kicked",
)


_NO_RIGHT = ("need administrator rights", "enough rights to send", "no rights to send", "chat_write_forbidden")


def may_not_post(error: TelegramError) -> bool:
    """Return whether the server refused because the bot has no right to write in that group or channel."""
    return isinstance(error, BadRequest) and any(part in error.message.lower() for part in _NO_RIGHT)


def has_no_chat(error: TelegramError) -> bool:
    """Return whether the server refused because the chat can't be reached any more."""
    words = error.message.lower()
    return isinstance(error, Forbidden) or any(part in words for part in _NO_CHAT)


def refusal(status: int, payload: bytes) -> TelegramError:
    """Return the error that an answer with HTTP `status` (not 2xx) stands for.

    Source: Bot API, "Making requests" and "ResponseParameters".
    """
    answer = _answer(payload)
    parameters = answer.get("parameters")
    if isinstance(parameters, dict):
        if isinstance(parameters.get("migrate_to_chat_id"), int):
            return ChatMigrated(parameters["migrate_to_chat_id"])
        if isinstance(parameters.get("retry_after"), int):
            return TooMany(parameters["retry_after"])
    return _by_status(status, str(answer.get("description") or f"HTTP {status}"))


def _by_status(status: int, words: str) -> TelegramError:
    named: dict[int, type[TelegramError]] = {
        401: TokenRefused,
        403: Forbidden,
        404: AddressUnknown,
        409: Conflict,
    }
    if status in named:
        return named[status](words)
    if status == 429:
        return TooMany(1)
    if 400 <= status < 500:
        return BadRequest(words)
    if status >= 500:
        return InDoubt(words)
    return NotSent(words)


def _answer(payload: bytes) -> dict[str, Any]:
    try:
        answer = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}
