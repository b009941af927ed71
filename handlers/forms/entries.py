"""What each form needs from the store: facts, residents to choose from, and saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from handlers import people, receipts, rosters, villages, wording
from handlers.context import Turn
from handlers.forms import (
    alike,
    appeal_entry,
    arranging_entry,
    benefit_entry,
    birth_totals,
    change_entry,
    checkup,
    checkup_day_entry,
    choice,
    choice_entry,
    complaint_entry,
    consent_entry,
    examination_entry,
    handover_entry,
    household_entry,
    join_entry,
    ladder_entry,
    leave_entry,
    meeting_entries,
    payment_entry,
    referral,
    referral_answer,
    referral_entry,
    register,
    reports,
    settings_entry,
    snooze_entry,
    stored,
    target_entry,
    visit,
)
from handlers.forms.fields import PersonChoice
from handlers.forms.registration import receipt as registered
from handlers.forms.registration import registration
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Message
from models.rules.access import Actor, Permission
from models.rules.ages import age_in_months
from models.rules.due import is_roster_place
from models.rules.errors import InputError
from models.store import checkups, due, enrolments, places, residents, visits
from models.store.enrolments import EnrolmentLine
from models.store.residents import Registered, Registration

Json = Any
Answers = Mapping[str, Json]
_CHILD_UNDER_MONTHS = 84
_NOBODY_YET: Facts = {"name": None, "health_consent": False, "child": False}
_NO_PROGRAMME_YET: Facts = {"enrolment": None, "programme": None, "programme_name": None, "asked": [], "offered": []}


# Register a resident


async def _load_register(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.PERSON_REGISTER)
    village_id = villages.chosen(actor, answers)
    groups = await places.children(turn.session, village_id) if village_id is not None else []
    return {
        "villages": await villages.choices(turn, actor),
        "groups": [[str(group.id), group.name] for group in groups],
        **await alike.load(turn, actor, answers, facts),
    }


async def _save_register(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.PERSON_REGISTER)
    village_id = villages.chosen(actor, answers)
    wanted = registration(answers, village_id)
    if facts.get("correcting"):
        done = await _correct_person(turn, actor, wanted, answers, facts)
    else:
        done = await residents.register(turn.session, actor, wanted, draft_id)
    receipt = registered(turn, done, answers)
    if facts.get("roster"):
        return await rosters.registered(turn, int(facts["roster"]), done.person.id, receipt)
    return receipt


async def _correct_person(
    turn: Turn, actor: Actor, wanted: Registration, answers: Answers, facts: Answers
) -> Registered:
    person_id, reason = int(facts["correcting"]), str(answers["reason"])
    return await residents.correct(turn.session, actor, person_id, wanted, reason, version=facts.get("version"))


# Report a check-up


async def _load_checkup(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.CHECKUP_REPORT)
    loaded: Facts = {"villages": await villages.choices(turn, actor), **_NOBODY_YET}
    if answers.get("person"):
        loaded |= await _about(turn, int(answers["person"]), gone=bool(facts.get("correcting")))
    return loaded


async def _people_checkup(turn: Turn, answers: Answers, facts: Answers) -> Sequence[PersonChoice]:
    actor = turn.require(Permission.CHECKUP_REPORT)
    village_id = villages.chosen(actor, answers)
    everybody = await residents.list_village(turn.session, actor, village_id)
    held_on = date.fromisoformat(answers["held_on"])
    expected = await checkups.expected(turn.session, actor, held_on, village_id)
    return people.choices(everybody, {line.resident.id for line in expected if line.outcome is None})


async def _save_checkup(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.CHECKUP_REPORT)
    reported = reports.checkup_report(answers)
    if facts.get("correcting"):
        record_id, reason = int(facts["correcting"]), str(answers["reason"])
        done = await checkups.correct(turn.session, actor, record_id, reported, reason, version=facts.get("version"))
    else:
        done = await checkups.report(turn.session, actor, reported, draft_id)
    return receipts.receipt(turn, checkup.FORM, done, answers, facts)


# Report a follow-up visit


async def _load_visit(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.VISIT_REPORT)
    loaded: Facts = {"villages": await villages.choices(turn, actor)}
    if facts.get("given"):
        return loaded | await _one_enrolment(turn, int(facts["enrolment"]), gone=bool(facts.get("correcting")))
    loaded |= _NOBODY_YET | _NO_PROGRAMME_YET
    if not answers.get("person"):
        return loaded
    running = await enrolments.of_person(turn.session, actor, int(answers["person"]))
    open_to_actor = [line for line in running if actor.role in line.schedule.reported_by]
    return loaded | await _among(turn, open_to_actor, answers)


async def _one_enrolment(turn: Turn, enrolment_id: int, *, gone: bool) -> Facts:
    actor = turn.require(Permission.VISIT_REPORT)
    line = await enrolments.get(turn.session, actor, enrolment_id, gone=gone)
    return await _about(turn, line.resident.id, gone=gone) | _programme(line)


async def _among(turn: Turn, lines: Sequence[EnrolmentLine], answers: Answers) -> Facts:
    """Return the facts of the chosen programme, or of the only one, or the programmes to choose from."""
    usable = [line for line in lines if not is_roster_place(line.schedule, line.due.window)]
    if not usable:
        raise InputError("no_programme", "")
    facts = await _about(turn, int(answers["person"]))
    facts["enrolments"] = [[str(line.id), wording.kept(line.schedule)] for line in usable]
    picked = str(usable[0].id) if len(usable) == 1 else answers.get("enrolment")
    chosen = next((line for line in usable if str(line.id) == picked), None)
    return facts | (_programme(chosen) if chosen is not None else _NO_PROGRAMME_YET)


def _programme(line: EnrolmentLine) -> Facts:
    """Return what a visit of this programme asks, and what else it offers."""
    asked = [name for name in line.schedule.fields if name in visit.KINDS]
    offered = [name for name in visit.OFFERED if name not in asked]
    return {
        "enrolment": str(line.id),
        "programme": line.programme,
        "programme_name": wording.kept(line.schedule),
        "asked": asked,
        "offered": offered,
    }


async def _about(turn: Turn, resident_id: int, *, gone: bool = False) -> Facts:
    """Return whom a form is about, and whether measurements may be kept."""
    actor = turn.require(Permission.PERSON_READ)
    brief = await residents.brief(turn.session, actor, resident_id, gone=gone)
    months = age_in_months(brief.person.birth_date, turn.today)
    return {
        "name": brief.person.name,
        "health_consent": brief.has_health_consent,
        "child": months is not None and months < _CHILD_UNDER_MONTHS,
    }


async def _people_visit(turn: Turn, answers: Answers, facts: Answers) -> Sequence[PersonChoice]:
    actor = turn.require(Permission.VISIT_REPORT)
    village_id = villages.chosen(actor, answers)
    everybody = await residents.list_village(turn.session, actor, village_id)
    waiting = await due.list_due(turn.session, actor, turn.today, village_id=village_id, limit=200)
    visits = [line for line in waiting.lines if not is_roster_place(line.schedule, line.window)]
    return people.choices(everybody, {line.resident.id for line in visits})


async def _save_visit(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.VISIT_REPORT)
    reported = reports.visit_report(answers, facts)
    if facts.get("correcting"):
        record_id, reason = int(facts["correcting"]), str(answers["reason"])
        done = await visits.correct(turn.session, actor, record_id, reported, reason, version=facts.get("version"))
    else:
        done = await visits.report(turn.session, actor, reported, draft_id)
    return receipts.receipt(turn, visit.FORM, done, answers, facts)


ENTRIES: dict[str, Entry] = {
    "join": join_entry.ENTRY,
    "register": Entry(register.FORM, _load_register, nobody, _save_register, stored.register),
    "checkup": Entry(checkup.FORM, _load_checkup, _people_checkup, _save_checkup, stored.checkup),
    "visit": Entry(visit.FORM, _load_visit, _people_visit, _save_visit, stored.visit),
    "change": change_entry.CHANGE,
    "takeback": change_entry.TAKE_BACK,
    "handover": handover_entry.ENTRY,
    "choice": Entry(choice.FORM, choice_entry.load, nobody, choice_entry.save, choice_entry.stored),
    "examination": examination_entry.ENTRY,
    "referral": Entry(referral.FORM, referral_entry.load, nobody, referral_entry.save, referral_entry.stored),
    "referral_answer": Entry(
        referral_answer.FORM,
        referral_entry.load_answer,
        nobody,
        referral_entry.save_answer,
        referral_entry.stored_answer,
    ),
    "consent": consent_entry.ENTRY,
    "benefit": benefit_entry.ENTRY,
    "payment": payment_entry.ENTRY,
    "birth_totals": birth_totals.ENTRY,
    "complaint": complaint_entry.ENTRY,
    "complaint_answer": complaint_entry.ANSWER,
    "household": household_entry.ENTRY,
    "minutes": meeting_entries.MINUTES,
    "decision": meeting_entries.DECISION,
    "leave": leave_entry.ENTRY,
    "ladder": ladder_entry.ENTRY,
    "digest_hour": settings_entry.DIGEST,
    "quiet_hours": settings_entry.QUIET,
    "move_meeting": arranging_entry.MOVE,
    "cancel_meeting": arranging_entry.CANCEL,
    "snooze": snooze_entry.ENTRY,
    "move_day": checkup_day_entry.MOVE,
    "cancel_day": checkup_day_entry.CANCEL,
    "appeal": appeal_entry.ENTRY,
    "appeal_answer": appeal_entry.ANSWER,
    "target": target_entry.ENTRY,
}
