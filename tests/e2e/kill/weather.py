"""Faults at random: what a bad network and a busy Telegram do to messages, each kind as likely as it is given."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.local.server.faults import Fault, FaultKind, Faults

STORMY: Mapping[FaultKind, int] = {
    FaultKind.TOO_MANY: 2,
    FaultKind.ERROR: 10,
    FaultKind.STATUS: 10,
    FaultKind.HANG: 10,
    FaultKind.RESET: 10,
    FaultKind.LOST: 20,
    FaultKind.LATE: 5,
    FaultKind.SLOW: 5,
}
"""Everything; how often each kind comes among a hundred faults or so."""
CLEAR: Mapping[FaultKind, int] = {FaultKind.TOO_MANY: 1, FaultKind.LATE: 8, FaultKind.SLOW: 8}
"""Only what leaves no doubt whether a message has arrived."""
_CODES = {FaultKind.ERROR: 500, FaultKind.STATUS: 502}
_SECONDS = 0.15
"""So long something hangs or comes late."""


@dataclass(slots=True)
class Weather(Faults):
    """Meets calls of sendMessage by chance.

    Attributes:
        kinds: the kinds of faults and their weights.
        share: how many of all calls meet one, from 0 to 1.
        calls: how many calls there were; `met`: the faults among them.
        latest: when the last call came, in seconds of the monotonic clock.
        at: by the number of a call, what happens the moment it comes in.
    """

    chance: random.Random = field(default_factory=random.Random)
    kinds: Mapping[FaultKind, int] = field(default_factory=lambda: STORMY)
    share: float = 0.1
    calls: int = 0
    met: Counter[str] = field(default_factory=Counter)
    latest: float = field(default_factory=time.monotonic)
    at: dict[int, list[Callable[[], None]]] = field(default_factory=dict)

    def take(self, method: str, chat_id: str) -> Fault | None:
        """Return the fault that meets this call, if one does."""
        if method != "sendmessage":
            return None
        self.calls += 1
        self.latest = time.monotonic()
        for act in self.at.pop(self.calls, ()):
            act()
        if self.chance.random() >= self.share:
            return None
        [kind] = self.chance.choices(list(self.kinds), list(self.kinds.values()))
        self.met[kind] += 1
        return Fault(kind, method, code=_CODES.get(kind, 502), seconds=_SECONDS)
