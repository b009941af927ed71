"""The form with which somebody is referred to the clinic: why, and whether the person wants to go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.forms.checkup import NOTE, REASON
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, texts
from locales.message import Text
from models.rules.referrals import WITHIN, ReferralReason, ReferralState
from models.store.referrals import StoredReferral

Json = Any
GOES, DECLINED = "goes", "declined"


def _until(value: Json, _env: Env) -> tuple[Text, ...]:
    if value == ReferralReason.URGENT:
        return (Text.of("forms.referral.today"),)
    return (Text.of("forms.referral.within", days=WITHIN.days),)


def _no_reminders(value: Json, _env: Env) -> tuple[Text, ...]:
    return (Text.of("forms.referral.no_reminders"),) if value == DECLINED else ()


def _goes_later(answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> bool:
    return answers.get("wish") == GOES and answers.get("why") != ReferralReason.URGENT


FORM = Form(
    name="referral",
    version=1,
    fields=(
        Field("why", Choice(texts("referral_reason", tuple(ReferralReason)), warn=_until)),
        Field(
            "wish",
            Choice(texts("referral_wish", (GOES, DECLINED)), warn=_no_reminders),
            default=lambda _answers, _facts: GOES,
        ),
        Field(
            "due_on",
            Day("future", WITHIN.days),
            when=_goes_later,
            required=False,
            offered=lambda _answers, _facts: True,
        ),
        NOTE,
        REASON,
    ),
)


def answers_of(stored: StoredReferral) -> dict[str, Json]:
    """Return the answers that would make a stored referral."""
    known = {
        "why": str(stored.reason),
        "wish": DECLINED if stored.state is ReferralState.DECLINED else GOES,
        "due_on": stored.due_on.isoformat(),
        "note": stored.note,
    }
    return {key: value for key, value in known.items() if value is not None}
