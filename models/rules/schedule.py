"""The windows that a schedule gives to one person, before anything was agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from models.rules.calendar import NO_MOVES, Moves, last_checkup_day, next_checkup_day
from models.rules.facts import Facts, MissingAnchorError
from models.rules.programmes.base import Anchor, Item, Point, Recurrence, Window
from models.rules.programmes.checkup import ITEM as CHECKUP_ITEM
from models.rules.programmes.checkup import OPEN_DAYS
from models.rules.spans import Span

ONE_DATE_DAYS = 7
"""A visit given as one date stays in time for this many days after it (convention)."""

Done = Mapping[str, date]
"""Visits that were made: code and day."""


def anchor_day(facts: Facts, anchor: Anchor) -> date:
    """Return the date behind `anchor`.

    First contact is the day of enrolment, and discharge the day of birth, where they are not known. An
    implant whose day has passed before enrolment is due at enrolment.

    Raises:
        MissingAnchorError: nobody told the date.
    """
    day = facts.anchors.get(anchor)
    if day is None:
        return _stand_in(facts, anchor)
    return max(day, facts.enrolled_on) if anchor is Anchor.REMOVAL else day


def _stand_in(facts: Facts, anchor: Anchor) -> date:
    if anchor is Anchor.FIRST_CONTACT:
        return facts.enrolled_on
    if anchor is Anchor.DISCHARGE:
        anchor = Anchor.DELIVERY if Anchor.DELIVERY in facts.programme.anchors else Anchor.BIRTH
    day = facts.anchors.get(anchor)
    if day is None:
        raise MissingAnchorError(facts.programme.code, anchor)
    return day


def point_day(facts: Facts, point: Point) -> date:
    """Return the day that `point` names for this person."""
    return point.span.after(anchor_day(facts, point.anchor))


def item_window(facts: Facts, item: Item, done: Done) -> Window | None:
    """Return the window of `item`, or `None` when it does not concern this person.

    An item whose time was over before enrolment is not asked for.
    """
    if item.sex is not None and facts.sex != item.sex:
        return None
    closes = point_day(facts, item.closes)
    opens = point_day(facts, item.opens)
    if max(opens, closes) < facts.enrolled_on:
        return None
    wait = _after_previous_dose(facts, item, done)
    if wait is not None and wait > opens:
        opens = wait
    expires = point_day(facts, item.expires) if item.expires else None
    target = point_day(facts, item.target) if item.target else opens
    return bounded(facts, make_window(item.code, opens, max(target, opens), closes, expires))


def make_window(code: str, opens: date, target: date, closes: date, expires: date | None) -> Window:
    """Return a window that is open for at least a week when it would close before it opens."""
    if closes < opens:
        closes = Span(days=ONE_DATE_DAYS).after(opens)
    return Window(code, opens, target, closes, expires)


def _after_previous_dose(facts: Facts, item: Item, done: Done) -> date | None:
    """Return the first day that the least interval since the last dose allows, if one was given."""
    if item.gap is None:
        return None
    given = [done[other.code] for other in facts.programme.items if other.series == item.series and other.code in done]
    return item.gap.after(max(given)) if given else None


def recurring_window(facts: Facts, rule: Recurrence, last: date | None) -> Window | None:
    """Return the next window of a visit that repeats; `last` is the day of the last visit that was made.

    Without a known visit, and when the time was over before enrolment, the visit is due from the day of
    enrolment.
    """
    base = _base(facts, last)
    if base is not None:
        target = rule.every.after(base)
        closes = target + timedelta(days=rule.after)
        if closes >= facts.enrolled_on:
            opens = target - timedelta(days=rule.before)
            return bounded(facts, Window(rule.code, opens, target, closes))
    day = _first_day_of_age(facts) or facts.enrolled_on
    opens = max(day, facts.enrolled_on)
    return bounded(facts, Window(rule.code, opens, opens, opens + timedelta(days=rule.after)))


def _base(facts: Facts, last: date | None) -> date | None:
    """Return the day that the next recurring visit is reckoned from, if there is one."""
    programme = facts.programme
    known = [day for day in (last, facts.anchors.get(Anchor.LAST_VISIT)) if day is not None]
    if programme.items:
        final = programme.items[-1]
        known.append(point_day(facts, final.target or final.opens))
    elif not known and Anchor.START in programme.anchors:
        known.append(anchor_day(facts, Anchor.START))
    return max(known, default=None)


def bounded(facts: Facts, window: Window) -> Window | None:
    """Keep `window` inside the programme's ages and its end; `None` when nothing of it is left."""
    first, end = _first_day_of_age(facts), last_day(facts)
    if first is not None and window.opens_on < first:
        shift = first - window.opens_on
        closes = max(window.closes_on, window.closes_on + shift)
        window = Window(window.item, first, max(window.target_on, first), closes, window.expires_on)
    if facts.programme.lapses is not None and window.expires_on is None:
        window = replace(window, expires_on=window.closes_on + timedelta(days=facts.programme.lapses))
    limits = [day for day in (window.expires_on, end) if day is not None]
    if not limits:
        return window
    limit = min(limits)
    if limit < window.opens_on:
        return None
    return until(window, limit)


def until(window: Window, last: date) -> Window:
    """Return `window` cut off after the day `last`, which must not lie before its opening."""
    closes, target = min(window.closes_on, last), min(window.target_on, last)
    expires = last if window.expires_on is None else min(window.expires_on, last)
    return Window(window.item, window.opens_on, target, closes, expires)


def _first_day_of_age(facts: Facts) -> date | None:
    months, birth = facts.programme.eligible.min_months, facts.anchors.get(Anchor.BIRTH)
    return Span(months=months).after(birth) if months is not None and birth is not None else None


def last_day(facts: Facts) -> date | None:
    """Return the last day on which anything of the programme can be due, where there is one."""
    programme, birth = facts.programme, facts.anchors.get(Anchor.BIRTH)
    ends = [point_day(facts, programme.ends)] if programme.ends else []
    if programme.eligible.max_months is not None and birth is not None:
        ends.append(Span(programme.eligible.max_months + 1, -1).after(birth))
    return min(ends, default=None)


def checkup_window(dom: int, after: date, today: date, moves: Moves = NO_MOVES) -> Window:
    """Return the check-up in question on `today`: the last one held after `after`, or else the next one."""
    found = last_checkup_day(dom, today, moves).held_on
    if found <= after:
        found = next_checkup_day(dom, max(after, today), moves).held_on
    eve = next_checkup_day(dom, found, moves).held_on - timedelta(days=1)
    return Window(CHECKUP_ITEM, found, found, min(found + timedelta(days=OPEN_DAYS), eve), eve)


def all_items(facts: Facts, done: Done) -> Iterator[tuple[Item, Window]]:
    """Yield the visits made once that were not made yet, with their windows, in the schedule's order."""
    for item in facts.programme.items:
        if item.code not in done:
            window = item_window(facts, item, done)
            if window is not None:
                yield item, window
