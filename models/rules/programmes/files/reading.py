"""From a file's text to programmes, with everything that is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from models.rules.programmes.base import ANY_TEAM, Family, Programme
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.programmes.files import checks, forbidden
from models.rules.programmes.files.faults import Fault, Problem, Wrong, unknown
from models.rules.programmes.files.keys import FILE, PROGRAMME
from models.rules.programmes.files.scan import Scan
from models.rules.programmes.files.text import Unreadable, decoded, parsed
from models.rules.programmes.files.tree import Node, of_plain

_MUST = ("names", "family", "reported_by", "visible_to")
"""Keys that a programme needs unless it has them from the one that it is based on."""
_NAMED_ANEW = "names"
"""What a programme never has from one that it is based on, unless it is that one."""
_BLANK = Programme("", 1, Family.CHRONIC, "", ANY_TEAM, ANY_TEAM)

Known = Mapping[str, Programme]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: the programmes that are right, and what is wrong, by line."""

    programmes: tuple[Programme, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Among:
    """The programmes that a file can be based on, and those that it changes."""

    built_in: Known
    present: Known


def read(content: bytes, present: Known = BUILT_IN, built_in: Known = BUILT_IN) -> Contents:
    """Read a file that adds to the programmes that are `present`, or changes them."""
    try:
        tree, problems = parsed(decoded(content))
    except Unreadable as error:
        return Contents((), (error.problem,))
    scan = Scan(example=FILE["programmes"].example, problems=problems)
    found = scan.attempt(tree, lambda place, node: _file(place, node, _Among(built_in, present))) or ()
    return Contents(found, tuple(sorted(problems, key=lambda one: one.line)))


def of_body(body: Mapping[str, Any], version: int) -> Programme:
    """Return a programme as it was stored; it was checked before.

    Raises:
        ValueError: a part that has to be there can't be read any more.
    """
    scan = Scan()
    values, is_whole = scan.some(of_plain(dict(body)), PROGRAMME)
    if not is_whole:
        faults = ", ".join(problem.fault for problem in scan.problems)
        raise ValueError(f"a stored programme can't be read: {faults}")
    return replace(_BLANK, **values, version=version)


def _file(scan: Scan, node: Node, among: _Among) -> tuple[Programme, ...]:
    values, _ = scan.some(node, FILE)
    if "programmes" not in values:
        return ()
    listed: Node = values["programmes"]
    place = scan.under("programmes", scan.example)
    return place.attempt(listed, lambda here, inner: tuple(_programmes(here, inner, among))) or ()


def _programmes(scan: Scan, node: Node, among: _Among) -> Iterator[Programme]:
    if not isinstance(node.value, tuple):
        raise Wrong(Fault.NOT_A_LIST)
    if not node.value:
        raise Wrong(Fault.EMPTY_LIST)
    first: dict[str, int] = {}
    for number, child in enumerate(node.value, 1):
        name = _code(child) or f"{number}"
        name = f"{name} ({number})" if name in first else name
        place = Scan((name,), scan.example, scan.problems, {})
        place.lines[place.where] = child.line
        met = len(scan.problems)
        programme = place.attempt(child, lambda here, inner: _programme(here, inner, among))
        if programme is None:
            continue
        line = first.setdefault(programme.code, child.line)
        if line != child.line:
            place.tell(child.line, Wrong(Fault.REPEATED_PROGRAMME, what=programme.code, first=line))
        if len(scan.problems) == met:
            yield programme


def _code(node: Node) -> str | None:
    code = node.value.get("code") if isinstance(node.value, Mapping) else None
    return code.value if code is not None and isinstance(code.value, str) else None


def _programme(scan: Scan, node: Node, among: _Among) -> Programme | None:
    values, _ = scan.some(node, PROGRAMME)
    if "code" not in values:
        return None
    base = _base(scan, node, values, among.built_in)
    assert isinstance(node.value, Mapping)  # noqa: S101 - `some` refuses anything else
    for name in _MUST:
        is_inherited = base is not None and (name != _NAMED_ANEW or base.code == values["code"])
        if name not in node.value and not is_inherited:
            scan.under(name, PROGRAMME[name].example).tell(node.line, Wrong(Fault.MISSING_KEY, what=name))
    programme = replace(_start(base, values["code"]), **values)
    _check(scan, programme, base, among.present.get(programme.code))
    return programme


def _base(scan: Scan, node: Node, values: dict[str, Any], built_in: Known) -> Programme | None:
    """Return the built-in programme that this one differs from, if there is one."""
    code, named = values["code"], values.pop("based_on", None)
    if named is not None and (named not in built_in or (code in built_in and named != code)):
        place = scan.under("based_on", PROGRAMME["based_on"].example)
        wrong = unknown(named, built_in, Fault.UNKNOWN_WORD, Fault.UNKNOWN_WORD_NEAR)
        if named in built_in:
            wrong = Wrong(Fault.OTHER_BASE, f"based_on: {code}", what=code)
        place.tell(scan.line(place.where), wrong)
    return built_in.get(code) or built_in.get(named or "")


def _start(base: Programme | None, code: str) -> Programme:
    if base is None or base.code == code:
        return base or _BLANK
    return replace(base, version=1, titles=(), based_on=base.code)


def _check(scan: Scan, programme: Programme, base: Programme | None, before: Programme | None) -> None:
    """Tell what doesn't fit together, and what must not be, unless its part was wrong already."""
    told = [problem.where for problem in scan.problems if problem.where[:1] == scan.where]
    found = chain(
        checks.findings(programme, base),
        forbidden.findings(programme),
        forbidden.changes(before, programme) if before is not None else (),
    )
    for way, wrong in found:
        where = (*scan.where, *way)
        if any(one[: len(where)] == where for one in told):
            continue
        if wrong.fault is Fault.NO_VISITS and any(one[1:2] == ("recurrence",) for one in told):
            continue
        place = Scan(where, PROGRAMME[way[0]].example, scan.problems, scan.lines)
        place.tell(scan.line(where), wrong)
