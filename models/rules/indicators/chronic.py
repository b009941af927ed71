"""High blood pressure and diabetes: who is in the programme on the last day, and how the last twelve months went.

The standard asks for a visit each quarter: four in twelve months, or as many as whole quarters have passed since
joining. Who joined less than a quarter ago is left out. Controlled is what the last measured value says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode

QUARTER = 3
"""Months."""
MOST_QUARTERS = 4
"""Looked back at."""


@dataclass(frozen=True, slots=True)
class Care:
    """A person in the programme.

    Attributes:
        quarters: whole quarters since joining, at most four.
        visits: with so many visits the person was served in the last twelve months.
        controlled: what the last measured value of these months says; `None`: none was measured.
    """

    quarters: int
    visits: int
    controlled: bool | None


class CareCell(StrEnum):
    """How the months went."""

    BOTH = "both"
    """To standard, and controlled."""
    STANDARD = "standard"
    """To standard, not controlled or not known."""
    CONTROLLED = "controlled"
    """Controlled, with fewer visits than the standard asks for."""
    NEITHER = "neither"


def cell_of(care: Care) -> CareCell | None:
    """Return the cell of a person; `None` for who joined just now."""
    if not care.quarters:
        return None
    if care.visits >= care.quarters:
        return CareCell.BOTH if care.controlled else CareCell.STANDARD
    return CareCell.CONTROLLED if care.controlled else CareCell.NEITHER


_CELLS = tuple(CareCell)
HYPERTENSION_TABLE = Table("hypertension", _CELLS, cell_of, Nature.STOCK, Unit.PEOPLE)
DIABETES_TABLE = Table("diabetes", _CELLS, cell_of, Nature.STOCK, Unit.PEOPLE)

_TO_STANDARD = frozenset({CareCell.BOTH, CareCell.STANDARD})
_CONTROLLED = frozenset({CareCell.BOTH, CareCell.CONTROLLED})
HYPERTENSION_MANAGED = Indicator(IndicatorCode.HYPERTENSION_MANAGED, HYPERTENSION_TABLE, _TO_STANDARD)
HYPERTENSION_CONTROLLED = Indicator(IndicatorCode.HYPERTENSION_CONTROLLED, HYPERTENSION_TABLE, _CONTROLLED)
DIABETES_MANAGED = Indicator(IndicatorCode.DIABETES_MANAGED, DIABETES_TABLE, _TO_STANDARD)
DIABETES_CONTROLLED = Indicator(IndicatorCode.DIABETES_CONTROLLED, DIABETES_TABLE, _CONTROLLED)
