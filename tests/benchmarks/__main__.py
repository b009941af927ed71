"""`python -m tests.benchmarks [compare|steady|start|find|kills]`: measures speed and prints tables."""

from __future__ import annotations

import argparse

from tests.benchmarks.compare import FORMS, RUNS, compare
from tests.benchmarks.find import find
from tests.benchmarks.kills import KILLS, kills
from tests.benchmarks.start import start
from tests.benchmarks.steady import steady

BENCHMARKS = ("compare", "steady", "start", "find", "kills")


def main() -> None:
    """Run all benchmarks, or one."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description="Measures speed and prints tables.")
    parser.add_argument(
        "which", nargs="?", default="all", choices=["all", "compare", "steady", "start", "find", "kills"]
    )
    parser.add_argument("--runs", type=int, default=RUNS, help="how often each bot is measured")
    parser.add_argument("--forms", type=int, default=FORMS, help="how many forms each person fills in")
    parser.add_argument("--only", default="", help="only bots whose name holds this")
    parser.add_argument("--kills", type=int, default=KILLS, help="how often the process is killed on each database")
    chosen = parser.parse_args()
    if chosen.which in ("all", "compare"):
        compare(chosen.runs, chosen.forms, chosen.only.lower())
    if chosen.which in ("all", "steady"):
        steady(chosen.runs)
    if chosen.which in ("all", "start"):
        start(chosen.runs)
    if chosen.which in ("all", "find"):
        find(chosen.runs)
    if chosen.which in ("all", "kills"):
        kills(chosen.kills)


if __name__ == "__main__":
    main()
