"""How fast the bot may speak of its own accord.

Telegram takes about thirty messages a second over all chats, one a second in one chat, and twenty a minute in one
group (Bots FAQ, "My bot is hitting limits"). What the bot says of its own accord keeps below that, so that a reply to
somebody's tap, which never waits here, has room. Processes book their moments together in the database
(`models.store.pacing`); here a process keeps to what it has booked, and to the distance within a chat.
"""

from __future__ import annotations

import asyncio
from collections import deque

PER_SECOND = 25.0
"""Messages a second over all chats (reliability: measured to stay below 429)."""
PER_CHAT = 1.0
PER_GROUP = 3.0
"""Seconds between two messages in one chat, and in one group: twenty a minute."""
_REPLIES = 0.04
"""So much faster may it go with the replies that leave meanwhile: 26 a second where 25 are its own."""
_SECOND = 1.0
_ENOUGH = 1e6
"""Messages a second that are no limit at all."""


class Pace:
    """Hands out moments at which a message may leave; times are those of the event loop, in seconds."""

    def __init__(
        self, per_second: float = PER_SECOND, per_chat: float = PER_CHAT, per_group: float = PER_GROUP
    ) -> None:
        """Let `per_second` messages leave (infinity: no limit), one every `per_chat` seconds for a chat."""
        self.every = 1 / per_second
        self._per_chat = per_chat
        self._per_group = per_group
        self._most = max(1, int(min(per_second, _ENOUGH) * (1 + _REPLIES)))
        self._next = 0.0
        self._held_until = 0.0
        self._owed_pause = 0.0
        self._next_of: dict[int, float] = {}
        self._left: deque[float] = deque()

    async def wait(self, chat_id: int) -> None:
        """Wait until a message may leave for `chat_id`; `leave` follows when it does."""
        at = self.book(chat_id, self._now())
        while (wait := max(at, self._held_until, self._room()) - self._now()) > 0:  # noqa: ASYNC110 - as below
            await asyncio.sleep(wait)

    async def leave(self) -> None:
        """Count a message that leaves now; wait a little if others, held up since their `wait`, leave at once too."""
        while (wait := self._room() - self._now()) > 0:  # noqa: ASYNC110 - for time, not an event
            await asyncio.sleep(wait)
        self._left.append(self._now())

    def book(self, chat_id: int, now: float) -> float:
        """Return from when on a message may leave for `chat_id`, asked for at `now`."""
        at = max(now, self._next, self._next_of.get(chat_id, 0.0))
        self._next = max(self._next, now) + self.every
        self._keep_distance(chat_id, at, now)
        return at

    def begin_at(self, seconds: float) -> None:
        """Let nothing leave for `seconds`: others have booked the moments before."""
        self._next = max(self._next, self._now() + seconds)

    def note(self, chat_id: int) -> None:
        """Note that a reply leaves for `chat_id`: it counts, but never waits."""
        now = self._now()
        self._left.append(now)
        self._keep_distance(chat_id, now, now)

    def hold(self, seconds: float) -> None:
        """Let nothing leave for `seconds`: the chat network asked for it; `owed_pause` tells the others."""
        self._held_until = max(self._held_until, self._now() + seconds)
        self._owed_pause = max(self._owed_pause, seconds)

    def owed_pause(self) -> float:
        """Return the pause that a reply has met since last asked, for the database; 0 for none."""
        owed, self._owed_pause = self._owed_pause, 0.0
        return owed

    def _room(self) -> float:
        """Return from when on one more message stays within a second's most."""
        now = self._now()
        while self._left and self._left[0] <= now - _SECOND:
            self._left.popleft()
        return self._left[-self._most] + _SECOND if len(self._left) >= self._most else now

    def _keep_distance(self, chat_id: int, at: float, now: float) -> None:
        self._next_of = {chat: free for chat, free in self._next_of.items() if free > now}
        self._next_of[chat_id] = max(
            self._next_of.get(chat_id, 0.0), at + (self._per_group if chat_id < 0 else self._per_chat)
        )

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
