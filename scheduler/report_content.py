"""The figures of a report put into the words of its reader; what the reader may not see is not in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from locales.message import Text
from locales.translator import Translator, translator
from models.files.charts import Chart
from models.files.report_content import Change, Definition, Report, Value, Village, Words
from models.files.report_content import Figure as Told
from models.rules.access import Actor
from models.rules.indicators.base import Counts, Figure, Indicator
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.checkups import OutcomeCell
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.store.indicators.figures import HEADLINES, Page, Trend
from scheduler.report_pictures import Pictures
from scheduler.report_words import period as period_words

_PARTS = ("definition", "numerator", "denominator", "exclusions", "aim", "source")
_SHEETS = ("figures", "villages", "details", "definitions")
_COLUMNS = (
    *("figure", "village", "value", "n", "of", "percent", "interval", "low", "high", "note"),
    *("declined", "elsewhere", "away", "before", "before_n", "before_of", "before_percent", "change", "change_note"),
)
BESIDE = (OutcomeCell.DECLINED, OutcomeCell.ELSEWHERE, OutcomeCell.AWAY)
"""What is told beside attendance: coming is each person's own matter."""
_NAMES = ("colon", "joiner", "headlines", "others", "by_village", "village_note", "definitions")


@dataclass(frozen=True, slots=True)
class Found:
    """What a report is made of.

    Attributes:
        place: the village of its reader, or the township.
        trends: every indicator, headlines first.
        decisions: how many of the joint meeting are open, and how many of them overdue; `None`: not for the reader.
        at: when it was counted, in the reader's zone.
    """

    place: str
    period: Period
    trends: Mapping[IndicatorCode, Trend]
    decisions: tuple[int, int] | None
    at: datetime


def codes() -> tuple[IndicatorCode, ...]:
    """Return every indicator in the order in which a report tells it: headlines first."""
    return (*HEADLINES, *(code for code in INDICATORS if code not in HEADLINES))


def laid_out(actor: Actor, found: Found) -> Report:
    """Return a report in the words of its reader."""
    return _Layout(actor, found).report()


