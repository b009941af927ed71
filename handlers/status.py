"""The leader asks how things stand: counts by village, never a name."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from handlers.context import Turn
from locales.message import Button, Message, Tap, Text
from locales.numbers import alone, total
from models.rules.access import Actor, Permission
from models.store import places
from models.store import status as counts
from models.store.errors import NotFound
from models.store.status import StatusLine, StatusPage

FIRST_MONTH = date(2000, 1, 1)
"""Nothing is counted before it."""


async def status(turn: Turn) -> None:
    """Show this month."""
    actor = turn.require(Permission.COUNT_READ)
    await _show(turn, actor, turn.today.replace(day=1))


async def turn_month(turn: Turn) -> None:
    """Show another month."""
    actor = turn.require(Permission.COUNT_READ)
    await _show(turn, actor, _month(turn))


def _month(turn: Turn) -> date:
    try:
        month = date.fromisoformat(f"{turn.argument(0)}-01")
    except ValueError:
        raise NotFound from None
    if not FIRST_MONTH <= month <= turn.today:
        raise NotFound
    return month


async def _show(turn: Turn, actor: Actor, month: date) -> None:
    page = await counts.by_village(turn.session, actor, month, turn.today, aloud=not turn.chat.is_private)
    place = await places.get(turn.session, actor.village_id or actor.township_id)
    at = turn.now.astimezone(ZoneInfo(actor.zone))
    title = Text.of("status.title", place=place.name, month=month, at=at)
    turn.show(Message(Text.of("status.screen", lines=[title, *_body(page)]), (_months(month, turn.today),)))
    turn.toast()


def _body(page: StatusPage) -> list[Text]:
    if not page.lines:
        return [Text.of("status.none")]
    head = Text.of(
        "status.past" if page.is_past else "status.head",
        due=total(page.due),
        done=total(page.done),
        overdue=total(page.overdue),
    )
    shown, small = _parted(page)
    lines = [_line(line, is_past=page.is_past) for line in sorted(shown, key=lambda line: -(line.overdue or 0))]
    rest = [Text.of("status.rest", n=len(small), names=_names(small))] if small else []
    note = [Text.of("status.note")] if _is_cut(page) else []
    return [head, Text.of("status.gap"), *lines, *rest, Text.of("status.legend"), *note]


def _parted(page: StatusPage) -> tuple[list[StatusLine], list[StatusLine]]:
    """Return the villages with something to show, and those with small numbers only."""
    shown: list[StatusLine] = []
    small: list[StatusLine] = []
    for line in page.lines:
        numbers = (line.due, line.done, line.overdue)
        (small if None in numbers and not any(numbers) else shown).append(line)
    return shown, small


def _names(lines: list[StatusLine]) -> list[Text]:
    return [Text.of("numbers.name", name=line.name) for line in lines]


def _is_cut(page: StatusPage) -> bool:
    """Return whether anything isn't shown."""
    numbers = [(line.due, line.done, line.overdue) for line in page.lines]
    return any(None in each for each in (*numbers, (page.due, page.done, page.overdue)))


def _line(line: StatusLine, *, is_past: bool) -> Text:
    if is_past:
        return Text.of("status.past_line", name=line.name, done=alone(line.done))
    mark = "🟢" if line.overdue == 0 else "🔴"
    if None not in (line.due, line.done, line.overdue):
        return Text.of("status.line", mark=mark, name=line.name, due=line.due, done=line.done, overdue=line.overdue)
    what = [Text.of("status.due", n=line.due)] if line.due is not None else []
    what += [Text.of("status.done", n=line.done)] if line.done is not None else []
    what += [Text.of("status.overdue", n=line.overdue)] if line.overdue is not None else []
    return Text.of("status.line_cut", mark=mark, name=line.name, what=what)


def _months(month: date, today: date) -> tuple[Button, ...]:
    before = (month - timedelta(days=1)).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    buttons = [Button(Text.of("status.before", month=before), Tap.of("status", f"{before:%Y-%m}"))]
    if after <= today:
        buttons.append(Button(Text.of("status.after", month=after), Tap.of("status", f"{after:%Y-%m}")))
    else:
        buttons.append(Button(Text.of("status.refresh"), Tap.of("status", f"{month:%Y-%m}")))
    return tuple(buttons)
