"""The queue of updates.

Bot API, "getUpdates" and "Update": an update is confirmed as soon as `getUpdates` is called with a higher
`offset`; a negative `offset` forgets all but the last ones; only the newest of two waiting calls is served.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import orjson

from bot.local.server.errors import ApiError

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50
CONFLICT_PAUSE = 3.0
_OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = "Conflict: terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class Update:
    """An update that waits.

    Attributes:
        lane: what it must stay in order with when it is delivered by webhook.
        body: the update as JSON.
    """

    id: int
    kind: str
    lane: tuple[str, int]
    body: bytes


class UpdateQueue:
    """Updates that are not confirmed, in order."""

    def __init__(self, first_id: int | None = None) -> None:
        """Start with `first_id`, or with a random number as Telegram does after a quiet week."""
        self.next_id = first_id if first_id is not None else 100_000_000 + secrets.randbelow(900_000_000)
        self.pending: dict[int, Update] = {}
        self.allowed: list[str] = []
        self.confirmed = 0
        self.on_added: Callable[[Update], None] | None = None
        self.on_queued: Callable[[Update], None] | None = None
        self.on_forgotten: Callable[[list[int]], None] | None = None
        self._poll: asyncio.Future[str] | None = None
        self._last_conflict = -CONFLICT_PAUSE

    def is_wanted(self, kind: str) -> bool:
        """Tell whether updates of `kind` are delivered ("allowed_updates")."""
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def allow(self, kinds: Any) -> None:
        """Set `allowed_updates`; `None` keeps what was set before, an empty list means the default."""
        if isinstance(kinds, list):
            self.allowed = [str(kind) for kind in kinds]

    def add(self, kind: str, payload: Any, lane: tuple[str, int]) -> int | None:
        """Queue an update and return its id; `None` when the bot doesn't want this kind."""
        if not self.is_wanted(kind):
            return None
        return self.add_raw(kind, {kind: payload}, lane)

    def add_raw(self, kind: str, fields: dict[str, Any], lane: tuple[str, int]) -> int:
        """Queue an update made of `fields`, whatever they are, and return its id."""
        number = self.next_id
        self.next_id += 1
        update = Update(number, kind, lane, orjson.dumps({"update_id": number, **fields}))
        self.pending[number] = update
        if self.on_queued is not None:
            self.on_queued(update)
        if self.on_added is not None:
            self.on_added(update)
        if self._poll is not None and not self._poll.done():
            self._poll.set_result("")
        return number

    def forget(self, number: int) -> None:
        """Take an update away: it was delivered."""
        if number in self.pending:
            self.confirmed += 1
            self._drop([number])

    def clear(self) -> None:
        """Drop everything that waits ("drop_pending_updates")."""
        self._drop(list(self.pending))

    def _drop(self, numbers: list[int]) -> None:
        for number in numbers:
            del self.pending[number]
        if numbers and self.on_forgotten is not None:
            self.on_forgotten(numbers)

    async def get(self, offset: int, limit: int, seconds: int) -> bytes:
        """Return up to `limit` updates from `offset` on as a JSON list; wait up to `seconds` for one."""
        self._confirm(offset)
        await self._end_poll(_OTHER_POLL)
        if not self.pending and seconds > 0:
            await self._wait(min(seconds, LONGEST_POLL))
        chosen = [update.body for update in self.pending.values() if update.id >= offset][:limit]
        return b"[" + b",".join(chosen) + b"]"

    async def close(self) -> None:
        """End a waiting call with nothing: the server stops."""
        await self._end_poll("")

    async def end_for_webhook(self) -> None:
        """End a waiting call because a webhook was set."""
        await self._end_poll(_WEBHOOK_SET)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._drop(list(self.pending)[:offset])
            return
        confirmed = list(takewhile(lambda number: number < offset, self.pending))
        self.confirmed += len(confirmed)
        self._drop(confirmed)

    async def _end_poll(self, words: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(words)

    async def _wait(self, seconds: int) -> None:
        poll: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = poll
        await asyncio.wait([poll], timeout=seconds)
        words = poll.result() if poll.done() else ""
        if self._poll is poll:
            self._poll = None
        if words:
            await self._pause_conflict()
            raise ApiError(409, words)

    async def _pause_conflict(self) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._last_conflict + CONFLICT_PAUSE:
            await asyncio.sleep(CONFLICT_PAUSE)
            return
        self._last_conflict = now
