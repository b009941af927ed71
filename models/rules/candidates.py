"""The windows in question on a day, given what the visits so far add up to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from models.rules.facts import DueState, Facts, Reason, ReasonCode
from models.rules.programmes.base import Trigger, Window
from models.rules.programmes.checkup import OPEN_DAYS
from models.rules.progress import Agreed, Progress
from models.rules.schedule import ONE_DATE_DAYS, all_items, bounded, checkup_window, recurring_window, until

FOLLOW_UP = "follow_up"
"""Code of the visit that a finding calls for."""
EXTRA = "extra"
"""Code of a visit on a date chosen between two of the schedule."""

_REASONS = {
    Trigger.URGENT: ReasonCode.URGENT,
    Trigger.REFER: ReasonCode.REFER,
    Trigger.UNCONTROLLED: ReasonCode.UNCONTROLLED,
    Trigger.ABNORMAL: ReasonCode.AFTER_ABNORMAL,
}


class Candidate(NamedTuple):
    """A window, and why it is one."""

    window: Window
    reason: Reason


Plan = list[tuple[str, Candidate]]
"""What the schedule asks for: the series (none in a sequence) and the window."""


def state_of(window: Window | None, today: date) -> DueState:
    """Return where `today` lies in `window`; no window is closed."""
    if window is None or (window.expires_on is not None and today > window.expires_on):
        return DueState.CLOSED
    if today < window.opens_on:
        return DueState.UPCOMING
    return DueState.DUE if today <= window.closes_on else DueState.OVERDUE


def choose(facts: Facts, progress: Progress, today: date, plan: Plan | None = None) -> Candidate | None:
    """Return the window that matters on `today`, if there is one; `plan` saves making it again."""
    found = candidates(facts, progress, today, plan)
    return min(found, key=lambda one: urgency(one.window, today), default=None)


def urgency(window: Window, today: date) -> tuple[bool, date, date]:
    """Order windows: open ones by closing day, then upcoming ones by opening day."""
    if window.opens_on <= today:
        return False, window.closes_on, window.target_on
    return True, window.opens_on, window.closes_on


def candidates(facts: Facts, progress: Progress, today: date, plan: Plan | None = None) -> list[Candidate]:
    """Return the windows that can be used on `today` or later, in no order; `plan` saves making it again."""
    agreed, called = agreed_window(facts, progress), called_window(facts, progress)
    scheduled = regular(facts, progress, today, plan)
    found = [one for one in scheduled if _stands_beside(facts, progress.agreed, one)]
    if called is not None and (progress.agreed is None or progress.agreed.item != FOLLOW_UP):
        found.insert(0, called)
    if agreed is not None and not _superseded(facts, agreed.window, found, today):
        found.insert(0, agreed)
    return [one for one in found if state_of(one.window, today) is not DueState.CLOSED]


def _stands_beside(facts: Facts, agreed: Agreed | None, one: Candidate) -> bool:
    """Return whether a window of the schedule still stands although a date has been agreed."""
    if agreed is None or facts.programme.calendar:
        return True
    order = _order(facts)
    if facts.programme.supersedes and agreed.item in order:
        return order.index(one.window.item) > order.index(agreed.item)
    return one.window.item != agreed.item


def _order(facts: Facts) -> list[str]:
    """Return the codes of the schedule in the order in which they follow each other."""
    codes = [item.code for item in facts.programme.items]
    return [*codes, facts.programme.recurrence.code] if facts.programme.recurrence else codes


def _superseded(facts: Facts, agreed: Window, others: list[Candidate], today: date) -> bool:
    """Return whether the schedule has gone on beyond an agreed date that was missed."""
    if not facts.programme.supersedes or agreed.item == FOLLOW_UP or today <= agreed.closes_on:
        return False
    return any(other.window.opens_on <= today and other.window.item != FOLLOW_UP for other in others)


def agreed_window(facts: Facts, progress: Progress) -> Candidate | None:
    """Return the agreed date as a window, if there is one and it fits into the programme's time."""
    agreed = progress.agreed
    if agreed is None:
        return None
    reason = Reason(ReasonCode.AGREED_DATE, agreed.since)
    if agreed.item == FOLLOW_UP and progress.called is not None:
        reason = Reason(_REASONS[progress.called.rule.trigger], progress.called.since)
    window = bounded(facts, _week_from(agreed.item, agreed.on))
    return Candidate(window, reason) if window is not None else None


