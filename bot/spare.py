"""Libraries without what they load for comforts that a running bot never uses: 5 MB, and a tenth of a second."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_COMFORTS = ("rich", "httpx._main")
"""structlog would draw tracebacks, which `bot.logging` writes without what was typed; httpx has a command line."""


@contextmanager
def without_comforts() -> Iterator[None]:
    """Load what the block imports as if the comforts were not installed; later, others find them as usual."""
    hidden = [name for name in _COMFORTS if name not in sys.modules]
    # Python raises ImportError for a module that stands there as None, and each library goes on without it.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
