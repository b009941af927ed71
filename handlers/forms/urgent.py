"""Dangerous values in the answers of a form: words that can't be overlooked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from locales.message import Text
from models.rules.bloodpressure import BloodPressure
from models.rules.measurements import Measure, from_stored, is_urgent
from models.rules.numbers import format_decimal

Json = Any


def dangerous(answers: Mapping[str, Json]) -> list[Text]:
    """Return the values that are dangerous."""
    values = []
    pressure = answers.get("bp")
    if pressure is not None and is_urgent(BloodPressure(*pressure)):
        values.append(Text.of("receipts.urgent_bp", value=f"{pressure[0]}/{pressure[1]}"))
    stored = answers.get("glucose")
    glucose = None if stored is None else from_stored(Measure.GLUCOSE, stored)
    if glucose is not None and is_urgent(glucose=glucose):
        values.append(Text.of("receipts.urgent_glucose", value=format_decimal(glucose)))
    return values


def alarm(answers: Mapping[str, Json]) -> Text | None:
    """Return what stands above a form while a value in it is dangerous."""
    values = dangerous(answers)
    return Text.of("forms.alarm", values=values) if values else None
