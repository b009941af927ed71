"""A lost connection, said once when it is lost and once when it is back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Hashable
from typing import Any


class Outage:
    """Whether something we depend on is away.

    Several tasks may suffer from it; it is back when none does any more.
    """

    def __init__(self, log: Any, name: str) -> None:
        """Log to `log` as `<name>_lost` and `<name>_back`."""
        self._log = log
        self._name = name
        self._sufferers: set[Hashable] = set()
        self.problem: str | None = None

    def lost(self, sufferer: Hashable, error: BaseException, hint: str | None = None) -> None:
        """Note that `sufferer` met `error`; `hint` says what an operator can do."""
        first = not self._sufferers
        self._sufferers.add(sufferer)
        problem = type(error).__name__
        if first or (hint is not None and problem != self.problem):
            extra = {} if hint is None else {"hint": hint}
            self._log.warning(f"{self._name}_lost", error=problem, **extra)
        self.problem = problem

    def back(self, sufferer: Hashable) -> None:
        """Note that `sufferer` is served again, or gave up."""
        if sufferer not in self._sufferers:
            return
        self._sufferers.discard(sufferer)
        if not self._sufferers:
            self.problem = None
            self._log.info(f"{self._name}_back")


class Backoff:
    """Pauses that double, with some chance in them so that many who wait don't return at once."""

    def __init__(self, first: float = 1.0, longest: float = 30.0) -> None:
        """Begin with `first` seconds and end at `longest`."""
        self._first = first
        self._longest = longest
        self.tries = 0

    async def pause(self) -> None:
        """Wait for the next pause."""
        whole = min(self._longest, self._first * 2**self.tries)
        self.tries += 1
        await asyncio.sleep(whole * random.uniform(0.75, 1.0))  # noqa: S311 - spreads load, guards nothing

    def reset(self) -> None:
        """Begin again."""
        self.tries = 0
