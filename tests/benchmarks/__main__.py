"""`python -m tests.benchmarks [NAME]`: measures speed, counts what kills do, and prints tables."""

from __future__ import annotations

import argparse

from tests.benchmarks.asked import asked
from tests.benchmarks.bulk import bulk
from tests.benchmarks.compare import FORMS, RUNS, compare
from tests.benchmarks.county import RESIDENTS, county
from tests.benchmarks.find import find
from tests.benchmarks.holds import holds
from tests.benchmarks.imports import ROWS, importing
from tests.benchmarks.kills import KILLS, kills
from tests.benchmarks.leaks import MINUTES, leaks
from tests.benchmarks.outbox import KILLS as OUTBOX_KILLS
from tests.benchmarks.outbox import outbox
from tests.benchmarks.start import start
from tests.benchmarks.status import status
from tests.benchmarks.steady import steady
from tests.benchmarks.township import RESIDENTS as TOWNSHIP
from tests.benchmarks.words import LINES, words
from tests.benchmarks.year import DAYS, year

BENCHMARKS = (
    *("compare", "steady", "start", "find", "imports", "kills", "outbox", "year", "bulk", "county", "asked"),
    *("status", "holds", "leaks"),
    "words",
)


def main() -> None:
    """Run all benchmarks, or one."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description="Measures speed and prints tables.")
    parser.add_argument("which", nargs="?", default="all", choices=["all", *BENCHMARKS])
    parser.add_argument("--runs", type=int, default=RUNS, help="how often each bot is measured")
    parser.add_argument("--forms", type=int, default=FORMS, help="how many forms each person fills in")
    parser.add_argument("--only", default="", help="only bots, or storms, whose name holds this")
    parser.add_argument("--kills", type=int, help="how often the processes are killed on each database")
    parser.add_argument("--rows", type=int, default=ROWS, help="how many people the imported list has")
    parser.add_argument("--residents", type=int, default=RESIDENTS, help="how many people the county has")
    parser.add_argument("--days", type=int, default=DAYS, help="how many days the simulated township lives")
    parser.add_argument("--lines", type=int, default=LINES, help="how many messy lines of each kind are read")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long small counts are looked for")
    chosen = parser.parse_args()
    if chosen.which in ("all", "compare"):
        compare(chosen.runs, chosen.forms, chosen.only.lower())
    if chosen.which in ("all", "steady"):
        steady(chosen.runs)
    if chosen.which in ("all", "start"):
        start(chosen.runs)
    if chosen.which in ("all", "find"):
        find(chosen.runs)
    if chosen.which in ("all", "words"):
        words(chosen.lines)
    if chosen.which in ("all", "imports"):
        importing(chosen.rows)
    if chosen.which in ("all", "kills"):
        kills(chosen.kills or KILLS)
    if chosen.which in ("all", "outbox"):
        outbox(chosen.kills or OUTBOX_KILLS, chosen.only.lower())
    if chosen.which in ("all", "asked"):
        asked()
    _long(chosen)


def _long(chosen: argparse.Namespace) -> None:
    """Run what takes longest."""
    if chosen.which in ("all", "leaks"):
        leaks(chosen.minutes)
    if chosen.which in ("all", "year"):
        year(chosen.days)
    if chosen.which in ("all", "bulk"):
        bulk()
    if chosen.which in ("all", "county"):
        county(chosen.residents)
    if chosen.which in ("all", "status"):
        status(min(chosen.residents, TOWNSHIP))
    if chosen.which in ("all", "holds"):
        holds(min(chosen.residents, TOWNSHIP))


if __name__ == "__main__":
    main()
