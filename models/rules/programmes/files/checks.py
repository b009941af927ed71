"""Whether the parts of a programme fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from models.rules.programmes.base import Anchor, Item, Point, Programme, Recurrence, Trigger
from models.rules.programmes.checkup import CHECKUP, ITEM
from models.rules.programmes.files.faults import Fault, Wrong
from models.rules.programmes.files.forbidden import Finding
from models.rules.programmes.files.shorthand import of_point, of_span
from models.rules.spans import Span

RESERVED = frozenset({"follow_up", "extra", ITEM})
"""Codes of visits that no schedule names."""
ASKED = frozenset({Anchor.BIRTH, Anchor.LMP, Anchor.DELIVERY, Anchor.START, Anchor.REMOVAL})
"""Dates that are asked when a person joins, or are in the record."""
CONTROLLED = frozenset({"hypertension", "diabetes"})
"""Programmes in which a measurement says whether an illness is under control."""
_DAYS = tuple(date(2023, 1, 1) + timedelta(days=number) for number in range(4 * 366))
"""Every length of month and year: spans are compared on each of these days."""


def findings(programme: Programme, base: Programme | None) -> Iterator[Finding]:
    """Yield what doesn't fit together. `base` is the built-in programme whose texts name visits without names."""
    yield from _codes(programme, base)
    for item in programme.items:
        for key, wrong in _item(item):
            yield ("items", item.code, key), wrong
    yield from _follow_ups(programme)
    if programme.recurrence is not None:
        yield from _recurrence(programme.recurrence)
    yield from _ages(programme)
    yield from _anchors(programme)
    yield from _calendar(programme)


def _codes(programme: Programme, base: Programme | None) -> Iterator[Finding]:
    for item in programme.items:
        yield from _named(("items", item.code), item, base)
    if programme.recurrence is not None:
        if programme.item(programme.recurrence.code) is not None:
            yield ("recurrence", "code"), Wrong(Fault.REPEATED_VISIT, "code: monthly", what=programme.recurrence.code)
        yield from _named(("recurrence",), programme.recurrence, base)


def _named(way: tuple[str, ...], visit: Item | Recurrence, base: Programme | None) -> Iterator[Finding]:
    if visit.code in RESERVED:
        yield (*way, "code"), Wrong(Fault.RESERVED_CODE, "code: month1", what=visit.code)
    if not visit.titles and (base is None or base.visit(visit.code) is None):
        example = "names: {zh-CN: 满月检查, en: Check at one month}"
        yield (*way, "names"), Wrong(Fault.UNNAMED_VISIT, example, what=visit.code)


def _item(item: Item) -> Iterator[tuple[str, Wrong]]:
    if _is_before(item.closes, item.opens):
        example = f"closes: {of_point(Point(item.opens.anchor, _later(item.opens.span)))}"
        yield "closes", Wrong(Fault.CLOSES_BEFORE_OPENS, example, opens=of_point(item.opens))
    elif item.target is not None and (_is_before(item.target, item.opens) or _is_before(item.closes, item.target)):
        values = {"opens": of_point(item.opens), "closes": of_point(item.closes)}
        yield "target", Wrong(Fault.AIMS_OUTSIDE, f"target: {of_point(item.opens)}", **values)
    if item.expires is not None and _is_before(item.expires, item.closes):
        example = f"expires: {of_point(item.closes)}"
        yield "expires", Wrong(Fault.EXPIRES_BEFORE_CLOSES, example, closes=of_point(item.closes))
    if item.gap is not None and not item.series:
        yield "gap", Wrong(Fault.GAP_WITHOUT_SERIES, "series: HepB")
    if item.gap is not None and _is_shorter(item.gap, Span(days=1)):
        yield "gap", Wrong(Fault.OUT_OF_RANGE, "gap: 28d", what=of_span(item.gap), least="1d", most="120y")


def _later(span: Span) -> Span:
    return Span(span.months, span.days + 14)


def _is_before(one: Point, other: Point) -> bool:
    """Return whether a day can lie before another one that is reckoned from the same date."""
    return one.anchor is other.anchor and _is_shorter(one.span, other.span)


def _is_shorter(one: Span, other: Span) -> bool:
    if one.months == other.months:
        return one.days < other.days
    return any(one.after(day) < other.after(day) for day in _DAYS)


