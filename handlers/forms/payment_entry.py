"""What the form `payment` needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import benefit_payments as said
from handlers import people
from handlers.context import Turn
from handlers.forms import payment
from handlers.forms.kinds.person import decode, encode
from handlers.forms.runner import Entry, Facts, nobody
from handlers.forms.stored import Stored, opened
from locales.message import Message
from models.rules.access import Actor, Permission
from models.store import benefit_payments
from models.store.benefit_payments import Group, Payment, Unpaid

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    """Return the villages and benefits in which money is waited for, and the people of the chosen one."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    if facts.get("decision") or facts.get("correcting"):
        return {}
    found = await benefit_payments.groups(turn.session, actor)
    loaded: Facts = {"groups": [[_code(one), one.village, one.benefit.value, one.many] for one in found]}
    chosen = next((one for one in found if _code(one) == answers.get("group")), None)
    return loaded | (await _people(turn, actor, chosen) if chosen is not None else {"people": [], "more": 0})


def _code(group: Group) -> str:
    return f"{encode(group.village_id)}-{group.benefit}"


async def _people(turn: Turn, actor: Actor, group: Group) -> Facts:
    found = await benefit_payments.unpaid(turn.session, actor, group.village_id, group.benefit)
    return {"people": [[encode(one.decision_id), _named(one)] for one in found], "more": group.many - len(found)}


def _named(one: Unpaid) -> str:
    hint = people.hint(one.resident)
    return f"{one.resident.name} {hint}".strip()


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.BENEFIT_DECIDE)
    paid = Payment(date.fromisoformat(answers["paid_on"]), int(answers["amount"]))
    if facts.get("correcting"):
        payment_id, reason = int(facts["correcting"]), str(answers["reason"])
        version = facts.get("version")
        done = await benefit_payments.correct(turn.session, actor, payment_id, paid, reason, version=version)
        return said.corrected(turn, done)
    if facts.get("decision"):
        decisions = [int(facts["decision"])]
        again = bool(facts.get("again"))
        return said.receipt(
            turn, await benefit_payments.pay(turn.session, actor, decisions, paid, draft_id, again=again)
        )
    left_out = set(answers["left_out"])
    decisions = [decode(code) for code, _ in facts["people"] if code not in left_out]
    return said.receipt(turn, await benefit_payments.pay(turn.session, actor, decisions, paid, draft_id))


async def _stored(turn: Turn, payment_id: int) -> Stored:
    actor = turn.require(Permission.BENEFIT_DECIDE)
    found = await benefit_payments.get(turn.session, actor, payment_id)
    answers = {"amount": found.payment.fen, "paid_on": found.payment.paid_on.isoformat()}
    whom = {"resident": str(found.resident.id), "name": found.resident.name}
    return opened(payment_id, found.version, answers) | whom, answers


ENTRY = Entry(payment.FORM, _load, nobody, _save, _stored)
