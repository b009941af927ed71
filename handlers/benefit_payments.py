"""Money that was paid: entered for one or for many of a village at once, corrected, taken back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers import benefit_words as words
from handlers import benefits as screens
from handlers.context import Turn
from handlers.forms import runner
from locales.message import Button, Message, Tap, Text
from models.rules.access import Permission
from models.store import benefit_payments
from models.store.benefit_payments import Batch, StoredPayment

MOST_NAMED = 30
"""So many names stand in a receipt; of more, how many."""


async def pay_many(turn: Turn) -> None:
    """Open the form for many people of a village at once."""
    turn.require(Permission.BENEFIT_DECIDE)
    turn.toast()
    await runner.open_form(turn, "payment", {}, subject="payment:many")


async def pay(turn: Turn) -> None:
    """Open the form for one confirmation."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    whom = await benefit_payments.payee(turn.session, actor, turn.number(0))
    turn.toast()
    decision = str(turn.number(0))
    facts = {"decision": decision, "resident": str(whom.resident_id), "name": whom.name, "again": whom.is_paid}
    subject = f"payment:{decision}:again" if whom.is_paid else f"payment:{decision}"
    await runner.open_form(turn, "payment", facts, subject=subject)


async def show(turn: Turn) -> None:
    """Show a payment that can be corrected."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    found = await benefit_payments.get(turn.session, actor, turn.number(0))
    turn.show(_shown(found, "benefits.payment"))
    turn.toast()


async def correct(turn: Turn) -> None:
    """Open the form with what was entered."""
    turn.require(Permission.BENEFIT_DECIDE)
    await runner.correct(turn, "payment", turn.number(0))


async def void(turn: Turn) -> None:
    """Note that it was not paid after all; it is asked about once."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    if len(turn.tap.args if turn.tap else ()) < 2:
        found = await benefit_payments.get(turn.session, actor, turn.number(0))
        yes = Button(Text.of("benefits.not_paid_yes"), Tap.of("payment.no", found.id, 1))
        text = Text.of("benefits.not_paid_ask", **_values(found))
        turn.show(Message(text, ((yes, _open(found)),), protect=True))
        turn.toast()
        return
    done = await benefit_payments.void(turn.session, actor, turn.number(0))
    turn.show(screens.screen(turn, actor, done))
    turn.toast(Text.of("benefits.as_before"))


async def undo(turn: Turn) -> None:
    """Take back what was entered together."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    found = await benefit_payments.undo(turn.session, actor, turn.number(0))
    text = Text.of("benefits.unpaid_again", benefit=words.name(found.benefit))
    turn.show(Message(text, ((screens.to_overview(),),)))
    turn.toast()


def receipt(turn: Turn, batch: Batch) -> Message:
    """Return the message that shows who was paid how much."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    many = len(batch.people)
    named = [Text.of("numbers.name", name=one.name) for one in batch.people[:MOST_NAMED]]
    text = Text.of(
        "benefits.paid_receipt",
        at=turn.now.astimezone(zone),
        benefit=words.name(batch.benefit),
        day=batch.payment.paid_on,
        n=many,
        each=words.amount(batch.payment.fen),
        total=words.amount(batch.payment.fen * many),
        names=named,
    )
    back = Button(Text.of("receipts.undo"), Tap.of("payment.undo", batch.id))
    return Message(text, ((back, screens.to_overview()),), protect=True)


def corrected(turn: Turn, found: StoredPayment) -> Message:
    """Return the message that shows a payment just corrected."""
    return _shown(found, "benefits.payment_corrected")


def _shown(found: StoredPayment, key: str) -> Message:
    fix = Button(Text.of("receipts.correct"), Tap.of("payment.fix", found.id))
    gone = Button(Text.of("benefits.not_paid"), Tap.of("payment.no", found.id))
    return Message(Text(key, _values(found)), ((fix, gone), (_open(found),)), protect=True)


def _values(found: StoredPayment) -> dict[str, object]:
    return {
        "name": found.resident.name,
        "benefit": words.name(found.benefit),
        "day": found.payment.paid_on,
        "amount": words.amount(found.payment.fen),
    }


def _open(found: StoredPayment) -> Button:
    return Button(Text.of("benefits.open"), Tap.of("benefit", found.application_id))
