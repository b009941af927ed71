"""A calendar as a picture: months below each other, a phone's width, each mark told by its word and its shape.

What Pillow needs is loaded when a picture is drawn: a process that draws none holds nothing of it.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw as Canvas
    from PIL.ImageFont import FreeTypeFont

WIDTH = 1080
"""Pixels: a phone of 390 points shows it whole, three pixels a point at most."""
_MARGIN, _GAP, _TITLE, _HEAD, _ROW, _LEGEND = 40, 28, 64, 48, 104, 68
_COLUMN = (WIDTH - 2 * _MARGIN) // 7
_PAPER, _INK, _GREY, _LINE, _SHADE, _FILL = 255, 0, 100, 205, 232, 60
"""Shades, of which the darkest is `_DARK`: one byte a pixel takes a third of the memory that colours take."""
_DARK = (6, 51, 40)
_LARGE, _USUAL, _SMALL, _TINY = _SIZES = (44, 34, 27, 20)
"""Sizes of letters. Each costs over a megabyte for as long as it is open, so there are few."""


class Shape(Enum):
    """How a mark looks: told apart without colours too."""

    FULL = "full"
    """White on a filled box."""
    FRAME = "frame"
    """Dark in a double frame."""
    SHADED = "shaded"
    """Plain, and the day is shaded."""
    PLAIN = "plain"
    """Plain, underlined."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is on a day, in a word or two.

    Attributes:
        dashed: it may still change; struck: it does not take place.
        short: what it says where it shares the day, when not the same.
    """

    words: str
    shape: Shape
    dashed: bool = False
    struck: bool = False
    short: str | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A month to draw: its first day and what it is called."""

    first: date
    title: str


@dataclass(frozen=True)
class Sheet:
    """What a picture shows.

    Attributes:
        weekdays: what the seven days are called, Monday first.
        marks: what is on each day.
        legend: a sample of each kind of mark, and what it means.
    """

    months: Sequence[Month]
    weekdays: Sequence[str]
    marks: Mapping[date, Sequence[Mark]]
    legend: Sequence[tuple[Mark, str]]
    today: date = field(default=date.min)

    def content(self) -> bytes:
        """Return it as a PNG."""
        return draw(self)


def draw(sheet: Sheet) -> bytes:
    """Return the sheet as a PNG. It takes a tenth of a second or two: run it in a thread."""
    return _Drawing(sheet).content()


