"""What is made once in a run, by the worker that needs it first, and copied by all."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

_T = TypeVar("_T")


def folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the run, which all its workers share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep the other workers out until the block ends."""
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], _T]) -> tuple[Path, _T]:
    """Let `make` make the file `name`, unless another worker has; return the file and what `make` has returned."""
    path = folder(factory) / name
    told = path.with_suffix(".told")
    with alone(path.with_suffix(".lock")):
        if not told.exists():
            told.write_bytes(pickle.dumps(make(path)))
        found: _T = pickle.loads(told.read_bytes())  # noqa: S301 - from a worker of this run
    return path, found
