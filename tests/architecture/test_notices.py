"""What the store plans, the scheduler can word, and its buttons lead somewhere."""

from __future__ import annotations

import ast

from handlers import routes, todo
from scheduler.messages import NOTICES
from scheduler.sources import SOURCES, digest
from tests.architecture.said_keys import trees
from tests.architecture.test_said_texts import KEYS


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return what the module's names stand for, where that is a string."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names, values = (getattr(part, "elts", [part]) for part in (node.targets[0], node.value))
            pairs = zip(names, values, strict=False)
            found |= {ast.unparse(name): str(one.value) for name, one in pairs if isinstance(one, ast.Constant)}
    return found


def _planned() -> set[str]:
    """Return every kind that a source plans, or that a call of `outbox.plan` names, itself or by a constant."""
    kinds: set[str] = set()
    for _, tree in trees("models"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.plan":
                kind = node.args[2]
                known = kind.value if isinstance(kind, ast.Constant) else _constants(tree)[ast.unparse(kind)]
                kinds.add(str(known))
    return kinds.union(*(source.kinds for source in SOURCES))


def test_every_kind_that_is_planned_can_be_worded() -> None:
    assert {"person.ill", "approval.waits"} <= _planned()
    assert sorted(_planned() - set(NOTICES)) == []


def test_every_kind_that_can_be_worded_is_planned() -> None:
    assert sorted(set(NOTICES) - _planned()) == []


def test_every_button_of_a_notice_leads_somewhere() -> None:
    actions = {notice.action for notice in NOTICES.values() if notice.action is not None}
    actions |= {tap.action for tap in digest.TAPS.values()}
    assert sorted(actions - set(routes.TAPS)) == []


def test_every_line_of_the_to_do_list_has_words_and_leads_somewhere() -> None:
    for line in todo.LINES:
        assert line.label in KEYS, line.label
        assert line.action in routes.TAPS, line.action
