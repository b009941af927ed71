"""Figures in words: how many of how many, how far that can be off by chance, and what it was before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from locales.message import Text
from models.rules import targets as rules
from models.rules.indicators.base import Figure
from models.rules.indicators.checkups import OutcomeCell
from models.rules.indicators.codes import IndicatorCode
from models.rules.intervals import Rate
from models.rules.periods import Period, PeriodKind
from models.store.indicators.figures import Line, Page, Trend

_C = IndicatorCode
_MARKS: Mapping[IndicatorCode, str] = {
    _C.OVERDUE: "🔴",
    _C.DUE: "📋",
    _C.DONE: "✅",
    _C.TIMELINESS: "⏱",
    _C.CHECKUP_OFFER: "📣",
    _C.ATTENDANCE: "🩺",
    _C.REPORTING: "🕕",
    _C.INFORMED_CHOICE: "💬",
}
_OTHER_MARK = "▫️"


@dataclass(frozen=True, slots=True)
class Head:
    """What figures are of.

    Attributes:
        place: name of the township or village.
        at: as of when, in the township's zone.
    """

    place: str
    period: Period
    at: datetime


def title(head: Head) -> Text:
    """Return the line above figures: of where, of when, as of when."""
    return Text.of("status.title", place=head.place, period=period(head.period), at=head.at)


def name(code: IndicatorCode) -> Text:
    """Return what an indicator is called."""
    return Text.of(f"indicators.{code}.name")


def period(one: Period) -> Text:
    """Return what a period is called."""
    key = str(one.kind)
    if one.kind is PeriodKind.HALF_YEAR:
        key = "first_half" if one.number == 1 else "second_half"
    return Text.of(f"periods.{key}", first=one.first, number=one.number)


def figure(trend: Trend, village_id: int | None = None) -> list[Text]:
    """Return the lines that tell a figure of the whole place, or of a village, and what it was before."""
    page, code = trend.now, trend.now.indicator.code
    now, before = of(page, village_id), None if trend.before is None else of(trend.before, village_id)
    mark, label = _MARKS.get(code, _OTHER_MARK), name(code)
    if now is None:
        whole = page.whole if village_id is None else None
        return [Text.of("status.kept_of" if whole else "status.kept", mark=mark, name=label, of=whole)]
    if now.of is None:
        change = _number_before(before, trend)
        return [Text.of("status.number", mark=mark, name=label, n=now.n, before=change)]
    if now.rate is None:
        return [Text.of("status.nothing", mark=mark, name=label)]
    lines = [Text.of("status.rate", mark=mark, name=label, n=now.n, of=now.of, percent=_percent(now.rate.percent))]
    return [*lines, _spread(now.rate, before, trend), *_beside(page, village_id)]


def target(page: Page, village_id: int | None, aims: Mapping[IndicatorCode, int]) -> list[Text]:
    """Return how a figure stands to the township's target: nothing without one, and of a figure of so few people."""
    percent = aims.get(page.indicator.code)
    found = None if percent is None else rules.attained(of(page, village_id), percent)
    if found is None:
        return []
    chance = Text.of("status.chance" if found.may_be_chance else "status.no_change")
    key = "targets.attained" if found.is_attained else "targets.short"
    return [Text.of(key, percent=found.percent, points=_percent(found.gap), chance=chance)]


def by_village(page: Page) -> list[Text]:
    """Return a line for each village, and for those together that aren't shown."""
    shown = [line for line in page.lines if line.figure is not None]
    lines = [_village(line.name, line.figure) for line in shown if line.figure is not None]
    hidden = [Text.of("numbers.name", name=line.name) for line in page.lines if line.figure is None]
    if hidden and page.rest is not None:
        lines.append(_village(Text.of("status.others", n=len(hidden), names=hidden), page.rest))
    elif hidden:
        lines.append(Text.of("status.hidden", n=len(hidden), names=hidden))
    total = [_village(Text.of("status.all"), page.total)] if page.total is not None else []
    return [*total, *lines, *([] if page.is_complete else [Text.of("status.note")])]


def notes(trends: Mapping[IndicatorCode, Trend]) -> list[Text]:
    """Return what has to be said below figures: that some aren't shown."""
    return [] if all(one.now.is_complete for one in trends.values()) else [Text.of("status.note")]


def interval(rate: Rate) -> Text:
    """Return where a rate lies with 95 % confidence."""
    found = rate.interval
    return Text.of("status.interval", low=_percent(found.low), high=_percent(found.high))


def share(one: Figure) -> Text:
    """Return a figure as short as it can be said."""
    if one.of is None:
        return Text.of("numbers.number", number=one.n)
    if one.rate is None:
        return Text.of("status.no_share")
    return Text.of("status.share", n=one.n, of=one.of, percent=_percent(one.rate.percent))


def of(page: Page, village_id: int | None) -> Figure | None:
    if village_id is None:
        return page.total
    return next((line.figure for line in page.lines if line.village_id == village_id), None)


def _village(place: str | Text, one: Figure | None) -> Text:
    return Text.of("status.line", name=place, figure=share(one) if one is not None else Text.of("numbers.withheld"))


def _number_before(before: Figure | None, trend: Trend) -> Text:
    if before is None or trend.before is None:
        return Text.of("status.no_change")
    return Text.of("status.was", period=period(trend.before.period), n=before.n)


def _spread(rate: Rate, before: Figure | None, trend: Trend) -> Text:
    """Return the interval, and how the rate has changed: whether more than chance can make of it."""
    if before is None or before.rate is None or trend.before is None:
        return Text.of("status.spread", interval=interval(rate), change=Text.of("status.no_change"))
    change = rate.percent - before.rate.percent
    is_chance = rate.interval.overlaps(before.rate.interval)
    key = "status.same" if abs(change) < 0.05 else "status.up" if change > 0 else "status.down"
    words = Text.of(
        key,
        period=period(trend.before.period),
        points=_percent(abs(change)),
        chance=Text.of("status.chance" if is_chance else "status.no_change"),
    )
    return Text.of("status.spread", interval=interval(rate), change=words)


def _beside(page: Page, village_id: int | None) -> Iterable[Text]:
    """Return what else came of the places that attendance is a part of, where that may be told."""
    lines: Iterable[Line] = page.lines if village_id is not None else ()
    counts = next((line.outcomes for line in lines if line.village_id == village_id), None)
    counts = page.outcomes if village_id is None else counts
    if village_id is None and page.days is not None:
        is_money = page.indicator.code is IndicatorCode.BENEFITS_COVERAGE
        return [Text.of("status.days_to_money" if is_money else "status.days", days=f"{page.days:g}")]
    if village_id is None and page.asked:
        return [Text.of("status.asked", asked=page.asked)]
    if page.indicator.code is not IndicatorCode.ATTENDANCE or not counts:
        return []
    cells = dict(zip(OutcomeCell, counts, strict=True))
    told = {cell.value: cells[cell] for cell in (OutcomeCell.DECLINED, OutcomeCell.ELSEWHERE, OutcomeCell.AWAY)}
    return [Text.of("status.beside", **told)]


def _percent(value: float) -> str:
    return f"{value:.1f}"
