"""What all tests share. The fixtures are a plugin: whoever only hands tests out to workers need not import the bot."""

from __future__ import annotations

import asyncio
import gc
import importlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import pytest
import uvloop

MONDAY = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
"""09:00 in China on 16 March 2026, when the tests' clock begins."""
KEYS = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
BACKENDS = ("sqlite", "postgres")
NewDatabase = Callable[..., Awaitable[str]]

LONG = (
    "tests/e2e/test_roles.py",
    "tests/e2e/test_local_mode.py",
    "tests/e2e/test_intruders.py",
    "tests/e2e/kill/",
    "tests/e2e/page/",
    "tests/integration/local/test_demo.py",
    "tests/integration/scheduler/",
    "tests/integration/store/test_alert",
    "tests/integration/store/test_tallies",
    "tests/integration/store/test_indicators.py",
    "tests/integration/store/test_roster",
    "tests/integration/store/test_histories.py",
    "tests/architecture/test_said_texts.py",
    "tests/e2e/test_roster",
)
"""Files that take longest; they begin."""


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Get the fixtures ready, unless others run the tests."""
    if not config.pluginmanager.has_plugin("dsession"):
        config.pluginmanager.register(importlib.import_module("tests.fixtures"), "tests.fixtures")


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run the tests on the loop that the bot runs on: it costs a sixth less."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no worker ends long after the others."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among what was imported and collected: it stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
