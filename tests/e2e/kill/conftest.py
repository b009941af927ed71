"""Fixtures of the tests that kill the bot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.kill import forked, process
from tests.e2e.kill.forked import Forks


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """A process that has imported the bot already."""
    with forked.nursery() as running:
        yield running


@pytest.fixture
def quick_starts(forks: Forks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork the bot's processes instead of starting each from nothing, which costs five times as much."""
    monkeypatch.setattr(process, "spawn", forks.spawn)
