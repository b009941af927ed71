"""The form that decides an appeal: what follows for the card, and why."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.forms.appeal import MOST
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.words import Words, short_text
from locales.message import Label, Text

REFUSED = "refused"


def _rulings(env: Env) -> Sequence[tuple[str, Label]]:
    accepted = [(code, Text.of(f"choices.appeal_ruling.{code}")) for code in env.facts.get("effects", ())]
    return [*accepted, (REFUSED, Text.of(f"choices.appeal_ruling.{REFUSED}"))]


FORM = Form(
    name="appeal_answer",
    version=1,
    fields=(
        Field("ruling", Choice(_rulings, columns=1)),
        Field("reason", Words(short_text(MOST), example="那天路确实封了")),
    ),
)
