"""What the form `examination` needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import examinations as said
from handlers.context import Turn
from handlers.forms import examination
from handlers.forms.reports import day
from handlers.forms.runner import Entry, Facts, nobody
from handlers.forms.stored import Stored, opened
from locales.message import Message
from models.rules.access import Permission
from models.rules.examinations import ExaminationKind, ExaminationResult
from models.store import examinations, residents
from models.store.examinations import ExaminationReport

Json = Any
Answers = Mapping[str, Json]


async def load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return who was examined."""
    actor = turn.require(Permission.CLINICAL_READ)
    gone = bool(facts.get("correcting"))
    return {"name": (await residents.brief(turn.session, actor, int(facts["resident"]), gone=gone)).person.name}


async def save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    """Store the examination, or its correction, and return the receipt."""
    actor = turn.require(Permission.CLINICAL_READ)
    reported = ExaminationReport(
        resident_id=int(facts["resident"]),
        examined_on=date.fromisoformat(answers["examined_on"]),
        kind=ExaminationKind(answers["kind"]),
        result=ExaminationResult(answers["result"]),
        next_on=day(answers, "next_on"),
        note=answers.get("note"),
    )
    if facts.get("correcting"):
        record_id, reason = int(facts["correcting"]), str(answers["reason"])
        done = await examinations.correct(
            turn.session, actor, record_id, reported, reason, version=facts.get("version")
        )
    else:
        done = await examinations.report(turn.session, actor, reported, draft_id)
    return await said.receipt(turn, actor, done)


async def stored(turn: Turn, record_id: int) -> Stored:
    """Return what an examination says now."""
    actor = turn.require(Permission.CLINICAL_READ)
    found = await examinations.get(turn.session, actor, record_id)
    answers = examination.answers_of(found)
    return opened(record_id, found.version, answers) | {"resident": str(found.resident.id)}, answers


ENTRY = Entry(examination.FORM, load, nobody, save, stored)
