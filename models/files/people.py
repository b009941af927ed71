"""The people of a file, in batches: read, recognised when they stand there twice, and numbered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from models.files.limits import FileRefused
from models.files.tables import Table, open_table
from models.rules.importing.cells import Cell
from models.rules.importing.columns import Column, Header
from models.rules.importing.places import Places
from models.rules.importing.repeats import Repeats
from models.rules.importing.rows import FileRow, Problem, RowReader, WrongRow

BATCH = 300


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a file is as a whole."""

    kind: str
    sheet: str
    header: Header


@dataclass(slots=True)
class Batch:
    """Some rows of a file.

    Attributes:
        start, end: the first row's position among the people of the file, and the one after the last.
        cells: every row of it as it stands, by its line.
    """

    head: FileHead
    start: int
    end: int
    people: list[FileRow] = field(default_factory=list)
    wrong: list[WrongRow] = field(default_factory=list)
    cells: dict[int, tuple[Cell, ...]] = field(default_factory=dict)

    def add(self, row: FileRow | WrongRow, cells: tuple[Cell, ...]) -> None:
        """Take in a row."""
        if isinstance(row, FileRow):
            self.people.append(row)
        else:
            self.wrong.append(row)
        self.cells[row.line] = cells
        self.end += 1


def batches(content: bytes, places: Places, today: date, first: int = 0, size: int = BATCH) -> Iterator[Batch]:
    """Return the people of a file from position `first` on; a row has the same position each time.

    There is at least one batch.

    Raises:
        FileRefused: as `open_table`; `file_village` when nothing says in which village the people live.
    """
    with open_table(content) as table:
        if places.own is None and Column.VILLAGE not in table.header.at:
            raise FileRefused("file_village")
        head = FileHead(table.kind, table.sheet, table.header)
        rows = islice(_rows(table, places, today), first, None)
        while True:
            batch = Batch(head, first, first)
            for row, cells in islice(rows, size):
                batch.add(row, cells)
            yield batch
            if batch.end - batch.start < size:
                return
            first = batch.end


def _rows(table: Table, places: Places, today: date) -> Iterator[tuple[FileRow | WrongRow, tuple[Cell, ...]]]:
    reader = RowReader(table.header, places, today, since_1904=table.since_1904, is_exact=table.is_exact)
    repeats = Repeats()
    for line, cells in table.rows:
        row = reader.read(line, cells)
        if row is not None:
            yield (_unless_repeated(row, repeats) if isinstance(row, FileRow) else row), cells


def _unless_repeated(row: FileRow, repeats: Repeats) -> FileRow | WrongRow:
    line = repeats.line_of(row)
    if line is None:
        return row
    return WrongRow(row.line, (Problem(None, "", "imports.repeated", values={"line": line}),))
