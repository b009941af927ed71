"""Taps on inline buttons and their answers.

Bot API, "CallbackQuery" and "answerCallbackQuery": every tap is answered once, within seconds; a second or late
answer is refused.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.local.server.errors import bad_request

ANSWER_WITHIN = 15
TEXT_LIMIT = 200
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Tap:
    """A tap.

    Attributes:
        at: seconds since 1970, by the server's clock.
        answer: what the bot answered: text, show_alert, url.
    """

    id: str
    person_id: int
    chat_id: int
    message_id: int
    data: str
    at: int
    answer: dict[str, Any] | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def to_json(self) -> dict[str, Any]:
        """Return the tap as the control API and the chat page see it."""
        return {
            "callback_query_id": self.id,
            "person_id": self.person_id,
            "chat_id": self.chat_id,
            "message_id": self.message_id,
            "data": self.data,
            "answer": self.answer,
        }


@dataclass(slots=True)
class Taps:
    """The taps, by id; the oldest are dropped."""

    by_id: dict[str, Tap] = field(default_factory=dict)
    kept: int = 10_000

    def add(self, person_id: int, chat_id: int, message_id: int, data: str, at: int) -> Tap:
        """Keep a new tap."""
        tap = Tap(str(secrets.randbits(62)), person_id, chat_id, message_id, data, at)
        self.by_id[tap.id] = tap
        if len(self.by_id) > self.kept:
            del self.by_id[next(iter(self.by_id))]
        return tap

    def answer(self, query_id: str, answer: dict[str, Any], now: int) -> Tap:
        """Keep the answer to a tap; refuse a second, a late or an unknown one."""
        tap = self.by_id.get(query_id)
        if tap is None or tap.answer is not None or now - tap.at > ANSWER_WITHIN:
            raise bad_request(_TOO_OLD)
        if len(answer["text"]) > TEXT_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        tap.answer = answer
        tap.answered.set()
        return tap
