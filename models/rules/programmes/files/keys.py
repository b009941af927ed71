"""The keys of a file of programmes: how each is read, and what is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar
from unicodedata import east_asian_width

from models.rules.programmes.base import (
    FIELDS,
    Anchor,
    Eligibility,
    Family,
    FollowUp,
    Item,
    Point,
    Recurrence,
    Titles,
    Trigger,
)
from models.rules.programmes.files import shorthand
from models.rules.programmes.files.faults import Fault, Wrong, unknown
from models.rules.programmes.files.forbidden import FIELDS as NEVER_COLLECTED
from models.rules.programmes.files.scan import Key, Scan
from models.rules.programmes.files.tree import Node
from models.rules.roles import Role
from models.rules.sex import Sex
from models.rules.spans import Span

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

LONGEST_CODE = 24
"""Characters of a code: it has to fit on a button."""
WIDEST_NAME = 30
"""Half-width cells of a name: it has to fit on a button beside what the button does."""
WIDEST_SOURCE = 400
NONE = "none"
"""Written where something inherited is not wanted."""
LANGUAGES = ("zh-CN", "en")
"""Every language in which a programme has to be named."""
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_COUNTS_ONLY = frozenset({Role.LEADER.value, Role.DEPUTY.value})
_TEAM = frozenset({Role.MANAGER.value, Role.CLINIC.value})


def code(scan: Scan, node: Node) -> str:
    """Read the code of a visit: letters, digits and `_`."""
    word = scan.word(node)
    if not _CODE.fullmatch(word) or len(word) > LONGEST_CODE:
        raise Wrong(Fault.BAD_CODE, what=word, most=LONGEST_CODE)
    return word


def programme_code(scan: Scan, node: Node) -> str:
    """Read the code of a programme: small letters, digits and `_`."""
    word = code(scan, node)
    if word != word.lower():
        raise Wrong(Fault.BAD_CODE, what=word, most=LONGEST_CODE)
    return word


def _short(most: int) -> Callable[[Scan, Node], str]:
    def read(scan: Scan, node: Node) -> str:
        word = scan.word(node)
        if sum(2 if east_asian_width(one) in "WF" else 1 for one in word) > most:
            raise Wrong(Fault.TOO_LONG, most=most)
        return word

    return read


def _names(scan: Scan, node: Node) -> Titles:
    """Read a name in every language."""
    found, _ = scan.some(
        node, {language: Key(language, _short(WIDEST_NAME), _NAME[language]) for language in LANGUAGES}
    )
    missing = [language for language in LANGUAGES if isinstance(node.value, Mapping) and language not in node.value]
    if missing:
        raise Wrong(Fault.MISSING_LANGUAGE, _NAME[missing[0]], what=", ".join(missing))
    return tuple((language, found[language]) for language in LANGUAGES if language in found)


_NAME = {"zh-CN": "zh-CN: 居家血压随访", "en": "en: Blood pressure at home"}


def _flag(scan: Scan, node: Node) -> bool:
    word = scan.word(node).lower()
    if word not in {"true", "yes", "false", "no"}:
        raise Wrong(Fault.BAD_FLAG, what=word)
    return word in {"true", "yes"}


def _word_of(known: Iterable[str], node: Node, scan: Scan) -> str:
    word = scan.word(node)
    if word not in known:
        raise unknown(word, known, Fault.UNKNOWN_WORD, Fault.UNKNOWN_WORD_NEAR)
    return word


def _one_of(kind: type[E]) -> Callable[[Scan, Node], E]:
    return lambda scan, node: kind(_word_of([one.value for one in kind], node, scan))


def _optional(read: Callable[[Scan, Node], T]) -> Callable[[Scan, Node], T | None]:
    """Also read *none*: what was inherited is not wanted."""

    def either(scan: Scan, node: Node) -> T | None:
        return None if node.value == NONE else read(scan, node)

    return either


def _several(read: Callable[[Scan, Node], T], *, may_be_empty: bool = True) -> Callable[[Scan, Node], tuple[T, ...]]:
    """Read a list without repetitions."""

    def members(scan: Scan, node: Node) -> tuple[T, ...]:
        seen: list[T] = []

        def member(place: Scan, child: Node) -> T:
            value = read(place, child)
            if value in seen:
                raise Wrong(Fault.REPEATED_WORD, what=str(value))
            seen.append(value)
            return value

        found = scan.each(node, member)
        if not node.value and not may_be_empty:
            raise Wrong(Fault.EMPTY_LIST)
        return found

    return members


def _role(scan: Scan, node: Node) -> Role:
    word = scan.word(node)
    if word in _COUNTS_ONLY:
        raise Wrong(Fault.COUNTS_ONLY, what=word)
    if word in {role.value for role in Role} - _TEAM:
        raise Wrong(Fault.NO_TEAM, what=word)
    return Role(_word_of(_TEAM, node, scan))


def _roles(scan: Scan, node: Node) -> frozenset[Role]:
    return frozenset(_several(_role, may_be_empty=False)(scan, node))


def _field(scan: Scan, node: Node) -> str:
    word = scan.word(node)
    if word.lower() in NEVER_COLLECTED:
        raise Wrong(Fault.NEVER_COLLECTED, what=word)
    return _word_of(FIELDS, node, scan)


def _span(scan: Scan, node: Node) -> Span:
    return shorthand.span(scan.word(node))


def _point(scan: Scan, node: Node) -> Point:
    return shorthand.point(scan.word(node))


def _anchor(scan: Scan, node: Node) -> Anchor:
    return shorthand.anchor(scan.word(node))


def _days(most: int, least: int = 0) -> Callable[[Scan, Node], int]:
    return lambda scan, node: shorthand.days(scan.word(node), least=least, most=most)


def _age(scan: Scan, node: Node) -> int:
    return shorthand.age(scan.word(node))


def _under(scan: Scan, node: Node) -> int:
    months = _age(scan, node)
    if months < 1:
        raise Wrong(Fault.OUT_OF_RANGE, what=scan.word(node), least="1m", most="120y")
    return months - 1


def _eligible(scan: Scan, node: Node) -> Eligibility:
    return Eligibility(**scan.some(node, ELIGIBLE)[0])


def _made(kind: type[T], keys: dict[str, Key]) -> Callable[[Scan, Node], T | None]:
    """Read a mapping into an object, or `None` when a part of it is missing or wrong."""

    def read(scan: Scan, node: Node) -> T | None:
        values = scan.keyed(node, keys)
        return None if values is None else kind(**values)

    return read


def _list_of(read: Callable[[Scan, Node], T | None]) -> Callable[[Scan, Node], tuple[T, ...]]:
    return lambda scan, node: scan.each(node, read)


_VISIT_NAMES = "names: {zh-CN: 满月检查, en: Check at one month}"
ELIGIBLE = {
    "sex": Key("sex", _optional(_one_of(Sex)), "sex: female"),
    "from": Key("min_months", _optional(_age), "from: 18y"),
    "under": Key("max_months", _optional(_under), "under: 65y"),
}
ITEM = {
    "code": Key("code", code, "code: month1", required=True),
    "names": Key("titles", _names, _VISIT_NAMES),
    "opens": Key("opens", _point, "opens: birth+28d", required=True),
    "target": Key("target", _optional(_point), "target: birth+35d"),
    "closes": Key("closes", _point, "closes: birth+42d", required=True),
    "expires": Key("expires", _optional(_point), "expires: birth+3m"),
    "series": Key("series", code, "series: HepB"),
    "gap": Key("gap", _optional(_span), "gap: 28d"),
    "sex": Key("sex", _optional(_one_of(Sex)), "sex: female"),
}
RECURRENCE = {
    "code": Key("code", code, "code: monthly", required=True),
    "names": Key("titles", _names, "names: {zh-CN: 每月随访, en: Monthly visit}"),
    "every": Key("every", _span, "every: 3m", required=True),
    "before": Key("before", _days(366), "before: 14d", required=True),
    "after": Key("after", _days(366), "after: 14d", required=True),
}
FOLLOW_UP = {
    "trigger": Key("trigger", _one_of(Trigger), "trigger: uncontrolled", required=True),
    "opens": Key("opens", _span, "opens: 14d", required=True),
    "closes": Key("closes", _span, "closes: 21d", required=True),
}
PROGRAMME: dict[str, Key] = {
    "code": Key("code", programme_code, "code: bp_at_home", required=True),
    "based_on": Key("based_on", programme_code, "based_on: hypertension"),
    "names": Key("titles", _names, "names: {zh-CN: 居家血压随访, en: Blood pressure at home}"),
    "family": Key("family", _one_of(Family), "family: chronic"),
    "source": Key("source", _short(WIDEST_SOURCE), "source: 沈寨镇卫生院慢病随访约定（2026）", required=True),
    "reported_by": Key("reported_by", _roles, "reported_by: [manager, clinic]"),
    "visible_to": Key("visible_to", _roles, "visible_to: [manager, clinic]"),
    "opt_in": Key("opt_in", _flag, "opt_in: true"),
    "clinic_approval": Key("clinic_approval", _flag, "clinic_approval: true"),
    "eligible": Key("eligible", _eligible, "eligible: {sex: female, from: 35y, under: 65y}"),
    "anchors": Key("anchors", _several(_anchor), "anchors: [birth]"),
    "items": Key(
        "items", _list_of(_made(Item, ITEM)), "items: [{code: month1, opens: birth+28d, closes: birth+42d, names: …}]"
    ),
    "recurrence": Key(
        "recurrence",
        _optional(_made(Recurrence, RECURRENCE)),
        "recurrence: {code: monthly, every: 1m, before: 7d, after: 7d, names: …}",
    ),
    "follow_ups": Key(
        "follow_ups", _list_of(_made(FollowUp, FOLLOW_UP)), "follow_ups: [{trigger: refer, opens: 14d, closes: 21d}]"
    ),
    "supersedes": Key("supersedes", _flag, "supersedes: true"),
    "ended_by": Key("ended_by", _optional(_anchor), "ended_by: delivery"),
    "ends": Key("ends", _optional(_point), "ends: delivery+84d"),
    "lapses": Key("lapses", _optional(_days(3660, 1)), "lapses: 90d"),
    "calendar": Key("calendar", _flag, "calendar: true"),
    "fields": Key("fields", _several(_field), "fields: [bp, medication, concern]"),
    "retired": Key("retired", _flag, "retired: true"),
}
FILE = {"programmes": Key("programmes", lambda _scan, node: node, "programmes: [{code: …}]", required=True)}
