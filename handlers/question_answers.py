"""What a question is answered: lines of figures, days, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from handlers import define
from handlers.context import Turn
from handlers.question_words import Asked, name, period
from locales.message import Text, Verbatim
from models.rules.access import Actor
from models.rules.indicators.base import Figure
from models.rules.indicators.codes import IndicatorCode
from models.rules.meetings import MeetingState
from models.rules.periods import Period
from models.rules.questions.counting import is_only_of_now
from models.rules.questions.ranking import Standing, first_few, ranked
from models.rules.questions.understanding import Intent
from models.store import checkup_days, meetings, unreported
from models.store.indicators import figures
from models.store.indicators.figures import Page
from models.store.meetings import MeetingLine

_STATE = (
    *(IndicatorCode.OVERDUE, IndicatorCode.DUE, IndicatorCode.DONE),
    *(IndicatorCode.TIMELINESS, IndicatorCode.ATTENDANCE),
)
"""What tells how villages stand."""
_TOLD_TOGETHER = 3
"""From so many on, villages with none are told in one line."""
_AHEAD = timedelta(days=93)
"""So far ahead the next check-up day of every village lies at most."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is answered: in a group, like somebody outside the team."""

    turn: Turn
    actor: Actor


async def lines(reader: Reader, asked: Asked) -> list[Text]:
    """Return the answer to a question that has one."""
    match asked.found.intent:
        case Intent.UNREPORTED:
            return await _unreported(reader, asked)
        case Intent.MEETING:
            return await _meetings(reader, asked)
        case Intent.CHECKUP_DAY:
            return await _checkup_days(reader, asked)
        case Intent.STATUS:
            return await _state(reader, asked)
        case Intent.DEFINE:
            return define.explained(asked.found.indicator) if asked.found.indicator is not None else []
        case _:
            return await _figures(reader, asked)


async def _figures(reader: Reader, asked: Asked) -> list[Text]:
    code, months = asked.found.indicator, asked.months.period
    if code is None:
        return []
    if months.first > asked.today:
        return [Text.of("questions.answer.ahead", period=period(months))]
    page = await _page(reader, code, months)
    match asked.found.intent:
        case Intent.MOST | Intent.LEAST:
            found = list(_extremes(page, asked))
        case Intent.VILLAGES:
            found = list(every_village(page, asked))
        case Intent.COMPARE if not is_only_of_now(code):
            earlier = await _page(reader, code, asked.earlier.period)
            found = list(_compared(page, earlier, asked))
        case _:
            found = list(_one(page, asked))
    if reader.actor.village_id is not None:
        found.append(Text.of("questions.answer.own_only", place=page.lines[0].name))
    return found


async def _state(reader: Reader, asked: Asked) -> list[Text]:
    """Return how several villages stand; what has no past only where the time that is asked about is now."""
    months = asked.months.period
    if months.first > asked.today:
        return [Text.of("questions.answer.ahead", period=period(months))]
    codes = [code for code in _STATE if months.contains(asked.today) or not is_only_of_now(code)]
    pages = await figures.ask(reader.turn.session, reader.actor, codes, months, reader.turn.today)
    return [
        line for code in codes for line in (Text.of("questions.answer.of", name=name(code)), *_one(pages[code], asked))
    ]


async def _page(reader: Reader, code: IndicatorCode, months: Period) -> Page:
    pages = await figures.ask(reader.turn.session, reader.actor, [code], months, reader.turn.today)
    return pages[code]


def _one(page: Page, asked: Asked) -> Iterator[Text]:
    if not asked.found.villages:
        yield Text.of("questions.answer.sum", value=_total(page))
        return
    for one in _chosen(page, asked):
        yield Text.of("questions.answer.line", name=one.name, value=value(one.figure))


def every_village(page: Page, asked: Asked) -> Iterator[Text]:
    """Yield each village's figure, the highest first; those with none in one line, those kept back counted."""
    chosen = _chosen(page, asked)
    order = ranked(chosen, falling=True)
    without = [village for village, figure in order if figure.of is None and not figure.n]
    is_short = len(without) < _TOLD_TOGETHER
    for village, figure in order:
        if is_short or village not in without:
            yield Text.of("questions.answer.line", name=village, value=value(figure))
    if not is_short:
        yield Text.of("questions.answer.without", n=len(without), names=[Verbatim(village) for village in without])
    yield from _hidden(page, chosen)
    if not asked.found.villages:
        yield Text.of("questions.answer.total", value=_total(page))


def _extremes(page: Page, asked: Asked) -> Iterator[Text]:
    chosen = _chosen(page, asked)
    falling = asked.found.intent is Intent.MOST
    found = first_few(chosen, asked.found.top, falling=falling)
    if not found:
        yield Text.of("questions.answer.nobody")
    if len(found) > asked.found.top:
        yield Text.of("questions.assumed.few", n=len(found))
    for rank, (village, figure) in enumerate(found, 1):
        yield Text.of("questions.answer.ranked", rank=rank, name=village, value=value(figure))
    yield from _hidden(page, chosen)


