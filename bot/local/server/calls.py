"""The record of what the bot asked for, for tests."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

KEPT = 20_000


@dataclass(slots=True)
class Call:
    """One method call.

    Attributes:
        at: seconds of the machine's monotonic clock when it came in.
        code: the HTTP status it was answered with; 0 while it has none (it hangs, or the connection was cut).
        fault: the kind of fault it met, if any.
        result: what it returned, or the refusal.
    """

    seq: int
    method: str
    params: dict[str, Any]
    at: float
    code: int = 0
    fault: str = ""
    result: Any = None

    def to_json(self) -> dict[str, Any]:
        """Return the call as JSON."""
        return {
            "seq": self.seq,
            "method": self.method,
            "params": self.params,
            "at": self.at,
            "code": self.code,
            "fault": self.fault,
            "result": self.result,
        }


@dataclass(slots=True)
class CallLog:
    """The latest calls; getUpdates is left out."""

    last: int = 0
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))

    def add(self, method: str, params: dict[str, Any]) -> Call:
        """Record a call that has just come in."""
        self.last += 1
        call = Call(self.last, method, params, time.monotonic())
        self.calls.append(call)
        return call

    def after(self, seq: int, method: str = "", chat_id: str = "") -> list[Call]:
        """Return the calls after `seq`, of one method and to one chat if these are given."""
        wanted = method.lower()
        fresh = list(islice(reversed(self.calls), max(0, self.last - seq)))
        return [
            call
            for call in reversed(fresh)
            if (not wanted or call.method.lower() == wanted)
            and (not chat_id or str(call.params.get("chat_id", "")) == chat_id)
        ]
