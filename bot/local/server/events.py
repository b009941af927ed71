"""What happened, in order: the chat page and the control API follow it without losing anything.

Every event has a sequence number. A reader asks for what came after the last number it saw; readers do not take
events from each other.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        seq: its number, counted from 1.
        kind: message, edit, delete, tap, answer, action, commands, person, chat or clock.
        chat_id: the chat it belongs to; `None` for all of them.
        data: its details.
        at: seconds of the machine's monotonic clock, by which tests measure.
    """

    seq: int
    kind: str
    chat_id: int | None
    data: dict[str, Any]
    at: float = field(default_factory=time.monotonic, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the event as JSON."""
        return {"seq": self.seq, "kind": self.kind, "chat_id": self.chat_id, "data": self.data}


class EventLog:
    """The latest events, and those who wait for the next."""

    def __init__(self) -> None:
        """Start empty."""
        self.last = 0
        self.is_closed = False
        self.on_append: Callable[[Event], None] | None = None
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._waiters: list[asyncio.Future[None]] = []

    def append(self, kind: str, chat_id: int | None, data: dict[str, Any]) -> None:
        """Add an event and wake whoever waits."""
        self.last += 1
        event = Event(self.last, kind, chat_id, data)
        if self.on_append is not None:
            self.on_append(event)
        self._events.append(event)
        self._wake()

    def latest_at(self) -> float:
        """Return when the last event happened, in seconds of the machine's monotonic clock; now if nothing has."""
        return self._events[-1].at if self._events else time.monotonic()

    def close(self) -> None:
        """Let nobody wait any longer: the server stops."""
        self.is_closed = True
        self._wake()

    def _wake(self) -> None:
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def after(self, seq: int, chat_id: int | None = None) -> list[Event]:
        """Return the events after `seq`, of one chat or of all."""
        behind = self.last - seq
        if behind <= 0:
            return []
        recent = list(islice(reversed(self._events), behind))[::-1]
        return [event for event in recent if chat_id is None or event.chat_id in (None, chat_id)]

    def is_lost(self, seq: int) -> bool:
        """Tell whether events after `seq` are no longer kept: the reader must read everything anew."""
        oldest = self._events[0].seq if self._events else self.last + 1
        return seq + 1 < oldest or seq > self.last

    async def wait(self, seq: int, seconds: float, chat_id: int | None = None) -> list[Event]:
        """Return the events after `seq`; wait up to `seconds` for the first."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            events = self.after(seq, chat_id)
            left = deadline - loop.time()
            if events or left <= 0 or self.is_closed:
                return events
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.append(waiter)
            await asyncio.wait([waiter], timeout=left)
