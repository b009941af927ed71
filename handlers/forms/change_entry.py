"""What the forms of a person's whereabouts need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import changes as screens
from handlers.context import Turn
from handlers.forms import change
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.changes import ChangeKind, possible
from models.rules.errors import InputError
from models.store import changes, residents
from models.store.changes import Change

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    """Return what can become of the person, and refuse a day before the birth."""
    actor = turn.require(Permission.PERSON_REGISTER)
    person = (await residents.brief(turn.session, actor, int(facts["resident"]), gone=True)).person
    days = [answers[key] for key in change.DAYS if answers.get(key)]
    if person.birth_date is not None and days and days[0] < person.birth_date.isoformat():
        raise InputError("before_birth", f"{turn.today.month}.{turn.today.day}")
    return {"name": person.name, "possible": [kind.value for kind in possible(person.status)]}


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.PERSON_REGISTER)
    until = answers.get("until")
    reported = Change(
        int(facts["resident"]),
        ChangeKind(answers["kind"]),
        change.day_of(answers),
        date.fromisoformat(until) if until else None,
    )
    return screens.receipt(turn, await changes.record(turn.session, actor, reported, draft_id))


async def _load_wrong(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.PERSON_REGISTER)
    stored = await changes.get(turn.session, actor, int(facts["change"]))
    return {"name": stored.resident.name}


async def _save_wrong(turn: Turn, answers: Answers, facts: Answers, _draft_id: int) -> Message:
    actor = turn.require(Permission.PERSON_REGISTER)
    change_id = int(facts["change"])
    return screens.taken_back(await changes.take_back(turn.session, actor, change_id, str(answers["reason"])))


CHANGE = Entry(change.FORM, _load, nobody, _save)
TAKE_BACK = Entry(change.TAKE_BACK, _load_wrong, nobody, _save_wrong)
