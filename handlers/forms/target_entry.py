"""What the form of a target needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import targets as said
from handlers.context import Turn
from handlers.forms import target
from handlers.forms.kinds.percent import NONE
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.indicators.codes import IndicatorCode
from models.store import targets

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, _answers: Answers, _facts: Answers) -> Facts:
    """Return the years for which a target can be set: what is over can't be changed."""
    return {"years": [turn.today.year, turn.today.year + 1]}


async def _save(turn: Turn, answers: Answers, _facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.TARGET_SET)
    code, year = IndicatorCode(answers["figure"]), int(answers["year"])
    percent = None if answers["percent"] == NONE else int(answers["percent"])
    return said.saved(await targets.set_for_year(turn.session, actor, code, year, percent, turn.today, draft_id))


ENTRY = Entry(target.FORM, _load, nobody, _save)
