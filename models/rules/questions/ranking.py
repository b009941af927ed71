"""Villages in the order of their figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.rules.indicators.base import Figure


@dataclass(frozen=True, slots=True)
class Standing:
    """A village's figure; `None` where it isn't shown to the reader."""

    name: str
    figure: Figure | None


def ranked(standings: Sequence[Standing], *, falling: bool) -> list[tuple[str, Figure]]:
    """Return those that have a figure, the highest first, or the lowest; of a rate only where there was something."""
    shown = [(one.name, one.figure) for one in standings if one.figure is not None and one.figure.of != 0]
    return sorted(shown, key=lambda one: _height(one[1]), reverse=falling)


def first_few(standings: Sequence[Standing], count: int, *, falling: bool) -> list[tuple[str, Figure]]:
    """Return the first `count`, and those that are level with the last of them."""
    order = ranked(standings, falling=falling)
    if len(order) <= count:
        return order
    last = _height(order[count - 1][1])
    return [one for at, one in enumerate(order) if at < count or _height(one[1]) == last]


def _height(figure: Figure) -> float:
    return figure.rate.percent if figure.rate is not None else float(figure.n)
