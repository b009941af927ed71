"""The form with which a talk about methods is recorded: what was explained, and whether the decision was own.

It ranks no method and asks no reason. Which one was chosen is asked only of somebody who wants to say it.
"""

from __future__ import annotations

from typing import Any

from handlers.forms.checkup import REASON
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import Choice, Several, texts, yes_no
from locales.message import Text
from models.rules.methods import CHOSEN, EXPLAINED, LEAST_EXPLAINED, UNSAID
from models.store.counsellings import StoredCounselling

Json = Any
REPORT_BACK_DAYS = 90
"""How far back a talk can be recorded, in days (convention): as for a visit."""


def _too_few(value: Json, _env: Env) -> tuple[Text, ...]:
    return (Text.of("forms.choice.too_few"),) if len(value) < LEAST_EXPLAINED else ()


def _not_own(value: Json, _env: Env) -> tuple[Text, ...]:
    return (Text.of("forms.choice.not_own"),) if value == "no" else ()


FORM = Form(
    name="choice",
    version=1,
    fields=(
        Field("explained", Several(texts("method", EXPLAINED), warn=_too_few)),
        Field("own", yes_no(warn=_not_own)),
        Field(
            "counselled_on",
            Day("past", REPORT_BACK_DAYS, quick=today_or_yesterday),
            default=lambda _answers, facts: facts["started_on"],
        ),
        Field("method", Choice(texts("method", CHOSEN)), default=lambda _answers, _facts: UNSAID),
        REASON,
    ),
)


def answers_of(stored: StoredCounselling) -> dict[str, Json]:
    """Return the answers that would make a stored talk."""
    report = stored.report
    return {
        "explained": [str(method) for method in report.explained],
        "own": "yes" if report.own else "no",
        "counselled_on": report.counselled_on.isoformat(),
        "method": str(report.method),
    }
