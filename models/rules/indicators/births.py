"""Care around birth, of women who joined its programmes themselves. A birth belongs to the period of its day.

The two programmes are joined separately, so each indicator has births of its own: those of women in antenatal care,
and those of women in postnatal care.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode

EARLY = timedelta(days=90)
"""The last day before week 13, since the last menstrual period."""
SOON = timedelta(days=28)
"""So long after birth the visit at home counts."""


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """One that ended with a birth, of a woman in antenatal care.

    Attributes:
        since: first day of the last menstrual period as told to the clinic; `None`: not told.
        first: the day of the first antenatal visit; `None`: there was none.
    """

    since: date | None
    first: date | None


@dataclass(frozen=True, slots=True)
class Birth:
    """One of a woman in postnatal care.

    Attributes:
        on: its day.
        first: the day on which she was first served after it; `None`: she was not.
    """

    on: date
    first: date | None


class BirthCell(StrEnum):
    """Whether care came in time."""

    IN_TIME = "in_time"
    LATE = "late"


def early_of(pregnancy: Pregnancy) -> BirthCell | None:
    """Return the cell of a pregnancy; `None` when its weeks are not known."""
    if pregnancy.since is None:
        return None
    is_early = pregnancy.first is not None and pregnancy.first <= pregnancy.since + EARLY
    return BirthCell.IN_TIME if is_early else BirthCell.LATE


def visited_of(birth: Birth) -> BirthCell:
    """Return the cell of a birth."""
    is_soon = birth.first is not None and birth.first <= birth.on + SOON
    return BirthCell.IN_TIME if is_soon else BirthCell.LATE


_CELLS = tuple(BirthCell)
ANTENATAL_TABLE = Table("antenatal", _CELLS, early_of, Nature.FLOW, Unit.BIRTHS)
POSTNATAL_TABLE = Table("postnatal", _CELLS, visited_of, Nature.FLOW, Unit.BIRTHS)

_IN_TIME = frozenset({BirthCell.IN_TIME})
EARLY_ANTENATAL = Indicator(IndicatorCode.EARLY_ANTENATAL, ANTENATAL_TABLE, _IN_TIME)
POSTNATAL_VISIT = Indicator(IndicatorCode.POSTNATAL_VISIT, POSTNATAL_TABLE, _IN_TIME)
