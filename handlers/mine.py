"""What I entered lately: to look at again, to correct, to take back."""

from __future__ import annotations

from handlers import records
from handlers.context import Turn
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Message, Tap, Text
from models.rules.access import Actor, Permission
from models.store import grants
from models.store import mine as store
from models.store.grants import GrantState, Request
from models.store.mine import Line

PAGE = 6
"""Records a page."""


async def mine(turn: Turn) -> None:
    """Show the first page."""
    await _show(turn, turn.require(Permission.PERSON_READ), 0)


async def turn_page(turn: Turn) -> None:
    """Show a page; a button without one, under a notice, shows the first."""
    actor = turn.require(Permission.PERSON_READ)
    await _show(turn, actor, turn.number(0, most=LAST_PAGE) if turn.tap and turn.tap.args else 0)
    turn.toast()


async def _show(turn: Turn, actor: Actor, number: int) -> None:
    page = await store.entered(turn.session, actor, limit=PAGE, offset=number * PAGE)
    answered = [] if number else await grants.answered(turn.session, actor)
    rows = [(_answered(request),) for request in answered]
    rows += [(_line(turn, line, number),) for line in page.lines]
    pages = turner("mine", page=number, size=PAGE, total=page.total)
    text = Text.of("mine.title", n=page.total) if page.lines else Text.of("mine.empty")
    turn.show(Message(text, (*rows, *((pages,) if pages else ())), protect=True))


def _line(turn: Turn, line: Line, number: int) -> Button:
    values = {
        "name": line.resident.name,
        "kind": records.kind(line.kind),
        "day": line.on or records.day(turn, line.entered_at),
        "outcome": records.said(line.said),
    }
    key = "mine.line_locked" if line.is_locked else "mine.line"
    return Button(Text.of(key, **values), Tap.of("record", line.kind, line.record_id, f"m{number}"))


def _answered(request: Request) -> Button:
    """Return what leads to a record about which the clinic has answered."""
    key = "mine.granted" if request.state is GrantState.GRANTED else "mine.refused"
    values = {"name": request.resident.name, "kind": records.kind(request.kind)}
    return Button(Text.of(key, **values), Tap.of("record", request.kind, request.record_id, "m0"))
