"""Logs say what happened, never what was typed."""

from __future__ import annotations

import logging as stdlib
from collections.abc import Iterator

import pytest
import structlog

from bot import logging


def _failing(name: str) -> None:
    raise ValueError(f"could not store {name}")


@pytest.fixture(params=["console", "json"])
def log(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Iterator[structlog.BoundLogger]:
    root = stdlib.getLogger()
    handlers, level = root.handlers, root.level
    logging.set_up(request.param, "debug")
    yield structlog.get_logger("test")
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_an_exception_is_logged_without_its_message(
    log: structlog.BoundLogger, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        _failing("王金丝雀")
    except ValueError:
        log.exception("failed", row=7)
    said = capsys.readouterr().err
    assert "王金丝雀" not in said
    assert "ValueError" in said
    assert "_failing" in said
    assert "7" in said


def test_the_cause_is_logged_the_same_way(log: structlog.BoundLogger, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            _failing("王金丝雀")
        except ValueError as error:
            raise RuntimeError("13987654321") from error
    except RuntimeError:
        log.exception("failed")
    said = capsys.readouterr().err
    assert "王金丝雀" not in said
    assert "13987654321" not in said
    assert "RuntimeError" in said
    assert "ValueError" in said


def test_a_library_says_its_template_only(log: structlog.BoundLogger, capsys: pytest.CaptureFixture[str]) -> None:
    stdlib.getLogger("asyncio").error("Task %s broke", "王金丝雀")
    stdlib.getLogger("somebody").warning(f"GET https://host/bot{'1:canary'}/getMe")
    said = capsys.readouterr().err
    assert "王金丝雀" not in said
    assert "canary" not in said
    assert "Task %s broke" in said
