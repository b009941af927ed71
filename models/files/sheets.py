"""Spreadsheets written: the marked copy of a file, and the empty one to fill in.

What was read is written as it was, and never comes alive: text stays text, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from models.rules.importing.cells import Cell, Fault, Formula

_LIVELY = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767
"""Characters that a cell can hold."""
_EXACT = 1e15
"""Larger numbers would be rounded; infinity and what is no number can't be written as one."""
_TEXT = "@"
_ROOM = 1_000
"""Rows of the empty table for which its drop-downs are there."""


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of the copy.

    Attributes:
        line: of the file that was sent.
        cells: as they were read.
        reason: why the row is not imported; empty for a good one.
        comments: what is wrong with which cell.
    """

    line: int
    cells: Sequence[Cell]
    reason: str = ""
    comments: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Columns:
    """The headers of the empty table, and what its drop-downs offer.

    Attributes:
        choices: by the number of the column.
        example: a row that shows how it is done; it is marked so that it is skipped.
    """

    titles: Sequence[str]
    choices: Mapping[int, Sequence[str]]
    example: Sequence[str]


def marked(titles: Sequence[str], line_title: str, reason_title: str, rows: Iterable[MarkedRow]) -> bytes:
    """Return a copy of a file with its wrong cells coloured, a comment on each, and two columns more."""
    with workbook() as (content, book):
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        pen = _Pen(book, sheet)
        for column, title in enumerate((*titles, line_title, reason_title)):
            sheet.write_string(0, column, _fit(title), head)
        width = len(titles)
        for number, row in enumerate(rows, 1):
            _write_marked(pen, number, row, width)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, width - 1, 14)
        sheet.set_column(width + 1, width + 1, 60)
    return content.getvalue()


def empty(columns: Columns) -> bytes:
    """Return an empty table with headers, an example and drop-downs; every cell takes what is typed as text."""
    with workbook() as (content, book):
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": _TEXT})
        grey = book.add_format({"num_format": _TEXT, "italic": True, "font_color": "#808080"})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#DDEBF7"})
        sheet.set_column(0, len(columns.titles) - 1, 16, text)
        for column, title in enumerate(columns.titles):
            sheet.write_string(0, column, title, head)
        for column, example in enumerate(columns.example):
            sheet.write_string(1, column, example, grey)
        for column, choices in columns.choices.items():
            sheet.data_validation(1, column, _ROOM, column, {"validate": "list", "source": list(choices)})
        sheet.freeze_panes(1, 0)
    return content.getvalue()


@contextmanager
def workbook() -> Iterator[tuple[BytesIO, Any]]:
    """Yield where a workbook goes, and the workbook; it is written when the block ends."""
    import xlsxwriter  # type: ignore[import-untyped]

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)  # in memory: nobody's name is left in a temporary folder
    try:
        yield content, book
    finally:
        book.close()


class _Pen:
    """Writes cells of any kind, plain or as wrong."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.sheet = sheet
        wrong = {"bg_color": "#FFC7CE"}
        self.formats = {
            (kind, is_wrong): book.add_format({**style, **(wrong if is_wrong else {})})
            for is_wrong in (False, True)
            for kind, style in (
                ("number", {}),
                ("day", {"num_format": "yyyy-mm-dd"}),
                ("text", {"num_format": _TEXT}),
                ("lively", {"num_format": _TEXT, "quote_prefix": True}),
            )
        }

    def write(self, row: int, column: int, cell: Cell, *, is_wrong: bool = False) -> None:
        if isinstance(cell, date):
            moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
            if moment.year >= 1900:
                self.sheet.write_datetime(row, column, moment.replace(tzinfo=None), self.formats["day", is_wrong])
                return
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < _EXACT:
            self.sheet.write_number(row, column, cell, self.formats["number", is_wrong])
            return
        words = _fit(_words(cell))
        kind = "lively" if words.startswith(_LIVELY) else "text"
        if words:
            self.sheet.write_string(row, column, words, self.formats[kind, is_wrong])
        elif is_wrong:
            self.sheet.write_blank(row, column, None, self.formats[kind, is_wrong])


def _write_marked(pen: _Pen, number: int, row: MarkedRow, width: int) -> None:
    for column, cell in enumerate(row.cells[:width]):
        pen.write(number, column, cell, is_wrong=column in row.comments)
    for column, comment in row.comments.items():
        if column >= len(row.cells):
            pen.write(number, column, None, is_wrong=True)
        pen.sheet.write_comment(number, column, comment)
    pen.sheet.write_number(number, width, row.line)
    if row.reason:
        pen.write(number, width + 1, row.reason, is_wrong=True)


def _words(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.text if isinstance(cell, Formula | Fault) else str(cell)


def _fit(words: str) -> str:
    return words[:_LONGEST]
