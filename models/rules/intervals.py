"""How far a rate can be off by chance: Wilson's interval (95 %), which stays sensible for small and for whole rates.

E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z = 1.959963984540054
"""Quantile of the normal distribution that leaves 2.5 % on each side."""
_HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        """Return whether the two have a value in common: their difference may be chance."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Rate:
    """`n` of `of`, which is at least 1.

    Attributes:
        percent: the rate; `interval`: where it lies with 95 % confidence, in percent.
    """

    n: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.of or self.of < 1:
            raise ValueError("a rate is a part of at least one")

    @property
    def percent(self) -> float:
        """The rate in percent."""
        return _HUNDRED * self.n / self.of

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval in percent."""
        found = wilson(self.n, self.of)
        return Interval(_HUNDRED * found.low, _HUNDRED * found.high)


@dataclass(frozen=True, slots=True)
class SexRatio:
    """Boys to 100 girls at birth, pooled.

    Attributes:
        ratio: infinite without a girl; `interval`: its 95 % interval.
    """

    boys: int
    girls: int

    def __post_init__(self) -> None:
        if min(self.boys, self.girls) < 0 or self.boys + self.girls < 1:
            raise ValueError("a ratio needs a birth")

    @property
    def ratio(self) -> float:
        """Boys to 100 girls."""
        return _odds(self.boys / (self.boys + self.girls))

    @property
    def interval(self) -> Interval:
        """The interval of the share of boys, as boys to 100 girls."""
        share = wilson(self.boys, self.boys + self.girls)
        return Interval(_odds(share.low), _odds(share.high))

    def says_nothing(self, usual: Interval) -> bool:
        """Return whether chance alone may have made it of a ratio that is `usual`."""
        return self.interval.overlaps(usual)


USUAL_SEX_RATIO = Interval(103.0, 107.0)
"""Boys to 100 girls where nobody interferes."""


def wilson(n: int, of: int) -> Interval:
    """Return Wilson's 95 % interval of the share `n` of `of`, between 0 and 1.

    Raises:
        ValueError: `n` is no part of `of`, or `of` is less than 1.
    """
    if not 0 <= n <= of or of < 1:
        raise ValueError("a share is a part of at least one")
    share, z2 = n / of, _Z * _Z
    centre = share + z2 / (2 * of)
    reach = _Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    scale = 1 + z2 / of
    low = 0.0 if n == 0 else (centre - reach) / scale
    high = 1.0 if n == of else (centre + reach) / scale
    return Interval(low, high)


def _odds(share: float) -> float:
    return math.inf if share >= 1 else _HUNDRED * share / (1 - share)
