"""The pictures of a report on paper: the headline rates, and what is overdue by village; the tables have the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from locales.message import Text
from locales.translator import Translator
from models.files.charts import Bar, Bars, Chart, Dot, Dots, Part, Share, Sign, has_hidden
from models.rules.indicators.base import Figure
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.store.indicators.figures import HEADLINES, Line, Page, Trend
from scheduler.report_words import period as period_words

RATES = tuple(code for code in HEADLINES if INDICATORS[code].is_rate)
BY_VILLAGE = IndicatorCode.OVERDUE


class Pictures:
    """The pictures of one report, in the words of its reader."""

    def __init__(self, words: Translator, place: str, period: Period, at: datetime) -> None:
        """Draw pictures of a place in a period, as it stood at a moment."""
        self._words, self._at = words, at
        self._title = self._said("title", place=place, period=period_words(period))

    def all(self, trends: Mapping[IndicatorCode, Trend], *, has_villages: bool) -> Iterator[Chart]:
        """Yield them."""
        dots = [self._dot(trends[code]) for code in RATES]
        yield self._chart(Dots(self._said("rates"), dots), (Sign.NOW, Sign.BEFORE))
        if has_villages:
            yield self._chart(self._bars(trends[BY_VILLAGE].now), ())

    def _chart(self, part: Part, signs: Sequence[Sign]) -> Chart:
        hidden = (Sign.HIDDEN,) if has_hidden(part) else ()
        key = [(sign, self._said(f"sign_{sign.value}")) for sign in (*signs, *hidden)]
        return Chart(self._title, self._said("under", name=None, at=self._at), [part], key)

    def _dot(self, trend: Trend) -> Dot:
        page, before = trend.now, None if trend.before is None else _share(trend.before.total)
        last = None if before is None else before.value
        name = self._words.plain(Text.of(f"indicators.{page.indicator.code}.name"))
        return Dot(name, self._rate(page), _share(page.total), last, page.total is None)

    def _rate(self, page: Page) -> str:
        if page.total is None:
            return self._said("kept_of", of=page.whole) if page.whole else self._said("kept")
        if page.total.rate is None:
            return self._said("nothing")
        percent = f"{page.total.rate.percent:.1f}"
        return self._said("rate", n=page.total.n, of=page.total.of, percent=percent)

    def _bars(self, page: Page) -> Bars:
        name = Text.of(f"indicators.{page.indicator.code}.name")
        largest = max((line.figure.n for line in page.lines if line.figure is not None), default=0)
        lines = sorted(page.lines, key=lambda line: -1 if line.figure is None else -line.figure.n)
        bars = [self._bar(line, largest) for line in lines]
        return Bars(self._said("number_by", name=name), bars, self._said("no_villages"))

    def _bar(self, line: Line, largest: int) -> Bar:
        if line.figure is None:
            return Bar(line.name, self._said("small"), is_hidden=True)
        return Bar(line.name, str(line.figure.n), line.figure.n / largest if largest else 0.0)

    def _said(self, key: str, **values: object) -> str:
        return self._words.plain(Text.of(f"pictures.{key}", **values))


def _share(figure: Figure | None) -> Share | None:
    if figure is None or figure.rate is None:
        return None
    rate = figure.rate
    return Share(rate.percent / 100, rate.interval.low / 100, rate.interval.high / 100)
