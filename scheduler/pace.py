"""How fast the bot may speak: Telegram takes about one message a second per chat and thirty overall."""

from __future__ import annotations

import asyncio

PER_CHAT = 1.0
OVERALL = 1 / 25
"""Seconds between two messages."""


class Pace:
    """Hands out moments at which a message may leave; each is used once."""

    def __init__(self, per_chat: float = PER_CHAT, overall: float = OVERALL) -> None:
        """Leave `per_chat` seconds between two messages to one chat, `overall` seconds between any two."""
        self._per_chat = per_chat
        self._overall = overall
        self._next = 0.0
        self._next_of: dict[int, float] = {}

    async def wait(self, chat_id: int) -> None:
        """Wait until a message may leave for `chat_id`."""
        now = asyncio.get_running_loop().time()
        at = self.book(chat_id, now)
        if at > now:
            await asyncio.sleep(at - now)

    def book(self, chat_id: int, now: float) -> float:
        """Return from when on a message may leave for `chat_id`, asked for at `now`; both in seconds."""
        at = max(now, self._next, self._next_of.get(chat_id, 0.0))
        self._next = max(self._next, now) + self._overall
        self._next_of = {chat: free for chat, free in self._next_of.items() if free > now}
        self._next_of[chat_id] = at + self._per_chat
        return at
