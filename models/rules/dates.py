"""Dates as people type them, in the common and in the lunar calendar.

Conventions: a date is lunar only when it says so (农历, 阴历, 正月, 冬月, 腊月, 闰, 初, 廿): 8月15 is in August. A date
without its year is the last one not after today, the next one not before today, or the nearest of all, as the
question wants. Two digits of a year are the century that suits the question. Day and month are never swapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.rules.date_words import Direction, word_day
from models.rules.errors import InputError
from models.rules.lunar import FIRST_YEAR, LAST_YEAR, LunarDay, lunar_day
from models.rules.spans import add_months
from models.rules.typed import CHINESE_NUMBER, chinese_number, plain

EXAMPLE = "10.5"
LUNAR_EXAMPLE = "农历八月十五"
LEAP_YEARS_AHEAD, LEAP_YEARS_BACK = 2, 10
"""A leap month without its year is looked for this far ahead and back: further off nobody means it."""

_RELATIVE_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_YEAR = r"(?P<year>\d{4}|\d{2}|[〇零一二三四五六七八九]{4})"
_SEPARATED = re.compile(rf"(?:{_YEAR}\s*[-/.年\s]\s*)?(?P<month>\d{{1,2}})\s*[-/.月\s]\s*(?P<day>\d{{1,2}})\s*[号日]?")
_WRITTEN = re.compile(rf"(?:{_YEAR}\s*年)?\s*(?P<month>{CHINESE_NUMBER})\s*月\s*(?P<day>{CHINESE_NUMBER})\s*[号日]?")
_COMPACT = re.compile(r"(?P<year>\d{4})?(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)
_DAY_ONLY = re.compile(rf"(?P<day>{CHINESE_NUMBER})\s*[号日]")
_RELATIVE_YEAR = re.compile(rf"({'|'.join(_RELATIVE_YEARS)})的?\s*")
_TAIL = re.compile(r"(?<=[\d号日])\s*[(,]?\s*(?:周|星期|礼拜)[一二三四五六日天]\s*\)?$")
_LUNAR_WORD = re.compile(r"农历|阴历|旧历|lunar", re.IGNORECASE)
_LUNAR = re.compile(
    rf"(?:{_YEAR}\s*年)?\s*(?P<leap>闰)?(?P<month>正|冬|腊|{CHINESE_NUMBER})\s*[月./\-]\s*"
    rf"(?:初(?P<first>{CHINESE_NUMBER})|(?P<day>{CHINESE_NUMBER}))\s*[号日]?"
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A day, and its lunar name (`农历八月十五`) when it was typed as a lunar date."""

    day: date
    lunar: str | None = None


def parse_date(text: str, today: date, direction: Direction = "any") -> TypedDate:
    """Return the day that `text` names.

    Args:
        text: what was typed.
        today: the day on which it was typed.
        direction: `past` and `future` include today; they choose the year, and refuse the other side.

    Raises:
        InputError: `date` (not understood), `date_impossible` (no such day), `date_year` (not 1900–2099),
            `date_future`, `date_past` (on the wrong side of today), `date_lunar` (no such lunar day),
            `date_lunar_short` (that month has 29 days), `date_leap_month` (no such leap month near).
    """
    typed = plain(text)
    day = word_day(typed, today, direction)
    bare = _TAIL.sub("", typed)
    found = TypedDate(day) if day is not None else _calendar_date(bare, today, direction)
    if not FIRST_YEAR <= found.day.year <= LAST_YEAR:
        raise InputError("date_year", EXAMPLE, first=FIRST_YEAR, last=LAST_YEAR)
    if direction == "past" and found.day > today:
        raise InputError("date_future", "昨天", day=found.day)
    if direction == "future" and found.day < today:
        raise InputError("date_past", "明天", day=found.day)
    return found


def format_date(day: date) -> str:
    """Return the form `2026-10-05`, which `parse_date` reads back."""
    return day.isoformat()


def lunar_text(day: date) -> str | None:
    """Return the lunar name of `day` with its year, which `parse_date` reads back: `农历2026年八月十五`."""
    found = lunar_day(day)
    return str(found).replace("农历", f"农历{found.year}年") if found is not None else None


