"""Working days in China, and the check-up days that follow from them.

The State Council publishes each year's days off and make-up workdays late in the year before;
`chinesecalendar` has them for 2004 to 2026. For other years the statutory holidays are computed, without
the make-up days that nobody knows yet: such dates are provisional.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from models.rules.statutory import FIRST_YEAR, LAST_YEAR, statutory_holidays

CHECKUP_MONTHS = (1, 3, 5, 7, 9, 11)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CheckupDate:
    """A check-up day.

    Attributes:
        nominal: the village's fixed day.
        held_on: the day on which it takes place: `nominal`, or the next working day.
        provisional: a day in question has no published calendar yet, so `held_on` may still change.
    """

    nominal: date
    held_on: date
    provisional: bool


def is_provisional(day: date) -> bool:
    """Return whether no calendar was published for the year of `day`."""
    return _published(day) is None


def is_working_day(day: date) -> bool:
    """Return whether people work on `day`: make-up workdays included, days off in lieu not."""
    published = _published(day)
    if published is not None:
        return published
    return day.weekday() < _SATURDAY and day not in _statutory_holidays(day.year)


def next_working_day(day: date) -> date:
    """Return `day` if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_after(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`; `day` itself for none."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1))
    return day


def working_day_before(day: date, count: int) -> date:
    """Return the `count`-th working day before `day`; `day` itself for none."""
    for _ in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def nominal_day(day_of_month: int, year: int, month: int) -> date:
    """Return the fixed day in a month; the last day of a month that is too short for it.

    Raises:
        ValueError: `day_of_month` is not between 1 and 31.
    """
    if not 1 <= day_of_month <= 31:
        raise ValueError("a day of the month lies between 1 and 31")
    return date(year, month, min(day_of_month, monthrange(year, month)[1]))


def nominal_checkup_days(day_of_month: int, year: int) -> list[date]:
    """Return the fixed days of a year: one in each odd month."""
    return [nominal_day(day_of_month, year, month) for month in CHECKUP_MONTHS]


@lru_cache(maxsize=4096)
def checkup_day(day_of_month: int, year: int, month: int) -> CheckupDate:
    """Return the check-up day of an odd month.

    Raises:
        ValueError: the month is even, or the day of the month does not exist.
    """
    if month not in CHECKUP_MONTHS:
        raise ValueError("check-ups are held in odd months")
    return held(nominal_day(day_of_month, year, month))


def held(nominal: date) -> CheckupDate:
    """Return where a fixed day (a check-up or a joint meeting) moves to."""
    held_on = next_working_day(nominal)
    return CheckupDate(nominal, held_on, is_provisional(nominal) or is_provisional(held_on))


def next_checkup_day(day_of_month: int, after: date) -> CheckupDate:
    """Return the first check-up day that is held later than `after`.

    One of the month before may still lie ahead: 31 January can move into February.
    """
    year, month = after.year, after.month
    if month % 2 == 0:
        month -= 1
    while True:
        found = checkup_day(day_of_month, year, month)
        if found.held_on > after:
            return found
        month += 2
        if month > 12:
            year, month = year + 1, 1


def _published(day: date) -> bool | None:
    """Return whether `day` is a working day by the published calendar; `None` where there is none."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


@lru_cache(maxsize=16)
def _statutory_holidays(year: int) -> frozenset[date]:
    """Return the statutory holidays of a year, computed; none before the People's Republic."""
    if FIRST_YEAR <= year <= LAST_YEAR:
        return statutory_holidays(year)
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))
