"""What meetings decided: lists, one decision, done and not yet, dropped, corrected, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers import agenda
from handlers.context import Turn
from handlers.forms import runner
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.meetings import DecisionState, DropReason
from models.store import decisions, meetings
from models.store.decisions import StoredDecision
from models.store.errors import NotFound

PAGE = 5
"""Decisions a page: their lines and their buttons fit a phone's screen."""
MINE, ALL = "mine", "all"


async def decisions_list(turn: Turn) -> None:
    """Show a page of what the actor carries out, or of all that is open; a chair sees all, if nothing is said."""
    actor = turn.require(Permission.MEETING_ATTEND)
    named = turn.tap is not None and len(turn.tap.args) > 1
    page = turn.number(0, most=LAST_PAGE) if named else 0
    which = turn.argument(1) if named else (ALL if actor.may(Permission.MEETING_CHAIR) else MINE)
    if which not in {MINE, ALL}:
        raise NotFound
    await _list(turn, actor, page, which)


async def decision(turn: Turn) -> None:
    """Show a decision."""
    actor = turn.require(Permission.MEETING_ATTEND)
    _show(turn, actor, await decisions.get(turn.session, actor, turn.number(0)))


async def new(turn: Turn) -> None:
    """Open the form for what a meeting decided."""
    actor = turn.require(Permission.MEETING_CHAIR)
    found = await meetings.begun(turn.session, actor, turn.number(0))
    turn.toast()
    await runner.open_form(turn, "decision", {"meeting": str(found.id)}, subject=f"decision of {found.id}")


async def correct(turn: Turn) -> None:
    """Open the form with what was decided."""
    turn.require(Permission.MEETING_CHAIR)
    await runner.correct(turn, "decision", turn.number(0))


async def undo(turn: Turn) -> None:
    """Take a decision back."""
    actor = turn.require(Permission.MEETING_CHAIR)
    gone = await decisions.undo(turn.session, actor, turn.number(0))
    again = Button(Text.of("decisions.another"), Tap.of("decision.new", gone.meeting_id))
    turn.show(Message(Text.of("decisions.undone", text=gone.text), ((again,), (_to_list(),)), protect=True))


async def finish(turn: Turn) -> None:
    """Note that a decision is carried out."""
    actor = turn.require(Permission.MEETING_ATTEND)
    _show(turn, actor, await decisions.finish(turn.session, actor, turn.number(0)))
    turn.toast(Text.of("decisions.finished"))


async def reopen(turn: Turn) -> None:
    """Note that a decision is not carried out yet."""
    actor = turn.require(Permission.MEETING_ATTEND)
    _show(turn, actor, await decisions.reopen(turn.session, actor, turn.number(0)))


async def ask_drop(turn: Turn) -> None:
    """Ask why a decision is given up."""
    actor = turn.require(Permission.MEETING_CHAIR)
    found = await decisions.get(turn.session, actor, turn.number(0))
    reasons = [
        Button(Text.of(f"choices.drop_reason.{reason}"), Tap.of("decision.drop", found.id, reason))
        for reason in DropReason
    ]
    back = Button(Text.of("decisions.back"), Tap.of("decision", found.id))
    rows = (*(tuple(reasons[i : i + 2]) for i in range(0, len(reasons), 2)), (back,))
    turn.show(Message(Text.of("decisions.drop_ask", text=found.text), rows, protect=True))
    turn.toast()


async def drop(turn: Turn) -> None:
    """Give a decision up: which, and why."""
    actor = turn.require(Permission.MEETING_CHAIR)
    decision_id, reason = turn.number(0), turn.argument(1)
    if reason not in set(DropReason):
        raise NotFound
    _show(turn, actor, await decisions.drop(turn.session, actor, decision_id, DropReason(reason)))


