"""What a cell of a file can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from models.rules.errors import InputError


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed: what it would show is not in the file for certain, so it is refused."""

    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that shows an error of the spreadsheet, such as `#N/A`."""

    text: str


Cell = str | int | float | bool | date | datetime | time | Formula | Fault | None


def is_blank(cell: Cell) -> bool:
    """Return whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """Return a cell as text; a whole number without its fraction.

    Raises:
        InputError: `imports.formula` or `imports.fault`.
    """
    if isinstance(cell, Formula):
        raise InputError("imports.formula", "")
    if isinstance(cell, Fault):
        raise InputError("imports.fault", "")
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
