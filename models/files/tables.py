"""A file of any kind as one table: its header, and the rows below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice

from models.files import csvs
from models.files.kinds import kind_of
from models.files.limits import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, FileRefused
from models.files.workbooks import Workbook
from models.rules.importing.cells import Cell, is_blank
from models.rules.importing.columns import Header, read_header

Rows = Iterator[tuple[int, tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True)
class Table:
    """The people of a file.

    Attributes:
        kind: `xlsx` or `csv`.
        sheet: the sheet they are on; empty for a CSV.
        rows: those below the header that aren't blank, each with its line; they can be gone through once.
        since_1904: the file counts days from 1904.
    """

    kind: str
    sheet: str
    header: Header
    rows: Rows
    since_1904: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether text stands as it was typed: a CSV holds numbers that may have been rounded as text too."""
        return self.kind == "xlsx"


@contextmanager
def open_table(content: bytes) -> Iterator[Table]:
    """Open a file and find its header: the first one on the first sheet that has one.

    Raises:
        FileRefused: see there; reading on through the rows may raise it too.
    """
    kind = kind_of(content)
    if kind == "csv":
        yield _table(kind, [("", partial(csvs.rows, content))])
        return
    book = Workbook(content)
    try:
        yield _table(kind, ((sheet.title, sheet.rows) for sheet in book.sheets()), since_1904=book.since_1904)
    finally:
        book.close()


def _table(kind: str, sheets: Iterable[tuple[str, Callable[[int], Rows]]], *, since_1904: bool = False) -> Table:
    for title, rows in sheets:
        for number, (_, cells) in enumerate(islice(rows(MOST_COLUMNS), HEADER_WITHIN), 1):
            header = read_header(cells)
            if header is not None:
                below = islice(rows(len(header.titles)), number, None)
                return Table(kind, title, header, _limited(below), since_1904)
    raise FileRefused("file_header")


def _limited(rows: Rows) -> Rows:
    count = 0
    for line, cells in rows:
        if all(map(is_blank, cells)):
            continue
        count += 1
        if count > MOST_ROWS:
            raise FileRefused("file_rows")
        yield line, cells
