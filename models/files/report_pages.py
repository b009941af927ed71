"""A report on paper, for the joint meeting: A4 pages with figures, a table by village, and how each is counted.

What draws it is loaded when it is drawn, in a process of its own (`aside`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from models.files.calendar_pictures import font_path
from models.files.report_content import Figure, Report, Value, Village

MARGIN, FOOT = 12.0, 16.0
"""Millimetres: the edges of the page."""
_WIDTH, _HEIGHT = 210.0, 297.0
_ROOM = _WIDTH - 2 * MARGIN
_LINE = 1.45
"""The height of a line, in heights of its letters."""
_POINT = 25.4 / 72
_PAD = 1.2
_FONT = "sans"
_TITLE, _HEADING, _TEXT, _SMALL, _LEAST = 20.0, 13.0, 10.0, 8.0, 5.5
"""Sizes of letters in points; none is ever smaller than the last."""
_SHADE, _GREY, _INK, _RULE = 236, 95, 0, 190
_FIGURES = (42.0, 32.0, 16.0, 26.0, 44.0, 26.0)
"""Widths of the columns of the table of figures; together the room of a page."""
_PICTURE = 122.0
"""How wide a picture is, which is drawn for a phone: its letters are about as large as the text."""
_VILLAGE = 27.0
_ROW = 5.7
"""The height of a village's row."""
_PAGES = "{nb}"
"""What becomes the number of pages when all are drawn."""
_HAN = range(0x2E80, 0xFFFF)


@dataclass(frozen=True, slots=True)
class ReportPages:
    """A report to be drawn as a PDF."""

    report: Report

    def content(self) -> bytes:
        """Return the file."""
        return _Drawing(self.report).content()


