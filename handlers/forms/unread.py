"""What a form was told in one line and could not take: it stands in the form until that is saved or given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.forms import engine
from handlers.forms.fields import Env, Form
from handlers.forms.state import REVIEW, FormState
from locales.message import Text
from models.rules.lines.atoms import Fault
from models.rules.measurements import Measure
from models.rules.numbers import format_decimal

Json = Any
FACT, TOLD = "unread", "told"
"""Facts: what was not read, and which answers came with the line."""


def fact(fault: Fault) -> Json:
    """Return what was not read as JSON, so that a draft can hold it."""
    values = {name: _json(value) for name, value in fault.values.items()}
    return {"text": fault.text, "code": fault.code, "example": fault.example, "values": values}


def said(fault: Fault) -> Text:
    """Return what was not read, and why."""
    return _said(fact(fault))


def lines(form: Form, state: FormState, env: Env) -> Iterator[Text]:
    """Yield what was not read, and at the review what was read and has no place in this form."""
    for each in state.facts.get(FACT, ()):
        yield _said(each)
    told = state.facts.get(TOLD, ()) if state.at == REVIEW else ()
    kept = {field.key for field in engine.applicable(form, state)}
    for key in told:
        if key not in kept and state.answers.get(key) is not None:
            shown = form.field(key).kind.show(state.answers[key], env)
            reason = "forms.unkept" if state.facts.get("health_consent") else "forms.unkept_consent"
            yield Text.of(reason, label=Text.of(f"forms.{form.name}.{key}.label"), value=shown)


def _said(each: Mapping[str, Json]) -> Text:
    values = {name: _value(value) for name, value in each["values"].items()}
    problem = Text.of(f"input.{each['code']}", **{**values, "example": each["example"]})
    return Text.of("forms.unread", typed=each["text"][:60], problem=problem)


def _json(value: object) -> Json:
    if isinstance(value, Measure):
        return {"measure": str(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return format_decimal(value) if isinstance(value, Decimal) else value


def _value(value: Json) -> object:
    if not isinstance(value, Mapping):
        return value
    if "measure" in value:
        return Text.of(f"measure.name.{value['measure']}")
    return date.fromisoformat(value["day"])
