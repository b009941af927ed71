"""Reporting check-ups: a new one, a correction, an undo."""

from __future__ import annotations

from handlers import receipts, records
from handlers.context import Turn
from handlers.forms import runner
from models.rules.access import Permission
from models.store import checkups, residents


async def checkup(turn: Turn) -> None:
    """Open the check-up form."""
    turn.require(Permission.CHECKUP_REPORT)
    turn.toast()
    await runner.open_form(turn, "checkup")


async def checkup_of(turn: Turn) -> None:
    """Open the check-up form for one person."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    person = (await residents.brief(turn.session, actor, turn.number(0))).person
    answers = {"person": str(person.id), "village": str(person.village_id)}
    turn.toast()
    await runner.open_form(turn, "checkup", answers=answers, subject=f"resident:{person.id}")


async def correct(turn: Turn) -> None:
    """Open the form with what was stored; of a locked record show how it is unlocked."""
    turn.require(Permission.CHECKUP_REPORT)
    await records.correct(turn, "checkup")


async def undo(turn: Turn) -> None:
    """Take a check-up back."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    turn.show(receipts.undone(await checkups.undo(turn.session, actor, turn.number(0))))
