"""A hundred people who fill in forms: as fast as the bot answers, or at a fixed rate."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession

from tests.benchmarks.questions import Step

Json = dict[str, Any]
PATIENCE = 15.0
_THINK = 0.03
"""Seconds before people go on. It counts as nobody's wait, and lets those who were answered meanwhile act in one
request: one each would cost more than the bot that answers evenly, and nothing for one that answers in bursts."""


class NotAnswered(AssertionError):
    """The bot didn't show what the form asks for."""


@dataclass(slots=True)
class Member:
    """One person.

    Attributes:
        at: the step that comes next, or that waits for its answer.
        since: when the update that waits was queued; `None` while none does.
        shown: the bot's latest message in this chat.
    """

    chat_id: int
    at: int = 0
    since: float | None = None
    shown: Json = field(default_factory=dict)
    forms: int = 0

    def act(self, steps: Sequence[Step]) -> Json:
        """Return the next act."""
        step = steps[self.at]
        if step.text is not None:
            return {"chat_id": self.chat_id, "text": step.text}
        data = next(
            (
                button["callback_data"]
                for row in self.shown["inline_keyboard"]
                for button in row
                if step.label == button["text"]
            ),
            None,
        )
        if data is None:
            raise NotAnswered(f"no button {step.label!r} under {self.shown['text']!r}")
        return {"chat_id": self.chat_id, "message_id": self.shown["message_id"], "data": data}

    def see(self, shown: Json, steps: Sequence[Step]) -> float | None:
        """Take in what the bot shows; return how long it took, in seconds, if that was the answer."""
        if self.since is None:
            raise NotAnswered(f"nobody asked for {shown['text']!r}")
        if steps[self.at].sees not in shown["text"]:
            raise NotAnswered(f"expected {steps[self.at].sees!r}, saw {shown['text']!r}")
        took = float(shown["at"]) - self.since
        self.shown, self.since = shown, None
        self.at = (self.at + 1) % len(steps)
        self.forms += self.at == 0
        return took


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured.

    Attributes:
        seconds: from the first update to the last answer.
        waits: for each update, seconds from the moment it was queued to the moment its answer came in.
    """

    seconds: float
    waits: Sequence[float]

    @property
    def rate(self) -> float:
        """Updates a second."""
        return len(self.waits) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return a percentile of the waits, in milliseconds."""
        return statistics.quantiles(self.waits, n=100, method="inclusive")[percent - 1] * 1000


class Crowd:
    """Plays people through the control API, all in one request at a time."""

    def __init__(self, http: ClientSession, base: str, people: Sequence[int], steps: Sequence[Step]) -> None:
        """Play `people`, who each go through `steps` again and again."""
        self._http = http
        self._base = base
        self._steps = steps
        self._members = {chat_id: Member(chat_id) for chat_id in people}
        self._last: int | None = None

    async def meet(self) -> None:
        """Bring everybody to the chat network."""
        for chat_id in self._members:
            body = {"id": chat_id, "first_name": "王", "language_code": "zh-hans", "is_known": True}
            async with self._http.post(f"{self._base}/control/people", json=body) as response:
                response.raise_for_status()

    async def fill_in(self, forms: int) -> Result:
        """Let everybody fill in `forms` forms, each answering as soon as asked."""
        waits: list[float] = []
        goals = {chat_id: member.forms + forms for chat_id, member in self._members.items()}
        ready = list(self._members.values())
        begun = time.monotonic()
        total = len(self._members) * forms * len(self._steps)
        while len(waits) < total:
            await asyncio.sleep(_THINK)
            answered = await self._round(ready, waits, PATIENCE)
            ready = [member for member in answered if member.forms < goals[member.chat_id]]
        return Result(time.monotonic() - begun, waits)

    async def at_rate(self, rate: float, seconds: float, seed: int | None) -> Result:
        """Let people answer at `rate` updates a second, whenever the bot's answers come.

        They come evenly, or at random (Poisson) by the number `seed`.
        """
        chance = random.Random(seed)
        waits: list[float] = []
        idle = list(self._members.values())
        begun = due = time.monotonic()
        end = begun + seconds
        while due < end:
            due += 1 / rate if seed is None else chance.expovariate(rate)
            while (left := due - time.monotonic()) > 0:
                idle += await self._round([], waits, left)
            if not idle:
                raise NotAnswered("the bot can't keep up: everybody waits")
            idle += await self._round([idle.pop(0)], waits, 0.0)
        while len(idle) < len(self._members):
            idle += await self._round([], waits, PATIENCE)
        return Result(time.monotonic() - begun, waits)

    async def _round(self, ready: Sequence[Member], waits: list[float], seconds: float) -> list[Member]:
        """Let `ready` act and return who was answered, waiting up to `seconds` for somebody."""
        body: Json = {"acts": [member.act(self._steps) for member in ready], "timeout": seconds}
        if self._last is not None:
            body["after"] = self._last
        async with self._http.post(f"{self._base}/control/crowd", json=body) as response:
            found = await response.json()
            if response.status != 200:
                raise NotAnswered(str(found))
        self._last = found["last"]
        for member, act in zip(ready, found["acts"], strict=True):
            member.since = act["at"]
        answered = [self._members[shown["chat_id"]] for shown in found["shown"]]
        waits += [
            took for m, shown in zip(answered, found["shown"], strict=True) if (took := m.see(shown, self._steps))
        ]
        if seconds == PATIENCE and not answered:
            raise NotAnswered(f"nothing for {PATIENCE} s; {self._waiting()} people wait")
        return answered

    def _waiting(self) -> int:
        return sum(member.since is not None for member in self._members.values())


async def settle() -> None:
    """Let what is still under way end."""
    await asyncio.sleep(0.5)
