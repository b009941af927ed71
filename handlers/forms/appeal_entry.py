"""What the forms `appeal` and `appeal_answer` need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import appeals as said
from handlers.context import Turn
from handlers.forms import appeal, appeal_answer
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules import appeals as rules
from models.rules import periods
from models.rules.access import Permission
from models.rules.appeals import AppealedPart, Effect
from models.store import appeals, scorecards
from models.store.appeals import Ruling

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return what stands on the card."""
    actor = turn.require(Permission.APPEAL_MAKE)
    month = periods.named(facts["month"])
    card = await scorecards.get(turn.session, actor, actor.village_id or 0, month, turn.today)
    veto = [AppealedPart.VETO.value] if card.is_vetoed else []
    return {"parts": [*veto, *(mark.component.value for mark in card.score.marks)]}


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.APPEAL_MAKE)
    month, part = periods.named(facts["month"]), AppealedPart(answers["part"])
    return said.made(await appeals.make(turn.session, actor, month, part, answers["text"], draft_id))


async def _load_answer(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return what accepting the appeal can do."""
    actor = turn.require(Permission.APPEAL_DECIDE)
    found = await appeals.get(turn.session, actor, int(facts["appeal"]))
    return {"effects": [effect.value for effect in rules.effects(found.part)]}


async def _save_answer(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.APPEAL_DECIDE)
    given = answers["ruling"]
    ruling = Ruling(None if given == appeal_answer.REFUSED else Effect(given), answers["reason"])
    appeal_id = int(facts["appeal"])
    return said.decided(await appeals.decide(turn.session, actor, appeal_id, ruling, draft_id, turn.today))


ENTRY = Entry(appeal.FORM, _load, nobody, _save)
ANSWER = Entry(appeal_answer.FORM, _load_answer, nobody, _save_answer)
