"""Rows of a file: a person, nothing, or what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from models.rules.consent import Purpose
from models.rules.errors import InputError
from models.rules.identity import Identity
from models.rules.importing import values
from models.rules.importing.cells import Cell, is_blank, text_of
from models.rules.importing.columns import Column, Header
from models.rules.importing.places import Places
from models.rules.importing.values import Birth
from models.rules.sex import Sex

_T = TypeVar("_T")
EXAMPLE_MARKS = frozenset({"示例", "例", "example"})
"""A row that is marked with one of these, in any cell, shows how to fill in the others and is skipped."""
_SUMS = frozenset({"合计", "总计", "小计", "汇总", "total"})
_ABOUT_PEOPLE = (Column.NAME, Column.IDENTITY, Column.BIRTH, Column.PHONE)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A person as a file has them.

    Attributes:
        line: of the file, from 1.
        phone, identity: kept only with the consent that they need; they help to recognise the person anyway.
        purposes: what the person agrees to.
    """

    line: int
    name: str
    sex: Sex
    birth: date | None
    identity: str | None
    phone: str | None
    village_id: int
    group_id: int | None
    purposes: frozenset[Purpose]

    @property
    def kept_phone(self) -> str | None:
        """The phone, if the person agrees to be contacted."""
        return self.phone if Purpose.CONTACT in self.purposes else None

    @property
    def kept_identity(self) -> str | None:
        """The identity number, if the person agrees to a health record."""
        return self.identity if Purpose.HEALTH_RECORD in self.purposes else None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, or with the whole row.

    Attributes:
        index: the cell; `None` for the whole row.
        title: the header of its column.
        code: as `InputError` has it, with `example` and `values`.
    """

    index: int | None
    title: str
    code: str
    example: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that is not imported, and why."""

    line: int
    problems: tuple[Problem, ...]


class RowReader:
    """Reads the rows below a header."""

    def __init__(
        self, header: Header, places: Places, today: date, *, since_1904: bool = False, is_exact: bool = True
    ) -> None:
        """Read rows as of `today`; `since_1904` and `is_exact` are those of `values`."""
        self._header = header
        self._places = places
        self._today = today
        self._since_1904 = since_1904
        self._is_exact = is_exact

    def read(self, line: int, cells: Sequence[Cell]) -> FileRow | WrongRow | None:
        """Return the person of a row, or what is wrong with it; `None` where nobody stands."""
        row = _Row(self._header, cells)
        if self._is_nobody(row, cells):
            return None
        name = row.take(Column.NAME, values.read_name)
        known = row.take(Column.IDENTITY, self._identity)
        sex = self._sex(row, known)
        birth = self._birth(row, known)
        village, group = self._place(row)
        phone = row.take(Column.PHONE, values.read_phone)
        purposes = self._purposes(row)
        if row.problems or name is None or sex is None or village is None:
            return WrongRow(line, tuple(row.problems))
        number = known.number if known else None
        return FileRow(line, name, sex, birth, number, phone, village, group, purposes)

    def _is_nobody(self, row: _Row, cells: Sequence[Cell]) -> bool:
        """Return whether the row is blank, numbered ahead, an example, a sum, or a line of the foot."""
        if all(is_blank(row.cell(column)) for column in _ABOUT_PEOPLE):
            return True
        words = {cell.strip().lower() for cell in cells if isinstance(cell, str)}
        return bool(words & (EXAMPLE_MARKS | _SUMS))

    def _identity(self, cell: Cell) -> Identity | None:
        return values.read_identity(cell, self._today, is_exact=self._is_exact)

    def _sex(self, row: _Row, known: Identity | None) -> Sex | None:
        written = row.take(Column.SEX, values.read_sex)
        if known is None:
            if written is None and not row.has(Column.SEX, Column.IDENTITY):
                row.wrong(Column.SEX, InputError("imports.sex_missing", values.SEX_EXAMPLE))
            return written
        if written not in {None, known.sex}:
            row.wrong(Column.SEX, InputError("imports.sex_differs", values.SEX_EXAMPLE))
        return known.sex

    def _birth(self, row: _Row, known: Identity | None) -> date | None:
        written: Birth | None = row.take(
            Column.BIRTH, lambda cell: values.read_birth(cell, self._today, since_1904=self._since_1904)
        )
        if known is not None:
            if written is not None and not written.agrees(known.birth):
                row.wrong(Column.BIRTH, InputError("imports.birth_differs", values.BIRTH_EXAMPLE))
            return known.birth
        if written is not None and written.whole is None:
            row.wrong(Column.BIRTH, InputError("imports.birth_day", values.BIRTH_EXAMPLE))
        return written.whole if written is not None else None

    def _place(self, row: _Row) -> tuple[int | None, int | None]:
        village = row.take(Column.VILLAGE, lambda cell: self._places.village(text_of(cell)))
        if village is None:
            return None, None
        return village, row.take(Column.GROUP, lambda cell: self._places.group(village, text_of(cell)))

    def _purposes(self, row: _Row) -> frozenset[Purpose]:
        agreed: set[Purpose] = set()
        for index, purposes in self._header.purposes.items():
            if row.take_at(index, values.read_consent):
                agreed |= purposes
        return frozenset(agreed)


class _Row:
    """One row while it is read: every cell is read, so that all that is wrong is told at once."""

    def __init__(self, header: Header, cells: Sequence[Cell]) -> None:
        self._header = header
        self._cells = cells
        self.problems: list[Problem] = []
        self._failed: set[Column] = set()

    def cell(self, column: Column) -> Cell:
        index = self._header.at.get(column)
        return self._cells[index] if index is not None and index < len(self._cells) else None

    def has(self, *columns: Column) -> bool:
        """Return whether one of the columns has been told to be wrong already."""
        return bool(self._failed & set(columns))

    def take(self, column: Column, read: Callable[[Cell], _T]) -> _T | None:
        try:
            return read(self.cell(column))
        except InputError as error:
            self.wrong(column, error)
            return None

    def take_at(self, index: int, read: Callable[[Cell], _T]) -> _T | None:
        try:
            return read(self._cells[index] if index < len(self._cells) else None)
        except InputError as error:
            self._add(index, error)
            return None

    def wrong(self, column: Column, error: InputError) -> None:
        self._failed.add(column)
        self._add(self._header.at.get(column), error)

    def _add(self, index: int | None, error: InputError) -> None:
        title = self._header.titles[index] if index is not None else ""
        self.problems.append(Problem(index, title, error.code, error.example, error.values))
