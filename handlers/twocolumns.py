"""A table of two columns beside their labels, in letters of one width: it reads well on a phone of 390 px."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

from locales.message import Label, Text, Verbatim
from locales.translator import translator

LABEL, COLUMN = 10, 12
"""Half-width cells of the labels and of each column; together with the blanks they fit 36."""
_CUT = "…"


def table(language: str, rows: Iterable[tuple[Label, Label, Label]]) -> Text:
    """Return the rows as one text; what is too wide for its column is cut."""
    words = translator(language).plain
    lines = [" ".join(_fit(words(cell), width) for cell, width in zip(row, _WIDTHS, strict=True)) for row in rows]
    return Text.of("duplicates.table", rows="\n".join(line.rstrip() for line in lines))


_WIDTHS = (LABEL, COLUMN, COLUMN)


def cells(words: str) -> int:
    """Return how many half-width cells `words` take."""
    return sum(_width(letter) for letter in words)


def _width(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else 1


def cut(words: str, width: int) -> str:
    """Return `words`, cut to `width` cells where they take more."""
    if cells(words) <= width:
        return words
    while cells(words) > width - 1:
        words = words[:-1]
    return words + _CUT


def _fit(words: str, width: int) -> str:
    """Return `words` cut or filled up to `width` cells."""
    shown = cut(words, width)
    return shown + " " * (width - cells(shown))


def plain(words: object) -> Verbatim:
    """Return a value that is the same in every language."""
    return Verbatim(str(words))
