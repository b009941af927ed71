"""The form with which the clinic enters a result. It has no word for the sex of a fetus nor for a pregnancy."""

from __future__ import annotations

from typing import Any

from handlers.forms.checkup import NOTE, REASON
from handlers.forms.conditions import ahead
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import Choice, texts
from locales.message import Label, Text
from models.rules.examinations import RESULTS, ExaminationKind, ExaminationResult
from models.store.examinations import StoredExamination

Json = Any
REPORT_BACK_DAYS = 366
"""How far back a result can be entered, in days (convention): laboratories answer late."""


def _results(env: Env) -> list[tuple[str, Label]]:
    kind = env.answers.get("kind")
    possible = RESULTS[ExaminationKind(kind)] if kind else tuple(ExaminationResult)
    return [(result.value, Text.of(f"choices.examination_result.{result}")) for result in possible]


FORM = Form(
    name="examination",
    version=1,
    fields=(
        Field("kind", Choice(texts("examination", tuple(ExaminationKind))), clears=("result",)),
        Field("result", Choice(_results)),
        Field(
            "examined_on",
            Day("past", REPORT_BACK_DAYS, quick=today_or_yesterday),
            default=lambda _answers, facts: facts["started_on"],
        ),
        Field(
            "next_on",
            Day("future", 5 * 366, quick=ahead),
            required=False,
            offered=lambda _answers, _facts: True,
        ),
        NOTE,
        REASON,
    ),
)


def answers_of(stored: StoredExamination) -> dict[str, Json]:
    """Return the answers that would make a stored examination."""
    report = stored.report
    known = {
        "kind": str(report.kind),
        "result": str(report.result),
        "examined_on": report.examined_on.isoformat(),
        "next_on": report.next_on.isoformat() if report.next_on else None,
        "note": report.note,
    }
    return {key: value for key, value in known.items() if value is not None}
