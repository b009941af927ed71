"""The form with which one person's check-up is reported: who, what came of it, blood pressure."""

from __future__ import annotations

from typing import Any

from handlers.forms.conditions import ahead, chooses_village, is_correcting, is_measured, needs_date
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import Choice, is_there, listed, texts
from handlers.forms.kinds.measured import Measured, Pressure
from handlers.forms.kinds.person import Person
from handlers.forms.kinds.words import Words, short_text
from handlers.forms.urgent import alarm
from locales.message import Text
from models.rules.outcomes import EFFECTS, Outcome

Json = Any
EXTRAS = ("weight", "height", "waist", "pulse", "temperature", "glucose")
"""Measurements that the review offers to add."""
REPORT_BACK_DAYS = 60
"""How far back a check-up can be reported, in days (convention): the last odd month."""


def outcome_notes(value: Json, _env: Env) -> tuple[Text, ...]:
    """Return what an outcome will do, when that is more than a next date."""
    effect = EFFECTS[Outcome(value)]
    is_grave = effect.ends_programme or effect.ends_all or effect.pauses
    return (Text.of(f"choices.outcome_effect.{value}"),) if is_grave else ()


OUTCOME = Field("outcome", Choice(texts("outcome", tuple(Outcome)), warn=outcome_notes))
AGREED_ON = Field("agreed_on", Day("future", 366, quick=ahead), when=needs_date)
NOTE = Field("note", Words(short_text(200)), required=False, offered=lambda _answers, _facts: True)
REASON = Field(
    "reason",
    Choice(texts("reason", ("typo", "late", "person", "other"))),
    when=is_correcting,
    default=lambda _answers, _facts: "typo",
)


FORM = Form(
    name="checkup",
    version=1,
    fields=(
        Field("village", Choice(listed("villages")), chooses_village, fixed=True, loads=True, clears=("person",)),
        Field("person", Person(), loads=True, fixed=True),
        OUTCOME,
        AGREED_ON,
        Field("bp", Pressure(), when=is_measured, required=False),
        *(
            Field(name, Measured(name), when=is_measured, required=False, offered=lambda _answers, _facts: True)
            for name in EXTRAS
        ),
        Field("concern", is_there(), when=is_measured, required=False, offered=lambda _answers, _facts: True),
        Field(
            "held_on",
            Day("past", REPORT_BACK_DAYS, quick=today_or_yesterday),
            default=lambda _answers, facts: facts["started_on"],
        ),
        NOTE,
        REASON,
    ),
    alarm=alarm,
)
