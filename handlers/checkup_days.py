"""One check-up day: when it is held and why then; moved or cancelled by an admin, put back, taken into a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from locales.message import Attachment, Button, Message, Rows, Say, Tap, Text
from locales.translator import translator
from models.files.invitations import FILE_NAME, Invitation, cancellation, request, uid_of
from models.rules.access import AccessDenied, Actor, Permission
from models.rules.clock import moment_at
from models.store import checkup_days as store
from models.store.checkup_days import VillageDay
from models.store.errors import NotFound


async def show(turn: Turn) -> None:
    """Show a day: village and fixed day."""
    actor = _actor(turn)
    found = await store.get(turn.session, actor, turn.number(0), _nominal(turn))
    turn.show(_screen(turn, actor, found))
    turn.toast()


async def move(turn: Turn) -> None:
    """Open the form that moves it."""
    await _open(turn, "move_day")


async def cancel(turn: Turn) -> None:
    """Open the form that cancels it."""
    await _open(turn, "cancel_day")


async def undo(turn: Turn) -> None:
    """Take back what was changed within ten minutes."""
    actor = turn.require(Permission.CALENDAR_CHANGE)
    found = await store.undo(turn.session, actor, turn.number(0), _nominal(turn))
    turn.show(_screen(turn, actor, found))
    turn.toast(Text.of("calendar.undone"))


async def file(turn: Turn) -> None:
    """Send the day as a file for the phone's calendar."""
    found = await store.get(turn.session, _actor(turn), turn.number(0), _nominal(turn))
    make = cancellation if found.is_cancelled else request
    attachment = Attachment(FILE_NAME, make(_invitation(turn, found), turn.now))
    key = "calendar.file_cancelled" if found.is_cancelled else "calendar.file"
    text = Text.of(key, village=found.village.name, day=found.held_on)
    turn.replies.append(Say(Message(text, attachment=attachment)))
    turn.toast()


def receipt(turn: Turn, found: VillageDay, old: date) -> Message:
    """Return the message that shows what was stored."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        "calendar.saved_cancelled" if found.is_cancelled else "calendar.saved_moved",
        at=turn.now.astimezone(zone),
        village=found.village.name,
        old=old,
        new=found.held_on,
        reason=Text.of(f"choices.day_reason.{found.reason}"),
    )
    undo = Button(Text.of("receipts.undo"), Tap.of("day.undo", *_key(found)))
    return Message(text, ((undo, _back()),))


async def _open(turn: Turn, form: str) -> None:
    actor = turn.require(Permission.CALENDAR_CHANGE)
    village_id, nominal = turn.number(0), _nominal(turn)
    await store.get(turn.session, actor, village_id, nominal)
    facts = {"village": str(village_id), "nominal": nominal.isoformat()}
    turn.toast()
    await runner.open_form(turn, form, facts, subject=f"{form}:{village_id}:{nominal:%Y%m%d}")


def _screen(turn: Turn, actor: Actor, found: VillageDay) -> Message:
    lines = [Text.of("calendar.day_title", village=found.village.name), Text.of("calendar.day_held", day=found.held_on)]
    if found.is_cancelled:
        lines[1] = Text.of("calendar.day_cancelled", day=found.held_on)
    if found.reason is not None:
        lines.append(Text.of("calendar.day_reason", reason=Text.of(f"choices.day_reason.{found.reason}")))
    if found.nominal_on != found.held_on:
        lines.append(Text.of("calendar.day_usual", day=found.nominal_on))
    if found.provisional:
        lines.append(Text.of("calendar.day_provisional"))
    return Message(Text.of("calendar.screen", lines=lines), _buttons(turn, actor, found))


def _buttons(turn: Turn, actor: Actor, found: VillageDay) -> Rows:
    key = _key(found)
    rows: list[tuple[Button, ...]] = []
    if actor.may(Permission.CALENDAR_CHANGE) and found.held_on >= turn.today:
        move = Button(Text.of("calendar.move"), Tap.of("day.move", *key))
        cancel = Button(Text.of("calendar.cancel"), Tap.of("day.cancel", *key))
        rows.append((move,) if found.is_cancelled else (move, cancel))
    if found.may_undo:
        rows.append((Button(Text.of("receipts.undo"), Tap.of("day.undo", *key)),))
    return (*rows, (Button(Text.of("calendar.to_phone"), Tap.of("day.file", *key)), _back()))


def _back() -> Button:
    return Button(Text.of("calendar.back"), Tap.of("calendar.page", 0))


def _invitation(turn: Turn, found: VillageDay) -> Invitation:
    words, zone = translator(turn.language), ZoneInfo(found.village.zone)

    def said(key: str) -> str:
        return words.plain(Text.of(key, village=found.village.name))

    return Invitation(
        uid_of(found.village.id, found.nominal_on),
        found.sequence,
        said("calendar.file_summary"),
        said("calendar.file_description"),
        moment_at(found.held_on, time(), zone),
        moment_at(found.held_on + timedelta(days=1), time(), zone),
        zone,
        is_whole_day=True,
        is_tentative=found.provisional,
        location=found.village.name,
    )


def _key(found: VillageDay) -> tuple[int, str]:
    return found.village.id, f"{found.nominal_on:%Y%m%d}"


def nominal_of(facts: Mapping[str, Any]) -> tuple[int, date]:
    """Return which day a form is about."""
    return int(facts["village"]), date.fromisoformat(facts["nominal"])


def _nominal(turn: Turn) -> date:
    """Return the fixed day that a button names.

    Raises:
        NotFound: it names none.
    """
    try:
        return date.fromisoformat(turn.argument(1))
    except ValueError:
        raise NotFound from None


def _actor(turn: Turn) -> Actor:
    if turn.actor is None:
        raise AccessDenied
    return turn.actor
