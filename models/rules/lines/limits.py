"""Measurements held to their limits, as the answers with which forms keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from models.rules import measurements
from models.rules.bloodpressure import BloodPressure
from models.rules.lines.atoms import Fault, Value
from models.rules.lines.measures import EXAMPLES
from models.rules.measurements import Measure, Problem

CHILD_UNDER_YEARS = 7
Readings = Mapping[str, Any]
"""By field, as forms keep them: `bp` as two numbers, others as whole numbers of the smallest unit."""


def held(values: Sequence[Value], *, child: bool) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values that can be, and why the others can't."""
    readings: dict[str, Any] = {}
    faults: list[Fault] = []
    for value in _once(values, faults):
        fault = _refused(value, child=child)
        if fault is None:
            readings[value.field] = _stored(value)
        else:
            faults.append(fault)
    if not child and _is_impossible(readings):
        faults += [_unlikely(value, readings) for value in values if value.field in ("weight", "height")]
        readings = {name: value for name, value in readings.items() if name not in ("weight", "height")}
    return readings, faults


def is_child(birth_year: int | None, year: int) -> bool:
    """Return whether the limits of children hold for somebody born in `birth_year`."""
    return birth_year is not None and year - birth_year < CHILD_UNDER_YEARS


def _once(values: Sequence[Value], faults: list[Fault]) -> list[Value]:
    """Return the values of which there is one; what is said twice and not alike is not known."""
    found = []
    for value in values:
        same = [other for other in values if other.field == value.field]
        if any(other.value != value.value for other in same):
            faults.append(Fault("lines.twice", value.text, EXAMPLES[value.field]))
        elif same[0] is value:
            found.append(value)
    return found


def _refused(value: Value, *, child: bool) -> Fault | None:
    if isinstance(value.value, BloodPressure):
        finding = measurements.check_blood_pressure(value.value)
    else:
        finding = measurements.check(Measure(value.field), value.value, child=child)
    if not isinstance(finding, Problem):
        return None
    return Fault(f"measure_{finding.code}", value.text, EXAMPLES[value.field], finding.values)


def _stored(value: Value) -> Any:
    if isinstance(value.value, BloodPressure):
        return [value.value.sbp, value.value.dbp]
    return measurements.to_stored(Measure(value.field), value.value)


def _is_impossible(readings: Readings) -> bool:
    if "weight" not in readings or "height" not in readings:
        return False
    return isinstance(measurements.check_bmi(*_body(readings)), Problem)


def _unlikely(value: Value, readings: Readings) -> Fault:
    return Fault("measure_bmi", value.text, EXAMPLES[value.field], {"value": measurements.bmi(*_body(readings))})


def _body(readings: Readings) -> tuple[Decimal, Decimal]:
    weight = measurements.from_stored(Measure.WEIGHT, readings["weight"])
    return weight, measurements.from_stored(Measure.HEIGHT, readings["height"])
