"""`python -m tests.e2e.kill.moved run`: `python -m bot run` by a clock that whoever started it can move.

Leases last two minutes and pauses up to half an hour. No test waits for them: it moves the clock of all processes.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

CLOCK_FILE = "STORM_CLOCK"
"""The environment variable that names the file which holds how far the clock is ahead, in seconds."""
LOOK_EVERY = timedelta(seconds=0.1)
"""So often the outbox is looked at: what another process plans wakes nobody here."""

PLAN_EVERY = timedelta(days=365)
"""The planner sleeps: each morning of a moved clock it would add messages of its own, and a storm would never end."""


class FileClock:
    """The machine's clock, ahead by what a file says; every process that reads the file has the same time."""

    def __init__(self, file: Path) -> None:
        """Read `file` whenever the time is asked for."""
        self._file = file

    def now(self) -> datetime:
        """Return the moved moment, aware, in UTC."""
        return datetime.now(UTC) + self._ahead()

    def move(self, by: timedelta) -> None:
        """Move the clock of every process that reads the file; one process at a time may."""
        ahead = self._ahead() + by
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(ahead.total_seconds()), "ascii")
        fresh.replace(self._file)

    def _ahead(self) -> timedelta:
        try:
            return timedelta(seconds=float(self._file.read_text("ascii")))
        except FileNotFoundError:
            return timedelta()


def main() -> None:
    """Run the application as `suifang run` does."""
    from bot import application, cli, logging

    application.LOOK_EVERY, application.PLAN_EVERY = LOOK_EVERY, PLAN_EVERY
    chosen = cli.settings()
    logging.set_up(chosen.log_format, chosen.log_level)
    cli.go(application.run(chosen, FileClock(Path(os.environ[CLOCK_FILE]))))


if __name__ == "__main__":
    main()
