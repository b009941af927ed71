"""What a person's morning digest says, and in which order; and the days of the weekly summary. Numbers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from models.rules.calendar import is_working_day

MOST_OF_TOPIC = 3
"""So many lines of one topic; what is left of it is one more line without a day."""
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Topic(StrEnum):
    """What is counted, most urgent first. Check-up days and meetings are not: they have reminders of their own."""

    DANGEROUS = "dangerous"
    """Overdue follow-ups after a dangerous value."""
    REFERRAL = "referral"
    """Referrals that wait for the reader's answer."""
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    """What has climbed to the reader."""
    PLACES = "places"
    """Places from which something has climbed to one of the heads."""
    UNREPORTED = "unreported"
    """Check-up days that aren't reported though the time is over."""
    HANDOVER = "handover"
    """Hand-overs that wait for the reader's answer."""
    APPROVAL = "approval"
    """Enrolments that wait for the reader's approval."""
    CORRECTION = "correction"
    """Locked records that somebody asks the reader to unlock."""
    COMPLAINT_OVERDUE = "complaint_overdue"
    COMPLAINT = "complaint"
    """Complaints that wait for the reader's answer."""
    BENEFIT_OVERDUE = "benefit_overdue"
    BENEFIT = "benefit"
    """Benefits that wait for the reader's decision, or to be confirmed again."""
    APPEAL = "appeal"
    """Appeals against scorecards that wait for the reader's decision."""
    DECISION_OVERDUE = "decision_overdue"
    DECISION_DUE = "decision_due"
    DUE = "due"
    BACK = "back"
    """People who were expected back from elsewhere."""
    COMING = "coming"
    CARD = "card"
    """Scorecards of the reader's village that have become final, each told once."""
    STOOD_IN = "stood_in"
    """What a substitute did about, while the reader was on leave."""


URGENT = frozenset({Topic.DANGEROUS})
"""What is told on days off too (convention). A new referral is told at once, at any hour."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        topic: what is counted.
        count: how many.
        on: the day on which they close or take place, where the line is about one.
    """

    topic: Topic
    count: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What is said: at least one line, each of at least one."""

    lines: tuple[Line, ...]

    @property
    def most_urgent(self) -> Topic:
        """The topic to begin the work with."""
        return self.lines[0].topic

    def count(self, topic: Topic) -> int:
        """Return how many there are of a topic."""
        return sum(line.count for line in self.lines if line.topic is topic)


@dataclass(frozen=True, slots=True)
class Week:
    """The days of a weekly summary, both included: one week, or two where a whole week was off."""

    first: date
    last: date


def compose(lines: Iterable[Line]) -> Digest | None:
    """Return the digest of what was counted, in any order; `None` when there is nothing to say.

    Lines about the same are added up. Topics follow by urgency, lines of a topic by their day: what closes first
    stands first, what has no day last.

    Raises:
        ValueError: a count is negative.
    """
    counts: Counter[tuple[Topic, date | None]] = Counter()
    for line in lines:
        if line.count < 0:
            raise ValueError("a count is not negative")
        counts[line.topic, line.on] += line.count
    ordered = sorted((Line(topic, count, on) for (topic, on), count in counts.items() if count), key=_urgency)
    said = [line for _, group in groupby(ordered, key=lambda line: line.topic) for line in _folded(list(group))]
    return Digest(tuple(said)) if said else None


def on_day(digest: Digest, today: date) -> Digest | None:
    """Return what is said of a digest on `today`: all of it on a working day, on a day off what is urgent, if any."""
    if is_working_day(today):
        return digest
    urgent = tuple(line for line in digest.lines if line.topic in URGENT)
    return Digest(urgent) if urgent else None


def summary_of(today: date) -> Week | None:
    """Return what the weekly summary of `today` tells; `None` when it isn't the day for one.

    The day is Monday, or the next working day; the summary tells the weeks up to that Monday.
    """
    if not is_working_day(today):
        return None
    days = [today]
    while not is_working_day(days[-1] - _DAY):
        days.append(days[-1] - _DAY)
    mondays = [day for day in days if day.weekday() == 0]
    return Week(mondays[-1] - _WEEK, mondays[0] - _DAY) if mondays else None


def _urgency(line: Line) -> tuple[int, date]:
    return list(Topic).index(line.topic), line.on or date.max


def _folded(lines: list[Line]) -> list[Line]:
    """Return the lines of one topic, those beyond the first few as one."""
    kept, rest = lines[:MOST_OF_TOPIC], lines[MOST_OF_TOPIC:]
    return [*kept, Line(rest[0].topic, sum(line.count for line in rest))] if rest else kept
