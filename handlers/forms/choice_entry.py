"""What the form `choice` needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import counsellings as said
from handlers.context import Turn
from handlers.forms.choice import answers_of
from handlers.forms.runner import Facts
from handlers.forms.stored import Stored, opened
from locales.message import Message
from models.rules.access import Permission
from models.rules.methods import Method
from models.store import counsellings, residents
from models.store.counsellings import CounsellingReport

Json = Any
Answers = Mapping[str, Json]


async def load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return whom the talk was with."""
    actor = turn.require(Permission.CHOICE_REPORT)
    gone = bool(facts.get("correcting"))
    return {"name": (await residents.brief(turn.session, actor, int(facts["resident"]), gone=gone)).person.name}


async def save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    """Store the talk, or its correction, and return the receipt."""
    actor = turn.require(Permission.CHOICE_REPORT)
    reported = CounsellingReport(
        resident_id=int(facts["resident"]),
        counselled_on=date.fromisoformat(answers["counselled_on"]),
        explained=tuple(Method(code) for code in answers["explained"]),
        own=answers["own"] == "yes",
        method=str(answers["method"]),
    )
    if facts.get("correcting"):
        record_id, reason = int(facts["correcting"]), str(answers["reason"])
        done = await counsellings.correct(
            turn.session, actor, record_id, reported, reason, version=facts.get("version")
        )
    else:
        done = await counsellings.report(turn.session, actor, reported, draft_id)
    return said.receipt(turn, done)


async def stored(turn: Turn, record_id: int) -> Stored:
    """Return what a talk says now."""
    actor = turn.require(Permission.CHOICE_REPORT)
    found = await counsellings.get(turn.session, actor, record_id)
    answers = answers_of(found)
    return opened(record_id, found.version, answers) | {"resident": str(found.resident.id)}, answers
