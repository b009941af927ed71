"""An enrolment while its story is told: what is due on a day, and the columns that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.local.demo.joining import Join
from bot.local.demo.people import Life
from bot.local.demo.rounds import Rule
from bot.local.demo.values import NOTHING, Found
from models.rules.calendar import NO_MOVES
from models.rules.candidates import Plan
from models.rules.due import Due, Facts, Reason, ReasonCode, VisitFact, assess, plan_of, refresh_on, state_of
from models.rules.facts import DueState
from models.rules.history import after
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.programmes.base import Anchor
from models.rules.progress import Progress
from models.tables.base import new_id

_WAITING = Due(DueState.CLOSED, None, 0, Reason(ReasonCode.COMPLETED))


@dataclass(slots=True)
class Entry:
    """One report: a visit, or a place on a check-up day.

    Attributes:
        due: what was due that day; its window is kept with the record.
        changes: it changed the person or the programmes; what was there before goes into `before`.
    """

    on: date
    outcome: Outcome
    due: Due
    item: str | None
    next_on: date | None = None
    found: Found = NOTHING
    changes: bool = False
    before: dict[str, Any] = field(default_factory=dict)


class Course:
    """One enrolment: its facts, folded visit by visit, so that a long story costs no more than a short one."""

    def __init__(self, life: Life, join: Join, at: datetime, rule: Rule) -> None:
        """Begin without a visit; `at` is when the enrolment is entered, not before the person is."""
        self.id = new_id()
        self.at = max(at, life.registered_at + timedelta(minutes=5))
        self.life = life
        self.join = join
        self.programme = join.programme
        self.entries: list[Entry] = []
        self.facts = Facts(
            programme=join.programme,
            enrolled_on=join.on,
            anchors={**join.anchors, Anchor.BIRTH: life.birth},
            checkup_dom=rule.dom if join.programme.calendar else None,
            checkup_moves=rule.moves if join.programme.calendar else NO_MOVES,
            sex=life.sex,
        )
        self._progress = Progress()
        self._plan: Plan | None = None
        self._last_served: date | None = None

    @property
    def starts_on(self) -> date:
        """The day from which visits are told."""
        return self.life.birth if self.join.from_birth else self.join.on

    @property
    def is_running(self) -> bool:
        """Whether the enrolment has not ended."""
        return self.facts.ended_on is None

    def due(self, day: date) -> Due:
        """Return what is due on a day, after the visits told so far."""
        if self.join.waits:
            return _WAITING
        if self._plan is None:
            self._plan = plan_of(self.facts, self._progress)
        return assess(self.facts, day, self._progress, self._plan)

    def later(self, due: Due, day: date) -> Due:
        """Return what is due on a day, given what was due on an earlier one after the same visits.

        Where one visit follows the other and nothing was agreed or found, a window stays the one that matters
        until it expires; only the state changes.
        """
        window = due.window
        is_plain = self.programme.supersedes and self._progress.agreed is None and self._progress.called is None
        if window is None or not is_plain or (window.expires_on is not None and day > window.expires_on):
            return self.due(day)
        return Due(state_of(window, day), window, due.attempts, due.reason)

    def add(self, entry: Entry) -> None:
        """Add a report, later than all before."""
        self.entries.append(entry)
        flags = entry.found.flags
        item = None if self.programme.calendar else entry.item
        fact = VisitFact(item, entry.on, entry.outcome, entry.next_on, **flags)
        self._progress, self._plan = after(self.facts, self._progress, fact), None
        if EFFECTS[entry.outcome].done:
            self._last_served = entry.on

    def end(self, outcome: Outcome, on: date) -> None:
        """End the enrolment."""
        self.facts = replace(self.facts, ended_on=on, ended_by=outcome)

    def pause(self) -> None:
        """Let nothing be due while the person is away."""
        self.facts = replace(self.facts, paused=True)

    def columns(self, today: date) -> dict[str, Any]:
        """Return the columns that the store computes: what `rules.due` says today."""
        due = self.due(today)
        window = due.window
        is_urgent = window is not None and due.reason.code is ReasonCode.URGENT
        return {
            "next_item": window.item if window else None,
            "next_due_on": window.opens_on if window else None,
            "next_target_on": window.target_on if window else None,
            "next_closes_on": window.closes_on if window else None,
            "refresh_on": None if self.join.waits else refresh_on(self.facts, today, self._progress),
            "followup_on": window.closes_on if window and is_urgent else None,
            "attempts": due.attempts,
            "last_visit_on": self._last_served,
        }
