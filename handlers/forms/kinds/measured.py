"""Questions about measurements: hard limits refuse, soft limits warn, urgent values can't be overlooked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handlers.forms.fields import Env, Given, OptionRows, Redraw
from locales.message import Label, Text, Verbatim
from models.rules import bloodpressure, measurements, numbers
from models.rules.bloodpressure import BloodPressure
from models.rules.errors import InputError
from models.rules.measurements import LIMITS, Finding, Measure, Problem

Json = Any
_EXAMPLES = {"temperature": "36.5", "weight": "62", "height": "165", "waist": "85", "pulse": "72", "glucose": "5.6"}


def _refuse(finding: Finding | None, example: str) -> None:
    if isinstance(finding, Problem):
        raise InputError(f"measure_{finding.code}", example, **worded(finding.values))


def worded(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a finding with numbers and names as people read them."""
    return {key: _worded(value) for key, value in values.items()}


def _worded(value: object) -> object:
    if isinstance(value, Measure):
        return Text.of(f"measure.name.{value}")
    return numbers.format_decimal(value) if isinstance(value, Decimal) else value


def finding_notes(finding: Finding | None) -> tuple[Text, ...]:
    """Return the soft warning or the alarm about a value, if there is one."""
    if finding is None or isinstance(finding, Problem):
        return ()
    kind = type(finding).__name__.lower()
    return (Text.of(f"measure.{kind}.{finding.code}", **worded(finding.values)),)


@dataclass(frozen=True, slots=True)
class Pressure:
    """Blood pressure in one go; the value is `[systolic, diastolic]` in mmHg."""

    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read `128/82` and its other forms."""
        pressure = bloodpressure.parse(typed)
        _refuse(measurements.check_blood_pressure(pressure), bloodpressure.EXAMPLE)
        return Given([pressure.sbp, pressure.dbp])

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Refuse: the question has no buttons."""
        raise InputError("type_it", bloodpressure.EXAMPLE)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return no buttons."""
        return ()

    def show(self, value: Json, env: Env) -> Label:
        """Return `128/82`."""
        return Text.of("forms.none") if value is None else Verbatim(f"{value[0]}/{value[1]}")

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Warn of high and of dangerous pressure."""
        if value is None:
            return ()
        return finding_notes(measurements.check_blood_pressure(BloodPressure(value[0], value[1])))


@dataclass(frozen=True, slots=True)
class Measured:
    """One number of `measurements.LIMITS`; the value is stored as there: a whole number of the smallest unit."""

    name: str
    needs_people: bool = False

    @property
    def _measure(self) -> Measure:
        return Measure(self.name)

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a number, with or without its unit."""
        measure, example = self._measure, _EXAMPLES[self.name]
        if LIMITS[measure].places:
            value = numbers.parse_decimal(typed, example, LIMITS[measure].places)
        else:
            value = Decimal(numbers.parse_integer(typed, example))
        _refuse(measurements.check(measure, value, child=bool(env.facts.get("child"))), example)
        _refuse_bmi(measure, value, env, example)
        return Given(measurements.to_stored(measure, value))

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Refuse: the question has no buttons."""
        raise InputError("type_it", _EXAMPLES[self.name])

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return no buttons."""
        return ()

    def show(self, value: Json, env: Env) -> Label:
        """Return the number with its unit."""
        return Text.of("forms.none") if value is None else shown(self._measure, value)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Warn of high and of dangerous values, and of weight and height together."""
        if value is None:
            return ()
        return (
            *finding_notes(measurements.check(self._measure, measurements.from_stored(self._measure, value))),
            *_bmi(self, env),
        )


def shown(measure: Measure, stored: int) -> Text:
    """Return a stored number as people read it, with its unit."""
    value = numbers.format_decimal(measurements.from_stored(measure, stored))
    return Text.of("forms.measure", value=value, unit=Text.of(f"measure.unit.{measure}"))


def _refuse_bmi(measure: Measure, value: Decimal, env: Env, example: str) -> None:
    """Refuse a weight or height that the other one makes impossible."""
    other = {Measure.WEIGHT: Measure.HEIGHT, Measure.HEIGHT: Measure.WEIGHT}.get(measure)
    stored = env.answers.get(other.value) if other is not None else None
    if other is None or stored is None or env.facts.get("child"):
        return
    found = {measure: value, other: measurements.from_stored(other, stored)}
    kg, cm = found[Measure.WEIGHT], found[Measure.HEIGHT]
    if isinstance(measurements.check_bmi(kg, cm), Problem):
        bmi = numbers.format_decimal(measurements.bmi(kg, cm))
        raise InputError("measure_bmi", example, value=bmi)


def _bmi(field: Measured, env: Env) -> tuple[Text, ...]:
    """Say what weight and height mean together, once, under the weight."""
    weight, height = env.answers.get("weight"), env.answers.get("height")
    if field.name != "weight" or weight is None or height is None or env.facts.get("child"):
        return ()
    kg = measurements.from_stored(Measure.WEIGHT, weight)
    cm = measurements.from_stored(Measure.HEIGHT, height)
    return finding_notes(measurements.check_bmi(kg, cm))
