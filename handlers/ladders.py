"""The ladder of a township in the hands of its admin: seen, changed, put back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.kinds.after import NEVER
from handlers.forms.ladder import ASKED
from locales.message import Button, Message, Tap, Text
from models.rules.access import Permission, Role
from models.rules.escalation import Ladder
from models.store import climbs
from models.store.errors import Conflict, NotFound

_BETWEEN = "."


async def ladder(turn: Turn) -> None:
    """Show after how many working days who is told."""
    actor = turn.require(Permission.CALENDAR_CHANGE)
    steps = await climbs.ladder_of(turn.session, actor.township_id)
    lines = [Text.of("ladder.title"), *rule(steps), Text.of("ladder.note")]
    turn.show(Message(Text.of("ladder.screen", lines=lines), ((_change(),),)))
    if turn.tap is not None:
        turn.toast()


async def change(turn: Turn) -> None:
    """Open the form, filled in as it is now."""
    actor = turn.require(Permission.CALENDAR_CHANGE)
    days = _days(await climbs.ladder_of(turn.session, actor.township_id))
    turn.toast()
    await runner.open_form(turn, "ladder", answers={role.value: days[role] for role in ASKED}, subject="ladder")


async def undo(turn: Turn) -> None:
    """Put back the ladder before a change, unless it was changed again since."""
    actor = turn.require(Permission.CALENDAR_CHANGE)
    before, after = _read(turn.argument(0)), _read(turn.argument(1))
    now = await climbs.ladder_of(turn.session, actor.township_id)
    if _days(now) not in (before, after):
        raise Conflict("changed_since")
    try:
        wanted = {role: before[role] or None for role in ASKED}
        steps = await climbs.set_ladder(turn.session, actor, below(now) | wanted)
    except ValueError:
        raise NotFound from None
    lines = [Text.of("ladder.undone"), *rule(steps)]
    turn.show(Message(Text.of("ladder.screen", lines=lines), ((_change(),),)))
    turn.toast()


def receipt(turn: Turn, before: Ladder, steps: Ladder) -> Message:
    """Return the message that shows what was stored."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    lines = [Text.of("ladder.saved", at=turn.now.astimezone(zone)), *rule(steps)]
    back = Button(Text.of("receipts.undo"), Tap.of("ladder.undo", _written(before), _written(steps)))
    return Message(Text.of("ladder.screen", lines=lines), ((back, _change()),))


def rule(steps: Ladder) -> list[Text]:
    """Return a line for each who is told."""
    return [
        Text.of("ladder.at_once" if not step.after else "ladder.after", n=step.after, who=_who(step.role))
        for step in steps
    ]


def below(steps: Ladder) -> dict[Role, int | None]:
    """Return the rungs that the form leaves as they are."""
    found = {step.role: step.after for step in steps}
    return {Role.MANAGER: found.get(Role.MANAGER)}


def _days(steps: Ladder) -> dict[Role, int]:
    found = {step.role: step.after for step in steps}
    return {role: found.get(role, NEVER) for role in ASKED}


def _written(steps: Ladder) -> str:
    return _BETWEEN.join(str(days) for days in _days(steps).values())


def _read(written: str) -> dict[Role, int]:
    """Return the days that a button names.

    Raises:
        NotFound: it names none.
    """
    parts = written.split(_BETWEEN)
    if len(parts) != len(ASKED) or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
        raise NotFound
    return dict(zip(ASKED, map(int, parts), strict=True))


def _change() -> Button:
    return Button(Text.of("ladder.change"), Tap.of("ladder.change"))


def _who(role: Role) -> Text:
    return Text.of(f"alerts.told.{role}")
