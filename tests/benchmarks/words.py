"""How many messy lines are read, read in part, or asked about, and that none is read wrongly."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from models.rules.lines.people import Listed
from tests.benchmarks.tables import table
from tests.factories.said_lines import Line, dictated, entered, roster
from tests.factories.told import told_dictated, told_entered

LINES = 1_000
"""So many lines of each kind."""
_FATES = ("right", "part", "asked", "wrong")
_KINDS: tuple[tuple[str, Callable[[Random, Sequence[Listed]], Line], Callable[[Line, Sequence[Listed]], str]], ...] = (
    ("dictated", dictated, told_dictated),
    ("quick entry", entered, told_entered),
)


def words(lines: int = LINES) -> None:
    """Print the table."""
    rows = []
    for name, make, tell in _KINDS:
        began = time.perf_counter()
        found: Counter[str] = Counter()
        for seed in range(lines):
            chance = Random(seed)
            people = roster(chance)
            found[tell(make(chance, people), people)] += 1
        each = (time.perf_counter() - began) / lines * 1000
        rows.append((name, f"{lines:,}", *(f"{found[fate] / lines:.1%}" for fate in _FATES), f"{each:.1f}"))
    head = ("lines", "how many", "read", "read in part, the rest asked", "asked", "read wrongly", "ms each")
    table("Messy lines: spaces, full width, pinyin, initials, slips, swapped and missing numbers", head, rows)
