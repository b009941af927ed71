"""Every code with which input or a save is refused has words: without them the refusal would itself fail."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from locales.translator import translator
from models.rules.measurements import Measure

ROOT = Path(__file__).parents[2]
GROUPS = {"Refused": "errors", "Conflict": "errors", "InputError": "input", "Fault": "input", "_unread": "input"}
BUILT = {f"{group}.measure_{code}" for group in ("errors", "input") for code in ("range", "order")}
"""Codes that are put together from a finding's."""


def _codes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in GROUPS:
            continue
        code = node.args[0] if node.args else None
        if isinstance(code, ast.Constant):
            yield f"{GROUPS[node.func.id]}.{code.value}"


def test_every_code_has_words() -> None:
    sources = [path for folder in ("models", "handlers") for path in (ROOT / folder).rglob("*.py")]
    codes = {code for path in sources for code in _codes(path)} | BUILT
    assert len(codes) > 40
    assert sorted(code for code in codes if not translator("zh-CN").has(code)) == []


def test_every_measure_that_a_form_asks_has_a_name() -> None:
    asked = set(Measure) - {Measure.GESTATION}
    assert sorted(name for name in asked if not translator("zh-CN").has(f"measure.name.{name}")) == []
