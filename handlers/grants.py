"""Unlocking old records: asked by whoever has to correct one, given or refused by the clinic."""

from __future__ import annotations

from handlers import records
from handlers.context import Turn
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Permission
from models.rules.locking import GRANT_DAYS
from models.store import grants as store
from models.store import mine
from models.store.grants import GrantState, Request

PAGE = 6
"""Requests a page."""


async def why(turn: Turn) -> None:
    """Ask why a record has to be corrected: kind and id."""
    actor = turn.require(Permission.PERSON_READ)
    opened = await mine.get(turn.session, actor, turn.argument(0), turn.number(1))
    line = opened.line
    reasons = [
        Button(Text.of(f"choices.reason.{code}"), Tap.of("grant.ask", line.kind, line.record_id, code))
        for code in store.REASONS
    ]
    back = Button(Text.of("records.back"), Tap.of("record", line.kind, line.record_id, "m0"))
    rows = (*(tuple(reasons[i : i + 2]) for i in range(0, len(reasons), 2)), (back,))
    turn.show(
        Message(Text.of("grants.why", name=line.resident.name, what=records.what(turn, line)), rows, protect=True)
    )
    turn.toast()


async def ask(turn: Turn) -> None:
    """Ask the clinic to unlock a record: kind, id and reason."""
    actor = turn.require(Permission.PERSON_READ)
    code, record_id = turn.argument(0), turn.number(1)
    await store.ask(turn.session, actor, code, record_id, turn.argument(2))
    await records.show(turn, await mine.get(turn.session, actor, code, record_id), "m0")


async def grants(turn: Turn) -> None:
    """Show the requests that wait for the clinic."""
    turn.require(Permission.CORRECTION_GRANT)
    await _list(turn, 0)


async def turn_page(turn: Turn) -> None:
    """Show a page of the requests; a button without one, under a notice, shows the first."""
    turn.require(Permission.CORRECTION_GRANT)
    await _list(turn, turn.number(0, most=LAST_PAGE) if turn.tap and turn.tap.args else 0)
    turn.toast()


async def grant(turn: Turn) -> None:
    """Open a request: who asks, about which record, and what the record says."""
    await _show(turn, await store.get(turn.session, turn.require(Permission.CORRECTION_GRANT), turn.number(0)))


async def allow(turn: Turn) -> None:
    """Grant a request."""
    await _decide(turn, granted=True)


async def refuse(turn: Turn) -> None:
    """Refuse a request."""
    await _decide(turn, granted=False)


async def _decide(turn: Turn, *, granted: bool) -> None:
    actor = turn.require(Permission.CORRECTION_GRANT)
    await _show(turn, await store.decide(turn.session, actor, turn.number(0), granted=granted))


async def _list(turn: Turn, number: int) -> None:
    actor = turn.require(Permission.CORRECTION_GRANT)
    page = await store.asked(turn.session, actor, limit=PAGE, offset=number * PAGE)
    rows = [(_line(request),) for request in page.lines]
    pages = turner("grants", page=number, size=PAGE, total=page.total)
    text = Text.of("grants.title", n=page.total) if page.lines else Text.of("grants.empty")
    turn.show(Message(text, (*rows, *((pages,) if pages else ())), protect=True))


def _line(request: Request) -> Button:
    values = {"name": request.resident.name, "kind": records.kind(request.kind), "who": _who(request)}
    return Button(Text.of("grants.line", **values), Tap.of("grant", request.id))


def _who(request: Request) -> Text:
    if request.village is None:
        return Text.of(f"roles.{request.role}")
    return Text.of("grants.of_village", village=request.village)


async def _show(turn: Turn, request: Request) -> None:
    actor = turn.require(Permission.CORRECTION_GRANT)
    opened = await mine.get(turn.session, actor, request.kind, request.record_id)
    line = opened.line
    lines = [
        Text.of("records.title", name=line.resident.name, what=records.what(turn, line)),
        *await records.content(turn, line),
        records.entered(turn, opened),
        Text.of("grants.asks", who=_who(request), reason=Text.of(f"choices.reason.{request.reason}")),
    ]
    if request.state is not GrantState.ASKED:
        lines.append(Text.of(f"grants.decided.{request.state}", n=GRANT_DAYS))
    turn.show(Message(Text.of("grants.screen", lines=lines), _buttons(request), protect=True))
    turn.toast()


def _buttons(request: Request) -> Rows:
    back = Button(Text.of("grants.back"), Tap.of("grants", 0))
    if request.state is not GrantState.ASKED:
        return ((back,),)
    allow = Button(Text.of("grants.yes", n=GRANT_DAYS), Tap.of("grant.yes", request.id))
    return ((allow, Button(Text.of("grants.no"), Tap.of("grant.no", request.id))), (back,))
