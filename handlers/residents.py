"""Registering residents."""

from __future__ import annotations

from handlers.context import Turn
from handlers.forms import runner
from models.rules.access import Permission


async def register(turn: Turn) -> None:
    """Open the register form."""
    turn.require(Permission.PERSON_REGISTER)
    turn.toast()
    await runner.open_form(turn, "register")
