"""The statutory holidays of China in years whose calendar is not published yet.

Source: the State Council's rules on days off for holidays as amended on 10 November 2024 (in force from 2025): New
Year's Day; the eve of the Spring Festival and its first three days; Qingming; 1 and 2 May; the Dragon Boat Festival;
the Mid-Autumn Festival; 1 to 3 October. A holiday on a weekend is made up for on the next day that people would work.
A test holds this to the package `holidays`, which is not loaded here: it takes 11 MB.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from lunardate import LunarDate

FIRST_YEAR, LAST_YEAR = 2025, 2099
_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=16)
def statutory_holidays(year: int) -> frozenset[date]:
    """Return the holidays of a year with the days off in lieu.

    Raises:
        ValueError: the year is outside `FIRST_YEAR` to `LAST_YEAR`.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the rules hold for {FIRST_YEAR} to {LAST_YEAR}")
    festivals = _festivals(year)
    days = set(festivals)
    for day in sorted(festivals):  # two on one day are made up for twice
        if day.weekday() >= _SATURDAY:
            days.add(_next_to_make_up(day, days))
    return frozenset(days)


def _festivals(year: int) -> list[date]:
    spring = _lunar(year, 1, 1)
    return [
        date(year, 1, 1),
        *(spring + n * _DAY for n in (-1, 0, 1, 2)),
        _qingming(year),
        date(year, 5, 1),
        date(year, 5, 2),
        _lunar(year, 5, 5),
        _lunar(year, 8, 15),
        *(date(year, 10, n) for n in (1, 2, 3)),
    ]


def _next_to_make_up(day: date, taken: set[date]) -> date:
    while day in taken or day.weekday() >= _SATURDAY:
        day += _DAY
    return day


def _lunar(year: int, month: int, day: int) -> date:
    found: date = LunarDate(year, month, day).to_solar_date()
    return found


def _qingming(year: int) -> date:
    """Return the solar term, by the usual formula for this century."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)
