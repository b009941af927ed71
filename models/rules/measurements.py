"""Limits of what the village measures, and what follows from a value.

Numbers are kept as whole numbers of the smallest unit: mmHg, beats per minute, and tenths of °C, kg, cm,
mmol/L. The limits of grown people are the service's; those for children under 7 (convention) only catch
slips of the finger, because children are judged by their booklet's growth curves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType

from models.rules.bloodpressure import BloodPressure


class Measure(StrEnum):
    """What is measured."""

    SBP = "sbp"
    DBP = "dbp"
    PULSE = "pulse"
    TEMPERATURE = "temperature"
    HEIGHT = "height"
    WEIGHT = "weight"
    WAIST = "waist"
    GLUCOSE = "glucose"
    BMI = "bmi"
    GESTATION = "gestation"


@dataclass(frozen=True, slots=True)
class Limit:
    """The limits of one measure, in its usual unit.

    Attributes:
        low: below it a value is refused.
        high: above it a value is refused.
        unit: the unit that `low`, `high` and people use.
        scale: stored whole numbers per unit: 1 or 10.
        warn: from this value on a warning is shown.
        urgent_high: from this value on the person is referred now.
        urgent_low: down from this value the person is referred now.
    """

    low: Decimal
    high: Decimal
    unit: str
    scale: int = 1
    warn: Decimal | None = None
    urgent_high: Decimal | None = None
    urgent_low: Decimal | None = None

    @property
    def places(self) -> int:
        """Decimal places that are kept."""
        return 1 if self.scale == 10 else 0


def _limit(
    low: int,
    high: int,
    unit: str,
    scale: int = 1,
    *,
    warn: int | None = None,
    urgent_high: str | None = None,
    urgent_low: str | None = None,
) -> Limit:
    return Limit(
        Decimal(low),
        Decimal(high),
        unit,
        scale,
        Decimal(warn) if warn is not None else None,
        Decimal(urgent_high) if urgent_high else None,
        Decimal(urgent_low) if urgent_low else None,
    )


LIMITS: Mapping[Measure, Limit] = MappingProxyType(
    {
        Measure.SBP: _limit(60, 260, "mmHg", warn=140, urgent_high="180"),
        Measure.DBP: _limit(30, 160, "mmHg", warn=90, urgent_high="110"),
        Measure.PULSE: _limit(30, 220, "/min"),
        Measure.TEMPERATURE: _limit(34, 42, "°C", 10),
        Measure.HEIGHT: _limit(100, 220, "cm", 10),
        Measure.WEIGHT: _limit(25, 200, "kg", 10),
        Measure.WAIST: _limit(40, 160, "cm", 10),
        Measure.GLUCOSE: _limit(1, 35, "mmol/L", 10, urgent_high="16.7", urgent_low="3.9"),
        Measure.BMI: _limit(12, 60, "kg/m²", 10, warn=24),
        Measure.GESTATION: _limit(4, 42, "weeks"),
    }
)

CHILD_LIMITS: Mapping[Measure, Limit] = MappingProxyType(
    {
        **LIMITS,
        Measure.HEIGHT: _limit(30, 150, "cm", 10),
        Measure.WEIGHT: _limit(1, 60, "kg", 10),
        Measure.WAIST: _limit(20, 100, "cm", 10),
    }
)
"""For children under 7 years."""

OBESE_BMI = Decimal(28)
CONTROLLED_BELOW = BloodPressure(140, 90)
"""Hypertension is controlled when both pressures lie below these."""
GLUCOSE_CONTROLLED_BELOW = Decimal("7.0")
"""Fasting glucose from which diabetes counts as uncontrolled (mmol/L): 国家基本公共卫生服务规范（第三版）."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that can't be: refused. The text is at `measure.problem.<code>`."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Warning:
    """A value that is possible but worth a second look. The text is at `measure.warning.<code>`."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Urgent:
    """Refer now, and see again within 14 days. The text is at `measure.urgent.<code>`."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


Finding = Problem | Warning | Urgent


