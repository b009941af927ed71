"""Figures as a picture: parts below each other, as wide as a phone, each told by its shape and its words.

Every word and number on it is given; nothing is counted here. What is kept from a reader is hatched, always in the same
size: nothing of it can be read off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.files.canvas import Canvas

WIDTH = 1080
"""Pixels: a phone of 390 points shows it whole."""
LOADS = ("models.files.chart_drawing", "matplotlib.backends.backend_agg", "PIL.Image")
"""What drawing needs loaded; it takes longer than drawing."""


@dataclass(frozen=True, slots=True)
class Share:
    """A rate and where it lies with 95 % confidence, each from 0 to 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tile:
    """A plain number; `change`: what it was before."""

    name: str
    number: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A rate; `share` is `None` where it is not shown, or there is none: the words say which.

    Attributes:
        before: what it was before.
        is_hidden: it is kept from the reader.
    """

    name: str
    words: str
    share: Share | None = None
    before: float | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A village: a number, as a part of the largest, or a rate; neither where there is nothing, or nothing is shown."""

    name: str
    words: str
    part: float | None = None
    share: Share | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a line; without a share there was nothing to do, or it is kept from the reader."""

    name: str
    words: str = ""
    share: Share | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Tiles:
    """Plain numbers beside each other."""

    tiles: Sequence[Tile]


@dataclass(frozen=True, slots=True)
class Dots:
    """Rates below each other, on the same scale."""

    title: str
    dots: Sequence[Dot]


@dataclass(frozen=True, slots=True)
class Bars:
    """Villages below each other, in two columns where there are many; `none`: what is said where there are none."""

    title: str
    bars: Sequence[Bar]
    none: str = ""


@dataclass(frozen=True, slots=True)
class Months:
    """A rate month by month; `words`: what it is in the whole period."""

    title: str
    months: Sequence[Month]
    words: str = ""


Part = Tiles | Dots | Bars | Months


def has_hidden(part: Part) -> bool:
    """Return whether anything of a part is kept from the reader."""
    match part:
        case Tiles():
            return False
        case Dots():
            return any(one.is_hidden for one in part.dots)
        case Bars():
            return any(one.is_hidden for one in part.bars)
        case Months():
            return any(one.is_hidden for one in part.months)


class Sign(Enum):
    """What the key at the foot explains."""

    NOW = "now"
    BEFORE = "before"
    MONTH = "month"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture.

    Attributes:
        title: place and period; `under`: as of when.
        key: what each sign means.
        notes: lines at the foot: how it was counted.
    """

    title: str
    under: str
    parts: Sequence[Part]
    key: Sequence[tuple[Sign, str]] = ()
    notes: Sequence[str] = ()

    def content(self) -> bytes:
        """Return it as a PNG."""
        return drawn(self).content()


def drawn(chart: Chart) -> Canvas:
    """Return the canvas with the chart on it."""
    from models.files.chart_drawing import Drawing

    return Drawing(chart).canvas
