"""Leave: taken with a substitute, ended early, and declined by who was asked to stand in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.leave import colleague
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import AccessDenied, Actor, Role
from models.store import leaves as store
from models.store.leaves import Colleague, LeaveLine


async def leave(turn: Turn) -> None:
    """Show the leave that is taken; without one, open the form."""
    actor = _actor(turn)
    line = await store.standing(turn.session, actor)
    if line is None:
        await take(turn)
        return
    turn.show(Message(Text.of("leaves.screen", leave=line_of(line)), _own_buttons(line)))
    turn.toast()


async def take(turn: Turn) -> None:
    """Open the form of a leave."""
    _actor(turn)
    turn.toast()
    await runner.open_form(turn, "leave", subject="leave")


async def end(turn: Turn) -> None:
    """Take a leave back, or end it early."""
    await store.end(turn.session, _actor(turn), turn.number(0))
    back = Button(Text.of("settings.back"), Tap.of("settings"))
    turn.show(Message(Text.of("leaves.ended"), ((back,),)))
    turn.toast()


async def asked(turn: Turn) -> None:
    """Show whose leave the actor is asked to stand in for."""
    await _stand_in(turn, await store.get(turn.session, _actor(turn), turn.number(0)))
    turn.toast()


async def decline(turn: Turn) -> None:
    """Say that the actor would rather not stand in; no reason is asked."""
    await _stand_in(turn, await store.decline(turn.session, _actor(turn), turn.number(0)))
    turn.toast()


def saved(turn: Turn, line: LeaveLine) -> Message:
    """Return the message that shows what was stored."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    key = "leaves.saved" if line.substitute is not None else "leaves.saved_alone"
    text = Text.of(key, at=turn.now.astimezone(zone), leave=line_of(line))
    undo = Button(Text.of("receipts.undo"), Tap.of("off.end", line.id))
    return Message(text, ((undo, Button(Text.of("settings.back"), Tap.of("settings"))),))


def line_of(line: LeaveLine) -> Text:
    """Return a leave in a line: its days, and who stands in."""
    days = {"first": line.first_on, "last": line.last_on}
    if line.substitute is None:
        return Text.of("leaves.alone", **days)
    key = "leaves.declined" if line.is_declined else "leaves.with"
    return Text.of(key, who=_who(line.substitute), **days)


async def _stand_in(turn: Turn, line: LeaveLine) -> None:
    days = {"first": line.first_on, "last": line.last_on}
    if line.is_declined:
        turn.show(Message(Text.of("leaves.you_declined", who=_who(line.of), **days)))
        return
    no = Button(Text.of("leaves.decline"), Tap.of("off.decline", line.id))
    turn.show(Message(Text.of("leaves.you_stand_in", who=_who(line.of), **days), ((no,),)))


def _own_buttons(line: LeaveLine) -> Rows:
    again = Button(Text.of("leaves.change"), Tap.of("off.take"))
    end = Button(Text.of("leaves.end"), Tap.of("off.end", line.id))
    return ((again, end), (Button(Text.of("settings.back"), Tap.of("settings")),))


def _who(one: Colleague) -> Text:
    return colleague(one.role.value, one.place, one.name)


def _actor(turn: Turn) -> Actor:
    """Return who acts.

    Raises:
        AccessDenied: nobody is enrolled, or a resident, who does not work here.
    """
    if turn.actor is None or turn.actor.role is Role.RESIDENT:
        raise AccessDenied
    return turn.actor
