"""What charts are drawn on: pixels from the top left, drawn by matplotlib without its figures and axes.

Those would take longer to load than all the rest takes. It is loaded when a canvas is made: in a process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import floor
from typing import TYPE_CHECKING, Any

from models.files.calendar_pictures import font_path

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

Colour = tuple[float, float, float]
"""Red, green, blue, from 0 to 1."""
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

PAPER: Colour = (1.0, 1.0, 1.0)
INK: Colour = (0.09, 0.13, 0.18)
GREY: Colour = (0.38, 0.42, 0.47)
LINE: Colour = (0.80, 0.82, 0.85)
SHADE: Colour = (0.92, 0.93, 0.95)
BLUE: Colour = (0.0, 0.447, 0.698)
PALE: Colour = (0.70, 0.84, 0.92)
ORANGE: Colour = (0.835, 0.369, 0.0)
"""Blue and orange are told apart by everybody, and by how dark they are."""

_HATCH = "////"
_SMALLEST = 20
"""Pixels: letters are made smaller down to here, then cut."""
_STEPS = 16
"""So many shades an edge takes from what is on one side of it to the other."""
_DOTS_AN_INCH = 72
"""So that sizes are pixels."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words as they stand on a canvas."""

    words: str
    box: Box


class Canvas:
    """A picture while it is drawn.

    Attributes:
        labels: all words on it, for whoever checks that they lie apart.
    """

    def __init__(self, width: int, height: int) -> None:
        """Begin with white paper."""
        from matplotlib.backends import backend_agg
        from matplotlib.path import Path
        from matplotlib.transforms import IdentityTransform

        self.labels: list[Label] = []
        self._size = (width, height)
        agg: Any = backend_agg.RendererAgg
        self._renderer = agg(width, height, _DOTS_AN_INCH)
        self._path: Any = Path
        self._as_it_is: Any = IdentityTransform()
        self._fonts: dict[float, Any] = {}
        self.box((0, 0, width, height), PAPER)

    def content(self) -> bytes:
        """Return the picture as a PNG, in as many colours as charts need."""
        from PIL import Image

        buffer = BytesIO()
        palette = Image.new("P", (1, 1))
        palette.putpalette(_palette())
        few = self.image().quantize(palette=palette, dither=Image.Dither.NONE)
        few.save(buffer, "PNG", compress_level=6)
        return buffer.getvalue()

    def image(self) -> Picture:
        """Return the picture in all its colours."""
        from PIL import Image

        whole = Image.frombuffer("RGBA", self._size, self._renderer.buffer_rgba(), "raw", "RGBA", 0, 1)
        return whole.convert("RGB")

    def words(
        self, words: str, at: Point, size: float, colour: Colour = INK, *, room: float = 1e9, to: float = 0
    ) -> None:
        """Write on a line through the middle of which `at` lies: to its right, or from `to` 0 to 1 to its left.

        Words that are longer than `room` are written smaller, then cut.
        """
        fitting, size, width = self._fitted(words, size, room)
        left, middle = at[0] - to * width, at[1]
        height = size * 1.05
        self.labels.append(Label(fitting, (left, middle - height / 2, left + width, middle + height / 2)))
        baseline = round(middle + size * 0.36)
        self._renderer.draw_text(self._context(colour), round(left), baseline, fitting, self._of_size(size), 0.0)

    def width(self, words: str, size: float) -> float:
        """Return how wide words are."""
        return float(self._renderer.get_text_width_height_descent(words, self._of_size(size), False)[0])

    def box(self, box: Box, fill: Colour | None = None, edge: Colour | None = None, *, hatched: bool = False) -> None:
        """Draw a rectangle."""
        left, top, right, bottom = box
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        self.shape(corners, fill, edge, hatched=hatched)

    def shape(
        self, points: Sequence[Point], fill: Colour | None, edge: Colour | None = None, *, hatched: bool = False
    ) -> None:
        """Draw a closed shape."""
        context = self._context(edge or fill or LINE, 2.0 if edge else 0.0)
        if hatched:
            context.set_hatch(_HATCH)
            context.set_hatch_color((*GREY, 1.0))
            context.set_hatch_linewidth(1.5)
        path = self._path([*map(self._up, points), (0, 0)], closed=True)
        self._renderer.draw_path(context, path, self._as_it_is, fill)

    def line(self, points: Sequence[Point], colour: Colour, width: float, *, dashed: bool = False) -> None:
        """Draw a line through points."""
        context = self._context(colour, width)
        if dashed:
            context.set_dashes(0, (2 * width, 2 * width))
        self._renderer.draw_path(context, self._path([*map(self._up, points)]), self._as_it_is)

    def disc(self, at: Point, radius: float, fill: Colour) -> None:
        """Draw a filled circle."""
        circle = self._path.circle(self._up(at), radius)
        self._renderer.draw_path(self._context(fill), circle, self._as_it_is, fill)

    def diamond(self, at: Point, radius: float, edge: Colour) -> None:
        """Draw a hollow square on its corner."""
        x, y = at
        self.shape(((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)), PAPER, edge)

    def _fitted(self, words: str, size: float, room: float) -> tuple[str, float, float]:
        """Return words, their size and their width, so that they have room."""
        width = self.width(words, size)
        if width > room:
            size = max(_SMALLEST, floor(size * room / width))
            width = self.width(words, size)
        while width > room and len(words) > 1:
            words = words.rstrip("…")
            words = words[: max(1, min(len(words) - 1, int(len(words) * room / width)))] + "…"
            width = self.width(words, size)
        return words, size, width

    def _of_size(self, size: float) -> Any:
        from matplotlib.font_manager import FontProperties

        if size not in self._fonts:
            self._fonts[size] = FontProperties(fname=font_path(), size=size)
        return self._fonts[size]

    def _context(self, colour: Colour, width: float = 0.0) -> Any:
        context = self._renderer.new_gc()
        context.set_foreground((*colour, 1.0), isRGBA=True)
        context.set_linewidth(width)
        context.set_antialiased(True)
        return context

    def _up(self, point: Point) -> Point:
        return point[0], self._size[1] - point[1]


def _palette() -> list[int]:
    """Return the colours of charts, and those between each of them and what it stands on."""
    found = [PAPER, SHADE]
    for ground in (PAPER, SHADE):
        for colour in (INK, GREY, LINE, BLUE, PALE, ORANGE):
            found += [_mixed(ground, colour, step / _STEPS) for step in range(1, _STEPS + 1)]
    return [round(255 * part) for colour in found for part in colour]


def _mixed(ground: Colour, colour: Colour, much: float) -> Colour:
    red, green, blue = (below + (above - below) * much for below, above in zip(ground, colour, strict=True))
    return red, green, blue
