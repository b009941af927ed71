"""The form with which the clinic answers a referral."""

from __future__ import annotations

from typing import Any

from handlers.forms.checkup import NOTE, REASON
from handlers.forms.conditions import ahead
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, texts
from locales.message import Text
from models.rules.referrals import ReferralAnswer
from models.store.referrals import Answer

Json = Any


def _waits_on(value: Json, _env: Env) -> tuple[Text, ...]:
    return (Text.of("forms.referral_answer.waits"),) if value == ReferralAnswer.NOT_COME else ()


FORM = Form(
    name="referral_answer",
    version=1,
    fields=(
        Field("answer", Choice(texts("referral_answer", tuple(ReferralAnswer)), warn=_waits_on)),
        Field(
            "next_on",
            Day("future", 366, quick=ahead),
            required=False,
            offered=lambda _answers, _facts: True,
        ),
        NOTE,
        REASON,
    ),
)


def answers_of(given: Answer) -> dict[str, Json]:
    """Return the answers that would make a stored answer."""
    known = {
        "answer": str(given.answer),
        "next_on": given.next_on.isoformat() if given.next_on else None,
        "note": given.note,
    }
    return {key: value for key, value in known.items() if value is not None}