def check(measure: Measure, value: Decimal | int, *, child: bool = False) -> Finding | None:
    """Return what is to be said about one value in its usual unit; `None` when nothing is.

    Codes: `range` (values: measure, low, high, unit), `high` (measure, value, unit), `urgent_high`,
    `urgent_low`.
    """
    limit = (CHILD_LIMITS if child else LIMITS)[measure]
    value = Decimal(value)
    if not limit.low <= value <= limit.high:
        return Problem("range", {"measure": measure, "low": limit.low, "high": limit.high, "unit": limit.unit})
    said = {"measure": measure, "value": value, "unit": limit.unit}
    if limit.urgent_high is not None and value >= limit.urgent_high:
        return Urgent("urgent_high", said)
    if limit.urgent_low is not None and value <= limit.urgent_low:
        return Urgent("urgent_low", said)
    if limit.warn is not None and value >= limit.warn:
        return Warning("high", said)
    return None


def check_blood_pressure(pressure: BloodPressure) -> Finding | None:
    """Return the gravest thing to be said about a blood pressure.

    A value out of range comes first, then `order` when the upper number is not above the lower one.
    """
    found = [check(Measure.SBP, pressure.sbp), check(Measure.DBP, pressure.dbp)]
    for kind in (Problem, Urgent, Warning):
        if kind is Urgent and pressure.sbp <= pressure.dbp:
            return Problem("order", {"sbp": pressure.sbp, "dbp": pressure.dbp})
        for one in found:
            if isinstance(one, kind):
                return one
    return None


def check_bmi(weight_kg: Decimal, height_cm: Decimal) -> Finding | None:
    """Return what is to be said about weight and height together: `range`, `overweight`, `obese`."""
    value = bmi(weight_kg, height_cm)
    finding = check(Measure.BMI, value)
    if not isinstance(finding, Warning):
        return finding
    return Warning("obese" if value >= OBESE_BMI else "overweight", finding.values)


def bmi(weight_kg: Decimal, height_cm: Decimal) -> Decimal:
    """Return the body mass index in kg/m² to one decimal place.

    Raises:
        ValueError: the height is not above zero.
    """
    if height_cm <= 0:
        raise ValueError("a height is above zero")
    metres = height_cm / 100
    return (weight_kg / (metres * metres)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def is_urgent(pressure: BloodPressure | None = None, glucose: Decimal | None = None) -> bool:
    """Return whether the person is to be referred now: SBP ≥180, DBP ≥110, glucose ≥16.7 or ≤3.9 mmol/L."""
    if pressure is not None and (pressure.sbp >= 180 or pressure.dbp >= 110):
        return True
    return glucose is not None and isinstance(check(Measure.GLUCOSE, glucose), Urgent)


def urgent_codes(pressure: BloodPressure | None = None, glucose: Decimal | None = None) -> tuple[str, ...]:
    """Return what is urgent: `pressure_high`, `glucose_high`, `glucose_low`."""
    codes = ["pressure_high"] if is_urgent(pressure) else []
    finding = None if glucose is None else check(Measure.GLUCOSE, glucose)
    if isinstance(finding, Urgent):
        codes.append("glucose_high" if finding.code == "urgent_high" else "glucose_low")
    return tuple(codes)


def is_uncontrolled(programme: str, pressure: BloodPressure | None = None, glucose: Decimal | None = None) -> bool:
    """Return whether a visit of `hypertension` (≥140 or ≥90) or `diabetes` (fasting ≥7.0, or ≤3.9) is uncontrolled.

    Other programmes know no control; a value that was not measured says nothing.
    """
    if programme == "hypertension":
        if pressure is None:
            return False
        return pressure.sbp >= CONTROLLED_BELOW.sbp or pressure.dbp >= CONTROLLED_BELOW.dbp
    if programme != "diabetes" or glucose is None:
        return False
    return glucose >= GLUCOSE_CONTROLLED_BELOW or is_urgent(glucose=glucose)


def to_stored(measure: Measure, value: Decimal | int) -> int:
    """Return the whole number that is stored for a value in its usual unit: 36.5 °C is 365."""
    return int((Decimal(value) * LIMITS[measure].scale).to_integral_value(ROUND_HALF_UP))


def from_stored(measure: Measure, stored: int) -> Decimal:
    """Return the value in its usual unit for a stored whole number: 365 is 36.5 °C."""
    return Decimal(stored) / LIMITS[measure].scale
