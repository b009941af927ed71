"""Every public store function that touches people's tables takes the actor, and nobody goes around them.

A check after the query is forgotten sooner or later, so there is no unscoped read to forget it after: a function
that mentions one of the tables below, itself or through a helper of its module, has an `actor` parameter.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

STORE = Path(__file__).parents[2] / "models" / "store"
PEOPLE = {
    "Resident",
    "Consent",
    "Enrolment",
    "Visit",
    "Attendance",
    "RecordVersion",
    "Counselling",
    "Examination",
    "Referral",
    "CorrectionGrant",
    "StatusChange",
    "ConsentChange",
    "HouseholdChange",
    "Alert",
    "AlertHold",
    "ResidentAccount",
    "ResidentLink",
    "RosterEntry",
    "Complaint",
    "BenefitApplication",
    "BenefitDecision",
    "BenefitPayment",
}
"""Mapped classes whose rows are about residents."""
PRIVATE = {
    "_accounts",
    "_alerts",
    "_benefits",
    "_climbs",
    "_days",
    "_declines",
    "_effects",
    "_facts",
    "_findings",
    "_handovers",
    "_households",
    "_kept",
    "_kinds",
    "_locks",
    "_meetings",
    "_merging",
    "_months",
    "_moves",
    "_people",
    "_records",
    "_roster_lines",
    "_rosters",
    "_union",
}
"""Modules that only the store itself imports; their callers hold ids that are within scope."""
WITHOUT_ACTOR = {
    "accounts.open_link": "a stranger who holds a code; told are the village and a surname",
    "accounts.tie": "the stranger says yes: only whose code it is, and who has opened it",
    "accounts.close_link": "lets a code be opened by another account",
    "accounts.decline": "the stranger says no: the code is deleted",
    "accounts.is_chat_used": "whether a farewell still makes sense; yes or no",
    "accounts.prune": "deletes codes that work no more, for housekeeping; returns a number",
    "own.tell": "tells those who were reminded of a day of its change; reads ids of accounts",
    "own.reminded": "which accounts asked to be reminded, for the planner; ids of accounts and villages",
    "staff.add": "an account that becomes somebody else's is untied first",
    "complaints.by_code": "whoever holds the code of a complaint reads its answer; nothing tells whose it is",
    "complaints.take_back": "whoever holds the code takes the complaint back on its first day",
    "complaints.prune": "deletes what was written long ago, for housekeeping; returns a number",
    "climbs.prune": "deletes what was over long ago, for housekeeping; returns a number",
    "climbs.follow": "brings a township's alerts after the facts for the planner; returns a number",
    "meeting_calendar.between": "meetings of a township for the planner; days and hours, no residents",
    "meeting_calendar.follow": "puts meetings where the calendar has them, for the planner; returns nothing",
    "checkup_days.follow_calendar": "brings a township's days after the calendar for the planner; returns a number",
    "checkup_days.told": "reads a day that is told of; days are public knowledge",
    "households.leave_for": "part of a move, whose caller holds the person; returns ids and codes",
    "households.restore_for": "part of taking a move back, whose caller holds the person",
    "handovers.expire": "ends what nobody answered in time, for housekeeping; returns a number",
    "checkup_calendar.between": "says when villages hold their days; reads nobody",
    "checkup_calendar.get": "says when a village holds a day; reads nobody",
    "refresh.step": "brings the columns of any place up to date for the planner; returns a number",
    "search.prepare": "reads the names of a township into memory at the start; returns nothing",
    "rescheduling.step": "brings running programmes of a township to a new version for the operator; returns counts",
    "rotation.rotate": "seals every value anew for the operator; returns a number",
}
CONDITIONS = {"scope.listed", "scope.of_reachable", "scope.reach", "scope.visible", "due.state_column"}
"""Build a condition; they read nothing."""


def functions(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def assigned(tree: ast.Module) -> dict[str, ast.AST]:
    """Module-level names and what they are made of."""
    found: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def mentions(node: ast.AST) -> set[str]:
    """Names used, and modules whose attributes are used."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def touching(tree: ast.Module) -> set[str]:
    """Functions of a module that reach a table of people, directly or through the module's own names."""
    parts: dict[str, ast.AST] = {**assigned(tree), **functions(tree)}
    reached = {name for name, node in parts.items() if mentions(node) & (PEOPLE | PRIVATE)}
    while True:
        more = {name for name, node in parts.items() if mentions(node) & reached} | reached
        if more == reached:
            return {name for name in reached if name in functions(tree)}
        reached = more


def unscoped(name: str, source: str) -> list[str]:
    """Public functions of a module that touch people without an actor."""
    tree = ast.parse(source)
    public = {each: node for each, node in functions(tree).items() if not each.startswith("_")}
    found = []
    for each in touching(tree) & set(public):
        arguments = public[each].args
        names = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
        is_excused = f"{name}.{each}" in WITHOUT_ACTOR or f"{name}.{each}" in CONDITIONS
        if "actor" not in names and not is_excused:
            found.append(f"{name}.{each}")
    return found


MODULES = sorted(path for path in STORE.rglob("*.py") if path.stem not in PRIVATE | {"__init__"})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_whoever_touches_people_takes_an_actor(path: Path) -> None:
    assert unscoped(path.stem, path.read_text()) == []


def test_the_check_finds_an_unscoped_read() -> None:
    direct = "async def everybody(session):\n    return await session.rows(select(Resident.id))\n"
    through = "_ALL = select(Visit.id)\ndef _run(s):\n    return s.rows(_ALL)\nasync def leak(s):\n    await _run(s)\n"
    helped = "async def leak(session, ids):\n    return await _facts.load(session, ids)\n"
    for source in (direct, through, helped):
        assert unscoped("sample", source) != []
    assert unscoped("sample", direct.replace("session)", "session, actor)")) == []


def test_the_exceptions_still_exist() -> None:
    for name in (*WITHOUT_ACTOR, *CONDITIONS):
        module, _, function = name.partition(".")
        assert function in functions(ast.parse((STORE / f"{module}.py").read_text()))


def test_only_the_store_imports_its_private_modules() -> None:
    root = STORE.parents[1]
    for folder in ("bot", "handlers", "scheduler", "locales", "models"):
        for path in (root / folder).rglob("*.py"):
            if STORE in path.parents:
                continue
            source = path.read_text()
            assert not any(f"store.{name}" in source or f"import {name}" in source for name in PRIVATE), path
