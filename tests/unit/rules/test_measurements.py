"""Limits, warnings, and what needs help now."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.rules.bloodpressure import BloodPressure
from models.rules.measurements import (
    Measure,
    Problem,
    Urgent,
    Warning,
    bmi,
    check,
    check_blood_pressure,
    check_bmi,
    from_stored,
    is_uncontrolled,
    is_urgent,
    to_stored,
)

HARD = [
    (Measure.SBP, "60", "260", "1"), (Measure.DBP, "30", "160", "1"), (Measure.PULSE, "30", "220", "1"),
    (Measure.TEMPERATURE, "34", "42", "0.1"), (Measure.HEIGHT, "100", "220", "0.1"),
    (Measure.WEIGHT, "25", "200", "0.1"), (Measure.WAIST, "40", "160", "0.1"),
    (Measure.GLUCOSE, "1", "35", "0.1"), (Measure.BMI, "12", "60", "0.1"), (Measure.GESTATION, "4", "42", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "low", "high", "step"), HARD)
def test_hard_limits(measure: Measure, low: str, high: str, step: str) -> None:
    for value in (Decimal(low), Decimal(high)):
        assert not isinstance(check(measure, value), Problem)
    for value in (Decimal(low) - Decimal(step), Decimal(high) + Decimal(step)):
        found = check(measure, value)
        assert isinstance(found, Problem)
        assert found.values["low"] == Decimal(low)


@pytest.mark.parametrize(
    ("sbp", "dbp", "expected"),
    [
        (139, 89, None), (140, 89, "high"), (139, 90, "high"), (179, 109, "high"), (180, 80, "urgent_high"),
        (120, 110, "urgent_high"), (261, 80, "range"), (120, 29, "range"), (80, 80, "order"), (80, 120, "order"),
        (80, 161, "range"),
    ],
)  # fmt: skip
def test_a_blood_pressure(sbp: int, dbp: int, expected: str | None) -> None:
    found = check_blood_pressure(BloodPressure(sbp, dbp))
    assert (found.code if found else None) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [("3.9", Urgent), ("4.0", None), ("16.6", None), ("16.7", Urgent), ("35.1", Problem), ("0.9", Problem)],
)
def test_glucose(value: str, kind: type | None) -> None:
    found = check(Measure.GLUCOSE, Decimal(value))
    assert found is None if kind is None else isinstance(found, kind)
    assert is_urgent(glucose=Decimal(value)) is (kind is Urgent)


@pytest.mark.parametrize(
    ("weight", "code"), [("61.3", None), ("61.4", "overweight"), ("71.5", "overweight"), ("71.7", "obese")]
)
def test_body_mass(weight: str, code: str | None) -> None:
    """At 160 cm a BMI of 24 is 61.4 kg and one of 28 is 71.7 kg."""
    found = check_bmi(Decimal(weight), Decimal(160))
    assert (found.code if found else None) == code
    assert found is None or isinstance(found, Warning)


def test_body_mass_is_rounded_to_a_tenth() -> None:
    assert bmi(Decimal("65.0"), Decimal("165.0")) == Decimal("23.9")
    with pytest.raises(ValueError, match="above zero"):
        bmi(Decimal(65), Decimal(0))


@pytest.mark.parametrize(
    ("sbp", "dbp", "urgent", "uncontrolled"),
    [
        (139, 89, False, False),
        (140, 80, False, True),
        (120, 90, False, True),
        (180, 90, True, True),
        (150, 110, True, True),
    ],
)
def test_what_follows_from_a_blood_pressure(sbp: int, dbp: int, urgent: bool, uncontrolled: bool) -> None:
    pressure = BloodPressure(sbp, dbp)
    assert is_urgent(pressure) is urgent
    assert is_uncontrolled("hypertension", pressure) is uncontrolled
    assert not is_uncontrolled("blood_pressure", pressure)


def test_diabetes_is_uncontrolled_from_seven_on_and_when_too_low() -> None:
    values = ("3.9", "4.0", "6.9", "7.0")
    assert [is_uncontrolled("diabetes", glucose=Decimal(value)) for value in values] == [True, False, False, True]
    assert not is_uncontrolled("diabetes")
    assert not is_uncontrolled("hypertension")


def test_children_are_small() -> None:
    assert isinstance(check(Measure.WEIGHT, Decimal("3.2")), Problem)
    assert check(Measure.WEIGHT, Decimal("3.2"), child=True) is None
    assert check(Measure.HEIGHT, Decimal("50"), child=True) is None


def test_stored_units() -> None:
    assert to_stored(Measure.TEMPERATURE, Decimal("36.5")) == 365
    assert to_stored(Measure.SBP, 128) == 128
    assert from_stored(Measure.GLUCOSE, 56) == Decimal("5.6")
