"""What an indicator is: a table of facts that are counted, and which part of it is the numerator.

A table puts each fact into one cell or leaves it out, so its cells are parts of one whole. Indicators of one table
have the same denominator: all its cells together. Whatever is kept from a reader is kept for a table at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from models.rules.indicators.codes import IndicatorCode
from models.rules.intervals import Rate

F = TypeVar("F")

Counts = tuple[int, ...]
"""How many facts lie in each cell of a table, in the order of its cells."""


class Unit(StrEnum):
    """What is counted."""

    PEOPLE = "people"
    RECORDS = "records"
    VILLAGE_DAYS = "village_days"
    BIRTHS = "births"
    ANSWERS = "answers"
    """Who answered is nobody's to know, of the team neither."""
    COMPLAINTS = "complaints"
    """Who complained is nobody's to know, of the team neither."""


class Nature(StrEnum):
    """What a period's counts are."""

    FLOW = "flow"
    """What happened in it: those of its months add up to it."""
    STOCK = "stock"
    """How things stand on its last day, or today."""
    NOW = "now"
    """How things stand now, whatever the period."""


@dataclass(frozen=True, slots=True)
class Table(Generic[F]):
    """Facts and the cells that they are counted in.

    Attributes:
        code: names it in the store.
        cells: all cells, in a fixed order.
        cell_of: the cell of a fact; `None`: left out.
        nature: what a period's counts are.
        unit: what is counted; village-days are nobody's secret.
    """

    code: str
    cells: tuple[StrEnum, ...]
    cell_of: Callable[[F], StrEnum | None]
    nature: Nature
    unit: Unit

    @property
    def is_of_people(self) -> bool:
        """Whether small counts tell of somebody."""
        return self.unit is not Unit.VILLAGE_DAYS

    @property
    def is_of_nobody(self) -> bool:
        """Whether the team sees nobody of whom it counts, and so has no exact numbers either."""
        return self.unit in (Unit.ANSWERS, Unit.COMPLAINTS)

    @property
    def nothing(self) -> Counts:
        """The counts of no facts."""
        return (0,) * len(self.cells)

    def count(self, facts: Iterable[tuple[F, int]]) -> Counts:
        """Return how many facts lie in each cell; each comes with how often it was met."""
        found = dict.fromkeys(self.cells, 0)
        for fact, many in facts:
            cell = self.cell_of(fact)
            if cell is not None:
                found[cell] += many
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value: `n` of `of`; a plain number has no `of`."""

    n: int
    of: int | None = None

    @property
    def rate(self) -> Rate | None:
        """The rate with its interval; `None` for a plain number, and where there was nothing to do."""
        return Rate(self.n, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator; its words are at `indicators.<code>.*`.

    Attributes:
        table: what is counted.
        numerator: the cells of `n`; all cells together are `of`.
        is_rate: whether it is a share; else a plain number.
        aim: the share in percent that is aimed at by everybody; `None`: none is set here.
        may_have_target: a township may set one; never on whether people come, or on what they choose.
    """

    code: IndicatorCode
    table: Table  # type: ignore[type-arg]
    numerator: frozenset[StrEnum]
    is_rate: bool = True
    aim: int | None = None
    may_have_target: bool = True

    def figure(self, counts: Sequence[int]) -> Figure:
        """Return the value that the table's counts give."""
        n = sum(many for cell, many in zip(self.table.cells, counts, strict=True) if cell in self.numerator)
        return Figure(n, sum(counts) if self.is_rate else None)


def add_all(table: Table[F], rows: Iterable[Counts]) -> Counts:
    """Return the counts of several lots of a table's facts together."""
    return tuple(map(sum, zip(table.nothing, *rows, strict=True)))
