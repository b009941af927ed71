"""Statements that every update runs: written like any other, compiled once, run by the driver directly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement in one database's words.

    Attributes:
        sql: the text.
        names: the parameters in the order of the text.
        constants: parameters that are always the same, converted.
        binds: how a value is converted on the way in, by parameter.
        results: how the columns that need it are converted on the way out, by index.
    """

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    binds: Mapping[str, Convert]
    results: tuple[tuple[int, Convert], ...]

    def values(self, params: Mapping[str, Any]) -> list[Any]:
        """Return the values of the parameters, converted, in order."""
        binds, constants = self.binds, self.constants
        return [
            (binds[name](params[name]) if name in binds else params[name]) if name in params else constants[name]
            for name in self.names
        ]

    def row(self, found: Sequence[Any]) -> Sequence[Any]:
        """Return a row as Python's types."""
        if not self.results:
            return found
        row = list(found)
        for index, convert in self.results:
            row[index] = convert(row[index])
        return row


class Hot:
    """A statement with named parameters only (no lists), and without defaults filled in by Python."""

    def __init__(self, statement: ClauseElement) -> None:
        """Take a Core statement; its rows are what it selects or returns."""
        self.statement = statement
        self._prepared: dict[str, Prepared] = {}

    def prepared(self, dialect: Dialect) -> Prepared:
        """Return the statement for a database, compiled the first time."""
        found = self._prepared.get(dialect.name)
        if found is None:
            found = self._prepared[dialect.name] = _prepare(self.statement, dialect)
        return found


def _prepare(statement: ClauseElement, dialect: Dialect) -> Prepared:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - statements compile to nothing else
    names = tuple(compiled.positiontup or ())
    binds = {name: convert for name in names if (convert := _bind(compiled, name, dialect)) is not None}
    given = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    constants = {name: binds[name](given[name]) if name in binds else given[name] for name in names if name in given}
    return Prepared(str(compiled), names, constants, binds, _results(statement, dialect))


def _bind(compiled: SQLCompiler, name: str, dialect: Dialect) -> Convert | None:
    kind = compiled.binds[name].type
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _results(statement: Any, dialect: Dialect) -> tuple[tuple[int, Convert], ...]:
    columns: Iterable[Any] = getattr(statement, "exported_columns", ())
    found = []
    for index, column in enumerate(columns):
        convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if convert is not None:
            found.append((index, convert))
    return tuple(found)