def _calendar_date(typed: str, today: date, direction: Direction) -> TypedDate:
    typed, year = _take_relative_year(typed, today)
    without = _LUNAR_WORD.sub("", typed).strip()
    if without != typed or re.search("[正冬腊闰初廿]", typed):
        return _lunar_date(without, today, direction, year)
    for pattern in (_SEPARATED, _WRITTEN, _COMPACT):
        found = pattern.fullmatch(typed)
        if found is not None:
            year = _year(found["year"], today, direction) if found["year"] else year
            return TypedDate(_solar(year, found["month"], found["day"], today, direction))
    only = _DAY_ONLY.fullmatch(typed)
    if only is None or year is not None:
        raise InputError("date", EXAMPLE)
    return TypedDate(_day_of_some_month(chinese_number(only["day"]), today, direction))


def _take_relative_year(typed: str, today: date) -> tuple[str, int | None]:
    """Split 去年 or 明年 off the front."""
    found = _RELATIVE_YEAR.match(typed)
    if found is None:
        return typed, None
    return typed[found.end() :], today.year + _RELATIVE_YEARS[found[1]]


def _year(text: str, today: date, direction: Direction) -> int:
    digits = "".join(str(chinese_number(char)) for char in text)
    if len(digits) == 4:
        return int(digits)
    century = today.year // 100 * 100
    choices = [century + shift + int(digits) for shift in (-100, 0, 100)]
    if direction == "past":
        return max(year for year in choices if year <= today.year)
    if direction == "future":
        return min(year for year in choices if year >= today.year)
    return min(choices, key=lambda year: abs(year - today.year))


def _solar(year: int | None, month_text: str, day_text: str, today: date, direction: Direction) -> date:
    month, day = chinese_number(month_text), chinese_number(day_text)
    if month is None or day is None:
        raise InputError("date", EXAMPLE)
    years = [year] if year is not None else range(today.year - 8, today.year + 9)
    possible = [found for one in years if (found := _date(one, month, day)) is not None]
    if not possible:
        raise InputError("date_impossible", EXAMPLE)
    return _nearest(possible, today, direction)


def _day_of_some_month(day: int | None, today: date, direction: Direction) -> date:
    months = [add_months(today.replace(day=1), shift) for shift in range(-2, 3)]
    possible = [found for one in months if (found := _date(one.year, one.month, day or 0)) is not None]
    if not possible:
        raise InputError("date_impossible", EXAMPLE)
    return _nearest(possible, today, direction)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(days: Iterable[date], today: date, direction: Direction) -> date:
    """Return the day nearest to `today`, on the side that is asked for if there is one there."""
    found = list(days)
    if direction == "past":
        found = [day for day in found if day <= today] or found
    elif direction == "future":
        found = [day for day in found if day >= today] or found
    return min(found, key=lambda day: (abs((day - today).days), day < today))


def _lunar_date(typed: str, today: date, direction: Direction, year: int | None) -> TypedDate:
    found = _LUNAR.fullmatch(typed)
    if found is None:
        raise InputError("date_lunar", LUNAR_EXAMPLE)
    if found["year"]:
        year = _year(found["year"], today, direction)
    month = _LUNAR_MONTHS.get(found["month"]) or chinese_number(found["month"])
    day = chinese_number(found["first"] or found["day"])
    if month is None or day is None or not (1 <= month <= 12 and 1 <= day <= 30):
        raise InputError("date_lunar", LUNAR_EXAMPLE)
    if found["first"] and day > 10:
        raise InputError("date_lunar", LUNAR_EXAMPLE)
    named = _lunar_in_year(year, month, day, bool(found["leap"]), today, direction)
    solar = named.solar()
    if solar is None:
        raise InputError("date_lunar_short", LUNAR_EXAMPLE, month=month)
    return TypedDate(solar, str(named))


def _lunar_in_year(year: int | None, month: int, day: int, leap: bool, today: date, direction: Direction) -> LunarDay:
    """Find the year of a lunar date; a 30th is looked for in the month it would be in, long or short."""
    if year is not None:
        years: Iterable[int] = [year]
    elif leap:
        years = range(today.year - LEAP_YEARS_BACK, today.year + LEAP_YEARS_AHEAD + 1)
    else:
        years = range(today.year - 2, today.year + 3)
    starts = {solar: one for one in years if (solar := LunarDay(one, month, min(day, 29), leap).solar()) is not None}
    if not starts:
        raise InputError("date_leap_month" if leap else "date_lunar", LUNAR_EXAMPLE, month=month)
    return LunarDay(starts[_nearest(starts, today, direction)], month, day, leap)
