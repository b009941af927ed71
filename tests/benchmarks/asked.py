"""How many of the 300 plain questions are understood as they are meant, and how long that takes."""

from __future__ import annotations

import time

from models.rules.questions.understand import understand
from tests.questions.cases import VILLAGES, Case, is_right, load


def asked() -> None:
    """Print the shares, of those that were known while rules were written and of those that were not."""
    known, held_out = load("asked"), load("heldout")
    understand("哪个村逾期最多", VILLAGES, known[0].today)
    print("\nPlain questions understood as they are meant")
    print("| questions | in all | right | share |\n| --- | ---: | ---: | ---: |")
    every = known + held_out
    for name, cases in (
        ("known while rules were written", known),
        ("held out", held_out),
        ("Chinese", [case for case in every if case.language == "zh-CN"]),
        ("English", [case for case in every if case.language == "en"]),
        ("messy", [case for case in every if case.messy]),
        ("all", every),
    ):
        right = sum(map(_is_right, cases))
        print(f"| {name} | {len(cases)} | {right} | {right / len(cases):.1%} |")
    taken = sorted(map(_milliseconds, every))
    print(f"\nA question takes {taken[len(taken) // 2]:.1f} ms of a processor, the slowest {taken[-1]:.1f} ms.")


def _is_right(case: Case) -> bool:
    return is_right(case, understand(case.question, VILLAGES, case.today))


def _milliseconds(case: Case) -> float:
    begun = time.process_time()
    understand(case.question, VILLAGES, case.today)
    return 1000 * (time.process_time() - begun)
