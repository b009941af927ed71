"""The leader asks how things stand: the headline figures of a township or a village in a period, never a name.

Outside the team (deputy, leader, groups) small numbers of people are kept back: `models.store.indicators.figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from handlers import figure_words as words
from handlers.context import Turn
from handlers.figure_words import Head
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from models.rules import periods
from models.rules.access import Actor, Permission
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period, PeriodKind
from models.store import places, scope, targets
from models.store.errors import NotFound
from models.store.indicators import figures
from models.store.indicators.figures import Page, Trend

FIRST_MONTH = date(2000, 1, 1)
"""Nothing is counted before it."""
_CODES = tuple(INDICATORS)
_MORE = tuple(code for code in INDICATORS if code not in figures.HEADLINES)
_LISTED = (IndicatorCode.OVERDUE, IndicatorCode.TIMELINESS, IndicatorCode.CHECKUP_OFFER, IndicatorCode.ATTENDANCE)
"""By which the villages can be listed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The headline figures of a period, of all villages or of one, as somebody may see them."""

    actor: Actor
    head: Head
    village_id: int | None
    trends: Mapping[IndicatorCode, Trend]
    aims: Mapping[IndicatorCode, int]


async def status(turn: Turn) -> None:
    """Show this month."""
    turn.require(Permission.COUNT_READ)
    await overview(turn, periods.month_of(turn.today), None)


async def turn_period(turn: Turn) -> None:
    """Show another period, or a village: the period and, if one, the village."""
    turn.require(Permission.COUNT_READ)
    await overview(turn, period_of(turn), village_of(turn, 1))


async def more(turn: Turn) -> None:
    """Show the figures that are no headlines: the period and, if one, the village."""
    actor = reader(turn)
    period, village_id = period_of(turn), village_of(turn, 1)
    trends = await figures.trends(turn.session, actor, _MORE, period, turn.today)
    aims = await targets.in_force(turn.session, actor, period, turn.today)
    title = words.title(await head(turn, actor, period, village_id))
    lines = [title, *_lines(trends, village_id, _MORE, aims)]
    back = Button(Text.of("status.back"), _tap(period, village_id))
    births = Button(Text.of("birth_totals.more"), Tap.of("births"))
    row = (back, births) if actor.may(Permission.BIRTH_READ) and turn.chat.is_private else (back,)
    turn.show(Message(Text.of("status.screen", lines=[*lines, *words.notes(trends)]), (row,)))
    turn.toast()


async def villages(turn: Turn) -> None:
    """Show one figure of every village: the period and the number of the indicator."""
    actor = reader(turn)
    period, code = period_of(turn), indicator_of(turn, 1)
    page = (await figures.ask(turn.session, actor, [code], period, turn.today))[code]
    turn.show(by_village(await head(turn, actor, period, None), page))
    turn.toast()
    turn.expect_drawing()


def by_village(of: Head, page: Page, *, is_pictured: bool = False) -> Message:
    """Return the screen of one figure in every village; `is_pictured`: without the button to the picture."""
    name = words.name(page.indicator.code)
    lines = [words.title(of), Text.of("status.of", name=name), *words.by_village(page)]
    return Message(Text.of("status.screen", lines=lines), _village_rows(page, is_pictured))


def reader(turn: Turn) -> Actor:
    """Return the actor as whom the figures are read: in a group, everybody is outside the team.

    Raises:
        AccessDenied: the role reads no counts.
    """
    actor = turn.require(Permission.COUNT_READ)
    return actor if turn.chat.is_private else figures.public(actor)


def period_of(turn: Turn, index: int = 0) -> Period:
    """Return the period that a button names.

    Raises:
        NotFound: it is none that has begun.
    """
    try:
        found = periods.named(turn.argument(index))
    except ValueError:
        raise NotFound from None
    if not FIRST_MONTH <= found.first <= turn.today:
        raise NotFound
    return found


def village_of(turn: Turn, index: int) -> int | None:
    """Return the village that a button names, if it names one."""
    has_one = turn.tap is not None and len(turn.tap.args) > index
    return turn.number(index) if has_one else None


def indicator_of(turn: Turn, index: int) -> IndicatorCode:
    """Return the indicator that a button names by its number.

    Raises:
        NotFound: there is none of that number.
    """
    return _CODES[turn.number(index, most=len(_CODES) - 1)]


def number_of(code: IndicatorCode) -> int:
    """Return the number that buttons call an indicator by."""
    return _CODES.index(code)


async def overview(turn: Turn, period: Period, village_id: int | None) -> None:
    """Show the headline figures of a period that has begun, of all villages or of one.

    Raises:
        NotFound: the village is out of reach.
    """
    turn.show(screen(turn, await look(turn, period, village_id)))
    turn.toast()
    turn.expect_drawing()


async def look(turn: Turn, period: Period, village_id: int | None) -> Seen:
    """Return the headline figures of a period that has begun.

    Raises:
        AccessDenied: the role reads no counts.
        NotFound: the village is out of reach.
    """
    actor = reader(turn)
    if village_id is not None:
        village_id = (await scope.village(turn.session, actor, village_id)).id
    trends = await figures.trends(turn.session, actor, figures.HEADLINES, period, turn.today)
    told = {code: one for code, one in trends.items() if period.contains(turn.today) or one.before is not None}
    aims = await targets.in_force(turn.session, actor, period, turn.today)
    return Seen(actor, await head(turn, actor, period, village_id), village_id, told, aims)


def screen(turn: Turn, seen: Seen, *, is_pictured: bool = False) -> Message:
    """Return the screen of headline figures; `is_pictured`: without the button to the picture."""
    lines = [words.title(seen.head), *_lines(seen.trends, seen.village_id, tuple(seen.trends), seen.aims)]
    text = Text.of("status.screen", lines=[*lines, *words.notes(seen.trends)])
    return Message(text, _buttons(turn, seen, is_pictured))


async def head(turn: Turn, actor: Actor, period: Period, village_id: int | None) -> Head:
    """Return what figures are of."""
    place = await places.get(turn.session, village_id or actor.village_id or actor.township_id)
    return Head(place.name, period, turn.now.astimezone(ZoneInfo(actor.zone)))


def _lines(
    trends: Mapping[IndicatorCode, Trend],
    village_id: int | None,
    codes: Sequence[IndicatorCode],
    aims: Mapping[IndicatorCode, int],
) -> list[Text]:
    lines = [
        line
        for code in codes
        for line in (*words.figure(trends[code], village_id), *words.target(trends[code].now, village_id, aims))
    ]
    return lines or [Text.of("status.none")]


def _buttons(turn: Turn, seen: Seen, is_pictured: bool) -> Rows:
    actor, period, village_id = seen.actor, seen.head.period, seen.village_id
    rows: Rows = (_around(turn, period, village_id),)
    if not is_pictured:
        rows += ((Button(Text.of("status.picture"), Tap.of("status.picture", *_args(period, village_id))),),)
    if not turn.chat.is_private:
        return rows
    rows += (_elsewhere(turn, actor, period, village_id),)
    counted = Button(Text.of("status.define"), Tap.of("define", *_args(period, village_id)))
    rows += ((Button(Text.of("status.more"), Tap.of("status.more", *_args(period, village_id))), counted),)
    if actor.may(Permission.DUE_READ) and (village_id or actor.village_id):
        rows += ((Button(Text.of("status.list"), Tap.of("due", 0, village_id or actor.village_id)),),)
    return rows


def _around(turn: Turn, period: Period, village_id: int | None) -> tuple[Button, ...]:
    before = period.before
    row = [Button(Text.of("status.before", period=words.period(before)), _tap(before, village_id))]
    if period.after.first <= turn.today and period.kind is not PeriodKind.YEAR_TO_DATE:
        after = period.after
        return (*row, Button(Text.of("status.after", period=words.period(after)), _tap(after, village_id)))
    return (*row, Button(Text.of("status.refresh"), _tap(period, village_id)))


def _elsewhere(turn: Turn, actor: Actor, period: Period, village_id: int | None) -> tuple[Button, ...]:
    """Return the buttons to the villages, or back to all of them, and to the year so far, or back to the month."""
    year, month = periods.to_date(turn.today), periods.month_of(turn.today)
    other = month if period == year else year
    long = Button(words.period(other), _tap(other, village_id))
    if actor.village_id is not None:
        return (long,)
    if village_id is not None:
        return (Button(Text.of("status.whole"), _tap(period, None)), long)
    listed = Tap.of("status.in", period.code, number_of(IndicatorCode.OVERDUE))
    return (Button(Text.of("status.villages"), listed), long)


def _village_rows(page: Page, is_pictured: bool) -> Rows:
    code, period = page.indicator.code, page.period
    others = [
        Button(words.name(each), Tap.of("status.in", period.code, number_of(each))) for each in _LISTED if each != code
    ]
    each = [Button(Verbatim(line.name), _tap(period, line.village_id)) for line in page.lines]
    counted = Button(Text.of("status.define"), Tap.of("define.of", number_of(code), *_args(period, None)))
    back = Button(Text.of("status.back"), _tap(period, None))
    picture = Button(Text.of("status.picture"), Tap.of("status.picture_in", period.code, number_of(code)))
    return (*_pairs(each), *_pairs(others), *_pairs([counted, back] if is_pictured else [picture, counted, back]))


def _tap(period: Period, village_id: int | None) -> Tap:
    return Tap.of("status", *_args(period, village_id))


def _args(period: Period, village_id: int | None) -> tuple[object, ...]:
    return (period.code,) if village_id is None else (period.code, village_id)


def _pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))
