"""The settings: when the morning's messages come, when nothing comes, which language, and leave."""

from __future__ import annotations

from datetime import time

from handlers.context import Turn
from handlers.forms import runner
from handlers.leaves import line_of
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import AccessDenied, Actor, Permission, Role
from models.rules.quiet import OFF, Quiet
from models.store import leaves, preferences, report_subscriptions
from models.store.errors import NotFound
from models.store.preferences import Preferences

DIGEST_TIMES = (time(7), time(7, 30), time(8), time(8, 30), time(9), time(18))
QUIET_HOURS = (
    Quiet(time(21), time(7, 30)),
    Quiet(time(20), time(7)),
    Quiet(time(22), time(7)),
    Quiet(time(22), time(8)),
)


async def settings(turn: Turn) -> None:
    """Show what is set, with a button to change each."""
    turn.show(await screen(turn, actor_of(turn)))
    if turn.tap is not None:
        turn.toast()


async def digest(turn: Turn) -> None:
    """Offer the usual times of the morning's messages; with one, choose it."""
    actor = actor_of(turn)
    if turn.tap is not None and turn.tap.args:
        await preferences.set_digest(turn.session, actor, _time(turn.argument(0)))
        await _changed(turn, actor)
        return
    times = [Button(Text.of("forms.time", at=at), Tap.of("set.digest", f"{at:%H%M}")) for at in DIGEST_TIMES]
    rows = tuple(tuple(times[i : i + 3]) for i in range(0, len(times), 3))
    turn.show(Message(Text.of("settings.digest_ask"), (*rows, _others("set.digest_at"))))
    turn.toast()


async def quiet(turn: Turn) -> None:
    """Offer the usual quiet hours, and none; with some, choose them."""
    actor = actor_of(turn)
    if turn.tap is not None and turn.tap.args:
        chosen = Quiet(_time(turn.argument(0)), _time(turn.argument(1)))
        await preferences.set_quiet(turn.session, actor, chosen)
        await _changed(turn, actor)
        return
    hours = [_quiet_button(Text.of("settings.hours", start=each.start, end=each.end), each) for each in QUIET_HOURS]
    rows = tuple(tuple(hours[i : i + 2]) for i in range(0, len(hours), 2))
    off = (_quiet_button(Text.of("settings.quiet_none"), OFF),)
    turn.show(Message(Text.of("settings.quiet_ask"), (*rows, off, _others("set.quiet_at"))))
    turn.toast()


async def digest_at(turn: Turn) -> None:
    """Ask for a time that no button has."""
    actor_of(turn)
    turn.toast()
    await runner.open_form(turn, "digest_hour", subject="digest_hour")


async def quiet_at(turn: Turn) -> None:
    """Ask for quiet hours that no button has."""
    actor_of(turn)
    turn.toast()
    await runner.open_form(turn, "quiet_hours", subject="quiet_hours")


async def screen(turn: Turn, actor: Actor) -> Message:
    """Return the message that shows what is set."""
    found = await preferences.get(turn.session, actor)
    lines = [
        Text.of("settings.title"),
        *([_digest_line(found)] if takes_leave(actor) else []),
        _quiet_line(found.quiet),
        Text.of("settings.language", language=Text.of("enrol.language_name")),
    ]
    if takes_leave(actor):
        line = await leaves.standing(turn.session, actor)
        lines.append(Text.of("settings.leave", leave=line_of(line) if line else Text.of("leaves.none")))
    if actor.may(Permission.COUNT_READ):
        many = len(await report_subscriptions.mine(turn.session, actor))
        lines.append(Text.of("report_files.times.settings" if many else "report_files.times.settings_none", n=many))
    return Message(Text.of("settings.screen", lines=lines), _buttons(actor))


def takes_leave(actor: Actor) -> bool:
    """Return whether the actor works here, and so may be away from work."""
    return actor.role is not Role.RESIDENT


def actor_of(turn: Turn) -> Actor:
    """Return who acts: everybody has settings.

    Raises:
        AccessDenied: nobody is enrolled.
    """
    if turn.actor is None:
        raise AccessDenied
    return turn.actor


async def _changed(turn: Turn, actor: Actor) -> None:
    turn.show(await screen(turn, actor))
    turn.toast(Text.of("settings.changed"))


def _digest_line(found: Preferences) -> Text:
    """Return when the morning's messages come; in quiet hours they wait for their end."""
    if found.quiet.covers(found.digest_at):
        return Text.of("settings.digest_later", at=found.digest_at, until=found.quiet.end)
    return Text.of("settings.digest", at=found.digest_at)


def _quiet_line(found: Quiet) -> Text:
    if found.is_off:
        return Text.of("settings.quiet_off")
    return Text.of("settings.quiet", start=found.start, end=found.end)


def _buttons(actor: Actor) -> Rows:
    times = (
        Button(Text.of("settings.digest_change"), Tap.of("set.digest")),
        Button(Text.of("settings.quiet_change"), Tap.of("set.quiet")),
    )
    others = [Button(Text.of("settings.language_change"), Tap.of("language"))]
    if takes_leave(actor):
        others.insert(0, Button(Text.of("settings.leave_change"), Tap.of("off")))
    if actor.may(Permission.COUNT_READ):
        regular = Button(Text.of("report_files.times.settings_change"), Tap.of("report.times"))
        return (times, tuple(others), (regular,))
    return (times, tuple(others))


def _others(action: str) -> tuple[Button, ...]:
    return (
        Button(Text.of("settings.other_time"), Tap.of(action)),
        Button(Text.of("settings.back"), Tap.of("settings")),
    )


def _quiet_button(label: Text, hours: Quiet) -> Button:
    return Button(label, Tap.of("set.quiet", f"{hours.start:%H%M}", f"{hours.end:%H%M}"))


def _time(typed: str) -> time:
    """Return the time that a button names.

    Raises:
        NotFound: it names none.
    """
    try:
        found = time.fromisoformat(typed)
    except ValueError:
        raise NotFound from None
    if found.tzinfo is not None or found.second or found.microsecond:
        raise NotFound
    return found
