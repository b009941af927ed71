"""Benefits: paid, of the confirmations of a period. A renewal is a confirmation of its own.

Each counts once, in the month of its decision, and is paid as soon as money was paid on it, whenever that was. Who
died, moved away, or does not want it any more before money came is left out: that is nobody's fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody was confirmed to get a benefit.

    Attributes:
        is_paid: money was paid on it.
        is_owed: the person lives here and still wants it.
    """

    is_paid: bool
    is_owed: bool


class BenefitCell(StrEnum):
    """What came of a confirmation."""

    PAID = "paid"
    UNPAID = "unpaid"


def cell_of(one: Confirmation) -> BenefitCell | None:
    """Return the cell of a confirmation."""
    if one.is_paid:
        return BenefitCell.PAID
    return BenefitCell.UNPAID if one.is_owed else None


TABLE = Table("benefits", tuple(BenefitCell), cell_of, Nature.FLOW, Unit.RECORDS)

BENEFITS_COVERAGE = Indicator(IndicatorCode.BENEFITS_COVERAGE, TABLE, frozenset({BenefitCell.PAID}))
