"""Joining, approving and leaving programmes."""

from __future__ import annotations

from handlers.card import card
from handlers.context import Turn
from handlers.forms import runner
from handlers.of_person import to_card
from handlers.wording import programme_name
from locales.message import Button, Message, Tap, Text
from models.rules.access import Permission
from models.store import enrolments, residents


async def which_to_leave(turn: Turn) -> None:
    """Show the programmes that a person can leave."""
    actor = turn.require(Permission.VISIT_REPORT)
    shown = await residents.card(turn.session, actor, turn.number(0))
    lines = [line for line in shown.enrolments if actor.role in line.schedule.reported_by]
    rows = [(Button(programme_name(line.schedule), Tap.of("leave.ask", line.id)),) for line in lines]
    rows.append((to_card(shown.person.id),))
    turn.show(Message(Text.of("card.leave_which", name=shown.person.name), tuple(rows), protect=True))
    turn.toast()


async def join(turn: Turn) -> None:
    """Open the form with which a person joins a programme."""
    actor = turn.require(Permission.VISIT_REPORT)
    shown = await residents.card(turn.session, actor, turn.number(0))
    person = str(shown.person.id)
    turn.toast()
    await runner.open_form(turn, "join", {"resident": person, "name": shown.person.name}, subject=f"join:{person}")


async def ask_leave(turn: Turn) -> None:
    """Ask once more before a programme ends: the button stands beside others."""
    line = await enrolments.get(turn.session, turn.require(Permission.VISIT_REPORT), turn.number(0))
    buttons = (
        Button(Text.of("card.leave_yes"), Tap.of("leave", line.id)),
        Button(Text.of("card.leave_no"), Tap.of("card", line.resident.id)),
    )
    programme = programme_name(line.schedule)
    text = Text.of("card.leave_ask", name=line.resident.name, programme=programme)
    turn.show(Message(text, (buttons,), protect=True))
    turn.toast()


async def leave(turn: Turn) -> None:
    """End a programme because the person does not want it; no reason is asked."""
    actor = turn.require(Permission.VISIT_REPORT)
    line = await enrolments.get(turn.session, actor, turn.number(0))
    await enrolments.stop(turn.session, actor, line.id)
    back = to_card(line.resident.id)
    programme = programme_name(line.schedule)
    turn.show(Message(Text.of("card.left", name=line.resident.name, programme=programme), ((back,),), protect=True))


async def approve(turn: Turn) -> None:
    """Let an enrolment take effect; for the clinic."""
    actor = turn.require(Permission.CLINICAL_READ)
    line = await enrolments.get(turn.session, actor, turn.number(0))
    await enrolments.approve(turn.session, actor, line.id)
    turn.tap = Tap.of("card", line.resident.id)
    await card(turn)
