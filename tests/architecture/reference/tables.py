"""Every table with its columns, from the mapped classes."""

from __future__ import annotations

import inspect
import re

from sqlalchemy import Column
from sqlalchemy.orm import Mapper

from models.store.rotation import SEALED
from models.tables.base import Base
from tests.architecture.reference.markdown import rows

_TYPES = {
    "BigInteger": "whole number",
    "Integer": "whole number",
    "String": "text",
    "Enum": "code",
    "LargeBinary": "bytes",
    "Boolean": "yes or no",
    "Instant": "moment",
    "Date": "day",
    "JSON": "JSON",
}
_SEALED = {(each.cell.table, each.cell.column) for each in SEALED}


def tables() -> str:
    """Return a section a table."""
    mappers = sorted(Base.registry.mappers, key=lambda mapper: str(mapper.local_table))
    return "\n\n".join(map(_section, mappers)) + "\n"


def _section(mapper: Mapper[Base]) -> str:
    doc = inspect.cleandoc(mapper.class_.__doc__ or "")
    about = " ".join(doc.split("Attributes:")[0].split())
    columns = [_column(column, mapper.class_) for column in mapper.columns]
    head = ("column", "type", "may be empty", "refers to", "meaning")
    return f"## `{mapper.local_table}`\n\n{about}\n\n{rows(head, columns)}"


def _column(column: Column[object], owner: type) -> tuple[str, str, str, str, str]:
    refers = ", ".join(f"`{key.target_fullname}`" for key in column.foreign_keys)
    marks = "primary key" if column.primary_key else "yes" if column.nullable else ""
    name = f"`{column.name}`"
    return name, _type(column), marks, refers, _meaning(column.name, owner)


def _type(column: Column[object]) -> str:
    if (column.table.name, column.name) in _SEALED:
        return "sealed"
    return _TYPES.get(type(column.type).__name__, type(column.type).__name__.lower())


def _meaning(name: str, owner: type) -> str:
    for base in owner.__mro__:
        for found, words in _attributes(base.__doc__ or ""):
            if name == found:
                return words
    return ""


def _attributes(doc: str) -> list[tuple[str, str]]:
    """Return the names and meanings of a docstring's *Attributes* section."""
    if "Attributes:" not in doc:
        return []
    lines = inspect.cleandoc(doc.split("Attributes:")[1]).split("\n")
    joined: list[str] = []
    for line in lines:
        if joined and line.startswith(" "):
            joined[-1] += " " + line.strip()
        else:
            joined.append(line.strip())
    return [(match[1], match[2].rstrip(".")) for line in joined if (match := re.match(r"(\w+): (.*)", line))]


def sealed() -> str:
    """Return the table of sealed columns."""
    found = [(f"`{each.cell.table}`", f"`{each.cell.column}`", _lookups(each.lookup)) for each in SEALED]
    return rows(("table", "column", "found by"), sorted(found))


def _lookups(lookup: object) -> str:
    return ", ".join(f"`{name}`" for name in lookup) if isinstance(lookup, dict) else ""