def _hidden(page: Page, chosen: Sequence[Standing]) -> Iterator[Text]:
    count = sum(one.figure is None for one in chosen)
    if count == page.hidden and count and page.rest is not None:
        yield Text.of("questions.answer.rest", n=count, value=value(page.rest))
    elif count:
        yield Text.of("questions.answer.hidden", n=count)


def _compared(page: Page, earlier: Page, asked: Asked) -> Iterator[Text]:
    for village, now, before in _pairs(page, earlier, asked):
        if village:
            yield Text.of("questions.answer.of", name=village)
        yield Text.of("questions.answer.before", period=period(page.period), value=now)
        yield Text.of("questions.answer.before", period=period(earlier.period), value=before)
    for one, other in _figures_of(page, earlier, asked):
        yield from change(one, other)
    if not page.period.is_over(asked.today):
        yield Text.of("questions.answer.running", period=period(page.period))


def _pairs(page: Page, earlier: Page, asked: Asked) -> Iterator[tuple[str, Text, Text]]:
    if not asked.found.villages:
        yield "", _total(page), _total(earlier)
        return
    for one, other in zip(_chosen(page, asked), _chosen(earlier, asked), strict=True):
        yield one.name, value(one.figure), value(other.figure)


def _figures_of(page: Page, earlier: Page, asked: Asked) -> Iterator[tuple[Figure | None, Figure | None]]:
    if not asked.found.villages:
        yield page.total, earlier.total
    elif len(asked.found.villages) == 1:
        yield _chosen(page, asked)[0].figure, _chosen(earlier, asked)[0].figure


def change(now: Figure | None, before: Figure | None) -> Iterator[Text]:
    """Yield how a figure has changed, and whether that may be chance."""
    if now is None or before is None:
        return
    if now.of is None or before.of is None:
        more = now.n - before.n
        yield Text.of(_direction(more, "up", "down"), change=abs(more))
    elif now.rate is not None and before.rate is not None:
        points = now.rate.percent - before.rate.percent
        yield Text.of(_direction(points, "points_up", "points_down"), change=f"{abs(points):.1f}")
        if points and now.rate.interval.overlaps(before.rate.interval):
            yield Text.of("questions.answer.by_chance")


def _direction(more: float, up: str, down: str) -> str:
    return f"questions.answer.{up if more > 0 else down if more < 0 else 'same'}"


def value(figure: Figure | None) -> Text:
    """Return a figure in words: a rate with what it is made of and how far it may be off."""
    if figure is None:
        return Text.of("questions.value.hidden")
    if figure.of is None:
        return Text.of("questions.value.number", n=figure.n)
    if figure.rate is None:
        return Text.of("questions.value.nothing")
    interval = figure.rate.interval
    return Text.of(
        "questions.value.rate",
        percent=f"{figure.rate.percent:.1f}",
        n=figure.n,
        of=figure.of,
        low=f"{interval.low:.1f}",
        high=f"{interval.high:.1f}",
    )


def _total(page: Page) -> Text:
    if page.total is None and page.whole is not None:
        return Text.of("questions.value.whole", of=page.whole)
    return value(page.total)


def _chosen(page: Page, asked: Asked) -> list[Standing]:
    """Return the villages that are asked about, or all."""
    wanted = {one.id for one in asked.found.villages}
    return [Standing(line.name, line.figure) for line in page.lines if not wanted or line.village_id in wanted]


async def _unreported(reader: Reader, asked: Asked) -> list[Text]:
    wanted = {one.id for one in asked.found.villages}
    found = [
        Text.of("questions.answer.unreported", name=one.name, day=one.held_on)
        for one in await unreported.by_village(reader.turn.session, reader.actor)
        if not wanted or one.village_id in wanted
    ]
    return found or [Text.of("questions.answer.all_reported")]


async def _meetings(reader: Reader, asked: Asked) -> list[Text]:
    session, when = reader.turn.session, asked.found.period
    if when is None:
        return [_meeting(await meetings.upcoming(session, reader.actor))]
    found = await meetings.between(session, reader.actor, when.first, when.last)
    return [_meeting(one) for one in found] or [Text.of("questions.answer.no_meeting")]


def _meeting(found: MeetingLine) -> Text:
    if found.state is MeetingState.CANCELLED:
        return Text.of("questions.answer.meeting_cancelled", day=found.held_on)
    return Text.of("questions.answer.meeting", day=found.held_on, at=found.starts_at)


async def _checkup_days(reader: Reader, asked: Asked) -> list[Text]:
    when, wanted = asked.found.period, {one.id for one in asked.found.villages}
    first, last = (when.first, when.last) if when is not None else (asked.today, asked.today + _AHEAD)
    days = [
        (day.held_on, day.village.name)
        for day in await checkup_days.between(reader.turn.session, reader.actor, first, last)
        if not day.is_cancelled and (not wanted or day.village.id in wanted)
    ]
    found = [_checkup_day(on, [village for _, village in some]) for on, some in groupby(days, key=lambda day: day[0])]
    shown = found if when is not None else found[:1]
    return shown or [Text.of("questions.answer.no_checkup")]


def _checkup_day(on: date, names: Sequence[str]) -> Text:
    return Text.of("questions.answer.checkup", day=on, villages=[Verbatim(one) for one in names])
