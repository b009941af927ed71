"""What the forms `referral` and `referral_answer` need from the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import referrals as said
from handlers.context import Turn
from handlers.forms import referral, referral_answer
from handlers.forms.reports import day
from handlers.forms.runner import Facts
from handlers.forms.stored import Stored, opened
from locales.message import Message
from models.rules.access import Permission
from models.rules.referrals import ReferralAnswer, ReferralReason
from models.store import referrals, residents
from models.store.errors import NotFound
from models.store.referrals import Answer, RecordKind, ReferralReport

Json = Any
Answers = Mapping[str, Json]


async def load(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return who is referred."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    gone = bool(facts.get("correcting"))
    return {"name": (await residents.brief(turn.session, actor, int(facts["resident"]), gone=gone)).person.name}


async def save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    """Store the referral, or its correction, and return the receipt."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    kind = facts.get("record_kind")
    reported = ReferralReport(
        resident_id=int(facts["resident"]),
        reason=ReferralReason(answers["why"]),
        due_on=day(answers, "due_on"),
        declined=answers["wish"] == referral.DECLINED,
        note=answers.get("note"),
        record=(RecordKind(kind), int(facts["record_id"])) if kind else None,
    )
    if facts.get("correcting"):
        record_id, reason = int(facts["correcting"]), str(answers["reason"])
        done = await referrals.correct(turn.session, actor, record_id, reported, reason, version=facts.get("version"))
    else:
        done = await referrals.make(turn.session, actor, reported, draft_id)
    return said.receipt(turn, done)


async def load_answer(turn: Turn, _answers: Answers, facts: Answers) -> Facts:
    """Return whose referral is answered."""
    actor = turn.require(Permission.REFERRAL_ANSWER)
    return {"name": (await referrals.get(turn.session, actor, int(facts["referral"]))).resident.name}


async def save_answer(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    """Store the answer, or its correction, and return the receipt."""
    actor = turn.require(Permission.REFERRAL_ANSWER)
    given = Answer(ReferralAnswer(answers["answer"]), answers.get("note"), day(answers, "next_on"))
    referral_id = int(facts["referral"])
    if facts.get("correcting"):
        reason = str(answers["reason"])
        done = await referrals.correct_answer(
            turn.session, actor, referral_id, given, reason, version=facts.get("version")
        )
    else:
        done = await referrals.answer(turn.session, actor, referral_id, given, draft_id)
    return said.answer_receipt(turn, done)


async def stored(turn: Turn, referral_id: int) -> Stored:
    """Return what a referral says now."""
    actor = turn.require(Permission.REFERRAL_MAKE)
    found = await referrals.get(turn.session, actor, referral_id)
    answers = referral.answers_of(found)
    return opened(referral_id, found.version, answers) | {"resident": str(found.resident.id)}, answers


async def stored_answer(turn: Turn, referral_id: int) -> Stored:
    """Return what the clinic answered last.

    Raises:
        NotFound: there is no answer.
    """
    actor = turn.require(Permission.REFERRAL_ANSWER)
    found = await referrals.get(turn.session, actor, referral_id)
    if found.answer is None:
        raise NotFound
    answers = referral_answer.answers_of(found.answer)
    return opened(referral_id, found.version, answers) | {"referral": str(referral_id)}, answers
