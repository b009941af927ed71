"""What came of a visit or of a place on a check-up day, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The outcomes a report can have."""

    ATTENDED = "ATTENDED"
    RESCHEDULED = "RESCHEDULED"
    AWAY = "AWAY"
    DECLINED = "DECLINED"
    OTHER_PROVIDER = "OTHER_PROVIDER"
    ILL = "ILL"
    NOT_REACHED = "NOT_REACHED"
    MOVED = "MOVED"
    DECEASED = "DECEASED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    NOT_DUE = "NOT_DUE"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an outcome does.

    Attributes:
        served: it counts as served (a declined service was offered, which is what is counted).
        done: the due item is settled and the next one follows by the programme.
        needs_date: another date has to be named.
        pauses: no local reminder until the person is back.
        ends_programme: the enrolment ends; the person may opt in again.
        ends_all: every enrolment of the person ends here.
        silence: nothing is ever sent about the person again.
        restricts: the record is restricted: kept, but not shown or used.
        tells_clinic: the clinic is told.
        counts_attempt: an attempt is counted and the item stays due.
    """

    served: bool = False
    done: bool = False
    needs_date: bool = False
    pauses: bool = False
    ends_programme: bool = False
    ends_all: bool = False
    silence: bool = False
    restricts: bool = False
    tells_clinic: bool = False
    counts_attempt: bool = False


EFFECTS: dict[Outcome, Effect] = {
    Outcome.ATTENDED: Effect(served=True, done=True),
    Outcome.RESCHEDULED: Effect(needs_date=True),
    Outcome.AWAY: Effect(pauses=True),
    Outcome.DECLINED: Effect(served=True, ends_programme=True),
    Outcome.OTHER_PROVIDER: Effect(served=True, done=True),
    Outcome.ILL: Effect(needs_date=True, tells_clinic=True),
    Outcome.NOT_REACHED: Effect(counts_attempt=True),
    Outcome.MOVED: Effect(ends_all=True),
    Outcome.DECEASED: Effect(ends_all=True, silence=True),
    Outcome.CONSENT_WITHDRAWN: Effect(ends_programme=True, restricts=True),
    Outcome.NOT_DUE: Effect(ends_programme=True),
}
