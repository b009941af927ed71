"""Refusals of a Bot API server."""

from __future__ import annotations

import orjson
import pytest
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

from bot.telegram.errors import (
    AddressUnknown,
    InDoubt,
    InDoubtInTime,
    NotSent,
    NotSentInTime,
    TokenRefused,
    TooMany,
    refusal,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, TokenRefused),
        (403, Forbidden),
        (404, AddressUnknown),
        (409, Conflict),
        (413, BadRequest),
        (429, TooMany),
        (500, InDoubt),
        (502, InDoubt),
        (302, NotSent),
    ],
)
@pytest.mark.parametrize("payload", [b'{"ok":false,"description":"x"}', b"<html>", b"[]", b""])
def test_a_status_is_an_error(status: int, kind: type[TelegramError], payload: bytes) -> None:
    assert type(refusal(status, payload)) is kind


def test_parameters_say_more() -> None:
    waiting = refusal(429, orjson.dumps({"parameters": {"retry_after": 7}}))
    assert isinstance(waiting, RetryAfter)
    assert waiting.retry_after == 7
    moved = refusal(400, orjson.dumps({"parameters": {"migrate_to_chat_id": -1005}}))
    assert isinstance(moved, ChatMigrated)
    assert moved.new_chat_id == -1005


def test_the_library_sees_its_own_kinds() -> None:
    assert issubclass(NotSent, NetworkError)
    assert issubclass(InDoubt, NetworkError)
    assert issubclass(NotSentInTime, TimedOut)
    assert issubclass(InDoubtInTime, TimedOut)
    assert issubclass(TokenRefused, InvalidToken)
    assert not issubclass(NotSent, BadRequest)
    assert not issubclass(InDoubt, NotSent)
