"""Which text keys the Python code says, read from its syntax trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEAKERS = ("handlers", "scheduler", "bot")
"""Packages that say something to people."""
FILES = frozenset(path.stem for path in (ROOT / "locales" / "zh-CN").glob("*.toml"))


@dataclass(frozen=True, slots=True)
class Said:
    """One `Text.of(…)` or `Text(…)` whose key stands in the code.

    Attributes:
        where: file and line.
        key: the key; each hole of an f-string is `{}`.
        values: names of the values that it mentions.
        is_open: further values come from a mapping, so that `values` may lack some.
    """

    where: str
    key: str
    values: frozenset[str]
    is_open: bool


@cache
def template(key: str) -> re.Pattern[str]:
    """Return the pattern of the keys that an f-string can make; a hole holds anything."""
    return re.compile("(.+)".join(map(re.escape, key.split("{}"))))


def trees(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Return the syntax tree of every file of `packages`."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, _tree(path)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def said() -> tuple[Said, ...]:
    """Return every text whose key the code names in the function that says it, itself or in a variable."""
    return tuple(
        text
        for path, tree in trees(*SPEAKERS)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in _calls(function)
        for text in _of_call(call, path, _assigned(function))
    )


def _calls(function: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call) and _is_text(node.func)]


def _assigned(function: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what each variable of a function is set to."""
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                values.setdefault(ast.unparse(target), []).append(node.value)
    return values


def _is_text(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "of" and isinstance(function.value, ast.Name) and function.value.id == "Text"
    return isinstance(function, ast.Name) and function.id == "Text"


def _of_call(call: ast.Call, path: Path, assigned: Mapping[str, list[ast.expr]]) -> Iterator[Said]:
    where = f"{path.relative_to(ROOT)}:{call.lineno}"
    values = frozenset(word.arg for word in call.keywords if word.arg is not None)
    is_open = len(call.args) > 1 or any(word.arg is None for word in call.keywords)
    for node in call.args[:1]:
        named = assigned.get(node.id, []) if isinstance(node, ast.Name) else [node]
        for key in (key for one in named for key in _keys(one)):
            yield Said(where, key, values, is_open)


def _keys(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _keys(node.body)
        yield from _keys(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield joined(node)


def joined(node: ast.JoinedStr) -> str:
    """Return an f-string with `{}` for each hole."""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


@cache
def words() -> tuple[frozenset[str], frozenset[str]]:
    """Return all string constants, and all f-strings with `{}` for their holes, docstrings aside."""
    constants, templates = set[str](), set[str]()
    for _, tree in trees(*SPEAKERS, "models", "locales"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                templates.add(joined(node))
    return frozenset(constants), frozenset(templates)


@cache
def labels() -> frozenset[str]:
    """Return the keys, or templates of keys, that the code writes on buttons."""
    return frozenset(
        key
        for _, tree in trees("handlers")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Button", "Option"}
        for text in node.args[:1]
        if isinstance(text, ast.Call) and _is_text(text.func)
        for key in _keys(text.args[0])
    )


def constant_keys() -> Iterator[tuple[str, str]]:
    """Return place and value of every constant in the handlers and the scheduler that looks like a text key."""
    looks = re.compile(rf"(?:{'|'.join(sorted(FILES))})(?:\.[a-z_]*[a-z])+")
    for path, tree in trees("handlers", "scheduler"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and looks.fullmatch(node.value):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def builds(one: str, key: str) -> bool:
    """Return whether an f-string makes `key` from words that the code knows."""
    found = template(one).fullmatch(key)
    return found is not None and all(map(_is_known, found.groups()))


@cache
def _is_known(part: str) -> bool:
    constants, templates = words()
    if part.isdigit() or part in constants:
        return True
    built = (template(one).fullmatch(part) for one in templates if re.match(r"\w{4}", one))
    return any(found is not None and set(found.groups()) <= constants for found in built)
