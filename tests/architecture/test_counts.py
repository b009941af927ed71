"""Counts for readers outside the team come from few places: whatever else is made for them takes them from there.

Otherwise a count of its own could be subtracted from what is shown, and tell what was kept back.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from models.rules.access import Actor, Permission, Role

ROOT = Path(__file__).parents[2]
STORE = ROOT / "models" / "store"
TELLERS = {"indicators/figures.py", "status.py", "weeklies.py", "alerts.py"}
"""What counts for such readers itself; docs/reference/small-numbers.md says what."""
NO_SECRETS = {
    "appeals.py": "villages' appeals that wait",
    "complaints.py": "complaints that wait for the reader, who sees each of them",
    "decisions.py": "what meetings decided",
    "publications.py": "what meetings decided",
}
"""What else is counted for such readers: of nobody, or of those whom the reader sees."""
_COUNTS = re.compile(r"\bfunc\.")
_SUMS = re.compile(r"\bfunc\.(count|sum)\b")
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


def test_whatever_else_is_counted_for_them_is_no_secret() -> None:
    """Modules that answer somebody outside the team at all, by whatever permission, and count, are known."""
    actors = [one for role in Role if role is not Role.RESIDENT and not (one := Actor(0, role, 0, None)).is_of_team]
    theirs = [f"Permission.{one.name}\\b" for one in Permission if any(actor.may(one) for actor in actors)]
    asks = re.compile("|".join(theirs))
    texts = {str(path.relative_to(STORE)): path.read_text("utf-8") for path in sorted(STORE.rglob("*.py"))}
    counting = {name for name, text in texts.items() if asks.search(text) and _SUMS.search(text)}
    assert counting - TELLERS == NO_SECRETS.keys()


def test_nobody_decides_about_small_numbers_outside_the_store() -> None:
    rooms = [path for room in ("handlers", "scheduler", "bot") for path in sorted((ROOT / room).rglob("*.py"))]
    assert [path.name for path in rooms if _RULES.search(path.read_text("utf-8"))] == []
