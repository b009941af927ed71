"""Dates and times in the pattern letters of CLDR that `formats.toml` uses. Babel, which knows all, takes 5 MB."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

_RUN = re.compile(r"([A-Za-z])\1*")


@dataclass(frozen=True, slots=True)
class Names:
    """What a language calls days and months.

    Attributes:
        weekdays: from Monday on, in short.
        months: from January on.
        months_short: the same, in short.
    """

    weekdays: Sequence[str]
    months: Sequence[str]
    months_short: Sequence[str]


_FIELDS: Mapping[str, Callable[[Any, Names], str]] = {
    "y": lambda on, _: str(on.year),
    "M": lambda on, _: str(on.month),
    "MMM": lambda on, names: names.months_short[on.month - 1],
    "MMMM": lambda on, names: names.months[on.month - 1],
    "d": lambda on, _: str(on.day),
    "EEE": lambda on, names: names.weekdays[on.weekday()],
    "HH": lambda at, _: f"{at.hour:02}",
    "mm": lambda at, _: f"{at.minute:02}",
}


def written(value: date | datetime | time, pattern: str, names: Names) -> str:
    """Return a date or time as a pattern says; a moment as its own zone's clocks and calendars show it.

    Raises:
        KeyError: for letters that are not known here.
    """
    return _RUN.sub(lambda run: _FIELDS[run.group()](value, names), pattern)
