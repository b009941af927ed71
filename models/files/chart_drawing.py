"""How a chart is laid out: from top to bottom, every part as high as what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import singledispatchmethod
from itertools import pairwise
from unicodedata import east_asian_width

from models.files.canvas import BLUE, GREY, INK, LINE, ORANGE, PALE, SHADE, Canvas
from models.files.charts import WIDTH, Bar, Bars, Chart, Dot, Dots, Month, Months, Part, Share, Sign, Tile, Tiles

_MARGIN = 48
_RIGHT = WIDTH - _MARGIN
_HEAD, _FOOT, _TITLE, _GAP = 170, 40, 76, 26
_TILE, _DOT, _BAR, _PLOT, _KEY, _NOTE = 176, 108, 50, 120, 50, 44
_MONTH = _TITLE + 2 * 40 + _PLOT
_HUGE, _LARGE, _USUAL, _SMALL = 64, 46, 34, 28
"""Sizes of letters in pixels, of which a phone has about 2.8 a point."""
_FEW = 16
"""More villages than these stand in two columns."""
_BETWEEN = 44
_LINE_ROOM = 2 * (_RIGHT - _MARGIN) // _SMALL
"""Half-width cells in a line of small letters: Latin ones take a little more than one, a few of them less."""
_TRACK = 16
"""How high a strip is on which a rate is marked."""


class Drawing:
    """One picture while it is drawn.

    Attributes:
        canvas: with everything on it.
    """

    def __init__(self, chart: Chart) -> None:
        """Draw the chart."""
        self._chart = chart
        notes = [line for note in chart.notes for line in _wrapped(note)]
        foot = _rows(chart.key, 2) * _KEY + len(notes) * _NOTE + _FOOT
        self.canvas = Canvas(WIDTH, _HEAD + sum(height(part) + _GAP for part in chart.parts) + foot)
        self._head()
        top = _HEAD
        for part in chart.parts:
            self._part(part, top)
            top += height(part) + _GAP
        self._key(top)
        self._notes(notes, top + _rows(chart.key, 2) * _KEY)

    def _head(self) -> None:
        room = _RIGHT - _MARGIN
        self.canvas.words(self._chart.title, (_MARGIN, 66), _LARGE, room=room)
        self.canvas.words(self._chart.under, (_MARGIN, 124), _SMALL, GREY, room=room)

    @singledispatchmethod
    def _part(self, part: object, top: int) -> None:
        raise TypeError(part)

    @_part.register
    def _(self, part: Tiles, top: int) -> None:
        step = (_RIGHT - _MARGIN + _GAP) / max(1, len(part.tiles))
        for number, tile in enumerate(part.tiles):
            self._tile(tile, _MARGIN + number * step, top, step - _GAP)

    def _tile(self, tile: Tile, left: float, top: int, width: float) -> None:
        self.canvas.box((left, top, left + width, top + _TILE), SHADE)
        middle, room = left + width / 2, width - 24
        self.canvas.words(tile.name, (middle, top + 34), _SMALL, GREY, room=room, to=0.5)
        self.canvas.words(tile.number, (middle, top + 92), _HUGE, room=room, to=0.5)
        self.canvas.words(tile.change, (middle, top + 148), _SMALL, GREY, room=room, to=0.5)

    @_part.register
    def _(self, part: Dots, top: int) -> None:
        self._title(part.title, top)
        for number, dot in enumerate(part.dots):
            self._dot(dot, top + _TITLE + number * _DOT)

    def _dot(self, dot: Dot, top: int) -> None:
        whole = _RIGHT - _MARGIN
        self.canvas.words(dot.name, (_MARGIN, top + 26), _USUAL, room=whole * 0.42)
        self.canvas.words(dot.words, (_RIGHT, top + 26), _SMALL, INK, room=whole * 0.55, to=1)
        if dot.is_hidden:
            self._hatched(_MARGIN, top + 68, whole)
            return
        self._track(_MARGIN, top + 68, whole)
        if dot.before is not None:
            self.canvas.diamond((_MARGIN + dot.before * whole, top + 68), 13, GREY)
        if dot.share is not None:
            self._marked(dot.share, _MARGIN, top + 68, whole, 15)

    @_part.register
    def _(self, part: Bars, top: int) -> None:
        self._title(part.title, top)
        if not part.bars:
            self.canvas.words(part.none, (_MARGIN, top + _TITLE + _BAR / 2), _SMALL, GREY, room=_RIGHT - _MARGIN)
        for number, bar in enumerate(part.bars):
            columns = _columns(part)
            width = (_RIGHT - _MARGIN - (columns - 1) * _BETWEEN) / columns
            column, row = divmod(number, _rows(part.bars, columns))
            self._bar(bar, _MARGIN + column * (width + _BETWEEN), top + _TITLE + row * _BAR, width)

    def _bar(self, bar: Bar, left: float, top: float, width: float) -> None:
        middle = top + _BAR / 2
        name, words = width * 0.42, width * 0.25
        begin, room = left + name + 14, width - name - words - 28
        self.canvas.words(bar.name, (left, middle), _SMALL, room=name)
        self.canvas.words(bar.words, (left + width, middle), _SMALL, INK, room=words, to=1)
        if bar.is_hidden:
            self._hatched(begin, middle, room)
        elif bar.part:
            self.canvas.box((begin, middle - 13, begin + bar.part * room, middle + 13), ORANGE)
        elif bar.share is not None:
            self._track(begin, middle, room)
            self._marked(bar.share, begin, middle, room, 10)

    @_part.register
    def _(self, part: Months, top: int) -> None:
        whole = _RIGHT - _MARGIN
        self.canvas.words(part.title, (_MARGIN, top + _TITLE / 2), _USUAL, room=whole * 0.5)
        self.canvas.words(part.words, (_RIGHT, top + _TITLE / 2), _SMALL, room=whole * 0.48, to=1)
        begin, end = top + _TITLE, top + _TITLE + _PLOT
        for level in (begin, (begin + end) / 2, end):
            self.canvas.line(((_MARGIN, level), (_RIGHT, level)), LINE, 2)
        step = (_RIGHT - _MARGIN) / max(1, len(part.months))
        middles = [_MARGIN + (number + 0.5) * step for number in range(len(part.months))]
        for month, x in zip(part.months, middles, strict=True):
            if month.is_hidden:
                self.canvas.box((x - step * 0.3, begin + 4, x + step * 0.3, end - 4), SHADE, LINE, hatched=True)
            self.canvas.words(month.name, (x, end + 24), _SMALL, GREY, room=step - 8, to=0.5)
            self.canvas.words(month.words, (x, end + 60), _SMALL, INK, room=step - 8, to=0.5)
        for run in _runs(part.months, middles):
            self._run(run, begin, end)

    def _run(self, run: Sequence[tuple[float, Share]], begin: float, end: float) -> None:
        """Draw months that nothing is kept from between: the band, the line, the dots."""

        def at(share: float) -> float:
            return end - share * (end - begin)

        if len(run) == 1:
            x, share = run[0]
            self.canvas.box((x - 8, at(share.high), x + 8, at(share.low)), PALE)
        for (x, one), (next_x, other) in pairwise(run):
            corners = ((x, at(one.high)), (next_x, at(other.high)), (next_x, at(other.low)), (x, at(one.low)))
            self.canvas.shape(corners, PALE)
        if len(run) > 1:
            self.canvas.line([(x, at(share.value)) for x, share in run], BLUE, 4)
        for x, share in run:
            self.canvas.disc((x, at(share.value)), 9, BLUE)

    def _title(self, title: str, top: float) -> None:
        self.canvas.words(title, (_MARGIN, top + _TITLE / 2), _USUAL, INK, room=_RIGHT - _MARGIN)

    def _track(self, left: float, middle: float, width: float) -> None:
        self.canvas.box((left, middle - _TRACK / 2, left + width, middle + _TRACK / 2), SHADE)
        for part in (0, 0.5, 1):
            x = left + part * width
            self.canvas.line(((x, middle - _TRACK), (x, middle + _TRACK)), LINE, 2)

    def _marked(self, share: Share, left: float, middle: float, width: float, radius: float) -> None:
        low, high = left + share.low * width, left + share.high * width
        self.canvas.line(((low, middle), (high, middle)), BLUE, radius * 0.5)
        for x in (low, high):
            self.canvas.line(((x, middle - radius * 0.8), (x, middle + radius * 0.8)), BLUE, 3)
        self.canvas.disc((left + share.value * width, middle), radius, BLUE)

    def _hatched(self, left: float, middle: float, width: float) -> None:
        self.canvas.box((left, middle - 13, left + width, middle + 13), SHADE, LINE, hatched=True)

    def _key(self, top: float) -> None:
        half = (_RIGHT - _MARGIN) / 2
        for number, (sign, words) in enumerate(self._chart.key):
            left, middle = _MARGIN + number % 2 * half, top + number // 2 * _KEY + _KEY / 2
            self._sign(sign, left, middle)
            self.canvas.words(words, (left + 76, middle), _SMALL, GREY, room=half - 92)

    def _sign(self, sign: Sign, left: float, middle: float) -> None:
        if sign is Sign.NOW:
            self._marked(Share(0.5, 0, 1), left + 2, middle, 56, 11)
        elif sign is Sign.BEFORE:
            self.canvas.diamond((left + 30, middle), 13, GREY)
        elif sign is Sign.MONTH:
            self.canvas.box((left + 2, middle - 14, left + 58, middle + 14), PALE)
            self.canvas.line(((left + 2, middle), (left + 58, middle)), BLUE, 4)
            self.canvas.disc((left + 30, middle), 9, BLUE)
        else:
            self._hatched(left + 2, middle, 56)

    def _notes(self, notes: Sequence[str], top: float) -> None:
        for number, note in enumerate(notes):
            self.canvas.words(note, (_MARGIN, top + (number + 0.5) * _NOTE), _SMALL, GREY, room=_RIGHT - _MARGIN)


def _wrapped(note: str) -> list[str]:
    """Return a note in lines that have room; words in Latin letters stay whole, closing signs do not begin a line."""
    lines, room = [""], _LINE_ROOM
    for piece in re.findall(r"[\x21-\u2fff]+ ?|.[，。；：、）”]*", note):
        if sum(map(_cells, lines[-1] + piece.rstrip())) > room and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece
    return lines


def _cells(letter: str) -> int:
    """Return how wide a letter is: about one or two half-width cells."""
    return 2 if east_asian_width(letter) in "WFA" else 1


def height(part: Part) -> int:
    """Return how high a part is."""
    match part:
        case Tiles():
            return _TILE
        case Dots():
            return _TITLE + len(part.dots) * _DOT
        case Bars():
            return _TITLE + max(1, _rows(part.bars, _columns(part))) * _BAR
        case Months():
            return _MONTH


def _columns(part: Bars) -> int:
    return 2 if len(part.bars) > _FEW else 1


def _rows(things: Sequence[object], columns: int) -> int:
    return -(-len(things) // columns)


def _runs(months: Sequence[Month], middles: Sequence[float]) -> Iterable[list[tuple[float, Share]]]:
    """Return the months that are joined by a line: it breaks where one is hidden, not where there was nothing to do."""
    run: list[tuple[float, Share]] = []
    for month, x in zip(months, middles, strict=True):
        if month.share is not None:
            run.append((x, month.share))
        elif month.is_hidden and run:
            yield run
            run = []
    if run:
        yield run