def receipt(turn: Turn, stored: StoredDecision) -> Message:
    """Return the message that shows a decision just entered or corrected."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of("decisions.saved", at=turn.now.astimezone(zone), details=_details(turn, stored))
    another = Button(Text.of("decisions.another"), Tap.of("decision.new", stored.meeting_id))
    fix = Button(Text.of("receipts.correct"), Tap.of("decision.fix", stored.id))
    undo_button = Button(Text.of("receipts.undo"), Tap.of("decision.undo", stored.id))
    pair = (fix, undo_button) if stored.may_undo else (fix,)
    return Message(text, ((another,), pair, (_to_list(),)), protect=True)


async def _list(turn: Turn, actor: Actor, page: int, which: str) -> None:
    read = decisions.list_mine if which == MINE else decisions.list_open
    found = await read(turn.session, actor)
    shown = found[page * PAGE : (page + 1) * PAGE]
    first = page * PAGE + 1
    title = Text.of(f"decisions.title_{which}", n=len(found)) if found else Text.of(f"decisions.no_{which}")
    text = Text.of("decisions.screen", lines=[title, *_lines(turn, shown, first)])
    turn.show(Message(text, _list_buttons(actor, shown, first, page, which, len(found)), protect=True))
    turn.toast()


def _lines(turn: Turn, shown: Sequence[StoredDecision], first: int) -> list[Text]:
    return [agenda.line(index, one, turn.today) for index, one in enumerate(shown, first)]


def _list_buttons(actor: Actor, shown: Sequence[StoredDecision], first: int, page: int, which: str, total: int) -> Rows:
    rows = [_one_row(actor, index, one) for index, one in enumerate(shown, first)]
    turns = turner("decisions", which, page=page, size=PAGE, total=total)
    other = ALL if which == MINE else MINE
    to_other = Button(Text.of(f"decisions.to_{other}"), Tap.of("decisions", 0, other))
    to_meeting = Button(Text.of("decisions.to_meeting"), Tap.of("meeting"))
    return (*rows, *((turns,) if turns else ()), (to_other, to_meeting))


def _one_row(actor: Actor, index: int, one: StoredDecision) -> tuple[Button, ...]:
    see = Button(Text.of("decisions.see", index=index), Tap.of("decision", one.id))
    if one.owner.staff_id == actor.staff_id and one.state is DecisionState.OPEN:
        return (see, Button(Text.of("decisions.finish_index", index=index), Tap.of("decision.done", one.id)))
    return (see,)


def _show(turn: Turn, actor: Actor, stored: StoredDecision) -> None:
    text = Text.of("decisions.shown", details=_details(turn, stored))
    turn.show(Message(text, _buttons(actor, stored), protect=True))
    turn.toast()


def _details(turn: Turn, stored: StoredDecision) -> list[Text]:
    return [
        Text.of("decisions.text", mark=agenda.mark(stored, turn.today), text=stored.text),
        Text.of("decisions.owned", owner=agenda.owner(stored.owner)),
        agenda.state(stored, turn.today),
        Text.of("decisions.voided" if stored.voided else "decisions.met", day=stored.met_on),
    ]


def _buttons(actor: Actor, stored: StoredDecision) -> Rows:
    is_chair, is_open = actor.may(Permission.MEETING_CHAIR), stored.state is DecisionState.OPEN
    rows: list[tuple[Button, ...]] = []
    if stored.voided:
        return ((_to_list(),),)
    if is_open and (is_chair or stored.owner.staff_id == actor.staff_id):
        rows.append((Button(Text.of("decisions.finish"), Tap.of("decision.done", stored.id)),))
    if not is_open and (is_chair or (stored.owner.staff_id == actor.staff_id and stored.state is DecisionState.DONE)):
        rows.append((Button(Text.of("decisions.reopen"), Tap.of("decision.open", stored.id)),))
    if is_open and is_chair:
        fix = Button(Text.of("decisions.fix"), Tap.of("decision.fix", stored.id))
        rows.append((fix, Button(Text.of("decisions.drop"), Tap.of("decision.drop_ask", stored.id))))
    rows.append((_to_list(),))
    return tuple(rows)


def _to_list() -> Button:
    return Button(Text.of("decisions.open_list"), Tap.of("decisions"))
