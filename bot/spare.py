"""Libraries without what they load for comforts that a running bot never uses: 10 MB, and a tenth of a second."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_COMFORTS = ("rich", "httpx._main")
"""structlog would draw tracebacks, which `bot.logging` writes without what was typed; httpx has a command line."""


@contextmanager
def without_comforts() -> Iterator[None]:
    """Load what the block imports as if the comforts were not installed; later, others find them as usual."""
    with _hidden([name for name in _COMFORTS if name not in sys.modules]):
        yield


def load_aiohttp_without_tls() -> None:
    """Load aiohttp as if Python had no TLS, for a process that speaks on loopback only: it reads no certificates."""
    import urllib.request  # noqa: F401 - aiohttp loads it too, and it may have its TLS

    with _hidden(["ssl"]):
        import aiohttp  # noqa: F401


def load_tables_without_postgres() -> None:
    """Load the tables as if SQLAlchemy did not know PostgreSQL, whose words for partial indexes SQLite never says."""
    with _hidden(["sqlalchemy.dialects.postgresql"]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Can't validate argument")
        import models.tables  # noqa: F401


@contextmanager
def _hidden(names: Sequence[str]) -> Iterator[None]:
    """Let whoever loads one of `names` in the block go on without it."""
    before = {name: sys.modules.get(name) for name in names}
    # Python raises ImportError for a module that stands there as None.
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.pop(name)
            if module is not None:
                sys.modules[name] = module
