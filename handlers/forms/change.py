"""The form that says what became of a person: away, back, moved, died; since when, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from handlers.forms.conditions import ahead
from handlers.forms.fields import Condition, Env, Field, Form
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import Choice, texts
from locales.message import Label, Text
from models.rules.changes import REASONS, ChangeKind

Json = Any
_PAST_DAYS = 3 * 366
_AHEAD_DAYS = 3 * 366
DAYS = ("since", "on")
"""The fields that hold the day: one has a default, the other is always asked."""


def _possible(env: Env) -> Sequence[tuple[str, Label]]:
    return [(code, Text.of(f"choices.change.{code}")) for code in env.facts.get("possible", ())]


def _effect(value: Json, _env: Env) -> tuple[Text, ...]:
    return (Text.of(f"changes.effect.{value}"),)


def _is(*kinds: ChangeKind) -> Condition:
    return lambda answers, _facts: answers.get("kind") in kinds


def _today(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> Json:
    return facts["started_on"]


def day_of(answers: Mapping[str, Json]) -> date:
    """Return the day from which the change holds."""
    return date.fromisoformat(next(answers[key] for key in DAYS if answers.get(key)))


FORM = Form(
    name="change",
    version=1,
    fields=(
        Field("kind", Choice(_possible, warn=_effect), clears=("until",)),
        Field(
            "on",
            Day("past", _PAST_DAYS, quick=today_or_yesterday),
            when=_is(ChangeKind.MOVED, ChangeKind.DIED),
            loads=True,
        ),
        Field("until", Day("future", _AHEAD_DAYS, quick=ahead), when=_is(ChangeKind.AWAY), required=False),
        Field(
            "since",
            Day("past", _PAST_DAYS, quick=today_or_yesterday),
            when=_is(ChangeKind.AWAY, ChangeKind.BACK),
            default=_today,
            loads=True,
        ),
    ),
)
TAKE_BACK = Form("takeback", 1, (Field("reason", Choice(texts("reason", REASONS))),))
"""The form that takes a wrong report back after its ten minutes."""
