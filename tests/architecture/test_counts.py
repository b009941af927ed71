"""Counts for readers outside the team come from few places: whatever else is made for them takes them from there.

Otherwise a count of its own could be subtracted from what is shown, and tell what was kept back.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORE = ROOT / "models" / "store"
TELLERS = {"indicators/figures.py", "status.py", "weeklies.py", "alerts.py"}
"""What counts for such readers itself; docs/reference/small-numbers.md says what."""
_COUNTS = re.compile(r"\bfunc\.")
_RULES = re.compile(r"import .*\b(disclosure|suppression)\b|rules\.(disclosure|suppression)\b")


def answering(path: Path) -> list[str]:
    """Return the functions of a module that answer whoever reads counts."""
    text = path.read_text("utf-8")
    if "COUNT_READ" not in text:
        return []
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.AsyncFunctionDef)]
    return [found for node in functions if "COUNT_READ" in (found := ast.get_source_segment(text, node) or "")]


def test_only_these_count_for_readers_outside_the_team() -> None:
    """What answers readers of counts reads pages of figures; it selects no count of its own."""
    found = {str(path.relative_to(STORE)): answering(path) for path in sorted(STORE.rglob("*.py"))}
    assert all(found[name] for name in TELLERS)
    assert [name for name, all_ in found.items() if name not in TELLERS and any(map(_COUNTS.search, all_))] == []


def test_nobody_decides_about_small_numbers_outside_the_store() -> None:
    rooms = [path for room in ("handlers", "scheduler", "bot") for path in sorted((ROOT / room).rglob("*.py"))]
    assert [path.name for path in rooms if _RULES.search(path.read_text("utf-8"))] == []
