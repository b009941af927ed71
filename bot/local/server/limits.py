"""How fast a bot may send.

Bots FAQ, "My bot is hitting limits": about 30 messages a second over all chats, one a second in one chat (short
bursts are let through), 20 a minute in one group or channel. Past that every call is answered 429 with `retry_after`
whole seconds ("ResponseParameters"). Time is the machine's monotonic one: a moved clock does not refill anything.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.local.server.errors import too_many


@dataclass(slots=True)
class Pace:
    """The limits in force.

    Attributes:
        is_on: whether anything is limited.
        overall: messages a second over all chats.
        chat: messages a second in one chat, kept up.
        burst: messages that may follow each other at once in one chat before `chat` holds.
        group: messages a minute in one group or channel.
    """

    is_on: bool = True
    overall: int = 30
    chat: float = 1.0
    burst: int = 3
    group: int = 20

    def to_json(self) -> dict[str, Any]:
        """Return the limits as JSON."""
        return {
            "enabled": self.is_on,
            "overall_per_second": self.overall,
            "chat_per_second": self.chat,
            "chat_burst": self.burst,
            "group_per_minute": self.group,
        }


@dataclass(slots=True)
class Window:
    """At most `size` messages in any `seconds` seconds."""

    seconds: float
    sent: deque[float] = field(default_factory=deque)

    def wait(self, now: float, size: int) -> float:
        """Return the seconds until one more message may go."""
        while self.sent and self.sent[0] <= now - self.seconds:
            self.sent.popleft()
        return 0.0 if len(self.sent) < size else self.sent[len(self.sent) - size] + self.seconds - now


@dataclass(slots=True)
class Bucket:
    """A few permissions to send that refill evenly, so that a short burst is let through."""

    level: float
    at: float

    def wait(self, now: float, rate: float, size: float) -> float:
        """Refill up to `size` at `rate` a second; return the seconds until one more message may go."""
        self.level = min(size, self.level + (now - self.at) * rate)
        self.at = now
        return 0.0 if self.level >= 1 - 1e-9 else (1 - self.level) / rate


@dataclass(slots=True)
class Limits:
    """Counts what is sent and refuses what is too fast."""

    pace: Pace = field(default_factory=Pace)
    read_seconds: Callable[[], float] = time.monotonic
    _overall: Window = field(default_factory=lambda: Window(1.0))
    _groups: dict[int, Window] = field(default_factory=dict)
    _chats: dict[int, Bucket] = field(default_factory=dict)

    def spend(self, chat_id: int) -> None:
        """Count a message to `chat_id`, or refuse it with 429."""
        if not self.pace.is_on:
            return
        now = self.read_seconds()
        wait = max(self._overall.wait(now, self.pace.overall), self._chat_wait(chat_id, now))
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        self._overall.sent.append(now)
        if chat_id < 0:
            self._groups[chat_id].sent.append(now)
        else:
            self._chats[chat_id].level -= 1

    def _chat_wait(self, chat_id: int, now: float) -> float:
        if chat_id < 0:
            return self._groups.setdefault(chat_id, Window(60.0)).wait(now, self.pace.group)
        burst = float(self.pace.burst)
        return self._chats.setdefault(chat_id, Bucket(burst, now)).wait(now, self.pace.chat, burst)
