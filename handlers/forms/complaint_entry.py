"""What the forms `complaint` and `complaint_answer` need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import complaints as screens
from handlers import villages
from handlers.context import Turn
from handlers.forms import complaint, complaint_answer
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern
from models.store import complaints, own
from models.store.complaints import Answer, Written

Json = Any
Answers = Mapping[str, Json]
_ELSEWHERE = {one.value: one for one in (Concern.CLINIC, Concern.UNSAID)}


async def _load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return the villages that it can be about: the resident's own, or all."""
    if facts.get("by_staff"):
        return {"villages": await villages.choices(turn, turn.require(Permission.COMPLAINT_ENTER))}
    mine = await own.village(turn.session, turn.require(Permission.COMPLAINT_FILE))
    return {"villages": [[str(mine.id), mine.name]] if mine is not None else []}


async def _save(turn: Turn, answers: Answers, facts: Answers, _draft_id: int) -> Message:
    by_staff = bool(facts.get("by_staff"))
    actor = turn.require(Permission.COMPLAINT_ENTER if by_staff else Permission.COMPLAINT_FILE)
    place = answers["place" if by_staff else "about"]
    elsewhere = _ELSEWHERE.get(place)
    written = Written(
        ComplaintKind(answers["kind"]),
        answers["text"],
        Concern.VILLAGE if elsewhere is None else elsewhere,
        int(place) if elsewhere is None else None,
        Channel(answers["channel"]) if by_staff else Channel.BOT,
    )
    return screens.filed(await complaints.file(turn.session, actor, written), by_staff=by_staff)


async def _load_answer(turn: Turn, _answers: Answers, _facts: Answers) -> Facts:
    turn.require(Permission.COMPLAINT_ANSWER)
    return {}


async def _save_answer(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.COMPLAINT_ANSWER)
    given = Answer(ComplaintOutcome(answers["outcome"]), answers["text"])
    done = await complaints.answer(turn.session, actor, int(facts["complaint"]), given, draft_id)
    return screens.answered(done)


ENTRY = Entry(complaint.FORM, _load, nobody, _save, traceless=True)
ANSWER = Entry(complaint_answer.FORM, _load_answer, nobody, _save_answer)
