"""The sex ratio at birth of a township: yearly totals that are public statistics, pooled, and what they can tell.

Of a village, a month or a person there is none, and nothing here is a target.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules import disclosure
from models.rules.disclosure import Shown
from models.rules.intervals import USUAL_SEX_RATIO, SexRatio

MOST_YEARS = 10
"""So many years are pooled at most, the last ones (convention)."""
FEWEST = 1000
"""With fewer births than this, chance alone moves the ratio by a dozen and more either way (convention)."""
LARGEST = 20_000
"""More boys or girls a year than this are a slip."""


@dataclass(frozen=True, slots=True)
class YearTotal:
    """How many boys and girls were born in a township in a year."""

    year: int
    boys: int
    girls: int


class Meaning(StrEnum):
    """What a pooled ratio tells."""

    FEW = "too_few"
    """Nothing: too few births."""
    CHANCE = "chance"
    """Nothing: chance may have made it of what is usual."""
    HIGH = "high"
    LOW = "low"


def years(today: date) -> range:
    """Return the years that can be entered: those that are over, the last one first."""
    return range(today.year - 1, today.year - 1 - MOST_YEARS, -1)


def pooled(totals: Iterable[YearTotal]) -> tuple[YearTotal, ...]:
    """Return the totals that are pooled: of the last years that were entered, the last one first."""
    return tuple(sorted(totals, key=lambda one: one.year, reverse=True)[:MOST_YEARS])


def shown(totals: Iterable[YearTotal]) -> Shown[int]:
    """Return which years, and whether their sum, may be shown: small totals can't be worked out."""
    return disclosure.of_rows({one.year: (one.boys, one.girls) for one in totals})


def ratio(found: Shown[int]) -> SexRatio | None:
    """Return the pooled ratio; `None` where the sum isn't shown, or there is no ratio in it."""
    if not found.total or not all(found.total):
        return None
    boys, girls = found.total
    return SexRatio(boys, girls)


def meaning(one: SexRatio) -> Meaning:
    """Return what a ratio tells."""
    if one.boys + one.girls < FEWEST:
        return Meaning.FEW
    if one.says_nothing(USUAL_SEX_RATIO):
        return Meaning.CHANCE
    return Meaning.HIGH if one.interval.low > USUAL_SEX_RATIO.high else Meaning.LOW
