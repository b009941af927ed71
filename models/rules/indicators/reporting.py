"""Reporting: was a village's check-up day reported in full by its deadline? Days are counted, not people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode


@dataclass(frozen=True, slots=True)
class VillageDay:
    """A check-up day whose deadline has passed.

    Attributes:
        expected: how many were on its roster.
        missing: of how many of them nothing was reported by the deadline.
    """

    expected: int
    missing: int


class ReportingCell(StrEnum):
    """How a day was reported."""

    IN_TIME = "in_time"
    LATE = "late"


def cell_of(day: VillageDay) -> ReportingCell | None:
    """Return the cell of a day; one on which nobody was expected has none."""
    if not day.expected:
        return None
    return ReportingCell.LATE if day.missing else ReportingCell.IN_TIME


TABLE = Table("reporting", tuple(ReportingCell), cell_of, Nature.FLOW, Unit.VILLAGE_DAYS)

REPORTING = Indicator(IndicatorCode.REPORTING, TABLE, numerator=frozenset({ReportingCell.IN_TIME}))
