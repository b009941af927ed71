"""The leader asks how things stand: the headline figures of a township or a village in a period, never a name.

Outside the team (deputy, leader, groups) small numbers of people are kept back: `models.store.indicators.figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers import figure_words as words
from handlers.context import Turn
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from models.rules import periods
from models.rules.access import Actor, Permission
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period, PeriodKind
from models.store import places, scope
from models.store.errors import NotFound
from models.store.indicators import figures
from models.store.indicators.figures import Page, Trend

FIRST_MONTH = date(2000, 1, 1)
"""Nothing is counted before it."""
_CODES = tuple(INDICATORS)
_MORE = tuple(code for code in INDICATORS if code not in figures.HEADLINES)
_LISTED = (IndicatorCode.OVERDUE, IndicatorCode.TIMELINESS, IndicatorCode.CHECKUP_OFFER, IndicatorCode.ATTENDANCE)
"""By which the villages can be listed."""


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
    lines = [await _title(turn, actor, period, village_id), *_lines(trends, village_id, _MORE)]
    back = Button(Text.of("status.back"), _tap(period, village_id))
    turn.show(Message(Text.of("status.screen", lines=[*lines, *words.notes(trends)]), ((back,),)))
    turn.toast()


async def villages(turn: Turn) -> None:
    """Show one figure of every village: the period and the number of the indicator."""
    actor = reader(turn)
    period, code = period_of(turn), indicator_of(turn, 1)
    page = (await figures.ask(turn.session, actor, [code], period, turn.today))[code]
    title = await _title(turn, actor, period, None)
    lines = [title, Text.of("status.of", name=words.name(code)), *words.by_village(page)]
    turn.show(Message(Text.of("status.screen", lines=lines), _village_rows(page, code, period)))
    turn.toast()


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
    actor = reader(turn)
    if village_id is not None:
        village_id = (await scope.village(turn.session, actor, village_id)).id
    trends = await figures.trends(turn.session, actor, figures.HEADLINES, period, turn.today)
    codes = [code for code in figures.HEADLINES if period.contains(turn.today) or trends[code].before is not None]
    lines = [await _title(turn, actor, period, village_id), *_lines(trends, village_id, codes)]
    screen = Text.of("status.screen", lines=[*lines, *words.notes(trends)])
    turn.show(Message(screen, _buttons(turn, actor, period, village_id)))
    turn.toast()


async def _title(turn: Turn, actor: Actor, period: Period, village_id: int | None) -> Text:
    place = await places.get(turn.session, village_id or actor.village_id or actor.township_id)
    at = turn.now.astimezone(ZoneInfo(actor.zone))
    return Text.of("status.title", place=place.name, period=words.period(period), at=at)


def _lines(trends: Mapping[IndicatorCode, Trend], village_id: int | None, codes: Sequence[IndicatorCode]) -> list[Text]:
    lines = [line for code in codes for line in words.figure(trends[code], village_id)]
    return lines or [Text.of("status.none")]


def _buttons(turn: Turn, actor: Actor, period: Period, village_id: int | None) -> Rows:
    rows: Rows = (_around(turn, period, village_id),)
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


def _village_rows(page: Page, code: IndicatorCode, period: Period) -> Rows:
    others = [
        Button(words.name(each), Tap.of("status.in", period.code, number_of(each))) for each in _LISTED if each != code
    ]
    each = [Button(Verbatim(line.name), _tap(period, line.village_id)) for line in page.lines]
    counted = Button(Text.of("status.define"), Tap.of("define.of", number_of(code), *_args(period, None)))
    back = Button(Text.of("status.back"), _tap(period, None))
    return (*_pairs(each), *_pairs(others), (counted, back))


def _tap(period: Period, village_id: int | None) -> Tap:
    return Tap.of("status", *_args(period, village_id))


def _args(period: Period, village_id: int | None) -> tuple[object, ...]:
    return (period.code,) if village_id is None else (period.code, village_id)


def _pairs(buttons: Sequence[Button]) -> Rows:
    return tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))
