"""Registering residents."""

from __future__ import annotations

from handlers.context import Turn
from handlers.forms import runner
from locales.message import Message, Text
from models.rules.access import Permission
from models.store import residents


async def register(turn: Turn) -> None:
    """Open the register form."""
    turn.require(Permission.PERSON_REGISTER)
    turn.toast()
    await runner.open_form(turn, "register")


async def correct(turn: Turn) -> None:
    """Open the form with a person's details; consents and programmes are changed elsewhere."""
    turn.require(Permission.PERSON_REGISTER)
    await runner.correct(turn, "register", turn.number(0))


async def undo(turn: Turn) -> None:
    """Take a registration back."""
    actor = turn.require(Permission.PERSON_REGISTER)
    person_id = turn.number(0)
    known = await residents.card(turn.session, actor, person_id)
    await residents.undo(turn.session, actor, person_id)
    turn.show(Message(Text.of("receipts.unregistered", name=known.person.name), protect=True))
