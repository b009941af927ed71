"""Reporting follow-up visits: a new one, a correction, an undo."""

from __future__ import annotations

from handlers import receipts, records
from handlers.context import Turn
from handlers.forms import runner
from models.rules.access import Permission
from models.store import visits


async def visit(turn: Turn) -> None:
    """Open the visit form."""
    turn.require(Permission.VISIT_REPORT)
    turn.toast()
    await runner.open_form(turn, "visit")


async def correct(turn: Turn) -> None:
    """Open the form with what was stored; of a locked record show how it is unlocked."""
    turn.require(Permission.VISIT_REPORT)
    await records.correct(turn, "visit")


async def undo(turn: Turn) -> None:
    """Take a visit back."""
    actor = turn.require(Permission.VISIT_REPORT)
    turn.show(receipts.undone(await visits.undo(turn.session, actor, turn.number(0))))