def _follow_ups(programme: Programme) -> Iterator[Finding]:
    for rule in programme.follow_ups:
        if _is_shorter(rule.closes, rule.opens):
            example, opens = f"closes: {of_span(_later(rule.opens))}", of_span(rule.opens)
            yield ("follow_ups",), Wrong(Fault.CLOSES_BEFORE_OPENS, example, opens=opens)
        elif _is_shorter(rule.opens, Span(days=1)) or _is_shorter(Span(months=12), rule.closes):
            spans = f"{of_span(rule.opens)}, {of_span(rule.closes)}"
            example = "follow_ups: [{trigger: refer, opens: 14d, closes: 21d}]"
            yield ("follow_ups",), Wrong(Fault.OUT_OF_RANGE, example, what=spans, least="1d", most="1y")
        if rule.trigger is Trigger.UNCONTROLLED and (programme.based_on or programme.code) not in CONTROLLED:
            yield ("follow_ups", rule.trigger.value), Wrong(Fault.NO_CONTROL, "based_on: hypertension")


def _recurrence(rule: Recurrence) -> Iterator[Finding]:
    if _is_shorter(rule.every, Span(days=7)) or _is_shorter(Span(months=120), rule.every):
        wrong = Wrong(Fault.OUT_OF_RANGE, "every: 3m", what=of_span(rule.every), least="7d", most="10y")
        yield ("recurrence", "every"), wrong
    elif not _is_shorter(Span(days=rule.before), rule.every):
        yield ("recurrence", "before"), Wrong(Fault.OPENS_TOO_EARLY, "before: 7d", every=of_span(rule.every))


def _ages(programme: Programme) -> Iterator[Finding]:
    eligible = programme.eligible
    if eligible.max_months is not None and eligible.max_months < (eligible.min_months or 0):
        yield ("eligible",), Wrong(Fault.AGES_REVERSED)


def _anchors(programme: Programme) -> Iterator[Finding]:
    for anchor in programme.anchors:
        if anchor not in ASKED:
            known = ", ".join(sorted(ASKED))
            yield (
                ("anchors", anchor.value),
                Wrong(Fault.ANCHOR_NEVER_ASKED, "anchors: [start]", what=anchor, known=known),
            )
    for anchor in sorted(_used(programme) - _known(programme)):
        listed = ", ".join([*(one.value for one in programme.anchors), anchor.value])
        yield ("anchors",), Wrong(Fault.ANCHOR_NOT_LISTED, f"anchors: [{listed}]", what=anchor)
    if programme.ended_by is not None and programme.ended_by in programme.anchors:
        yield ("ended_by",), Wrong(Fault.ENDS_AT_ONCE, what=programme.ended_by)


def _used(programme: Programme) -> set[Anchor]:
    points = [point for item in programme.items for point in (item.opens, item.closes, item.target, item.expires)]
    return {point.anchor for point in (*points, programme.ends) if point is not None}


def _known(programme: Programme) -> set[Anchor]:
    """Return the dates that every enrolment has, or has another one for."""
    known = set(programme.anchors) | {Anchor.FIRST_CONTACT}
    return known | ({Anchor.DISCHARGE} if known & {Anchor.BIRTH, Anchor.DELIVERY} else set())


def _calendar(programme: Programme) -> Iterator[Finding]:
    """Yield what the check-up can't be, and what nothing but the check-up can be."""
    is_checkup = programme.code == CHECKUP.code
    if programme.calendar and not is_checkup:
        yield ("calendar",), Wrong(Fault.CALENDAR_ELSEWHERE, "calendar: false")
    if not programme.calendar and not programme.items and programme.recurrence is None and not is_checkup:
        yield (
            ("items",),
            Wrong(Fault.NO_VISITS, "recurrence: {code: monthly, every: 1m, before: 7d, after: 7d, names: …}"),
        )
    if is_checkup:
        wrong = [("calendar", not programme.calendar), ("items", bool(programme.items)), ("retired", programme.retired)]
        wrong += [("recurrence", programme.recurrence is not None)]
        for key, is_wrong in wrong:
            if is_wrong:
                yield (key,), Wrong(Fault.CHECKUP_STAYS, "calendar: true")
