"""The rows of enrolments, visits, check-up days and attendances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.local.demo.course import Course, Entry
from bot.local.demo.rounds import Conduct, first_late_day
from bot.local.demo.setting import Setting, midnight
from models.rules.access import Role
from models.rules.calendar import CheckupDate
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.programmes.base import Anchor, Family, Window
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.checkups import DayState
from models.tables.enrolments import EnrolmentState
from models.tables.residents import Channel

Row = dict[str, Any]
_LATE, _MOST_DAYS_LATE = 0.6, 3
"""Of a day that is reported late: the share that comes after the deadline, and by how many days more."""
_EARLIER = timedelta(days=4)
"""So long before the fixed day it is decided that it moves."""
_ENDS_UTC = timedelta(hours=9, minutes=45)
"""When a day's roster is closed: 17:45 in China, after the last entry of office hours."""
LMP = Cell("enrolments", "lmp_sealed")
_CHANNELS = ((Channel.VISIT, Channel.CLINIC), (70, 30))
_UNSEEN_CHANNELS = ((Channel.VISIT, Channel.PHONE), (50, 50))


def enrolment(setting: Setting, course: Course) -> Row:
    """Return the row of an enrolment."""
    join, facts = course.join, course.facts
    needs_clinic = join.programme.clinic_approval or Role.MANAGER not in join.programme.reported_by
    lmp = join.anchors.get(Anchor.LMP)
    return {
        "id": course.id,
        **_of(setting, course),
        "programme": join.programme.code,
        "programme_version": join.programme.version,
        "state": EnrolmentState.ACTIVE if course.is_running else EnrolmentState.ENDED,
        "approved_by": setting.clinic if needs_clinic and not join.waits else None,
        "enrolled_on": join.on,
        "anchors": {name.value: day.isoformat() for name, day in join.anchors.items() if name is not Anchor.LMP},
        "lmp_sealed": setting.vault.seal_text(LMP, course.id, lmp.isoformat() if lmp else None),
        "ended_on": facts.ended_on,
        "ended_by": facts.ended_by,
        "paused": facts.paused,
        **course.columns(setting.today),
        "created_at": course.at,
        "updated_at": course.at,
    }


def records(setting: Setting, course: Course, days: Sequence[Row]) -> list[Row]:
    """Return the rows of an enrolment's visits, or of its places on check-up days.

    `days` are the rows of the village's check-up days, oldest first. What is of one day is entered in its order.
    """
    found: list[Row] = []
    for entry in course.entries:
        at = _entered(setting, course, entry)
        if found and course.entries[len(found) - 1].on == entry.on:
            at = found[-1]["entered_at"] + timedelta(minutes=1)
        special = _attendance(entry, days) if course.programme.calendar else _visit(setting, course, entry)
        found.append(_record(setting, course, entry) | {"entered_at": at} | special)
    return found


def _visit(setting: Setting, course: Course, entry: Entry) -> Row:
    return {
        "programme": course.programme.code,
        "item": entry.item,
        "visited_on": entry.on,
        **_window(entry.due.window),
        "channel": _channel(setting, course, entry),
    }


def _attendance(entry: Entry, days: Sequence[Row]) -> Row:
    effect = EFFECTS[entry.outcome]
    silences = effect.pauses or effect.ends_programme or effect.ends_all
    return {
        "day_id": days[bisect_right(days, entry.on, key=_held_on) - 1]["id"],
        "held_on": entry.on,
        **_window(None if silences else entry.due.window),
        "settled": effect.done,
    }


def _window(window: Window | None) -> dict[str, date | None]:
    return {
        "window_opens_on": window.opens_on if window else None,
        "window_closes_on": window.closes_on if window else None,
    }


def checkup_days(setting: Setting) -> list[Row]:
    """Return the rows of a village's check-up days: from the launch to the next one to come."""
    return [_day(setting, day) for day in setting.rounds.days]


def _held_on(day: Row) -> date:
    """Return when a check-up is held: a place belongs to the last one that was not after it."""
    held_on: date = day["held_on"]
    return held_on


def _day(setting: Setting, day: CheckupDate) -> Row:
    moved = day.nominal in setting.village.rule.moves
    closed_on = _closed_on(setting, day)
    return {
        "id": new_id(),
        "township_id": setting.village.township_id,
        "village_id": setting.village.id,
        "nominal_on": day.nominal,
        "held_on": day.held_on,
        "provisional": day.provisional,
        "state": DayState.CLOSED if closed_on else DayState.PLANNED,
        "reason": "staff" if moved else None,
        "sequence": int(moved),
        "changed_by": setting.admin if moved else None,
        "changed_at": setting.at(day.nominal - _EARLIER) if moved else None,
        "closed_by": setting.manager if closed_on else None,
        "closed_at": midnight(closed_on) + _ENDS_UTC if closed_on else None,
    }


def _closed_on(setting: Setting, day: CheckupDate) -> date | None:
    """Return when the roster of a day was closed; `None` while part of it is left to do."""
    conduct = setting.rounds.conducts[day.held_on]
    if conduct in (Conduct.OPEN, Conduct.LEFT):
        return None
    if conduct is Conduct.IN_TIME:
        return day.held_on
    return min(first_late_day(day.held_on) + timedelta(days=_MOST_DAYS_LATE), setting.yesterday)


def _of(setting: Setting, course: Course) -> Row:
    return {
        "resident_id": course.life.id,
        "township_id": setting.village.township_id,
        "village_id": setting.village.id,
    }


def _record(setting: Setting, course: Course, entry: Entry) -> Row:
    return {
        "id": new_id(),
        **_of(setting, course),
        "enrolment_id": course.id,
        "outcome": entry.outcome,
        "next_on": entry.next_on,
        **entry.found.measures,
        **entry.found.flags,
        "answers": entry.found.answers,
        "note_sealed": None,
        "before": entry.before,
        "version": 1,
        "voided_at": None,
        "entered_by": _who(setting, course),
        "draft_id": None,
    }


def _who(setting: Setting, course: Course) -> int:
    is_clinic = Role.MANAGER not in course.programme.reported_by or course.programme.family is Family.IMMUNISATION
    return setting.clinic if is_clinic else setting.manager


def _entered(setting: Setting, course: Course, entry: Entry) -> datetime:
    """Return when it was entered: mostly the same day; what a booklet told, on the day of enrolment."""
    day = max(entry.on, course.join.on)
    if course.programme.calendar and setting.rounds.conducts.get(day) is Conduct.LATE and setting.chance(_LATE):
        late = first_late_day(day) + timedelta(days=setting.between(0, _MOST_DAYS_LATE))
        at = setting.at(min(late, setting.yesterday))
    else:
        at = setting.at(day if setting.chance(0.9) else min(day + timedelta(days=1), setting.yesterday))
    first = course.at + timedelta(minutes=5)
    return max(at, first)


def _channel(setting: Setting, course: Course, entry: Entry) -> Channel:
    if course.programme.family in (Family.IMMUNISATION, Family.ANTENATAL):
        return Channel.CLINIC
    choices = _CHANNELS if entry.outcome is Outcome.ATTENDED else _UNSEEN_CHANNELS
    return setting.rng.choices(*choices)[0]
