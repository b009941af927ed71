"""The form of a target: which figure, of which year, and how many percent."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.percent import Percent
from handlers.forms.kinds.wanted import Wanted
from locales.message import Label, Text


def _years(env: Env) -> Sequence[tuple[str, Label]]:
    return [(str(year), Text.of("forms.target.of_year", year=str(year))) for year in env.facts.get("years", ())]


FORM = Form(
    name="target",
    version=1,
    fields=(
        Field("figure", Wanted()),
        Field("year", Choice(_years)),
        Field("percent", Percent()),
    ),
)
