"""What the visits so far add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from models.rules.facts import VisitFact
from models.rules.programmes.base import URGENT_FOLLOW_UP, FollowUp, Programme, Trigger


@dataclass(frozen=True, slots=True)
class Agreed:
    """A date agreed on: for which visit, which day, and when it was agreed."""

    item: str
    on: date
    since: date


@dataclass(frozen=True, slots=True)
class Called:
    """A follow-up that a finding calls for: the rule, and the day of the finding."""

    rule: FollowUp
    since: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an enrolment stands after its visits.

    Attributes:
        done: visits of the schedule that were made, with the last day of each.
        last: the last visit made, of whatever kind.
        called: the follow-up that is open.
        agreed: the agreed date that is open.
        attempts: times not reached since then.
        ended: an outcome ended the enrolment.
    """

    done: Mapping[str, date] = field(default_factory=dict)
    last: VisitFact | None = None
    called: Called | None = None
    agreed: Agreed | None = None
    attempts: int = 0
    ended: bool = False

    def made(self, visit: VisitFact, codes: Iterable[str], called: Called | None) -> Progress:
        """Return the progress after `visit` was made and settled `codes`."""
        done = dict(self.done)
        for code in codes:
            done[code] = max(visit.on, done.get(code, visit.on))
        return replace(self, done=done, last=visit, called=called, agreed=None, attempts=0)


def called_by(programme: Programme, visit: VisitFact, before: VisitFact | None) -> Called | None:
    """Return the follow-up that `visit` calls for; `before` is the visit made before it."""
    rules = {rule.trigger: rule for rule in (URGENT_FOLLOW_UP, *programme.follow_ups)}
    for trigger in Trigger:
        if trigger in rules and _applies(trigger, visit, before):
            return Called(rules[trigger], visit.on)
    return None


def _applies(trigger: Trigger, visit: VisitFact, before: VisitFact | None) -> bool:
    if trigger is Trigger.URGENT:
        return visit.urgent
    if trigger is Trigger.REFER:
        twice = visit.uncontrolled and before is not None and before.uncontrolled
        return twice or visit.reaction
    return visit.uncontrolled if trigger is Trigger.UNCONTROLLED else visit.abnormal
