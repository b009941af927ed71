"""Is it due? The one function that lists, digests and status all call.

What the domain leaves open is decided once, here and in `candidates` and `history`:

- A visit that was made settles the visit it names. Without a name, or named `follow_up` or `extra`, it
  settles the one that was open or overdue on that day; one that was still upcoming is not settled by it.
- Any visit that was made, here or elsewhere, settles an open follow-up and an agreed date.
- An agreed date opens on that day and closes 7 days later. It takes the place of the visit it moves. A date
  chosen at a visit, long before the next one of the schedule, is a visit of its own, called `extra`.
- Where several windows are open, the one that closes first matters; where none is, the one that opens first.
- While a person is away nothing is due here. An outcome that ends the enrolment ends it for good, whatever is
  reported later: opting in again is a new enrolment.
"""

from __future__ import annotations

from datetime import date

from models.rules.candidates import (
    EXTRA,
    FOLLOW_UP,
    Plan,
    agreed_window,
    called_window,
    candidates,
    choose,
    plan_of,
    state_of,
    turning_points,
    urgency,
)
from models.rules.facts import Due, DueState, Facts, MissingAnchorError, Reason, ReasonCode, VisitFact
from models.rules.history import progress_of
from models.rules.programmes.base import Programme, Trigger, Window
from models.rules.progress import Progress

__all__ = [
    "EXTRA",
    "FOLLOW_UP",
    "Due",
    "DueState",
    "Facts",
    "MissingAnchorError",
    "Reason",
    "ReasonCode",
    "VisitFact",
    "Window",
    "assess",
    "is_roster_place",
    "next_window",
    "plan_of",
    "refer_by",
    "refresh_on",
    "state_of",
    "windows",
]


def assess(facts: Facts, today: date, progress: Progress | None = None, plan: Plan | None = None) -> Due:
    """Return what is due on `today`, and why. `progress`, that of the visits, spares folding them again.

    `plan`, that of `plan_of`, spares making it again for another day.

    Raises:
        MissingAnchorError: the programme needs a date that `facts` lacks.
    """
    progress = progress_of(facts) if progress is None else progress
    silent = _silent(facts, progress)
    if silent is not None:
        return Due(DueState.CLOSED, None, progress.attempts, Reason(silent))
    chosen = choose(facts, progress, today, plan)
    if chosen is None:
        return Due(DueState.CLOSED, None, progress.attempts, Reason(ReasonCode.COMPLETED))
    return Due(state_of(chosen.window, today), chosen.window, progress.attempts, chosen.reason)


def next_window(facts: Facts, today: date) -> Window | None:
    """Return the window that matters on `today`: that of `assess`."""
    return assess(facts, today).window


def windows(facts: Facts, today: date) -> tuple[Window, ...]:
    """Return every window that can be used on `today` or later, the one that matters first."""
    progress = progress_of(facts)
    if _silent(facts, progress) is not None:
        return ()
    found = sorted(candidates(facts, progress, today), key=lambda one: urgency(one.window, today))
    return tuple(one.window for one in found)


def refresh_on(facts: Facts, today: date, progress: Progress | None = None) -> date | None:
    """Return the first later day on which `next_window` changes because time passes, if there is one.

    `progress` is as in `assess`.
    """
    progress = progress_of(facts) if progress is None else progress
    if _silent(facts, progress) is not None:
        return None
    plan = plan_of(facts, progress)
    now = choose(facts, progress, today, plan)
    for day in sorted({day for day in turning_points(facts, progress, today, plan) if day > today}):
        if choose(facts, progress, day, plan) != now:
            return day
    return None


def refer_by(facts: Facts, progress: Progress | None = None) -> date | None:
    """Return the last day of the follow-up that an urgent value calls for; `None` when nobody waits for one.

    It stands beside whatever else is due, until the person has been seen again. `progress` is as in `assess`.
    """
    if not any(visit.urgent for visit in facts.visits):
        return None
    progress = progress_of(facts) if progress is None else progress
    called = progress.called
    if called is None or called.rule.trigger is not Trigger.URGENT or _silent(facts, progress) is not None:
        return None
    is_agreed = progress.agreed is not None and progress.agreed.item == FOLLOW_UP
    found = agreed_window(facts, progress) if is_agreed else called_window(facts, progress)
    return found.window.closes_on if found is not None else None


def _silent(facts: Facts, progress: Progress) -> ReasonCode | None:
    """Return why nothing is due whatever the schedule says, or `None`."""
    over = facts.programme.ended_by is not None and facts.programme.ended_by in facts.anchors
    if facts.ended_on is not None or progress.ended or over:
        return ReasonCode.ENDED
    return ReasonCode.AWAY if facts.paused else None


def is_roster_place(programme: Programme, window: Window | None) -> bool:
    """Return whether what is due is a place on a check-up day's roster.

    What follows an urgent value of a check-up is due in the same programme, but it is a visit.
    """
    return programme.calendar and (window is None or window.item != FOLLOW_UP)
