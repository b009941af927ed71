"""Lengths of time, ages and days as a file has them: `3m`, `18y`, `birth+28d`."""

from __future__ import annotations

import re
from unicodedata import normalize

from models.rules.programmes.base import Anchor, Point
from models.rules.programmes.files.faults import Fault, Wrong, unknown
from models.rules.spans import Span

_PART = r"[+-]?\d{1,5}[ymwd]"
_SPAN = re.compile(rf"(?:{_PART})+")
_POINT = re.compile(r"([a-z_]+)((?:[+-]\d{1,5}[ymwd])*)")
_MONTHS = {"y": 12, "m": 1}
_DAYS = {"w": 7, "d": 1}
LONGEST_MONTHS = 120 * 12
LONGEST_DAYS = 366 * 120


def _bare(text: str) -> str:
    """Forgive full-width signs, spaces and capitals."""
    return "".join(normalize("NFKC", text).split()).lower()


def span(text: str) -> Span:
    """Read a length of time: `3m`, `1y`, `2w`, `6m-1d`.

    Raises:
        Wrong: BAD_SPAN, OUT_OF_RANGE.
    """
    bare = _bare(text)
    if not _SPAN.fullmatch(bare):
        raise Wrong(Fault.BAD_SPAN, what=text)
    return _sum(bare)


def _sum(bare: str) -> Span:
    months = days = 0
    for part in re.findall(_PART, bare):
        count, unit = int(part[:-1]), part[-1]
        months += count * _MONTHS.get(unit, 0)
        days += count * _DAYS.get(unit, 0)
    if abs(months) > LONGEST_MONTHS or abs(days) > LONGEST_DAYS:
        raise Wrong(Fault.OUT_OF_RANGE, what=bare, least="0d", most="120y")
    return Span(months, days)


def days(text: str, *, least: int = 0, most: int = 3660) -> int:
    """Read a number of days: `14d`, `2w`.

    Raises:
        Wrong: BAD_DAYS, OUT_OF_RANGE.
    """
    bare = _bare(text)
    if not re.fullmatch(r"\+?\d{1,5}[wd]", bare):
        raise Wrong(Fault.BAD_DAYS, what=text)
    found = _sum(bare).days
    if not least <= found <= most:
        raise Wrong(Fault.OUT_OF_RANGE, what=text, least=f"{least}d", most=f"{most}d")
    return found


def age(text: str) -> int:
    """Read an age in months: `18y`, `6m`. Ages are counted in completed months, so days are no age.

    Raises:
        Wrong: BAD_AGE, OUT_OF_RANGE.
    """
    bare = _bare(text)
    if not re.fullmatch(r"\+?(?:\d{1,5}[ym])+", bare):
        raise Wrong(Fault.BAD_AGE, what=text)
    months = _sum(bare).months
    if months > LONGEST_MONTHS:
        raise Wrong(Fault.OUT_OF_RANGE, what=text, least="0m", most="120y")
    return months


def point(text: str) -> Point:
    """Read a day: an anchor, and what comes after it (`birth`, `start+3m-14d`).

    Raises:
        Wrong: BAD_POINT, an unknown anchor, OUT_OF_RANGE.
    """
    found = _POINT.fullmatch(_bare(text))
    if found is None:
        raise Wrong(Fault.BAD_POINT, what=text)
    return Point(anchor(found[1]), _sum(found[2]))


def anchor(text: str) -> Anchor:
    """Read the name of a date that schedules are reckoned from.

    Raises:
        Wrong: it is unknown.
    """
    known = [one.value for one in Anchor]
    if text not in known:
        raise unknown(text, known, Fault.UNKNOWN_WORD, Fault.UNKNOWN_WORD_NEAR)
    return Anchor(text)


def of_span(length: Span) -> str:
    """Write a length of time, the shortest way."""
    return (_signed(length) or "+0d").removeprefix("+")


def of_age(months: int) -> str:
    """Write an age in months."""
    return f"{months // 12}y" if months and months % 12 == 0 else f"{months}m"


def of_point(day: Point) -> str:
    """Write a day."""
    return f"{day.anchor.value}{_signed(day.span)}"


def _signed(length: Span) -> str:
    count, unit = (length.months // 12, "y") if length.months % 12 == 0 else (length.months, "m")
    months = f"{count:+d}{unit}" if length.months else ""
    return months + (f"{length.days:+d}d" if length.days else "")
