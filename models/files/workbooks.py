"""Workbooks (.xlsx), read row by row: openpyxl's read-only mode, and the merged cells that it leaves out."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from io import BytesIO
from typing import Any

from models.files import packages
from models.files.limits import MOST_COLUMNS, FileRefused
from models.rules.importing.cells import Cell, Fault, Formula

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_PLAIN = (str, int, float, date, time)
_CHUNK = 1 << 20
_OVERLAP = 128
_MOST_MERGES = 100_000

Rows = Iterator[tuple[int, tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        rows: reads it, so many cells of each row; it can be read several times.
    """

    title: str
    rows: Callable[[int], Rows]


class Workbook:
    """An open workbook."""

    def __init__(self, content: bytes) -> None:
        """Open it.

        Raises:
            FileRefused: as `packages.check`, or `file_damaged`.
        """
        from openpyxl import load_workbook  # here: only who reads a workbook pays for it
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        packages.check(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it doesn't know
            self._book = _guarded(lambda: load_workbook(BytesIO(content), read_only=True, keep_links=False))
        self.since_1904 = bool(self._book.epoch == CALENDAR_MAC_1904)

    def sheets(self) -> Iterator[Sheet]:
        """Return the sheets that are shown, in their order."""
        for sheet in self._book.worksheets:
            if sheet.sheet_state == "visible":
                yield Sheet(str(sheet.title), partial(_rows, sheet))

    def close(self) -> None:
        """Let go of it."""
        self._book.close()


def _guarded(work: Any) -> Any:
    """Do `work`; whatever a broken file makes of openpyxl is one refusal."""
    try:
        return work()
    except (FileRefused, MemoryError):
        raise
    except Exception:
        raise FileRefused("file_damaged") from None


def _rows(sheet: Any, width: int) -> Rows:
    """Return the rows; a merged cell's value stands in each row that it spans, in its first column."""
    merges = _guarded(lambda: _merges(sheet))
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    found = iter(sheet.iter_rows(max_col=width))
    spans: dict[int, tuple[int, Cell]] = {}
    line = 0
    while True:
        row: Sequence[Any] | None = _guarded(lambda: next(found, None))
        if row is None:
            return
        line += 1
        cells = [_cell(one) for one in row]
        for column, last in merges.pop(line, ()):
            if column < width:
                spans[column] = (last, cells[column])
        if spans:
            cells = _filled(line, cells, spans)
        yield line, tuple(cells)


def _filled(line: int, cells: list[Cell], spans: dict[int, tuple[int, Cell]]) -> list[Cell]:
    for column, (last, value) in list(spans.items()):
        if line > last:
            del spans[column]
        else:
            cells[column] = value
    return cells


def _cell(one: Any) -> Cell:
    value = one.value
    if value is None:
        return None
    if one.data_type == "f":
        return Formula(str(getattr(value, "text", value)))
    if one.data_type == "e":
        return Fault(str(value))
    return value if isinstance(value, _PLAIN) else str(value)


def _merges(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Return, by the first row of each cell merged downwards, its column and last row."""
    from openpyxl.utils.cell import range_boundaries

    found: dict[int, list[tuple[int, int]]] = {}
    count = 0
    with sheet._get_source() as source:
        tail = b""
        while chunk := source.read(_CHUNK):
            text = tail + chunk
            matches = list(_MERGED.finditer(text))
            for match in matches:
                count += 1
                left, top, _, bottom = (number or 1 for number in range_boundaries(match[1].decode()))
                if bottom > top and left <= MOST_COLUMNS:
                    found.setdefault(top, []).append((left - 1, bottom))
            tail = text[max(matches[-1].end() if matches else 0, len(text) - _OVERLAP) :]
            if count > _MOST_MERGES:
                raise FileRefused("file_bomb")
    return found
