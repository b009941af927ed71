"""A PostgreSQL server that crashes."""

from __future__ import annotations

import os
import signal
from typing import Any

import psutil


def break_off(server: Any) -> None:
    """Break a server off (immediate shutdown: no checkpoint, every connection cut) and start it again."""
    postmaster = psutil.Process(server.get_pid())
    os.kill(postmaster.pid, signal.SIGQUIT)
    postmaster.wait(20)
    server.ensure_postgres_running()
