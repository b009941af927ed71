"""Logs that tell what happened and to which row, and never to whom.

Only ids, counts and class names are logged. Exceptions are logged as their class and frames: a message can hold
what somebody typed, and a token can hide in an address.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

Event = MutableMapping[str, Any]
_QUIET = ("aiosqlite", "httpx", "httpcore", "telegram", "aiohttp.access", "apscheduler", "alembic", "sqlalchemy.engine")


def frames(error: BaseException) -> str:
    """Return the class and the frames of `error` and of what caused it, without any message."""
    parts = []
    seen: BaseException | None = error
    while seen is not None:
        parts.append(f"{type(seen).__module__}.{type(seen).__qualname__}\n{_stack(seen.__traceback__)}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "caused by ".join(parts)


def _stack(trace: TracebackType | None) -> str:
    return "".join(f"  {f.filename}:{f.lineno} {f.name}\n" for f in traceback.extract_tb(trace))


def _exception_without_message(_logger: Any, _method: str, event: Event) -> Event:
    problem = event.pop("exc_info", None)
    if problem is True:
        problem = sys.exc_info()[1]
    if isinstance(problem, tuple):
        problem = problem[1]
    if isinstance(problem, BaseException):
        event["frames"] = frames(problem)
    return event


def _record_without_arguments(_logger: Any, _method: str, event: Event) -> Event:
    """Keep only the template of a library's log line: its arguments may be personal."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["event"] = str(record.msg) if isinstance(record.msg, str) and "%" in record.msg else "library"
        event["library"] = record.name
    return event


class _Stderr(logging.Handler):
    """Writes to whatever standard error is now.

    The library's own handler prints a record with its arguments when it can't be written: ours names the failure.
    """

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception as error:
            sys.stderr.write(f"a log line could not be written: {type(error).__name__}\n")


def set_up(log_format: str = "console", level: str = "info") -> None:
    """Send structlog's and the libraries' lines through one pipe to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception_without_message,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_record_without_arguments, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = _Stderr()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
