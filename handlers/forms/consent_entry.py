"""What the form of consents needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import consents as screens
from handlers.context import Turn
from handlers.forms import consent
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.consent import Purpose
from models.store import consents

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.PERSON_REGISTER)
    now = await consents.standing(turn.session, actor, int(facts["resident"]))
    return {
        "name": now.name,
        "child": now.child,
        "missing": [purpose.value for purpose in Purpose if purpose not in now.given],
        "current": [purpose.value for purpose in Purpose if purpose in now.given],
    }


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.PERSON_REGISTER)
    resident_id = int(facts["resident"])
    purposes = [Purpose(code) for code in answers.get("given") or answers.get("ended") or ()]
    if not purposes or not consent.word(answers):
        return screens.unchanged(resident_id, str(facts["name"]))
    if facts["act"] == consent.WITHDRAW:
        stored = await consents.withdraw(turn.session, actor, resident_id, *purposes, draft_id=draft_id)
    else:
        guardian = "guardian" in answers
        stored = await consents.give(turn.session, actor, resident_id, purposes, guardian=guardian, draft_id=draft_id)
    return screens.receipt(turn, stored)


ENTRY = Entry(consent.FORM, _load, nobody, _save)
