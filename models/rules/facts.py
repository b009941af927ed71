"""What `due` is told about one enrolment, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from models.rules.calendar import NO_MOVES, Moves
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor, Programme, Window
from models.rules.sex import Sex


@dataclass(frozen=True, slots=True)
class VisitFact:
    """One reported visit, as far as it matters for what is due next.

    Attributes:
        item: the visit of the schedule that it was for; `None` or an unknown code: whatever was due that day.
        on: the day of the visit.
        outcome: what came of it.
        next_on: the other date agreed on, or the next date that the reporter chose.
        abnormal: a finding that wants another look.
        uncontrolled: blood pressure or glucose not under control (programmes of chronic disease).
        urgent: a measurement that needs help now.
        reaction: an adverse reaction to the medicine.
    """

    item: str | None
    on: date
    outcome: Outcome
    next_on: date | None = None
    abnormal: bool = False
    uncontrolled: bool = False
    urgent: bool = False
    reaction: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything `due` needs to know about one enrolment.

    Attributes:
        programme: the schedule.
        enrolled_on: first day of the enrolment.
        anchors: known dates; `BIRTH` whenever the record has it, because it also bounds the ages.
        visits: the visits of this enrolment that count (not the voided ones), oldest first.
        ended_on: set once the enrolment has ended, whatever ended it.
        ended_by: the outcome that ended it.
        paused: the person is away; nothing is due here until back.
        checkup_dom: day of the month of the village's check-ups, for the check-up programme.
        checkup_moves: the village's check-up days that were moved or cancelled.
        sex: decides about items for one sex; not known means such items are not asked for.
    """

    programme: Programme
    enrolled_on: date
    anchors: Mapping[Anchor, date]
    visits: tuple[VisitFact, ...] = ()
    ended_on: date | None = None
    ended_by: Outcome | None = None
    paused: bool = False
    checkup_dom: int | None = None
    checkup_moves: Moves = field(default_factory=lambda: NO_MOVES)
    sex: Sex | None = None


class DueState(StrEnum):
    """Where a day lies in a window."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    CLOSED = "closed"


class ReasonCode(StrEnum):
    """Why something is due, or why nothing is; the text is at `reason.<code>`."""

    ITEM_WINDOW = "item_window"
    """The schedule names this visit."""
    FIRST_VISIT = "first_visit"
    """No visit is known yet."""
    RECURRING = "recurring"
    """Time since the last visit; `since` is its day."""
    CHECKUP_DAY = "checkup_day"
    """The village's check-up day."""
    AGREED_DATE = "agreed_date"
    """A date agreed with the person; `since` is the day on which it was agreed."""
    AFTER_ABNORMAL = "after_abnormal"
    UNCONTROLLED = "uncontrolled"
    REFER = "refer"
    """Twice uncontrolled, or a reaction: refer, and see again."""
    URGENT = "urgent"
    """A measurement needed help at once; `since` is the day of the visit, as for the three above."""
    ENDED = "ended"
    """The enrolment has ended."""
    AWAY = "away"
    """The person is away."""
    COMPLETED = "completed"
    """Every visit was made, or its time has passed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why. `since` is the day of the visit behind it, where there is one."""

    code: ReasonCode
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The answer for one day.

    Attributes:
        state: upcoming, due, overdue, or closed (nothing more is due).
        window: the visit in question; `None` exactly when closed.
        attempts: times the person was not reached since the last visit or agreement.
        reason: why.
    """

    state: DueState
    window: Window | None
    attempts: int
    reason: Reason


class MissingAnchorError(ValueError):
    """A schedule needs a date that the enrolment does not have."""

    def __init__(self, programme: str, anchor: Anchor) -> None:
        super().__init__(f"{programme} needs the date {anchor.value}")
        self.programme = programme
        self.anchor = anchor
