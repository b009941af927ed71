"""What the form of a township's ladder needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from handlers import ladders as screens
from handlers.context import Turn
from handlers.forms import ladder
from handlers.forms.kinds.after import NEVER
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message, Text
from models.rules.access import Permission
from models.rules.errors import InputError
from models.store import climbs

Json = Any
Answers = Mapping[str, Json]


async def _load(_turn: Turn, answers: Answers, _facts: Answers) -> Facts:
    """Refuse a ladder on which a higher rung comes before a lower one, or with it."""
    told = [(role, answers[role]) for role in ladder.ASKED if answers.get(role)]
    for (lower, before), (higher, after) in pairwise(told):
        if after <= before:
            who, than = Text.of(f"alerts.told.{higher}"), Text.of(f"alerts.told.{lower}")
            raise InputError("ladder_order", str(before + 1), who=who, than=than, n=before)
    return {}


async def _save(turn: Turn, answers: Answers, _facts: Answers, _draft_id: int) -> Message:
    actor = turn.require(Permission.CALENDAR_CHANGE)
    before = await climbs.ladder_of(turn.session, actor.township_id)
    after = {role: None if answers[role] == NEVER else int(answers[role]) for role in ladder.ASKED}
    steps = await climbs.set_ladder(turn.session, actor, screens.below(before) | after)
    return screens.receipt(turn, before, steps)


ENTRY = Entry(ladder.FORM, _load, nobody, _save)
