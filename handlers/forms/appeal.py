"""The form of an appeal against a scorecard: what is doubted, and why."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.words import Words, short_text
from handlers.scorecard_words import part
from locales.message import Label
from models.rules.appeals import AppealedPart

MOST = 300
"""So many characters say why."""


def _parts(env: Env) -> Sequence[tuple[str, Label]]:
    return [(code, part(AppealedPart(code))) for code in env.facts.get("parts", ())]


FORM = Form(
    name="appeal",
    version=1,
    fields=(
        Field("part", Choice(_parts)),
        Field("text", Words(short_text(MOST), example="那天修路，车进不来")),
    ),
)
