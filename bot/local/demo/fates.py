"""What happens to some people in two years: they go away, move, die, or take their consent back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.local.demo.course import Course, Entry
from bot.local.demo.people import Life
from bot.local.demo.rounds import Conduct
from bot.local.demo.setting import Setting
from bot.local.demo.story import entry_of
from models.rules.access import Role
from models.rules.outcomes import EFFECTS, Outcome
from models.tables.residents import ResidentStatus

_STATUS = {
    Outcome.AWAY: ResidentStatus.AWAY,
    Outcome.MOVED: ResidentStatus.MOVED,
    Outcome.DECEASED: ResidentStatus.DECEASED,
}
_AWAY_DAYS = 200


@dataclass(frozen=True, slots=True)
class Fate:
    """A report that changes the person, and the day of it."""

    outcome: Outcome
    on: date


def fate(setting: Setting, life: Life, courses: Sequence[Course]) -> Fate | None:
    """Return what happens to a person, later than every enrolment; `None` for most."""
    outcome = _outcome(setting, life)
    if outcome is None or not any(_may_carry(course) for course in courses):
        return None
    first = max(course.join.on for course in courses) + timedelta(days=10)
    if outcome is Outcome.AWAY:
        first = max(first, setting.today - timedelta(days=_AWAY_DAYS))
    return Fate(outcome, setting.day(first, setting.yesterday)) if first <= setting.yesterday else None


def befall(setting: Setting, life: Life, courses: Sequence[Course], what: Fate) -> None:
    """Report the fate in one programme and apply it to all that run, as the store does."""
    carrier = next((course for course in courses if course.is_running and _may_carry(course)), None)
    if carrier is None:
        return
    entry = entry_of(carrier, what.outcome, carrier.due(what.on), what.on)
    running = [course for course in courses if course.is_running]
    carrier.add(entry)
    entry.changes = True
    entry.before["consents"] = _withdraw(setting, life, what) if EFFECTS[what.outcome].restricts else []
    entry.before["enrolments"] = sorted(_remember(course) for course in running)
    for course in running:
        if EFFECTS[what.outcome].pauses:
            course.pause()
        else:
            course.end(what.outcome, what.on)
    if EFFECTS[what.outcome].pauses:
        _stay_away(setting, running, what)


def _stay_away(setting: Setting, running: Sequence[Course], what: Fate) -> None:
    """Report of each later check-up day that the person still is away, as its roster does."""
    conducts = setting.rounds.conducts
    later = [on for on, conduct in conducts.items() if conduct is not Conduct.OPEN and what.on < on]
    for course in running:
        for on in later if course.programme.calendar else ():
            course.add(Entry(on, what.outcome, course.due(on), None))


def settle(life: Life, courses: Sequence[Course]) -> None:
    """Number the changes of a person by day, and write what each would put back."""
    changes = [(entry.on, course, entry) for course in courses for entry in course.entries if entry.changes]
    for _, course, entry in sorted(changes, key=lambda change: change[0]):
        life.revision += 1
        entry.before = {
            "status": life.status.value,
            "restricted": life.restricted,
            "enrolments": entry.before.get("enrolments") or [_remember(course)],
            "consents": entry.before.get("consents", []),
            "revision": life.revision,
        }
        life.status = _STATUS.get(entry.outcome, life.status)
        life.restricted = life.restricted or EFFECTS[entry.outcome].restricts


def _outcome(setting: Setting, life: Life) -> Outcome | None:
    years, luck = life.months(setting.today) // 12, setting.rng.random()
    if years < 15:
        return None
    if years >= 75 and luck < 0.04:
        return Outcome.DECEASED
    if 18 <= years <= 55 and luck < 0.05:
        return Outcome.AWAY
    if 0.05 <= luck < 0.06:
        return Outcome.MOVED
    return Outcome.CONSENT_WITHDRAWN if 0.06 <= luck < 0.065 else None


def _may_carry(course: Course) -> bool:
    return Role.MANAGER in course.programme.reported_by and not course.join.waits


def _remember(course: Course) -> list[Any]:
    """Return an enrolment as it was, in the form of the store's `before`."""
    return [course.id, "active", None, None, False]


def _withdraw(setting: Setting, life: Life, what: Fate) -> list[int]:
    at = setting.at(what.on)
    standing = [row for row in life.consent_rows if row["withdrawn_at"] is None]
    for row in standing:
        row["withdrawn_at"] = at
    return [row["id"] for row in standing]
