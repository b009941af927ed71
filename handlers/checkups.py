"""Reporting check-ups: a new one, a correction, an undo."""

from __future__ import annotations

from handlers import receipts
from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.reports import answers_of
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
    """Open the form with what was stored."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    stored = await checkups.get(turn.session, actor, turn.number(0))
    answers = answers_of(stored.report) | {
        "person": str(stored.resident.id),
        "village": str(stored.resident.village_id),
        "held_on": stored.report.held_on.isoformat(),
    }
    turn.toast()
    facts = {"correcting": str(stored.id), "fixed": True}
    await runner.open_form(turn, "checkup", facts, answers, subject=f"checkup:{stored.id}")


async def undo(turn: Turn) -> None:
    """Take a check-up back."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    turn.show(receipts.undone(await checkups.undo(turn.session, actor, turn.number(0))))
