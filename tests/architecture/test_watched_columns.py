"""Every column that counts are made of is watched by a trigger, so that a count that is kept follows its change."""

from __future__ import annotations

import ast
from pathlib import Path

from models.tables import triggers
from models.tables.base import Base
from models.tables.triggers import Event

STORE = Path(__file__).parents[2] / "models" / "store"
COUNTING = ("benefits", "births", "checkups", "choice", "chronic", "followups", "work")
"""Modules that read what is kept; what has no `Lot` is counted anew each time."""
CONDITIONS = {
    ("scope", "listed"): {"model": "residents"},
    ("due", "state_column"): {},
    ("_alerts", "overdue"): {"enrolment": "enrolments", "person": "residents"},
}
"""What they ask beside, and which table a parameter stands for."""
CLASSES = {mapper.class_.__name__: str(mapper.local_table) for mapper in Base.registry.mappers}
NEVER_CHANGED = {"id"}


def columns(node: ast.AST, names: dict[str, str]) -> set[tuple[str, str]]:
    """Tables and columns that a piece of code names."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in names:
            table = names[each.value.id]
            if each.attr in Base.metadata.tables[table].columns:
                found.add((table, each.attr))
    return found


def read() -> set[tuple[str, str]]:
    found = set()
    for name in COUNTING:
        tree = ast.parse((STORE / "indicators" / f"{name}.py").read_text("utf-8"))
        aliases = {
            node.targets[0].id: CLASSES[node.value.args[0].id]
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func) == "aliased"
            and isinstance(node.value.args[0], ast.Name)
        }
        found |= columns(tree, CLASSES | aliases)
    for (module, function), names in CONDITIONS.items():
        tree = ast.parse((STORE / f"{module}.py").read_text("utf-8"))
        (node,) = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == function]
        found |= columns(node, CLASSES | names)
    return found


def watched() -> set[tuple[str, str]]:
    found = set()
    for watch in triggers.WATCHED:
        if Event.UPDATE in watch.events:
            names = watch.columns or Base.metadata.tables[watch.table].columns.keys()
            found |= {(watch.table, name) for name in names}
    return found


def test_what_counts_read_is_watched() -> None:
    told = {(table, column) for table, column in read() if column not in NEVER_CHANGED}
    assert {("residents", "restricted"), ("enrolments", "paused"), ("alerts", "closed_why")} <= told
    assert told - watched() == set()


def test_what_is_watched_is_there() -> None:
    for watch in triggers.WATCHED:
        assert set(watch.columns) <= set(Base.metadata.tables[watch.table].columns.keys())


def test_rows_come_and_go_noticed() -> None:
    """A resident without a programme is counted nowhere, and a place nowhere before it is asked about."""
    events = {(watch.table, event) for watch in triggers.WATCHED for event in watch.events}
    tables = {watch.table for watch in triggers.WATCHED}
    assert {(table, event) for table in tables for event in Event} - events == {
        (table, event) for table in ("residents", "places") for event in (Event.INSERT, Event.DELETE)
    }
