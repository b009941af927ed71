"""Fold the reported visits into what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from models.rules.candidates import EXTRA, FOLLOW_UP, called_window, candidates, choose, regular
from models.rules.facts import Facts, VisitFact
from models.rules.outcomes import EFFECTS
from models.rules.programmes.checkup import ITEM as CHECKUP_ITEM
from models.rules.progress import Agreed, Progress, called_by
from models.rules.schedule import ONE_DATE_DAYS


def progress_of(facts: Facts) -> Progress:
    """Fold the visits into what they add up to."""
    progress = Progress()
    for visit in facts.visits:
        progress = after(facts, progress, visit)
    return progress


def after(facts: Facts, progress: Progress, visit: VisitFact) -> Progress:
    """Return `progress` with one more visit; the visits of `facts` are not looked at."""
    effect = EFFECTS[visit.outcome]
    if progress.ended or effect.ends_programme or effect.ends_all:
        return replace(progress, ended=True)
    if effect.done:
        called = called_by(facts.programme, visit, progress.last)
        progress = progress.made(visit, _settled(facts, progress, visit), called)
        return _with_chosen_date(facts, progress, visit)
    if effect.counts_attempt:
        return replace(progress, attempts=progress.attempts + 1)
    if visit.urgent:
        progress = replace(progress, called=called_by(facts.programme, visit, None))
    if effect.needs_date and visit.next_on is not None:
        item = _moved_item(facts, progress, visit, visit.next_on)
        return replace(progress, agreed=Agreed(item, visit.next_on, visit.on), attempts=0)
    return progress


def _settled(facts: Facts, progress: Progress, visit: VisitFact) -> Iterator[str]:
    """Yield the codes of the schedule that a visit settles."""
    known = {item.code for item in facts.programme.items}
    if facts.programme.recurrence is not None:
        known.add(facts.programme.recurrence.code)
    if visit.item is not None and visit.item in known:
        yield visit.item
        if not facts.programme.supersedes or _in_turn(facts, progress, visit.item, visit.on):
            return
    elif not facts.programme.supersedes and visit.item in (FOLLOW_UP, EXTRA):
        return
    bare = replace(progress, called=None, agreed=None)
    current = choose(facts, bare, visit.on)
    if current is not None and current.window.opens_on <= visit.on:
        yield current.window.item


def _in_turn(facts: Facts, progress: Progress, code: str, day: date) -> bool:
    """Return whether the visit `code` has not yet given way to a later one on `day`."""
    return any(one.window.item == code for one in regular(facts, progress, day))


def _with_chosen_date(facts: Facts, progress: Progress, visit: VisitFact) -> Progress:
    """Take up the next date that the reporter chose at a visit that was made."""
    if visit.next_on is None:
        return progress
    item = _chosen_item(facts, progress, visit.next_on)
    return replace(progress, agreed=Agreed(item, visit.next_on, visit.on))


def _chosen_item(facts: Facts, progress: Progress, day: date) -> str:
    """Return which visit a chosen date is for: a follow-up, the schedule's next one near it, or an extra."""
    called = called_window(facts, progress)
    if called is not None and day <= called.window.closes_on:
        return FOLLOW_UP
    rule = facts.programme.recurrence
    if facts.programme.calendar:
        return CHECKUP_ITEM
    if rule is not None and not facts.programme.items:
        return rule.code
    near = choose(facts, replace(progress, called=None), day)
    if near is None or near.window.opens_on > day + timedelta(days=ONE_DATE_DAYS):
        return EXTRA
    return near.window.item


def _moved_item(facts: Facts, progress: Progress, visit: VisitFact, day: date) -> str:
    """Return which visit moves to `day`: the one named, unless a later one has taken its place by then."""
    on = max(day, visit.on)
    bare = replace(progress, agreed=None)
    possible = {one.window.item for one in candidates(facts, bare, on)}
    if visit.item is not None and (visit.item in possible or visit.item == EXTRA):
        return visit.item
    if progress.agreed is not None and visit.item in (None, progress.agreed.item):
        return progress.agreed.item
    current = choose(facts, bare, on)
    return current.window.item if current is not None else EXTRA
