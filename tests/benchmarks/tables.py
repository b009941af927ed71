"""Tables on the screen."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a Markdown table, so that it can be copied into a document."""
    lines = [list(head), ["---"] * len(head), *map(list, rows)]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(head))]
    print(f"\n{title}\n")
    for line in lines:
        print(
            "| " + " | ".join(cell + " " * (wide - _width(cell)) for cell, wide in zip(line, widths, strict=True)), "|"
        )


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)


def milliseconds(seconds_times_1000: float) -> str:
    """Return milliseconds as people read them."""
    return f"{seconds_times_1000:.1f}" if seconds_times_1000 < 100 else f"{seconds_times_1000:.0f}"
