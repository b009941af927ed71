"""What measurements and answers mean, asked of `models.rules.measurements`. Private to the store."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from models.rules.bloodpressure import BloodPressure
from models.rules.measurements import (
    Measure,
    Problem,
    check,
    check_blood_pressure,
    from_stored,
    is_uncontrolled,
    is_urgent,
)
from models.store.errors import Refused
from models.store.reports import MEASURES, Answers, Measures

YES = "yes"
CHILD_MONTHS = 7 * 12
"""Younger children have limits of their own."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings that schedules react to; they mean what they mean in `VisitFact`."""

    urgent: bool
    uncontrolled: bool
    abnormal: bool
    reaction: bool


def find(programme: str, measures: Measures, answers: Answers) -> Findings:
    """Return the findings of a visit of a built-in programme, or of one that is based on it."""
    pressure = pressure_of(measures)
    glucose = glucose_of(measures)
    return Findings(
        urgent=is_urgent(pressure, glucose),
        uncontrolled=is_uncontrolled(programme, pressure, glucose),
        abnormal=answers.get("concern") == YES,
        reaction=answers.get("reaction") == YES,
    )


def check_all(measures: Measures, *, child: bool) -> None:
    """Refuse what can't be measured: `half_a_pressure`, `measure_order`, `measure_range`.

    The forms say it in better words; this is the last line.
    """
    if (measures.sbp is None) != (measures.dbp is None):
        raise Refused("half_a_pressure")
    pressure = pressure_of(measures)
    found = [check_blood_pressure(pressure)] if pressure else []
    for name in MEASURES[2:]:
        stored = getattr(measures, name)
        if stored is not None:
            measure = Measure(name)
            found.append(check(measure, from_stored(measure, stored), child=child))
    for finding in found:
        if isinstance(finding, Problem):
            raise Refused(f"measure_{finding.code}")


def is_child(months: int | None) -> bool:
    """Return whether the limits for small children apply."""
    return months is not None and months < CHILD_MONTHS


def pressure_of(measures: Measures) -> BloodPressure | None:
    """Return the blood pressure, if both numbers were measured."""
    if measures.sbp is None or measures.dbp is None:
        return None
    return BloodPressure(measures.sbp, measures.dbp)


def glucose_of(measures: Measures) -> Decimal | None:
    """Return the glucose in mmol/L."""
    return None if measures.glucose is None else from_stored(Measure.GLUCOSE, measures.glucose)
