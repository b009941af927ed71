"""What the picture of figures says: of the township, of a village and its months, of one figure in every village.

It shows the same pages as the screen beside it, and nothing that isn't on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf

from handlers import figure_words
from handlers.figure_words import Head
from locales.message import Label, Text
from locales.translator import translator
from models.files.charts import Bar, Bars, Chart, Dot, Dots, Month, Months, Part, Share, Sign, Tile, Tiles, has_hidden
from models.rules.indicators.base import Figure, Nature
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.store.indicators.figures import HEADLINES, Line, Page, Trend

NUMBERS = tuple(code for code in HEADLINES if not INDICATORS[code].is_rate)
RATES = tuple(code for code in HEADLINES if INDICATORS[code].is_rate)
Trends = Mapping[IndicatorCode, Trend]
Series = Mapping[IndicatorCode, Sequence[Page]]


class Words:
    """Pictures of figures, in the words of one language."""

    def __init__(self, head: Head, language: str) -> None:
        """Draw pictures of what `head` says."""
        self._head = head
        self._words = translator(language)

    def township(self, trends: Trends, by_village: Page) -> Chart:
        """Return the headline figures, and below them one of every village."""
        code = by_village.indicator.code
        parts: list[Part] = [*self._numbers(trends, None), self._rates(trends), self._villages(by_village)]
        notes = [*self._rest(by_village), self._counted(code)]
        return self._chart(parts, (Sign.NOW, Sign.BEFORE), notes)

    def village(self, trends: Trends, series: Series, village_id: int) -> Chart:
        """Return a village's headline figures, and below them its months."""
        months = [self._months(trends[code].now, series[code], village_id) for code in RATES if code in trends]
        return self._chart([*self._numbers(trends, village_id), *months], (Sign.MONTH,), [self._said("scale")])

    def indicator(self, page: Page, series: Series) -> Chart:
        """Return one figure: the township's months, where it has them, and every village."""
        code = page.indicator.code
        months = [self._months(page, series[code], None)] if code in series else []
        signs = ((Sign.MONTH,) if months else ()) + ((Sign.NOW,) if page.indicator.is_rate else ())
        notes = [*([self._said("scale")] if months else []), *self._rest(page), self._counted(code)]
        return self._chart([*months, self._villages(page)], signs, notes, code)

    def notice(self, trends: Trends, decided: int, done: int) -> Chart:
        """Return what is posted for everybody: service and rates, what a meeting decided, no villages."""
        served = trends.get(IndicatorCode.DONE)
        tiles = [self._tile(IndicatorCode.DONE, served, None)] if served is not None else []
        if decided:
            tiles += [Tile(self._said("decided"), str(decided)), Tile(self._said("decided_done"), str(done))]
        rates = [self._dot(code, one) for code, one in trends.items() if INDICATORS[code].is_rate]
        parts: list[Part] = [*([Tiles(tiles)] if tiles else []), Dots(self._said("rates"), rates)]
        return self._chart(parts, (Sign.NOW, Sign.BEFORE), [self._said("public")])

    def _chart(
        self,
        parts: Sequence[Part],
        signs: Sequence[Sign],
        notes: Sequence[str],
        code: IndicatorCode | None = None,
    ) -> Chart:
        head = self._head
        title = self._said("title", place=head.place, period=figure_words.period(head.period))
        name = figure_words.name(code) if code is not None else None
        under = self._said("under_of" if name else "under", name=name, at=head.at)
        hidden = (Sign.HIDDEN,) if any(map(has_hidden, parts)) else ()
        key = [(sign, self._said(f"sign_{sign.value}")) for sign in (*signs, *hidden)]
        return Chart(title, under, parts, key, notes)

    def _numbers(self, trends: Trends, village_id: int | None) -> list[Tiles]:
        found = [(code, trends[code]) for code in NUMBERS if code in trends]
        return [Tiles([self._tile(code, trend, village_id) for code, trend in found])] if found else []

    def _tile(self, code: IndicatorCode, trend: Trend, village_id: int | None) -> Tile:
        now = figure_words.of(trend.now, village_id)
        number = str(now.n) if now is not None else self._few(trend.now, village_id is not None)
        return Tile(self._plain(figure_words.name(code)), number, self._change(trend, village_id))

    def _change(self, trend: Trend, village_id: int | None) -> str:
        if trend.before is None:
            return self._said("now")
        before = figure_words.of(trend.before, village_id)
        n = before.n if before is not None else Text.of("pictures.kept_short")
        return self._said("was", period=figure_words.period(trend.before.period), n=n)

    def _rates(self, trends: Trends) -> Dots:
        dots = [self._dot(code, trends[code]) for code in RATES if code in trends]
        return Dots(self._said("rates"), dots)

    def _dot(self, code: IndicatorCode, trend: Trend) -> Dot:
        now, before = trend.now.total, _share(None if trend.before is None else trend.before.total)
        last = before.value if before is not None else None
        return Dot(
            self._plain(figure_words.name(code)), self._rate(now, trend.now.whole), _share(now), last, now is None
        )

    def _rate(self, figure: Figure | None, whole: int | None) -> str:
        if figure is None:
            return self._said("kept_of", of=whole) if whole else self._said("kept")
        if figure.rate is None:
            return self._said("nothing")
        return self._said("rate", n=figure.n, of=figure.of, percent=f"{figure.rate.percent:.1f}")

    def _villages(self, page: Page) -> Bars:
        key = "rate_by" if page.indicator.is_rate else "number_by"
        title = self._said(key, name=figure_words.name(page.indicator.code))
        largest = max([line.figure.n for line in page.lines if line.figure is not None], default=0)
        bars = [self._bar(page, line, largest) for line in sorted(page.lines, key=_order(page))]
        return Bars(title, bars, self._said("no_villages"))

    def _bar(self, page: Page, line: Line, largest: int) -> Bar:
        figure = line.figure
        if figure is None:
            return Bar(line.name, self._few(page, is_village=True), is_hidden=True)
        if figure.of is None:
            return Bar(line.name, str(figure.n), figure.n / largest if largest else 0.0)
        return Bar(line.name, self._percent(figure), share=_share(figure))

    def _months(self, page: Page, pages: Sequence[Page], village_id: int | None) -> Months:
        months = [self._month(each, figure_words.of(each, village_id)) for each in pages]
        words = self._rate(figure_words.of(page, village_id), page.whole if village_id is None else None)
        return Months(self._said("months", name=figure_words.name(page.indicator.code)), months, words)

    def _month(self, page: Page, figure: Figure | None) -> Month:
        name = self._said("month", first=page.period.first)
        return Month(name, "" if figure is None else self._percent(figure), _share(figure), figure is None)

    def _percent(self, figure: Figure) -> str:
        return (
            self._said("none") if figure.rate is None else self._said("percent", percent=f"{figure.rate.percent:.0f}")
        )

    def _few(self, page: Page, is_village: bool) -> str:
        """Return what stands for a number that isn't shown: of what waits in a village, that it is small."""
        is_small = is_village and page.indicator.table.nature is Nature.NOW
        return self._said("small" if is_small else "kept_short")

    def _rest(self, page: Page) -> list[str]:
        if page.rest is None:
            return []
        return [self._said("rest", n=page.hidden, figure=figure_words.share(page.rest))]

    def _counted(self, code: IndicatorCode) -> str:
        definition = Text.of(f"indicators.{code}.definition")
        return self._said("counted", name=figure_words.name(code), definition=definition)

    def _said(self, key: str, **values: object) -> str:
        return self._plain(Text.of(f"pictures.{key}", **values))

    def _plain(self, label: Label) -> str:
        return self._words.plain(label)


def _share(figure: Figure | None) -> Share | None:
    if figure is None or figure.rate is None:
        return None
    rate = figure.rate
    return Share(rate.percent / 100, rate.interval.low / 100, rate.interval.high / 100)


def _order(page: Page) -> Callable[[Line], float]:
    """Return what villages are put in order by: the most first; hidden ones last, or where small numbers stand."""
    unknown = -1.0 if page.indicator.table.nature is Nature.NOW else inf

    def key(line: Line) -> float:
        figure = line.figure
        if figure is None:
            return unknown
        if figure.of is None:
            return -float(figure.n)
        return -figure.rate.percent if figure.rate is not None else 1.0

    return key
