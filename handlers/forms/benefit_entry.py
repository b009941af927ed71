"""What the form `benefit` needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import benefits as said
from handlers.context import Turn
from handlers.forms import benefit
from handlers.forms.runner import Entry, Facts, nobody
from handlers.forms.stored import Stored, opened
from locales.message import Message
from models.rules.access import Permission
from models.rules.benefits import OPEN, BenefitCode
from models.store import benefits, residents
from models.store.benefits import Application

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return who asks, and for what the person does not ask yet."""
    actor = turn.require(Permission.BENEFIT_ASK)
    person_id, correcting = int(facts["resident"]), facts.get("correcting")
    brief = await residents.brief(turn.session, actor, person_id, gone=bool(correcting))
    found = await benefits.of_person(turn.session, actor, person_id)
    taken = {one.benefit for one in found if one.state in OPEN and str(one.id) != correcting}
    return {"name": brief.person.name, "offered": [code.value for code in BenefitCode if code not in taken]}


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.BENEFIT_ASK)
    wanted = Application(
        int(facts["resident"]), BenefitCode(answers["benefit"]), date.fromisoformat(answers["applied_on"])
    )
    if facts.get("correcting"):
        record_id, reason = int(facts["correcting"]), str(answers["reason"])
        done = await benefits.correct(turn.session, actor, record_id, wanted, reason, version=facts.get("version"))
    else:
        done = await benefits.apply(turn.session, actor, wanted, draft_id)
    return said.receipt(turn, done)


async def _stored(turn: Turn, record_id: int) -> Stored:
    actor = turn.require(Permission.BENEFIT_ASK)
    found = await benefits.get(turn.session, actor, record_id)
    answers = {"benefit": found.benefit.value, "applied_on": found.applied_on.isoformat()}
    return opened(record_id, found.version, answers) | {"resident": str(found.resident.id)}, answers


ENTRY = Entry(benefit.FORM, _load, nobody, _save, _stored)
