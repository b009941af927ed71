"""Working days in China, and the check-up days that follow from them.

The State Council publishes each year's days off and make-up workdays late in the year before;
`chinesecalendar` has them for 2004 to 2026. For other years the statutory holidays are computed, without
the make-up days that nobody knows yet: such dates are provisional.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

CHECKUP_MONTHS = (1, 3, 5, 7, 9, 11)
MOST_DAYS_MOVED = 45
"""So far from its fixed day a check-up day can be moved: never beyond the fixed days next to it."""
_SATURDAY = 5

Moves = Mapping[date, date | None]
"""Check-up days that somebody moved or cancelled: the fixed day, and when it is held instead (`None`: not at all)."""
NO_MOVES: Moves = MappingProxyType({})


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


def occurrence(day_of_month: int, nominal: date, moves: Moves = NO_MOVES) -> CheckupDate | None:
    """Return the check-up day of the month of `nominal`; `None` when it was cancelled.

    Raises:
        ValueError: as in `checkup_day`.
    """
    found = checkup_day(day_of_month, nominal.year, nominal.month)
    if found.nominal not in moves:
        return found
    moved = moves[found.nominal]
    return CheckupDate(found.nominal, moved, provisional=False) if moved is not None else None


def next_checkup_day(day_of_month: int, after: date, moves: Moves = NO_MOVES) -> CheckupDate:
    """Return the first check-up day that is held later than `after`.

    One of the month before may still lie ahead: 31 January can move into February.
    """
    index = _index(after) - bool(moves)
    while True:
        found = occurrence(day_of_month, _odd_month(index), moves)
        if found is not None and found.held_on > after:
            return found
        index += 1


def last_checkup_day(day_of_month: int, on: date, moves: Moves = NO_MOVES) -> CheckupDate:
    """Return the last check-up day that is held not after `on`."""
    index = _index(on) + bool(moves)
    while True:
        found = occurrence(day_of_month, _odd_month(index), moves)
        if found is not None and found.held_on <= on:
            return found
        index -= 1


def months_around(first: date, last: date) -> list[date]:
    """Return the odd months whose check-up day may be held from `first` to `last`, as their first days."""
    return [_odd_month(index) for index in range(_index(first) - 1, _index(last) + 2)]


def _index(day: date) -> int:
    """Return the number of the odd month that `day` lies in, or just after."""
    return day.year * len(CHECKUP_MONTHS) + (day.month - 1) // 2


def _odd_month(index: int) -> date:
    """Return the first day of an odd month by its number."""
    year, position = divmod(index, len(CHECKUP_MONTHS))
    return date(year, CHECKUP_MONTHS[position], 1)


@lru_cache(maxsize=4096)
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
    from models.rules.statutory import FIRST_YEAR, LAST_YEAR, statutory_holidays

    if FIRST_YEAR <= year <= LAST_YEAR:
        return statutory_holidays(year)
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))
