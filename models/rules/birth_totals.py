"""The sex ratio at birth of a township: yearly totals that are public statistics, pooled, and what they can tell.

Of a village, a month or a person there is none, and nothing here is a target. A year with 1 to 9 boys or girls is
neither told nor pooled: beside others it could be worked out, as years come and go with time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.disclosure import is_small
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


def told(totals: Iterable[YearTotal]) -> tuple[YearTotal, ...]:
    """Return the years that are told, in the given order: whatever is said of births is made of them alone."""
    return tuple(one for one in totals if not (is_small(one.boys) or is_small(one.girls)))


def ratio(found: Sequence[YearTotal]) -> SexRatio | None:
    """Return the pooled ratio of the years that are told; `None` where there is none in them."""
    boys, girls = sum(one.boys for one in found), sum(one.girls for one in found)
    return SexRatio(boys, girls) if boys and girls else None


def meaning(one: SexRatio) -> Meaning:
    """Return what a ratio tells."""
    if one.boys + one.girls < FEWEST:
        return Meaning.FEW
    if one.says_nothing(USUAL_SEX_RATIO):
        return Meaning.CHANCE
    return Meaning.HIGH if one.interval.low > USUAL_SEX_RATIO.high else Meaning.LOW
