"""What a month's public notice says: figures as any group gets them, in words and as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from handlers import figure_words
from handlers.context import Turn
from handlers.figure_words import Head
from handlers.picture_words import Words
from locales.message import Text
from locales.translator import translator
from models.files.charts import Chart
from models.rules.access import Actor
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.rules.publications import PUBLISHED
from models.store import places, publications
from models.store.indicators import figures
from models.store.indicators.figures import Page, Trend
from models.store.publications import Decided


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: its figures, by code, the words and the picture that they make."""

    figures: Mapping[str, Any]
    text: str
    chart: Chart


async def compose(turn: Turn, actor: Actor, month: Period, left_out: frozenset[str], edition: int) -> Notice:
    """Return what there is to tell of a month that is over, as a group would get it."""
    reader = figures.public(actor)
    codes = [code for code in PUBLISHED if code not in left_out]
    trends = await figures.trends(turn.session, reader, codes, month, turn.today)
    done = await publications.decided(turn.session, reader, month.first, month.last)
    place = await places.get(turn.session, actor.township_id)
    head = Head(place.name, month, turn.now.astimezone(ZoneInfo(actor.zone)))
    lines = list(_lines(head, {code: one.now for code, one in trends.items()}, done, edition))
    text = translator(turn.language).plain(Text.of("publications.text", lines=lines))
    return Notice(_figures(trends, done), text, Words(head, turn.language).notice(trends, done.n, done.done))


def _lines(head: Head, pages: Mapping[IndicatorCode, Page], done: Decided, edition: int) -> Iterator[Text]:
    month = figure_words.period(head.period)
    yield Text.of("publications.title" if edition == 1 else "publications.corrected", place=head.place, month=month)
    for code, page in pages.items():
        yield _line(code, page)
    if done.n:
        yield Text.of("publications.decided", n=done.n, done=done.done)
    if not all(page.is_complete or page.total is not None for page in pages.values()):
        yield Text.of("publications.note")
    yield Text.of("publications.at", at=head.at)


def _line(code: IndicatorCode, page: Page) -> Text:
    figure, name = page.total, figure_words.name(code)
    if figure is None:
        return Text.of("publications.kept_of" if page.whole else "publications.kept", name=name, of=page.whole)
    if figure.of is None:
        return Text.of("publications.number", name=name, n=figure.n)
    if figure.rate is None:
        return Text.of("publications.nothing", name=name)
    return Text.of("publications.rate", name=name, n=figure.n, of=figure.of, percent=f"{figure.rate.percent:.1f}")


def _figures(trends: Mapping[IndicatorCode, Trend], done: Decided) -> dict[str, Any]:
    """Return what is told, for comparing it with what is told later."""
    found: dict[str, Any] = {code.value: _told(one.now) for code, one in trends.items()}
    return {**found, "decided": [done.n, done.done]}


def _told(page: Page) -> list[int | None]:
    figure = page.total
    return [page.whole] if figure is None else [figure.n, figure.of]