class _Drawing:
    """One picture while it is drawn."""

    def __init__(self, sheet: Sheet) -> None:
        from PIL import Image, ImageDraw

        self._sheet = sheet
        self._weeks = [Calendar().monthdatescalendar(month.first.year, month.first.month) for month in sheet.months]
        rows = sum(len(weeks) for weeks in self._weeks)
        height = 2 * _MARGIN + len(self._weeks) * (_TITLE + _HEAD + _GAP) + rows * _ROW
        self._image = Image.new("L", (WIDTH, height + self._legend_height()), _PAPER)
        self._draw: Canvas = ImageDraw.Draw(self._image)

    def _legend_height(self) -> int:
        return -(-len(self._sheet.legend) // 2) * _LEGEND

    def content(self) -> bytes:
        """Draw everything and return the file."""
        top = _MARGIN
        for month, weeks in zip(self._sheet.months, self._weeks, strict=True):
            top = self._month(month, weeks, top) + _GAP
        self._legend(top)
        self._image.putpalette([round(dark + (255 - dark) * shade / 255) for shade in range(256) for dark in _DARK])
        buffer = BytesIO()
        self._image.save(buffer, "PNG", compress_level=4)
        return buffer.getvalue()

    def _month(self, month: Month, weeks: Sequence[Sequence[date]], top: int) -> int:
        self._words(month.title, (_MARGIN, top, WIDTH - _MARGIN, top + _TITLE), _LARGE, _INK, centred=False)
        top += _TITLE
        for number, name in enumerate(self._sheet.weekdays):
            left = _MARGIN + number * _COLUMN
            self._words(name, (left, top, left + _COLUMN, top + _HEAD), _USUAL, _GREY)
        top += _HEAD
        for week in weeks:
            for number, day in enumerate(week):
                if day.month == month.first.month:
                    self._day(day, _MARGIN + number * _COLUMN, top)
            top += _ROW
        return top

    def _day(self, day: date, left: int, top: int) -> None:
        marks = self._sheet.marks.get(day, ())
        cell = (left + 2, top + 2, left + _COLUMN - 2, top + _ROW - 2)
        shaded = any(mark.shape is Shape.SHADED for mark in marks)
        self._draw.rectangle(cell, fill=_SHADE if shaded else None, outline=_LINE)
        number = (left + 4, top + 4, left + _COLUMN - 4, top + 52)
        self._words(str(day.day), number, _LARGE, _GREY if shaded else _INK)
        if day == self._sheet.today:
            middle = left + _COLUMN // 2
            self._draw.ellipse((middle - 34, top + 3, middle + 34, top + 55), outline=_INK, width=4)
        self._marks(marks, left + 6, top + 56)

    def _marks(self, marks: Sequence[Mark], left: int, top: int) -> None:
        room = _COLUMN - 12
        for number, mark in enumerate(marks):
            begin = left + number * room // len(marks)
            end = left + (number + 1) * room // len(marks)
            shown = replace(mark, words=mark.short) if mark.short and len(marks) > 1 else mark
            self._mark(shown, (begin + 1, top, end - 1, top + 42))

    def _mark(self, mark: Mark, box: tuple[int, int, int, int]) -> None:
        ink = _INK
        if mark.shape is Shape.FULL and not (mark.dashed or mark.struck):
            self._draw.rounded_rectangle(box, 8, fill=_FILL)
            ink = _PAPER
        elif mark.shape in {Shape.FULL, Shape.FRAME}:
            self._frame(box, mark)
        elif mark.shape is Shape.PLAIN:
            self._draw.line((box[0] + 24, box[3] - 2, box[2] - 24, box[3] - 2), fill=_INK, width=4)
        self._words(mark.words, (box[0] + 4, box[1], box[2] - 4, box[3]), _USUAL, ink)
        if mark.struck:
            middle = (box[1] + box[3]) // 2
            self._draw.line((box[0] + 4, middle, box[2] - 4, middle), fill=_INK, width=4)

    def _frame(self, box: tuple[int, int, int, int], mark: Mark) -> None:
        if mark.dashed:
            self._dashes(box)
            return
        self._draw.rounded_rectangle(box, 8, outline=_FILL, width=3)
        if mark.shape is Shape.FRAME:
            left, top, right, bottom = box
            self._draw.rounded_rectangle((left + 5, top + 5, right - 5, bottom - 5), 5, outline=_FILL, width=2)

    def _dashes(self, box: tuple[int, int, int, int]) -> None:
        left, top, right, bottom = box
        for x in range(left, right - 8, 18):
            for y in (top, bottom - 3):
                self._draw.rectangle((x, y, x + 10, y + 3), fill=_FILL)
        for y in range(top, bottom - 8, 18):
            for x in (left, right - 3):
                self._draw.rectangle((x, y, x + 3, y + 10), fill=_FILL)

    def _legend(self, top: int) -> None:
        half = (WIDTH - 2 * _MARGIN) // 2
        for number, (mark, meaning) in enumerate(self._sheet.legend):
            left, line = _MARGIN + number % 2 * half, top + number // 2 * _LEGEND
            if mark.shape is Shape.SHADED:
                self._draw.rectangle((left, line, left + 120, line + 52), fill=_SHADE, outline=_LINE)
            self._mark(mark, (left + 4, line + 5, left + 116, line + 47))
            self._words(meaning, (left + 136, line, left + half, line + 52), _USUAL, _INK, centred=False)

    def _words(self, words: str, box: tuple[int, int, int, int], size: int, ink: int, *, centred: bool = True) -> None:
        """Write in the middle of a box, smaller where it would not fit."""
        font = self._fitting(words, box[2] - box[0], size)
        middle = (box[1] + box[3]) // 2
        where = ((box[0] + box[2]) // 2, middle) if centred else (box[0], middle)
        self._draw.text(where, words, fill=ink, font=font, anchor="mm" if centred else "lm")

    def _fitting(self, words: str, room: int, most: int) -> FreeTypeFont:
        fonts = (self._fonts(size) for size in _SIZES if size <= most)
        return next((font for font in fonts if font.getlength(words) <= room), self._fonts(_TINY))

    def _fonts(self, size: int) -> FreeTypeFont:
        if size not in self._sizes:
            from PIL import ImageFont

            self._sizes[size] = ImageFont.truetype(self._path, size, layout_engine=ImageFont.Layout.BASIC)
        return self._sizes[size]

    @cached_property
    def _sizes(self) -> dict[int, FreeTypeFont]:
        return {}

    @cached_property
    def _path(self) -> str:
        return font_path()


def font_path() -> str:
    """Return where the Chinese font lies: Noto Sans SC, OFL, which has every character of GB 2312 and of names."""
    from pylopdf_fonts_zh_cn import sans_path

    found: Any = sans_path()
    return str(found)
