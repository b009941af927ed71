"""What the forms `minutes` and `decision` need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import decisions as decided
from handlers import meetings as said
from handlers.context import Turn
from handlers.forms import decision, minutes
from handlers.forms.runner import Entry, Facts, nobody
from handlers.forms.stored import Stored, opened
from locales.message import Message
from models.rules.access import Permission
from models.store import decisions, meetings
from models.store.decisions import Wanted
from models.store.meetings import Minutes
from models.store.staff import Member

Json = Any
Answers = Mapping[str, Json]


async def _load_minutes(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.MEETING_CHAIR)
    await meetings.begun(turn.session, actor, int(facts["meeting"]))
    return {}


async def _save_minutes(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.MEETING_CHAIR)
    told = Minutes(answers.get("minutes"))
    return said.receipt(turn, await meetings.write_minutes(turn.session, actor, int(facts["meeting"]), told, draft_id))


async def _stored_minutes(turn: Turn, meeting_id: int) -> Stored:
    actor = turn.require(Permission.MEETING_CHAIR)
    told = await meetings.minutes(turn.session, actor, meeting_id)
    answers = {"minutes": told.text} if told is not None and told.text is not None else {}
    return opened(meeting_id, 1, answers) | {"meeting": str(meeting_id)}, answers


async def _load_decision(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.MEETING_CHAIR)
    known = [_owner(one) for one in await decisions.owners(turn.session, actor)]
    if facts.get("correcting"):
        owner = (await decisions.get(turn.session, actor, int(facts["correcting"]))).owner
        known += [_owner(owner)] if not owner.is_active else []
    return {"owners": known}


def _owner(one: Member) -> list[str]:
    return [str(one.staff_id), one.place_name, one.role.value, one.name or ""]


async def _save_decision(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.MEETING_CHAIR)
    wanted = Wanted(str(answers["task"]), int(answers["owner"]), date.fromisoformat(answers["due_on"]))
    if facts.get("correcting"):
        decision_id, version = int(facts["correcting"]), facts.get("version")
        stored = await decisions.correct(turn.session, actor, decision_id, wanted, version=version)
    else:
        stored = await decisions.add(turn.session, actor, int(facts["meeting"]), wanted, draft_id)
    return decided.receipt(turn, stored)


async def _stored_decision(turn: Turn, decision_id: int) -> Stored:
    actor = turn.require(Permission.MEETING_CHAIR)
    found = await decisions.get(turn.session, actor, decision_id)
    answers = {"task": found.text, "owner": str(found.owner.staff_id), "due_on": found.due_on.isoformat()}
    return opened(decision_id, found.version, answers) | {"meeting": str(found.meeting_id)}, answers


MINUTES = Entry(minutes.FORM, _load_minutes, nobody, _save_minutes, _stored_minutes)
DECISION = Entry(decision.FORM, _load_decision, nobody, _save_decision, _stored_decision)
