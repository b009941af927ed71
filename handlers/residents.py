"""Registering residents."""

from __future__ import annotations

from handlers.card import card
from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.kinds.person import decode
from locales.message import Message, Tap, Text
from models.rules.access import Permission
from models.rules.errors import InputError
from models.store import residents
from models.store.errors import NotFound


async def register(turn: Turn) -> None:
    """Open the register form."""
    turn.require(Permission.PERSON_REGISTER)
    turn.toast()
    await runner.open_form(turn, "register")


async def correct(turn: Turn) -> None:
    """Open the form with a person's details; consents and programmes are changed elsewhere.

    Of a person who was registered long ago only how to reach them can be changed without the clinic's leave.
    """
    turn.require(Permission.PERSON_REGISTER)
    await runner.correct(turn, "register", turn.number(0))


async def instead(turn: Turn) -> None:
    """Show somebody who is registered already in place of the form, which is given up and can be taken up again."""
    turn.require(Permission.PERSON_READ)
    tapped = turn.tap
    try:
        person_id = decode(turn.argument(3))
    except InputError:
        raise NotFound from None
    turn.tap = Tap.of("card", person_id)
    await card(turn)
    turn.tap = tapped
    await runner.give_up(turn)


async def undo(turn: Turn) -> None:
    """Take a registration back."""
    actor = turn.require(Permission.PERSON_REGISTER)
    person_id = turn.number(0)
    known = await residents.card(turn.session, actor, person_id)
    await residents.undo(turn.session, actor, person_id)
    turn.show(Message(Text.of("receipts.unregistered", name=known.person.name), protect=True))
