"""Appeals (申诉): made from a village's card, decided by the clinic or the deputy with a reason."""

from __future__ import annotations

from handlers import scorecard_words as words
from handlers.context import Turn
from handlers.figure_words import period as said
from handlers.forms import runner
from handlers.scorecards import month_of
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import AccessDenied, Actor, Permission
from models.rules.appeals import AppealState
from models.store import appeals as store
from models.store.appeals import StoredAppeal


async def make(turn: Turn) -> None:
    """Open the form of an appeal against the own village's card of a month."""
    turn.require(Permission.APPEAL_MAKE)
    month = month_of(turn)
    turn.toast()
    await runner.open_form(turn, "appeal", {"month": month.code}, subject=f"appeal:{month.code}")


async def appeals(turn: Turn) -> None:
    """List the appeals within reach, those that wait first."""
    found = await store.listed(turn.session, _actor(turn))
    waiting = sum(one.state is AppealState.ASKED for one in found)
    rows: Rows = tuple((Button(_line(one), Tap.of("appeal", one.id)),) for one in found)
    title = Text.of("appeals.title", n=waiting) if found else Text.of("appeals.none")
    turn.show(Message(title, (*rows, (Button(Text.of("appeals.cards"), Tap.of("scorecard")),))))
    turn.toast()


async def show(turn: Turn) -> None:
    """Show an appeal."""
    actor = _actor(turn)
    await _show(turn, actor, await store.get(turn.session, actor, turn.number(0)))
    turn.toast()


async def answer(turn: Turn) -> None:
    """Open the form that decides an appeal."""
    actor = turn.require(Permission.APPEAL_DECIDE)
    found = await store.get(turn.session, actor, turn.number(0))
    if found.state is not AppealState.ASKED:
        await _show(turn, actor, found)
        turn.toast(Text.of("errors.appeal_decided"), alert=True)
        return
    turn.toast()
    await runner.open_form(turn, "appeal_answer", {"appeal": found.id}, subject=f"appeal_answer:{found.id}")


async def undo(turn: Turn) -> None:
    """Take an own village's appeal back, while it waits."""
    found = await store.withdraw(turn.session, turn.require(Permission.APPEAL_MAKE), turn.number(0))
    turn.show(Message(Text.of("appeals.withdrawn"), ((_to_card(found),),)))
    turn.toast()


def made(found: StoredAppeal) -> Message:
    """Return the message that shows an appeal as it was made."""
    back = Button(Text.of("receipts.undo"), Tap.of("appeal.undo", found.id))
    lines = [Text.of("appeals.made"), *_about(found)]
    return Message(Text.of("appeals.screen", lines=lines), ((back, _to_card(found)),), protect=True)


def decided(found: StoredAppeal) -> Message:
    """Return the message that shows an appeal as it was decided."""
    lines = [Text.of("appeals.told"), *_about(found), *_decision(found)]
    return Message(Text.of("appeals.screen", lines=lines), ((_to_card(found),), (_to_list(),)), protect=True)


async def _show(turn: Turn, actor: Actor, found: StoredAppeal) -> None:
    lines = [*_about(found), *_decision(found)]
    rows: Rows = ((_to_card(found),), (_to_list(),))
    if found.state is AppealState.ASKED:
        lines.append(Text.of("appeals.waits"))
        rows = (*_acts(actor, found), *rows)
    turn.show(Message(Text.of("appeals.screen", lines=lines), rows, protect=True))  # what was typed may name somebody


def _acts(actor: Actor, found: StoredAppeal) -> Rows:
    if actor.may(Permission.APPEAL_DECIDE):
        return ((Button(Text.of("appeals.answer"), Tap.of("appeal.answer", found.id)),),)
    return ((Button(Text.of("appeals.withdraw"), Tap.of("appeal.undo", found.id)),),)


def _about(found: StoredAppeal) -> list[Text]:
    head = Text.of("appeals.about", village=found.village, period=said(found.month), part=_part(found))
    return [head] if found.text is None else [head, Text.of("appeals.text", text=found.text, on=found.asked_on)]


def _decision(found: StoredAppeal) -> list[Text]:
    if found.state is AppealState.ASKED:
        return []
    key = f"appeals.effects.{found.effect}" if found.effect is not None else "appeals.refused"
    decision = Text.of("appeals.decision", decision=Text.of(key), on=found.decided_on)
    return [decision] if found.reason is None else [decision, Text.of("appeals.reason", reason=found.reason)]


def _line(found: StoredAppeal) -> Text:
    key = f"appeals.line.{found.state}"
    return Text.of(key, village=found.village, period=said(found.month), part=_part(found))


def _part(found: StoredAppeal) -> Text:
    return words.part(found.part)


def _to_card(found: StoredAppeal) -> Button:
    return Button(Text.of("appeals.to_card"), Tap.of("scorecard.of", found.month.code, found.village_id))


def _to_list() -> Button:
    return Button(Text.of("appeals.all"), Tap.of("appeals"))


def _actor(turn: Turn) -> Actor:
    """Return who acts.

    Raises:
        AccessDenied: the role has nothing to do with appeals.
    """
    actor = turn.actor
    if actor is None or not (actor.may(Permission.APPEAL_MAKE) or actor.may(Permission.APPEAL_DECIDE)):
        raise AccessDenied(Permission.APPEAL_DECIDE)
    return actor
