"""What the form with which a person joins a programme needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import receipts, wording
from handlers.context import Turn
from handlers.forms import join
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Permission
from models.rules.programmes.base import Anchor
from models.rules.programmes.menu import in_order
from models.store import enrolments, residents

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return the programmes that fit the person, each with its group and the dates it hangs on."""
    actor = turn.require(Permission.VISIT_REPORT)
    shown = await residents.card(turn.session, actor, int(facts["resident"]))
    person, joined = shown.person, {line.programme for line in shown.enrolments}
    joinable = enrolments.joinable(actor, sex=person.sex, birth_date=person.birth_date, on=turn.today)
    known = {Anchor.BIRTH} if person.birth_date else set()
    usable = [each for each in joinable if set(each.anchors) <= known | set(join.ASKED) and each.code not in joined]
    fitting = [[each.code, wording.kept(each), each.family.value, list(each.anchors)] for each in in_order(usable)]
    return {"name": person.name, "fitting": fitting}


async def _save(turn: Turn, answers: Answers, facts: Answers, _draft_id: int) -> Message:
    actor = turn.require(Permission.VISIT_REPORT)
    programme, resident_id = str(answers["programme"]), int(facts["resident"])
    if answers["agrees"] != "yes":
        return receipts.not_joined(resident_id, facts, actor.catalogue[programme])
    anchors = {anchor: date.fromisoformat(answers[anchor.value]) for anchor in join.ASKED if answers.get(anchor.value)}
    enrolment_id = await enrolments.enrol(turn.session, actor, resident_id, programme, anchors=anchors)
    return receipts.joined(turn, await enrolments.get(turn.session, actor, enrolment_id))


ENTRY = Entry(join.FORM, _load, nobody, _save)
