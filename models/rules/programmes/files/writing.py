"""From a programme back to what a file says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from models.rules.programmes.base import Eligibility, FollowUp, Item, Point, Programme, Recurrence, Titles
from models.rules.programmes.files import shorthand
from models.rules.programmes.files.keys import NONE
from models.rules.spans import Span

Plain = dict[str, Any]
"""What JSON and YAML hold: mappings, lists, words, truth values."""
_ALWAYS = ("code", "family", "source", "reported_by", "visible_to")
_BLANK: Plain = {
    "based_on": "",
    "names": {},
    "opt_in": False,
    "clinic_approval": False,
    "eligible": {},
    "anchors": [],
    "items": [],
    "recurrence": NONE,
    "follow_ups": [],
    "supersedes": True,
    "ended_by": NONE,
    "ends": NONE,
    "lapses": NONE,
    "calendar": False,
    "fields": [],
    "retired": False,
}
"""What a programme is where a file says nothing."""
_NEVER_EMPTY = ("based_on", "names")


def body(programme: Programme) -> Plain:
    """Return everything that a file can say of a programme, also where it is nothing: for storing."""
    whole = {
        "code": programme.code,
        "based_on": programme.based_on,
        "names": dict(programme.titles),
        "family": programme.family.value,
        "source": programme.source,
        "reported_by": _sorted(programme.reported_by),
        "visible_to": _sorted(programme.visible_to),
        "opt_in": programme.opt_in,
        "clinic_approval": programme.clinic_approval,
        "eligible": _eligible(programme.eligible),
        "anchors": [anchor.value for anchor in programme.anchors],
        "items": [_item(item) for item in programme.items],
        "recurrence": _recurrence(programme.recurrence) if programme.recurrence else NONE,
        "follow_ups": [_follow_up(rule) for rule in programme.follow_ups],
        "supersedes": programme.supersedes,
        "ended_by": programme.ended_by.value if programme.ended_by else NONE,
        "ends": shorthand.of_point(programme.ends) if programme.ends else NONE,
        "lapses": f"{programme.lapses}d" if programme.lapses is not None else NONE,
        "calendar": programme.calendar,
        "fields": list(programme.fields),
        "retired": programme.retired,
    }
    return {key: value for key, value in whole.items() if value or key not in _NEVER_EMPTY}


def brief(programme: Programme, base: Programme | None) -> Plain:
    """Return what a file has to say of a programme: what goes without saying is left out."""
    inherited = body(base) if base is not None else {}
    return {
        key: value
        for key, value in body(programme).items()
        if key in _ALWAYS or value != _BLANK[key] or inherited.get(key, value) != value
    }


def yaml_text(programmes: Iterable[tuple[Programme, Programme | None]]) -> str:
    """Return a file of programmes, each with the built-in one that it is based on."""
    import yaml

    whole = {"programmes": [brief(programme, base) for programme, base in programmes]}
    return str(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None))


def _sorted(words: Iterable[StrEnum]) -> list[str]:
    return sorted(word.value for word in words)


def _eligible(eligible: Eligibility) -> Plain:
    found: Plain = {"sex": eligible.sex.value} if eligible.sex else {}
    if eligible.min_months is not None:
        found["from"] = shorthand.of_age(eligible.min_months)
    if eligible.max_months is not None:
        found["under"] = shorthand.of_age(eligible.max_months + 1)
    return found


def _item(item: Item) -> Plain:
    return _given(
        code=item.code,
        names=_names(item.titles),
        opens=_point(item.opens),
        target=_point(item.target),
        closes=_point(item.closes),
        expires=_point(item.expires),
        series=item.series,
        gap=_span(item.gap),
        sex=item.sex.value if item.sex else None,
    )


def _recurrence(rule: Recurrence) -> Plain:
    spans = {"every": _span(rule.every), "before": f"{rule.before}d", "after": f"{rule.after}d"}
    return _given(code=rule.code, names=_names(rule.titles), **spans)


def _follow_up(rule: FollowUp) -> Plain:
    return {"trigger": rule.trigger.value, "opens": _span(rule.opens), "closes": _span(rule.closes)}


def _given(**values: object) -> Plain:
    return {key: value for key, value in values.items() if value}


def _names(titles: Titles) -> Mapping[str, str]:
    return dict(titles)


def _point(point: Point | None) -> str | None:
    return shorthand.of_point(point) if point is not None else None


def _span(span: Span | None) -> str | None:
    return shorthand.of_span(span) if span is not None else None
