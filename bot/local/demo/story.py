"""Two years of visits: mostly in time, some late, some moved, declined or not made."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

from bot.local.demo.course import Course, Entry
from bot.local.demo.rounds import Conduct
from bot.local.demo.setting import Setting
from bot.local.demo.values import URGENT, Body, Found, find
from models.rules.due import EXTRA, Due, Window
from models.rules.facts import DueState
from models.rules.outcomes import EFFECTS, Outcome

_IN_TIME, _IN_TIME_LATELY, _SOME_DAY = 0.7, 0.6, 0.97
"""Shares of visits that are made in time (fewer of those that are asked for just now), and made at all."""
_LATELY = timedelta(days=30)
_LATE_DAYS = 32
_LONG = timedelta(days=45)
"""Who is late for a window as long as this still comes within it."""
_MISSES_WITHIN = timedelta(days=100)
"""A visit whose time ends so soon after its window may be missed for good; any other is made some day."""
_USUAL_SPAN = 24
"""Days from a window's opening within which people usually come."""
_LEFT_OUT, _GIVEN_UP = 0.4, 0.75
"""Shares of whom nothing is reported of a check-up day that was left, and who is not looked for again in this round."""
_OUTCOMES = {
    Outcome.ATTENDED: 905,
    Outcome.OTHER_PROVIDER: 25,
    Outcome.NOT_REACHED: 35,
    Outcome.RESCHEDULED: 20,
    Outcome.ILL: 10,
    Outcome.DECLINED: 5,
}
_AT_CHECKUPS = {**_OUTCOMES, Outcome.ATTENDED: 600, Outcome.OTHER_PROVIDER: 230, Outcome.NOT_REACHED: 300}
_outcomes, _outcome_weights = tuple(_OUTCOMES), tuple(accumulate(_OUTCOMES.values()))
_checkup_weights = tuple(accumulate(_AT_CHECKUPS.values()))
_URGENT_JUST_NOW = 0.06
"""Of the last days more is urgent, so that the lists show what follows from it."""
_JUST_NOW = timedelta(days=12)
_EARLY = timedelta(days=14)


def tell(setting: Setting, course: Course, here: Body, until: date) -> None:
    """Tell the visits of an enrolment up to and including `until`."""
    day, retry = course.starts_on, False
    due = course.due(day)
    while due.window is not None and course.is_running:
        on = _again(setting, due.window, day) if retry else _when(setting, course, due.window, day)
        if on > until:
            return
        due = course.later(due, on) if on > day else due
        day, retry = on, False
        if due.state not in (DueState.DUE, DueState.OVERDUE):
            continue
        entry = _entry(setting, course, here, due, on)
        course.add(entry)
        if entry.outcome is Outcome.DECLINED:
            course.end(Outcome.DECLINED, on)
            return
        retry = not EFFECTS[entry.outcome].done or entry.item == EXTRA
        day = on + timedelta(days=setting.between(2, 9)) if retry else on
        if due.window is not None and _is_given_up(setting, course, entry):
            day, retry = max(day, _after(due.window)), False  # an agreed date may be over already
        due = course.due(day)


def entry_of(course: Course, outcome: Outcome, due: Due, on: date) -> Entry:
    """Return a report without findings, with the item that the store would name."""
    window, item = due.window, None
    if window is not None and (due.state is not DueState.UPCOMING or window.opens_on - on <= _EARLY):
        item = window.item
    return Entry(on, outcome, due, None if course.programme.calendar else item)


def _entry(setting: Setting, course: Course, here: Body, due: Due, on: date) -> Entry:
    outcome = _outcome(setting, course, on)
    entry = entry_of(course, outcome, due, on)
    if EFFECTS[outcome].needs_date:
        entry.next_on = on + timedelta(days=setting.between(3, 12))
    if outcome is Outcome.ATTENDED:
        entry.found = _found(setting, course, here, on)
        if entry.found.answers.get("vaccine_given") == "postponed":
            entry.item = EXTRA
    entry.changes = outcome is Outcome.DECLINED
    return entry


def _found(setting: Setting, course: Course, here: Body, on: date) -> Found:
    """Return the findings; a check-up of the story finds nothing urgent, so that its place is taken once."""
    share = _URGENT_JUST_NOW if on >= setting.today - _JUST_NOW else URGENT
    while True:
        found = find(setting.rng, course.life, here, course.programme, on, share)
        if not (course.programme.calendar and found.flags["urgent"]):
            return found


def _outcome(setting: Setting, course: Course, on: date) -> Outcome:
    if on < course.join.on or (course.programme.calendar and setting.village.unit.is_diligent):
        return Outcome.ATTENDED
    weights = _checkup_weights if course.programme.calendar else _outcome_weights
    return setting.rng.choices(_outcomes, cum_weights=weights)[0]


def _when(setting: Setting, course: Course, window: Window, day: date) -> date:
    """Return the day on which somebody comes or is looked for; it may lie after the visit's last day."""
    first = max(window.opens_on, day)
    if course.programme.calendar:
        return _after(window) if _is_left_out(setting, window) else first
    luck = setting.rng.random()
    if first > window.closes_on:
        on = first + timedelta(days=setting.between(0, 10))
    elif luck < _share_in_time(setting, window):
        on = _in_time(setting, course, window, first)
    elif window.closes_on - first > _LONG:
        on = first + timedelta(days=setting.between(_USUAL_SPAN, _LONG.days))
    elif luck < _SOME_DAY or not _may_miss(window):
        on = window.closes_on + timedelta(days=setting.between(1, _LATE_DAYS))
    else:
        on = _after(window)
    return on


def _is_left_out(setting: Setting, window: Window) -> bool:
    """Return whether nothing is reported of somebody's place on a check-up day; of a date agreed with them it is."""
    conduct = setting.rounds.conducts.get(window.opens_on)
    return conduct is Conduct.OPEN or (conduct is Conduct.LEFT and setting.chance(_LEFT_OUT))


def _is_given_up(setting: Setting, course: Course, entry: Entry) -> bool:
    """Return whether somebody who was not found on a check-up day is left in peace until the next one."""
    return course.programme.calendar and entry.outcome is Outcome.NOT_REACHED and setting.chance(_GIVEN_UP)


def _after(window: Window) -> date:
    """Return the first day on which a window is no more."""
    return (window.expires_on or window.closes_on) + timedelta(days=1)


def _share_in_time(setting: Setting, window: Window) -> float:
    if setting.village.unit.is_diligent:
        return 1.0
    return _IN_TIME_LATELY if window.closes_on >= setting.today - _LATELY else _IN_TIME


def _in_time(setting: Setting, course: Course, window: Window, first: date) -> date:
    days = (window.closes_on - first).days
    if not course.programme.supersedes and setting.chance(0.7):
        return first
    return first + timedelta(days=int(min(days, _USUAL_SPAN) * setting.rng.betavariate(1.2, 2.4)))


def _may_miss(window: Window) -> bool:
    return window.expires_on is not None and window.expires_on - window.closes_on <= _MISSES_WITHIN


def _again(setting: Setting, window: Window, day: date) -> date:
    return max(window.opens_on, day) + timedelta(days=setting.between(0, 3))
