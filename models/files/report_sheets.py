"""A report as a workbook: figures, villages, every figure of every village, and how each is counted.

A number that is kept back is an empty cell, and the column behind says so: so that nobody takes it for 0, and a sum
made in the workbook can be seen to lack it. No text ever becomes a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.files.report_content import Figure, Report, Value, Village
from models.files.sheets import workbook

_A4 = 9
_RATE = ("n", "of", "percent", "low", "high", "note")
_BESIDE = ("declined", "elsewhere", "away")
_Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class ReportSheets:
    """A report to be written as .xlsx."""

    report: Report

    def content(self) -> bytes:
        """Return the file."""
        with workbook() as (content, book):
            pen = _Pen(book, self.report)
            names = self.report.words.sheets
            pen.sheet(names[0], _figures(self.report), widths=(18, *[10] * 5, 26, 16, *[10] * 3, 10, 22, *[10] * 3))
            if self.report.villages:
                pen.sheet(names[1], _wide(self.report), widths=(14, *[11] * _width(self.report), 44))
                pen.sheet(names[2], _long(self.report), widths=(14, 18, *[10] * 5, 26, *[10] * 3), has_filter=True)
            pen.sheet(names[3], _definitions(self.report), widths=(18, 44, 44, 44, 44, 22, 40), wraps=True)
        return content.getvalue()


class _Pen:
    """Writes sheets that all begin alike."""

    def __init__(self, book: Any, report: Report) -> None:
        self._book, self._report = book, report
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#DDEBF7"}
        )
        self._text = book.add_format({"num_format": "@", "valign": "top"})
        self._wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._whole = book.add_format({"num_format": "0", "valign": "top"})
        self._share = book.add_format({"num_format": "0.0", "valign": "top"})

    def sheet(
        self,
        name: str,
        rows: Iterator[Sequence[_Cell]],
        *,
        widths: Sequence[int],
        wraps: bool = False,
        has_filter: bool = False,
    ) -> None:
        """Write a sheet: title, when it was made, notes, an empty row, the columns' names, and the rows."""
        page = self._book.add_worksheet(name)
        page.write_string(0, 0, self._report.title, self._title)
        for line, words in enumerate((self._report.as_of, *self._report.notes), 1):
            page.write_string(line, 0, words)
        first = line + 2
        heads = [str(words) for words in next(rows)]
        for column, head in enumerate(heads):
            page.write_string(first, column, head, self._head)
        last = first
        for last, row in enumerate(rows, first + 1):
            for column, cell in enumerate(row):
                self._write(page, last, column, cell, wraps=wraps)
        for column, width in enumerate(widths[: len(heads)]):
            page.set_column(column, column, width)
        page.freeze_panes(first + 1, 1)
        if has_filter:
            page.autofilter(first, 0, last, len(heads) - 1)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(first)
        page.set_footer("&C&P / &N")

    def _write(self, page: Any, row: int, column: int, cell: _Cell, *, wraps: bool) -> None:
        if isinstance(cell, str):
            if cell:
                page.write_string(row, column, cell, self._wrapped if wraps else self._text)
        elif cell is not None:
            page.write_number(row, column, cell, self._share if isinstance(cell, float) else self._whole)


def _figures(report: Report) -> Iterator[Sequence[_Cell]]:
    """Yield a row for each figure, with the period before behind it."""
    named = report.words.columns
    before = ("before", "before_n", "before_of", "before_percent", "change", "change_note")
    yield [named[key] for key in ("figure", *_RATE, *before, *_BESIDE)]
    for figure in report.figures:
        change, old = figure.change, figure.change.value
        known = (old.n, old.of, old.percent, change.points, change.note or old.note)
        yield [figure.name, *_cells(figure.value), change.period, *known, *figure.value.beside]


def _wide(report: Report) -> Iterator[Sequence[_Cell]]:
    """Yield a row for each village, with its headline figures, and what is kept back named behind them."""
    named, places = report.words.columns, _headlines(report)
    heads = [head for place in places for head in _heads(report, report.figures[place])]
    yield [named["village"], *heads, named["note"]]
    for village in report.villages:
        cells = [cell for place in places for cell in _some(report.figures[place], village.values[place])]
        yield [village.name, *cells, _kept(report, village, places)]


def _long(report: Report) -> Iterator[Sequence[_Cell]]:
    """Yield a row for each figure of each village."""
    named = report.words.columns
    yield [named[key] for key in ("village", "figure", *_RATE, *_BESIDE)]
    for village in report.villages:
        for figure, value in zip(report.figures, village.values, strict=True):
            yield [village.name, figure.name, *_cells(value), *value.beside]


def _definitions(report: Report) -> Iterator[Sequence[_Cell]]:
    """Yield a row for each figure: how it is counted."""
    yield [report.words.columns["figure"], *report.definition_heads]
    for figure in report.figures:
        yield [figure.name, *figure.definition.parts]


def _cells(value: Value) -> tuple[_Cell, ...]:
    return value.n, value.of, value.percent, value.low, value.high, value.note


def _headlines(report: Report) -> list[int]:
    return [place for place, figure in enumerate(report.figures) if figure.is_headline]


def _width(report: Report) -> int:
    return sum(len(_heads(report, report.figures[place])) for place in _headlines(report))


def _heads(report: Report, figure: Figure) -> list[str]:
    named = report.words.columns
    parts = ("n", "of", "percent") if figure.is_rate else ("n",)
    return [f"{figure.name} {named[part]}" for part in parts]


def _some(figure: Figure, value: Value) -> tuple[_Cell, ...]:
    return (value.n, value.of, value.percent) if figure.is_rate else (value.n,)


def _kept(report: Report, village: Village, places: Sequence[int]) -> str:
    """Return which figures of a village have no number, and why."""
    by_reason: dict[str, list[str]] = {}
    for place in places:
        if note := village.values[place].note:
            by_reason.setdefault(note, []).append(report.figures[place].name)
    joiner = report.words.columns["joiner"]
    return " ".join(f"{note} {joiner.join(names)}" for note, names in by_reason.items())