def _week_from(item: str, day: date) -> Window:
    return Window(item, day, day, day + timedelta(days=ONE_DATE_DAYS))


def called_window(facts: Facts, progress: Progress) -> Candidate | None:
    """Return the follow-up that a finding calls for, if one does and it fits into the programme's time."""
    called = progress.called
    if called is None:
        return None
    opens, closes = called.rule.opens.after(called.since), called.rule.closes.after(called.since)
    window = bounded(facts, Window(FOLLOW_UP, opens, opens, closes))
    reason = Reason(_REASONS[called.rule.trigger], called.since)
    return Candidate(window, reason) if window is not None else None


def plan_of(facts: Facts, progress: Progress) -> Plan:
    """Return what the schedule asks for from here on, in its order, whatever the day; check-ups have no such plan."""
    if facts.programme.calendar:
        return []
    if facts.programme.supersedes:
        return [("", one) for one in _sequence(facts, progress)]
    reason = Reason(ReasonCode.ITEM_WINDOW)
    return [(item.series, Candidate(window, reason)) for item, window in all_items(facts, progress.done)]


def regular(facts: Facts, progress: Progress, today: date, plan: Plan | None = None) -> Iterator[Candidate]:
    """Yield the windows that the schedule itself gives; of a series of doses, the next one that is not over."""
    if facts.programme.calendar:
        yield _checkup(facts, progress, today)
        return
    waiting: set[str] = set()
    for series, one in plan_of(facts, progress) if plan is None else plan:
        if series not in waiting and state_of(one.window, today) is not DueState.CLOSED:
            yield one
            waiting |= {series} if series else set()


def _checkup(facts: Facts, progress: Progress, today: date) -> Candidate:
    if facts.checkup_dom is None:
        raise ValueError("a check-up needs the day of the month of the village")
    after = facts.enrolled_on - timedelta(days=1)
    if progress.last is not None:
        after = max(after, progress.last.on + timedelta(days=OPEN_DAYS))
    if progress.agreed is not None:
        after = max(after, progress.agreed.on)
    window = checkup_window(facts.checkup_dom, after, today, facts.checkup_moves)
    return Candidate(window, Reason(ReasonCode.CHECKUP_DAY))


def _sequence(facts: Facts, progress: Progress) -> Iterator[Candidate]:
    """Yield the visits still to come: one left out expires on the eve of the next one's opening."""
    found = _in_order(facts, progress)
    for one, following in pairwise(found):
        eve = following.window.opens_on - timedelta(days=1)
        if one.window.opens_on <= eve:
            yield one._replace(window=until(one.window, eve))
    yield from found[-1:]


def _in_order(facts: Facts, progress: Progress) -> list[Candidate]:
    """Return what comes after the last visit of the schedule that was made."""
    programme = facts.programme
    order = [item.code for item in programme.items]
    position = max((order.index(code) + 1 for code in progress.done if code in order), default=0)
    found = []
    if programme.recurrence is None or programme.recurrence.code not in progress.done:
        later = set(order[position:])
        reason = Reason(ReasonCode.ITEM_WINDOW)
        found = [Candidate(window, reason) for item, window in all_items(facts, progress.done) if item.code in later]
    if programme.recurrence is not None:
        last = progress.last.on if progress.last is not None else None
        window = recurring_window(facts, programme.recurrence, last)
        if window is not None:
            found.append(Candidate(window, _recurring_reason(last)))
    return found


def _recurring_reason(last: date | None) -> Reason:
    return Reason(ReasonCode.FIRST_VISIT) if last is None else Reason(ReasonCode.RECURRING, last)


def turning_points(facts: Facts, progress: Progress, today: date, plan: Plan) -> Iterator[date]:
    """Yield every day on which the choice of the window may change."""
    extra = (agreed_window(facts, progress), called_window(facts, progress))
    found = [one.window for one in extra if one is not None]
    if facts.programme.calendar:
        checkup = _checkup(facts, progress, today).window
        after = max(today, checkup.opens_on)
        later = checkup_window(facts.checkup_dom or 1, after, today, facts.checkup_moves)
        found += [checkup, later]
    found += [one.window for _, one in plan]
    for window in found:
        yield window.opens_on
        yield window.closes_on + timedelta(days=1)
        if window.expires_on is not None:
            yield window.expires_on + timedelta(days=1)