class _Drawing:
    """One document while it is drawn; `_top` is where the next thing goes."""

    def __init__(self, report: Report) -> None:
        from fpdf import FPDF

        self._report = report
        self._pdf: Any = FPDF(format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.add_font(_FONT, fname=font_path())
        self._pdf.set_title(report.title)
        self._pdf.set_margin(0)
        self._pdf.c_margin = _PAD
        self._pdf.set_draw_color(_RULE)
        self._top = MARGIN

    def content(self) -> bytes:
        """Draw everything and return the file."""
        self._page()
        self._cover()
        self._figures([figure for figure in self._report.figures if figure.is_headline], "headlines")
        for line in self._report.remarks:
            self._paragraph(line, _TEXT)
        for picture in self._report.pictures:
            self._picture(picture.content())
        self._figures([figure for figure in self._report.figures if not figure.is_headline], "others")
        self._villages()
        self._definitions()
        return bytes(self._pdf.output())

    def _cover(self) -> None:
        self._paragraph(self._report.title, _TITLE)
        self._paragraph(self._report.as_of, _TEXT, grey=_GREY)
        for note in self._report.notes:
            self._paragraph(note, _SMALL, grey=_GREY)
        self._rule()

    def _figures(self, figures: Sequence[Figure], title: str) -> None:
        """Draw a table of figures: what each is, how far that may be chance, and what it was before."""
        if not figures:
            return
        named = self._report.words.columns
        heads = [named[key] for key in ("figure", "value", "percent", "interval", "before", "change")]
        self._heading(named[title], 4 * _height(_TEXT))
        self._row(heads, _FIGURES, _SMALL, shade=True)
        for figure in figures:
            cells = [figure.name, *self._value(figure), *self._change(figure)]
            if self._row_height(cells, _FIGURES, _TEXT) > self._left():
                self._page()
                self._row(heads, _FIGURES, _SMALL, shade=True)
            self._row(cells, _FIGURES, _TEXT)
        self._top += 3.0

    def _value(self, figure: Figure) -> tuple[str, str, str]:
        value = figure.value
        if value.percent is not None:
            return f"{value.n} / {value.of}", f"{value.percent:.1f}%", f"{value.low:.1f}–{value.high:.1f}%"
        if value.of and value.n is None:
            return f"{value.note} / {value.of}", "", ""
        return (str(value.n), value.note, "") if value.n is not None else (value.note, "", "")

    def _change(self, figure: Figure) -> tuple[str, str]:
        change, old = figure.change, figure.change.value
        if not change.period:
            return "", ""
        told = f"{old.percent:.1f}%" if old.percent is not None else str(old.n) if old.n is not None else old.note
        before = f"{change.period}  {told}"
        if change.points is None:
            return before, ""
        points = f"{change.points:+.1f}" if figure.is_rate else f"{change.points:+.0f}"
        if figure.is_rate:
            points = self._report.words.points.format(points=points)
        return before, "\n".join(filter(None, (points, change.note)))

    def _villages(self) -> None:
        """Draw the table by village: on as many pages as it takes, the columns' names on each."""
        if not self._report.villages:
            return
        headlines = [place for place, figure in enumerate(self._report.figures) if figure.is_headline]
        named = self._report.words.columns
        heads = [named["village"], *(self._report.figures[place].name for place in headlines)]
        widths = [_VILLAGE, *[(_ROOM - _VILLAGE) / len(headlines)] * len(headlines)]
        cells = [self._short(village.values[place]) for village in self._report.villages for place in headlines]
        size = self._fitting(cells, widths[-1])
        self._page()
        self._heading(named["by_village"])
        self._row(heads, widths, _SMALL, shade=True)
        for village in self._report.villages:
            if self._left() < _ROW:
                self._page()
                self._row(heads, widths, _SMALL, shade=True)
            self._village(village, headlines, widths, size)
        self._top += 2.0
        self._paragraph(named["village_note"], _SMALL, grey=_GREY)

    def _village(self, village: Village, places: Sequence[int], widths: Sequence[float], size: float) -> None:
        left = MARGIN
        words = [village.name, *(self._short(village.values[place]) for place in places)]
        self._pdf.set_fill_color(_SHADE)
        for place, (width, cell) in enumerate(zip(widths, words, strict=True)):
            self._pdf.rect(left, self._top, width, _ROW, style="DF" if village.is_sum else "D")
            self._cell(cell, left, width, size if place else max(size, _SMALL), "C" if place else "L")
            left += width
        self._top += _ROW

    def _short(self, value: Value) -> str:
        if value.percent is not None:
            return f"{value.n}/{value.of} {value.percent:.0f}%"
        if value.n is None:
            return self._report.words.hidden
        return str(value.n) if value.of is None else self._report.words.none

    def _definitions(self) -> None:
        self._heading(self._report.words.columns["definitions"], 40.0)
        for figure in self._report.figures:
            parts = list(self._parts(figure))
            needed = _height(_TEXT) + sum(self._paragraph_height(part, _SMALL) for part in parts)
            if needed > self._left():
                self._page()
            self._paragraph(figure.name, _TEXT)
            for part in parts:
                self._paragraph(part, _SMALL, grey=_GREY)
            self._top += 1.8

    def _parts(self, figure: Figure) -> Iterator[str]:
        colon = self._report.words.columns["colon"]
        for head, words in zip(self._report.definition_heads, figure.definition.parts, strict=True):
            yield f"{head}{colon}{words}"

    def _picture(self, picture: bytes) -> None:
        """Draw a picture where it has room: below what is there, else on the next page."""
        from PIL import Image

        with Image.open(BytesIO(picture)) as opened:
            height = _PICTURE * opened.height / opened.width
        self._top += 3.0
        if height > self._left():
            self._page()
        width = _PICTURE * min(1.0, self._left() / height)
        self._pdf.image(BytesIO(picture), x=MARGIN + (_ROOM - width) / 2, y=self._top, w=width)
        self._top += height * width / _PICTURE

    def _heading(self, words: str, needed: float = 0.0) -> None:
        """Begin a part; on the next page where `needed` millimetres of it would not fit below."""
        if _height(_HEADING) + 3.0 + needed > self._left():
            self._page()
        self._top += 3.0
        self._paragraph(words, _HEADING)
        self._top += 1.0

    def _paragraph(self, words: str, size: float, *, grey: int = _INK) -> None:
        self._pdf.set_text_color(grey)
        height = self._paragraph_height(words, size)
        if height > self._left():
            self._page()
        self._written(words, MARGIN, _ROOM, size, "L")
        self._top += height

    def _paragraph_height(self, words: str, size: float) -> float:
        return self._lines(words, _ROOM, size) * _height(size)

    def _row(self, cells: Sequence[str], widths: Sequence[float], size: float, *, shade: bool = False) -> None:
        """Draw a row whose cells may have several lines."""
        height = self._row_height(cells, widths, size)
        left = MARGIN
        self._pdf.set_text_color(_INK)
        self._pdf.set_fill_color(_SHADE)
        top = self._top
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            self._pdf.rect(left, top, width, height, style="DF" if shade else "D")
            self._top = top + (height - self._lines(cell, width, size) * _height(size)) / 2
            self._written(cell, left, width, size, "L" if not place else "C")
            left += width
        self._top = top + height

    def _row_height(self, cells: Sequence[str], widths: Sequence[float], size: float) -> float:
        lines = max(self._lines(cell, width, size) for cell, width in zip(cells, widths, strict=True))
        return lines * _height(size) + 2 * _PAD

    def _lines(self, words: str, width: float, size: float) -> int:
        self._pdf.set_font(_FONT, size=size)
        found = self._pdf.multi_cell(w=width, text=words, dry_run=True, output="LINES", wrapmode=_wrap(words))
        return max(1, len(found))

    def _written(self, words: str, left: float, width: float, size: float, align: str) -> None:
        if words:
            self._pdf.set_font(_FONT, size=size)
            self._pdf.set_xy(left, self._top)
            self._pdf.multi_cell(w=width, h=_height(size), text=words, align=align, wrapmode=_wrap(words))

    def _fitting(self, words: Sequence[str], width: float) -> float:
        """Return the size at which the longest of `words` has room in a row of villages, so that all look alike."""
        self._pdf.set_font(_FONT, size=_SMALL)
        longest = max(self._pdf.get_string_width(each) for each in words)
        return max(_LEAST, _SMALL * min(1.0, (width - 2 * _PAD) / longest)) if longest else _SMALL

    def _cell(self, words: str, left: float, width: float, size: float, align: str) -> None:
        """Write on one line of a row of villages; what has no room is cut off."""
        self._pdf.set_text_color(_INK)
        self._pdf.set_font(_FONT, size=size)
        shown = words
        while shown and self._pdf.get_string_width(shown) > width - 2 * _PAD:
            words = words[:-1]
            shown = f"{words}…"
        self._pdf.set_xy(left, self._top)
        self._pdf.cell(w=width, h=_ROW, text=shown, align=align)

    def _rule(self) -> None:
        self._top += 2.0
        self._pdf.line(MARGIN, self._top, _WIDTH - MARGIN, self._top)

    def _left(self) -> float:
        return _HEIGHT - FOOT - self._top

    def _page(self) -> None:
        """Begin a page, with its number at its foot."""
        self._pdf.add_page()
        self._pdf.set_text_color(_GREY)
        self._pdf.set_font(_FONT, size=_SMALL)
        self._pdf.set_xy(MARGIN, _HEIGHT - FOOT + 4.0)
        words = self._report.words.page.format(page=self._pdf.page_no(), pages=_PAGES)
        self._pdf.cell(w=_ROOM, h=_height(_SMALL), text=f"{self._report.title} · {words}", align="C")
        self._top = MARGIN


def _height(size: float) -> float:
    """Return the height of a line in millimetres."""
    return size * _POINT * _LINE


def _wrap(words: str) -> str:
    """Return where lines may break: between any two characters of Chinese, else between words."""
    return "CHAR" if any(ord(letter) in _HAN for letter in words) else "WORD"
