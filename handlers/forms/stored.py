"""What is stored of a record, as the facts and answers with which its form is opened to correct it."""

from __future__ import annotations

from typing import Any

from handlers.context import Turn
from handlers.forms import reports
from handlers.forms.registration import answers_of
from models.rules.access import Permission
from models.store import checkups, mine, residents, visits

Json = Any
Stored = tuple[dict[str, Json], dict[str, Json]]
"""Facts and answers."""


async def checkup(turn: Turn, record_id: int) -> Stored:
    """Return what a check-up says now."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    stored = await checkups.get(turn.session, actor, record_id)
    answers = reports.answers_of(stored.report) | {
        "person": str(stored.resident.id),
        "village": str(stored.resident.village_id),
        "held_on": stored.report.held_on.isoformat(),
    }
    return opened(record_id, stored.version, answers) | {"fixed": True}, answers


async def visit(turn: Turn, record_id: int) -> Stored:
    """Return what a visit says now."""
    actor = turn.require(Permission.VISIT_REPORT)
    stored = await visits.get(turn.session, actor, record_id)
    answers = reports.answers_of(stored.report) | {"visited_on": stored.report.visited_on.isoformat()}
    if stored.report.channel is not None:
        answers["channel"] = str(stored.report.channel)
    facts = {"given": True, "enrolment": str(stored.report.enrolment_id)}
    return opened(record_id, stored.version, answers) | facts, answers


async def register(turn: Turn, resident_id: int) -> Stored:
    """Return a person's details as they are now; consents and programmes are changed elsewhere."""
    actor = turn.require(Permission.PERSON_REGISTER)
    stored = await residents.registered_as(turn.session, actor, resident_id)
    answers = answers_of(stored.registration)
    locked = (await mine.get(turn.session, actor, "register", resident_id)).needs_grant
    return opened(resident_id, stored.version, answers) | {"fixed": True, "locked": locked}, answers


def opened(record_id: int, version: int, answers: dict[str, Json]) -> dict[str, Json]:
    """Return the facts by which a save tells whether somebody else corrected the record meanwhile."""
    return {"correcting": str(record_id), "version": version, "opened_with": answers}
