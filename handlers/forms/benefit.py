"""The form with which a benefit is asked for: which one, and on which day. Nothing about the person is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.forms.checkup import REASON
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import Choice
from locales.message import Label, Text

Json = Any
REPORT_BACK_DAYS = 366
"""How far back an application can be entered, in days (convention): those of the last year on paper."""


def _offered(env: Env) -> Sequence[tuple[str, Label]]:
    return [(code, Text.of(f"choices.benefit.{code}")) for code in env.facts.get("offered", ())]


FORM = Form(
    name="benefit",
    version=1,
    fields=(
        Field("benefit", Choice(_offered)),
        Field(
            "applied_on",
            Day("past", REPORT_BACK_DAYS, quick=today_or_yesterday),
            default=lambda _answers, facts: facts["started_on"],
        ),
        REASON,
    ),
)


def answers_of_version(_answers: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the answers that made an earlier version of an application, of which `values` were kept."""
    return {"benefit": values["benefit"], "applied_on": values["applied_on"]}
