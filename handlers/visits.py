"""Reporting follow-up visits: a new one, a correction, an undo."""

from __future__ import annotations

from handlers import receipts
from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.reports import answers_of
from models.rules.access import Permission
from models.store import visits


async def visit(turn: Turn) -> None:
    """Open the visit form."""
    turn.require(Permission.VISIT_REPORT)
    turn.toast()
    await runner.open_form(turn, "visit")


async def correct(turn: Turn) -> None:
    """Open the form with what was stored."""
    actor = turn.require(Permission.VISIT_REPORT)
    stored = await visits.get(turn.session, actor, turn.number(0))
    answers = answers_of(stored.report) | {"visited_on": stored.report.visited_on.isoformat()}
    if stored.report.channel is not None:
        answers["channel"] = str(stored.report.channel)
    turn.toast()
    facts = {"correcting": str(stored.id), "given": True, "enrolment": str(stored.report.enrolment_id)}
    await runner.open_form(turn, "visit", facts, answers, subject=f"visit:{stored.id}")


async def undo(turn: Turn) -> None:
    """Take a visit back."""
    actor = turn.require(Permission.VISIT_REPORT)
    turn.show(receipts.undone(await visits.undo(turn.session, actor, turn.number(0))))
