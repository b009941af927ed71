"""Faults on demand: what a network and a busy Telegram do to a bot.

Bot API, "Making requests" and "ResponseParameters" (429); the others are what any HTTP client meets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.local.server.errors import ApiError, too_many


class FaultKind(StrEnum):
    """What goes wrong.

    too_many: 429 with `retry_after`, nothing is done.
    error: the refusal `code` and `description`, nothing is done.
    status: a bare HTTP status `code` with an HTML body, as from a proxy; nothing is done.
    hang: no answer for `seconds`, then the connection is cut; nothing is done.
    reset: the connection is cut; nothing is done.
    lost: it is done, then the connection is cut without an answer.
    late: it is done, the answer comes after `seconds`.
    slow: it waits `seconds`, then it is done and answered.
    """

    TOO_MANY = "too_many"
    ERROR = "error"
    STATUS = "status"
    HANG = "hang"
    RESET = "reset"
    LOST = "lost"
    LATE = "late"
    SLOW = "slow"


@dataclass(slots=True)
class Fault:
    """A fault that waits for calls.

    Attributes:
        method: the method it meets, in lower case; `*` for any but getUpdates.
        times: how many more calls it meets; `None` for all.
        after: how many calls it lets pass first.
        chat_id: only calls to this chat.
    """

    kind: FaultKind
    method: str
    times: int | None = 1
    after: int = 0
    chat_id: str = ""
    retry_after: int = 1
    code: int = 502
    description: str = "Bad Gateway"
    seconds: float = 30.0

    def refusal(self) -> ApiError:
        """Return the refusal of a `too_many` or an `error`."""
        if self.kind is FaultKind.TOO_MANY:
            return too_many(self.retry_after)
        return ApiError(self.code, self.description)

    def to_json(self) -> dict[str, Any]:
        """Return the fault as JSON."""
        names = ("method", "times", "after", "chat_id", "retry_after", "code", "description", "seconds")
        return {"kind": str(self.kind), **{name: getattr(self, name) for name in names}}


@dataclass(slots=True)
class Faults:
    """The faults that wait, in the order they were asked for."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, method: str, chat_id: str) -> Fault | None:
        """Return the fault that meets this call, if one does, and count it."""
        for fault in self.waiting:
            if fault.method not in ("*", method) or (fault.method == "*" and method == "getupdates"):
                continue
            if fault.chat_id and fault.chat_id != chat_id:
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            self._count(fault)
            return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self.waiting.remove(fault)