class _Layout:
    """One report while it is put into words."""

    def __init__(self, actor: Actor, found: Found) -> None:
        self._actor, self._found = actor, found
        self._words: Translator = translator(actor.language)
        self._trends = [found.trends[code] for code in codes()]

    def report(self) -> Report:
        found = self._found
        return Report(
            title=self._file("title", place=found.place, period=period_words(found.period)),
            as_of=self._file("as_of", at=found.at),
            notes=[self._file(name) for name in self._notes()],
            figures=[self._figure(trend) for trend in self._trends],
            villages=list(self._villages()) if self._actor.village_id is None else [],
            remarks=[*self._beside(), *self._decisions()],
            definition_heads=[self._file(f"definition.{part}") for part in _PARTS],
            words=self._constant(),
            pictures=self._pictures(),
        )

    def _pictures(self) -> list[Chart]:
        found = self._found
        pictures = Pictures(self._words, found.place, found.period, found.at)
        return list(pictures.all(found.trends, has_villages=self._actor.village_id is None))

    def _notes(self) -> Iterator[str]:
        yield "note_chance"
        yield "note_now"
        pages = [page for trend in self._trends for page in (trend.now, trend.before) if page is not None]
        if not all(page.is_complete for page in pages):
            yield "note_hidden"

    def _figure(self, trend: Trend) -> Told:
        indicator = trend.now.indicator
        return Told(
            self._name(indicator),
            _with(self._value(trend.now.total, trend.now.whole), trend.now.outcomes),
            self._change(trend),
            Definition(list(self._definition(indicator))),
            indicator.is_rate,
            indicator.code in HEADLINES,
        )

    def _value(self, one: Figure | None, whole: int | None = None) -> Value:
        if one is None:
            return Value(of=whole, note=self._file("hidden"))
        if one.of is None:
            return Value(one.n)
        if one.rate is None:
            return Value(one.n, one.of, note=self._file("nothing"))
        return Value(one.n, one.of, one.rate.percent, one.rate.interval.low, one.rate.interval.high)

    def _change(self, trend: Trend) -> Change:
        if trend.before is None:
            return Change()
        now, old = trend.now.total, trend.before.total
        period = self._words.plain(period_words(trend.before.period))
        value = self._value(old, trend.before.whole)
        if now is None or old is None:
            return Change(period, value)
        if now.of is None:
            return Change(period, value, now.n - old.n)
        if now.rate is None or old.rate is None:
            return Change(period, value)
        is_chance = now.rate.interval.overlaps(old.rate.interval)
        note = self._file("chance") if is_chance else ""
        return Change(period, value, now.rate.percent - old.rate.percent, note)

    def _definition(self, indicator: Indicator) -> Iterator[str]:
        for part in _PARTS:
            if part == "aim":
                yield self._aim(indicator)
            elif part == "denominator" and not indicator.is_rate:
                yield self._file("no_denominator")
            else:
                yield self._words.plain(Text.of(f"indicators.{indicator.code}.{part}"))

    def _aim(self, indicator: Indicator) -> str:
        return self._file("no_aim") if indicator.aim is None else self._file("aim", percent=indicator.aim)

    def _villages(self) -> Iterator[Village]:
        """Yield all together, each village, and those together that aren't shown, where that is shown."""
        pages = [trend.now for trend in self._trends]
        together = [_with(self._value(page.total, page.whole), page.outcomes) for page in pages]
        yield Village(self._file("all"), together, is_sum=True)
        for index, line in enumerate(pages[0].lines):
            values = [_with(self._value(each.figure), each.outcomes) for each in (page.lines[index] for page in pages)]
            yield Village(line.name, values)
        if any(page.rest is not None for page in pages):
            yield Village(self._file("rest"), [self._rest(page) for page in pages], is_sum=True)

    def _rest(self, page: Page) -> Value:
        """Return what the villages that aren't shown have together; of an indicator that shows all of them, nothing."""
        return self._value(page.rest) if page.hidden else Value(note=self._file("all_shown"))

    def _beside(self) -> Iterator[str]:
        """Yield what else came of the places that attendance is a part of, where that may be told."""
        page = self._found.trends[IndicatorCode.ATTENDANCE].now
        if page.outcomes:
            told = dict(zip((cell.value for cell in BESIDE), _of(page.outcomes), strict=True))
            yield self._file("beside", figure=self._name(page.indicator), **told)

    def _decisions(self) -> Iterator[str]:
        if self._found.decisions is None:
            return
        open_, late = self._found.decisions
        yield self._file("decisions", open=open_, late=late) if open_ else self._file("no_decisions")

    def _constant(self) -> Words:
        columns = {name: self._file(f"column.{name}") for name in _COLUMNS} | {
            name: self._file(name) for name in _NAMES
        }
        return Words(
            sheets=[self._file(f"sheet.{name}") for name in _SHEETS],
            columns=columns,
            points=self._file("points", points="{points}"),
            page=self._file("page", page="{page}", pages="{pages}"),
            hidden=self._file("hidden_short"),
            none=self._file("nothing_short"),
        )

    def _name(self, indicator: Indicator) -> str:
        return self._words.plain(Text.of(f"indicators.{indicator.code}.name"))

    def _file(self, name: str, **values: object) -> str:
        return self._words.plain(Text.of(f"report_files.file.{name}", **values))


def _with(value: Value, outcomes: Counts | None) -> Value:
    """Return a value with what is told beside it."""
    return replace(value, beside=_of(outcomes)) if outcomes else value


def _of(outcomes: Counts) -> tuple[int, ...]:
    cells = dict(zip(OutcomeCell, outcomes, strict=True))
    return tuple(cells[cell] for cell in BESIDE)
