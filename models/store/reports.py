"""What is reported of a visit or a place on a check-up day, and the receipt for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from models.rules.outcomes import Outcome
from models.rules.programmes.base import Programme
from models.store.persons import PersonLine
from models.tables.residents import Channel as Channel

Answers = Mapping[str, str | list[str]]
"""Codes chosen, by field: a code, or several."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured, in whole numbers of the smallest unit; `None` is not measured.

    Attributes:
        sbp: mmHg, together with dbp.
        pulse: beats per minute.
        temperature: 0.1 °C; weight: 0.1 kg; height and waist: 0.1 cm; glucose: 0.1 mmol/L.
    """

    sbp: int | None = None
    dbp: int | None = None
    pulse: int | None = None
    temperature: int | None = None
    weight: int | None = None
    height: int | None = None
    waist: int | None = None
    glucose: int | None = None


MEASURES = ("sbp", "dbp", "pulse", "temperature", "weight", "height", "waist", "glucose")


@dataclass(frozen=True, slots=True)
class VisitReport:
    """A follow-up visit as it is reported.

    Attributes:
        visited_on: the day of the visit.
        next_on: another date that was agreed, or chosen by the reporter.
        channel: how the person was reached.
        answers: codes chosen, by field. `reaction` and `concern` are `yes` or `no`.
        note: free text; it is sealed.
    """

    enrolment_id: int
    visited_on: date
    outcome: Outcome
    next_on: date | None = None
    channel: Channel | None = None
    measures: Measures = Measures()
    answers: Answers = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CheckupReport:
    """What came of one person's place at a check-up.

    Attributes:
        held_on: the day on which the person was seen or looked for. It belongs to the last check-up day that
            was not after it.
    """

    resident_id: int
    held_on: date
    outcome: Outcome
    next_on: date | None = None
    measures: Measures = Measures()
    answers: Answers = field(default_factory=dict)
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NextDue:
    """What is due next: the item, its window and the day aimed at."""

    item: str
    opens_on: date
    target_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was stored.

    Attributes:
        programme: the programme; for a check-up without an enrolment still `checkup`.
        schedule: the programme, in the version that the person joined.
        next: what is due next there; `None` when nothing is.
        urgent: refer now.
        followup_on: to be seen again by this day, after an urgent value.
        version: 1 as first entered, one more for each correction.
        voided: it was taken back.
        tells_clinic: somebody at the clinic is told of it.
    """

    record_id: int
    resident: PersonLine
    programme: str
    schedule: Programme
    outcome: Outcome
    on: date
    next: NextDue | None
    urgent: bool
    followup_on: date | None
    version: int
    voided: bool
    tells_clinic: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A record as it was before a correction."""

    version: int
    values: Mapping[str, object]
    reason: str
    replaced_by: int | None
    replaced_at: datetime
