"""The form with which money that was paid is entered: to one person, or to many of a village at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.forms.checkup import REASON
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.amount import Amount
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import Choice, Several, listed
from locales.message import Label, Text
from models.rules.benefits import EXAMPLE, MUCH_FEN, BenefitCode, parse_amount

Json = Any
MOST_GROUPS = 60
"""Of more groups than this, as many buttons as a message can hold comfortably, the benefit is asked for first."""
REPORT_BACK_DAYS = 366
"""How far back a payment can be entered, in days (convention)."""


def _of_many(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return not facts.get("decision") and not facts.get("correcting")


def _of_many_groups(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    groups = facts.get("groups", ())
    return _of_many(answers, facts) and len(groups) > MOST_GROUPS and len(_codes(groups)) > 1


def _benefits(env: Env) -> Sequence[tuple[str, Label]]:
    return [(code, Text.of(f"choices.benefit.{code}")) for code in _codes(env.facts.get("groups", ()))]


def _codes(groups: Sequence[Sequence[Json]]) -> list[str]:
    """Return the benefits of groups, in the order in which they are offered."""
    found = {benefit for _, _, benefit, _ in groups}
    return [one.value for one in BenefitCode if one.value in found]


def _groups(env: Env) -> Sequence[tuple[str, Label]]:
    wanted = env.answers.get("benefit")
    return [
        (
            code,
            Text.of("forms.payment.of_group", village=village, benefit=Text.of(f"choices.benefit.{benefit}"), n=many),
        )
        for code, village, benefit, many in env.facts.get("groups", ())
        if wanted in (None, benefit)
    ]


def _more(env: Env) -> tuple[Text, ...]:
    more = env.facts.get("more")
    return (Text.of("forms.payment.more", listed=len(env.facts["people"]), n=more),) if more else ()


FORM = Form(
    name="payment",
    version=1,
    fields=(
        Field("benefit", Choice(_benefits), when=_of_many_groups, clears=("group", "left_out")),
        Field("group", Choice(_groups, columns=1), when=_of_many, loads=True, clears=("left_out",)),
        Field("amount", Amount(parse_amount, EXAMPLE, MUCH_FEN)),
        Field("paid_on", Day("past", REPORT_BACK_DAYS, quick=today_or_yesterday)),
        Field("left_out", Several(listed("people")), when=_of_many, warns=_more),
        REASON,
    ),
)
