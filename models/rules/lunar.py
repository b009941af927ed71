"""The lunar calendar, as far as people name days by it (1900 to 2099)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2099
_FIRST_DAY = date(1900, 1, 31)
_NUMERALS = "〇一二三四五六七八九十"
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar; `leap` marks the second month of that number in its year."""

    year: int
    month: int
    day: int
    leap: bool = False

    def solar(self) -> date | None:
        """Return the same day in the common calendar, or `None` when the year has no such day."""
        from lunardate import LunarDate

        try:
            found: date = LunarDate(self.year, self.month, self.day, self.leap).to_solar_date()
        except ValueError:
            return None
        return found

    def __str__(self) -> str:
        leap = "闰" if self.leap else ""
        return f"农历{leap}{_MONTHS[self.month - 1]}月{day_name(self.day)}"


def lunar_day(day: date) -> LunarDay | None:
    """Return the lunar name of `day`, or `None` outside the years that are known."""
    from lunardate import LunarDate

    if day < _FIRST_DAY:
        return None
    try:
        found = LunarDate.from_solar_date(day.year, day.month, day.day)
    except ValueError:
        return None
    return LunarDay(found.year, found.month, found.day, bool(found.is_leap_month))


def day_name(day: int) -> str:
    """Return what the day of a lunar month is called: 初一, 初十, 十五, 二十, 廿三, 三十."""
    if day <= 10:
        return f"初{_NUMERALS[day]}"
    if day in (20, 30):
        return f"{_NUMERALS[day // 10]}十"
    return f"{'十' if day < 20 else '廿'}{_NUMERALS[day % 10]}"
