"""The form of a year's births: two numbers from the county's statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import birth_totals as screens
from handlers.context import Turn
from handlers.forms.fields import Field, Form
from handlers.forms.kinds.choice import Choice, listed
from handlers.forms.kinds.number import Number
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.birth_totals import LARGEST, YearTotal, years
from models.store import birth_totals

Json = Any
Answers = Mapping[str, Json]


FORM = Form(
    name="birth_totals",
    version=1,
    fields=(
        Field("year", Choice(listed("years"))),
        Field("boys", Number(LARGEST, "186")),
        Field("girls", Number(LARGEST, "178")),
    ),
)


async def _load(turn: Turn, _answers: Answers, _facts: Answers) -> Facts:
    turn.require(Permission.BIRTH_ENTER)
    return {"years": [[str(year), str(year)] for year in years(turn.today)]}


async def _save(turn: Turn, answers: Answers, _facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.BIRTH_ENTER)
    total = YearTotal(int(answers["year"]), answers["boys"], answers["girls"])
    entry_id = await birth_totals.enter(turn.session, actor, total, draft_id)
    return screens.receipt(total.year, entry_id)


ENTRY = Entry(FORM, _load, nobody, _save)
