"""A joint meeting in the hands of who arranges it: moved, cancelled, put back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Permission
from models.rules.meetings import LASTS, MeetingState
from models.store import meetings, places
from models.store.meetings import MeetingLine


async def show(turn: Turn) -> None:
    """Show a meeting with what can be changed."""
    actor = turn.require(Permission.MEETING_ARRANGE)
    await _show(turn, await meetings.get(turn.session, actor, turn.number(0)))
    turn.toast()


async def move(turn: Turn) -> None:
    """Open the form that moves it."""
    await _open(turn, "move_meeting")


async def cancel(turn: Turn) -> None:
    """Open the form that cancels it."""
    await _open(turn, "cancel_meeting")


async def undo(turn: Turn) -> None:
    """Take back what was changed within ten minutes."""
    actor = turn.require(Permission.MEETING_ARRANGE)
    await _show(turn, await meetings.undo(turn.session, actor, turn.number(0)))
    turn.toast(Text.of("arranging.undone"))


def receipt(turn: Turn, found: MeetingLine, old: datetime) -> Message:
    """Return the message that shows what was stored."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    is_cancelled = found.state is MeetingState.CANCELLED
    text = Text.of(
        "arranging.saved_cancelled" if is_cancelled else "arranging.saved_moved",
        at=turn.now.astimezone(zone),
        old=old,
        new=found.starts_at,
        reason=Text.of(f"choices.meeting_reason.{found.reason}"),
    )
    undo = Button(Text.of("receipts.undo"), Tap.of("arrange.undo", found.id))
    return Message(text, ((undo, _back()),))


async def _open(turn: Turn, form: str) -> None:
    actor = turn.require(Permission.MEETING_ARRANGE)
    found = await meetings.get(turn.session, actor, turn.number(0))
    turn.toast()
    await runner.open_form(turn, form, {"meeting": str(found.id)}, subject=f"{form}:{found.id}")


async def _show(turn: Turn, found: MeetingLine) -> None:
    place = await places.get(turn.session, found.township_id)
    ends = found.starts_at + LASTS
    lines = [Text.of("meetings.title", place=place.name, day=found.held_on, starts=found.starts_at, ends=ends)]
    if found.state is MeetingState.CANCELLED:
        lines.append(Text.of("meetings.cancelled", reason=Text.of(f"choices.meeting_reason.{found.reason}")))
    elif found.reason is not None:
        reason = Text.of(f"choices.meeting_reason.{found.reason}")
        lines.append(Text.of("meetings.moved", day=found.nominal_on, reason=reason))
    if found.provisional:
        lines.append(Text.of("meetings.provisional"))
    turn.show(Message(Text.of("meetings.screen", lines=lines), _buttons(turn, found)))


def _buttons(turn: Turn, found: MeetingLine) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if found.state is MeetingState.PLANNED and not found.has_begun(turn.now):
        move = Button(Text.of("arranging.move"), Tap.of("arrange.move", found.id))
        rows.append((move, Button(Text.of("arranging.cancel"), Tap.of("arrange.cancel", found.id))))
    if turn.actor is not None and found.may_undo(turn.actor.staff_id, turn.now):
        rows.append((Button(Text.of("receipts.undo"), Tap.of("arrange.undo", found.id)),))
    return (*rows, (_back(),))


def _back() -> Button:
    return Button(Text.of("calendar.back"), Tap.of("calendar.page", 0))
