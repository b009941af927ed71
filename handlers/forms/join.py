"""The form with which a person joins a programme: which one, the dates it hangs on, and the person's own yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import wording
from handlers.forms.fields import Condition, Env, Field, Form
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import yes_no
from handlers.forms.kinds.grouped import Grouped
from locales.message import Label, Text
from models.rules.programmes.base import Anchor

Json = Any
ASKED = {
    Anchor.START: Day("past", 20 * 366, quick=today_or_yesterday),
    Anchor.DELIVERY: Day("past", 90, quick=today_or_yesterday),
    Anchor.LMP: Day("past", 300),
    Anchor.REMOVAL: Day("any", 10 * 366),
}
"""The dates that are asked; a birth date is taken from the person's record."""


def _programmes(env: Env) -> list[tuple[str, Label, str]]:
    return [(code, wording.named(name), family) for code, name, family, _ in env.facts.get("fitting", ())]


def _family(code: str) -> Label:
    return Text.of(f"families.{code}")


def _hangs_on(anchor: Anchor) -> Condition:
    def applies(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
        chosen = answers.get("programme")
        return any(code == chosen and anchor in anchors for code, _, _, anchors in facts.get("fitting", ()))

    return applies


FORM = Form(
    name="join",
    version=2,
    fields=(
        Field("programme", Grouped(_programmes, _family)),
        *(Field(anchor.value, kind, when=_hangs_on(anchor)) for anchor, kind in ASKED.items()),
        Field("agrees", yes_no()),
    ),
)
