"""Small numbers of people, kept from whoever is not of their team: 1 to 9 are not shown, and can't be worked out.

docs/reference/small-numbers.md tells which numbers are of people, and who is of the team.

A number that is not shown (`None`) is one of 1 to 9, and a reader knows that. The sum of a column tells the rest of
it, so it stands only where it leaves each hidden number at least three possible values; else it isn't shown either.
Who sees that a sum is missing, and knows this rule, is left with as many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

LARGEST_SMALL = 9
"""Numbers from 1 to this one are small."""
_SLACK = 2
"""A sum so far from what its hidden numbers can be at least, and at most, leaves each of them three values."""


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers of people by place, as they may be shown.

    Attributes:
        cells: in the given order; `None` for a small number.
        total: their sum; `None` when it is small or would give one of them away.
    """

    cells: tuple[int | None, ...]
    total: int | None


def is_small(count: int) -> bool:
    """Return whether a number is one that is not shown."""
    return 0 < count <= LARGEST_SMALL


def shown(count: int) -> int | None:
    """Return a number as it may be shown alone: `None` when it is small."""
    return None if is_small(count) else count


def part(count: int, whole: int | None) -> int | None:
    """Return a number of some of those in `whole` as it may be shown beside it: `None` when it or the rest is small.

    Nothing is shown of a whole that isn't: it would tell how many there are at least.
    """
    return None if whole is None or is_small(count) or is_small(whole - count) else count


def fresh(counts: Iterable[tuple[int, int]], whole: int | None) -> int | None:
    """Return how many of those in `whole` are new, as it may be shown beside it: as in `part`.

    Where there are old ones as well is told too. Everywhere else all are new, so that what is new just there follows.

    Args:
        counts: how many are new and how many are old, by place.
        whole: all of them, as it is shown.
    """
    by_place = tuple(counts)
    beside_old = sum(new for new, old in by_place if old)
    return None if is_small(beside_old) else part(sum(new for new, _ in by_place), whole)


def parts(counts: Sequence[int], wholes: Sequence[int | None]) -> bool:
    """Return whether sums of the same people over parts of a time can be shown beside those over the whole times.

    Args:
        counts: what happened in some days each, which don't overlap.
        wholes: what happened in the months that all these days lie in, as it is shown.
    """
    if any(whole is None for whole in wholes) or any(map(is_small, counts)):
        return False
    everything = sum(whole for whole in wholes if whole is not None)
    rests = (everything - sum(some) for many in range(1, len(counts) + 1) for some in combinations(counts, many))
    return not any(map(is_small, rests))


def exact(counts: Iterable[int]) -> Column:
    """Return numbers of people as their own team sees them."""
    cells = tuple(counts)
    return Column(cells, sum(cells))


def column(counts: Sequence[int]) -> Column:
    """Return numbers of people, one for each place, as they may be shown together with their sum.

    Raises:
        ValueError: a number is negative.
    """
    if any(count < 0 for count in counts):
        raise ValueError("a count is not negative")
    cells = tuple(shown(count) for count in counts)
    hidden = [count for count, cell in zip(counts, cells, strict=True) if cell is None]
    return Column(cells, sum(counts) if _is_safe(hidden) else None)


def _is_safe(hidden: Sequence[int]) -> bool:
    """Return whether a sum can be shown beside the numbers that are not."""
    if not hidden:
        return True
    least, most = len(hidden), len(hidden) * LARGEST_SMALL
    return len(hidden) > 1 and least + _SLACK <= sum(hidden) <= most - _SLACK and sum(hidden) > LARGEST_SMALL
