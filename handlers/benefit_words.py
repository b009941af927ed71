"""Benefits in words: what a person asks for, what was decided and paid, and what waits."""

from __future__ import annotations

from datetime import date

from locales.message import Text
from models.rules import money
from models.rules.benefits import BenefitCode, BenefitState, Renewal
from models.store.benefits import Decided, StoredApplication

_MARKS = {
    BenefitState.ASKED: "⏳",
    BenefitState.CONFIRMED: "✅",
    BenefitState.REFUSED: "✖️",
    BenefitState.WITHDRAWN: "▫️",
}


def name(code: BenefitCode) -> Text:
    """Return what a benefit is called."""
    return Text.of(f"choices.benefit.{code}")


def amount(fen: int) -> Text:
    """Return an amount of money."""
    return Text.of("numbers.money", yuan=money.in_yuan(fen))


def mark(one: StoredApplication) -> str:
    """Return the sign of how far an application is."""
    return _MARKS[one.state]


def told(one: StoredApplication, today: date) -> list[Text]:
    """Return the lines about an application: asked, decided, paid, and what waits."""
    lines = [Text.of("benefits.asked", day=one.applied_on)]
    for decision in one.decisions:
        lines += [_decision(decision), *_payments(decision)]
    return [*lines, *_waits(one, today)]


def _decision(decision: Decided) -> Text:
    if decision.ground is not None:
        ground = Text.of(f"choices.benefit_ground.{decision.ground}")
        said = "benefits.not_renewed" if decision.is_renewal else "benefits.refused"
        return Text.of(said, day=decision.decided_on, ground=ground)
    if decision.until is None:
        return Text.of("benefits.confirmed", day=decision.decided_on)
    key = "benefits.renewed_until" if decision.is_renewal else "benefits.confirmed_until"
    return Text.of(key, day=decision.decided_on, until=decision.until)


def _payments(decision: Decided) -> list[Text]:
    if not decision.is_confirmed:
        return []
    paid = [Text.of("benefits.paid", day=one.paid_on, amount=amount(one.fen)) for one in decision.payments]
    return paid or [Text.of("benefits.unpaid")]


def _waits(one: StoredApplication, today: date) -> list[Text]:
    if one.state is BenefitState.ASKED:
        return [Text.of("benefits.due_late" if one.decide_by < today else "benefits.due", due=one.decide_by)]
    if one.state is BenefitState.WITHDRAWN:
        return [Text.of("benefits.withdrawn")]
    if one.renewal is Renewal.NOT_YET:
        return []
    return [Text.of("benefits.renew_late" if one.renewal is Renewal.OVERDUE else "benefits.renew", until=one.until)]
