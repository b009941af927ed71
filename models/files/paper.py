"""A roster on paper, to be filled in by hand where there is no network: A4, a big row a person, boxes to tick.

What draws it is loaded when it is drawn, in a process of its own (`aside`). No phone and no identity number is on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.files.calendar_pictures import font_path

MARGIN, ROW, HEAD = 10.0, 10.5, 9.0
"""Millimetres: the edge of the page, the height of a row, that of the columns' names."""
_NUMBER, _NAME, _GROUP, _BORN, _BOX, _PRESSURE, _WEIGHT = 11.0, 29.0, 20.0, 14.0, 11.0, 30.0, 16.0
_WIDTH, _HEIGHT = 210.0, 297.0
_FOOT = 12.0
_SQUARE = 5.0
_FONT = "sans"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A person: the number by which results come back, and what tells people apart."""

    number: int
    name: str
    group: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A roster to be printed; every word on it is given.

    Attributes:
        title: which village and what; `day`: when.
        heads: what the columns before the boxes are called: number, name, group, born.
        ends: what the boxes say: ways in which it can end.
        measured: what the columns behind the boxes are called: blood pressure, weight, remark.
        note: how results are sent back.
        page: `{page}` and `{pages}` in words.
        blank: so many empty rows for people who are not on the list.
    """

    title: str
    day: str
    heads: Sequence[str]
    ends: Sequence[str]
    measured: Sequence[str]
    note: Sequence[str]
    page: str
    lines: Sequence[PaperLine]
    blank: int = 4

    def content(self) -> bytes:
        """Return the roster as a PDF."""
        return _Drawing(self).content()


class _Drawing:
    """One document while it is drawn."""

    def __init__(self, paper: Paper) -> None:
        from fpdf import FPDF

        self._paper = paper
        self._pdf: Any = FPDF(format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.add_font(_FONT, fname=font_path())
        self._pdf.set_title(paper.title)
        self._pdf.set_margin(0)
        ends = [_BOX] * len(paper.ends)
        fixed = [_NUMBER, _NAME, _GROUP, _BORN, *ends, _PRESSURE, _WEIGHT]
        self._widths = [*fixed, _WIDTH - 2 * MARGIN - sum(fixed)]

    def content(self) -> bytes:
        """Draw every page and return the file."""
        rows: list[PaperLine | None] = [*self._paper.lines, *[None] * self._paper.blank]
        top = 0.0
        pages = self._paged(rows)
        for number, page in enumerate(pages, 1):
            top = self._begin(number, len(pages))
            for row in page:
                self._row(row, top)
                top += ROW
        return bytes(self._pdf.output())

    def _paged(self, rows: Sequence[PaperLine | None]) -> list[Sequence[PaperLine | None]]:
        room = int((_HEIGHT - _FOOT - MARGIN - self._head_height()) / ROW)
        return [rows[at : at + room] for at in range(0, len(rows), room)] or [()]

    def _head_height(self) -> float:
        return 11.0 + 5.5 * len(self._paper.note) + 2.0 + HEAD

    def _begin(self, number: int, pages: int) -> float:
        """Begin a page and return where its rows begin."""
        self._pdf.add_page()
        half = (_WIDTH - 2 * MARGIN) * 0.66
        self._words(self._paper.title, MARGIN, MARGIN, half, 9.0, 17, align="L")
        self._words(self._paper.day, MARGIN + half, MARGIN, _WIDTH - 2 * MARGIN - half, 9.0, 12, align="R")
        top = MARGIN + 11.0
        for line in self._paper.note:
            self._words(line, MARGIN, top, _WIDTH - 2 * MARGIN, 5.5, 10.5, align="L")
            top += 5.5
        self._heads(top + 2.0)
        page = self._paper.page.format(page=number, pages=pages)
        self._words(page, MARGIN, _HEIGHT - _FOOT, _WIDTH - 2 * MARGIN, 8.0, 10, align="C")
        return top + 2.0 + HEAD

    def _heads(self, top: float) -> None:
        words = (*self._paper.heads, *self._paper.ends, *self._paper.measured)
        self._pdf.set_fill_color(232)
        left = MARGIN
        for name, width in zip(words, self._widths, strict=True):
            self._pdf.rect(left, top, width, HEAD, style="DF")
            self._words(name, left, top, width, HEAD, 11)
            left += width

    def _row(self, line: PaperLine | None, top: float) -> None:
        known = ["", "", "", ""] if line is None else [str(line.number), line.name, line.group, line.born]
        first_box = len(known)
        left = MARGIN
        for column, width in enumerate(self._widths):
            self._pdf.rect(left, top, width, ROW)
            if column < first_box:
                self._words(known[column], left, top, width, ROW, 14 if column < 2 else 10.5)
            elif column < first_box + len(self._paper.ends):
                middle = left + (width - _SQUARE) / 2
                self._pdf.rect(middle, top + (ROW - _SQUARE) / 2, _SQUARE, _SQUARE)
            elif column == first_box + len(self._paper.ends):
                self._words("/", left, top, width, ROW, 14)
            left += width

    def _words(
        self, words: str, left: float, top: float, width: float, height: float, size: float, align: str = "C"
    ) -> None:
        """Write in a box: in two lines where that keeps it readable, and smaller where it would not fit."""
        self._pdf.set_font(_FONT, size=size)
        room = width - 1.5
        long = self._pdf.get_string_width(words)
        if long > 1.5 * room:
            half = (len(words) + 1) // 2
            self._words(words[:half], left, top + 0.8, width, height / 2 - 0.8, size * 0.7, align)
            self._words(words[half:], left, top + height / 2, width, height / 2 - 0.8, size * 0.7, align)
        elif words:
            self._pdf.set_font(_FONT, size=size * min(1.0, room / long))
            self._pdf.set_xy(left, top)
            self._pdf.cell(w=width, h=height, text=words, align=align)
