"""Periods as they are said, in Chinese and in English, each found by a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match

from models.rules.date_words import word_day
from models.rules.questions import stretches
from models.rules.questions.stretches import Stretch, Unit
from models.rules.typed import CHINESE_NUMBER, chinese_number

_N = CHINESE_NUMBER
_YEAR = r"(?:(?P<year>\d{4}|\d{2}(?=年)|去年|今年|本年|前年|上年|明年)年?度?的?\s*)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?P<name>mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?! i\b)|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_OF_YEAR = r"(?:\s*(?:of\s+|in\s+|,\s*)?(?P<year>20\d\d|last year|this year|the year))?"
_A_DAY = timedelta(days=1)
_DAYS_A_WEEK = 7
_COUNT = r"(?P<count>\d{1,2}|two|three|four|five|six|nine|twelve)"
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "twelve": 12}
_YEARS_BACK = {"去年": 1, "上年": 1, "last year": 1, "前年": 2, "明年": -1}
_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2}
_DAYS |= {"day before yesterday": -2, "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_BACK = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1}
_BACK |= {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "the": 0, "next": 1, "coming": 1}
_UNITS = {
    "周": Unit.WEEK,
    "星期": Unit.WEEK,
    "礼拜": Unit.WEEK,
    "月": Unit.MONTH,
    "季度": Unit.QUARTER,
    "季": Unit.QUARTER,
}
_UNITS |= {"week": Unit.WEEK, "wk": Unit.WEEK, "month": Unit.MONTH, "mth": Unit.MONTH, "quarter": Unit.QUARTER}
_UNITS |= {"qtr": Unit.QUARTER, "year": Unit.YEAR, "yr": Unit.YEAR}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_QUARTERS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}


class Ahead(date):
    """A day on which the question is asked, when it asks for what is to come: a month without its year is the next."""


def _base_year(named: str | None, today: date) -> int | None:
    """Return the year that was named, in full or in two digits; `None` when none was."""
    if not named or named in ("the year",):
        return None
    if named.isdigit():
        return int(named) if len(named) == 4 else today.year // 100 * 100 + int(named)
    return today.year - _YEARS_BACK.get(named, 0)


def _fitting(made: Callable[[int], Stretch], named: str | None, today: date) -> Stretch:
    """Return what was named without its year in the last year in which it began, or the next where that is asked."""
    year = _base_year(named, today)
    if year is not None:
        return made(year)
    here = made(today.year)
    if isinstance(today, Ahead):
        return here if here.last >= today else made(today.year + 1)
    return here if here.first <= today else made(today.year - 1)


def _day(found: Match[str], today: date) -> Stretch:
    return stretches.shifted(Unit.DAY, today, _DAYS[found[0]])


def _weekday(found: Match[str], today: date) -> Stretch:
    day = word_day(found[0], today, "future" if isinstance(today, Ahead) else "any")
    if day is None:
        raise ValueError(found[0])
    return stretches.of(Unit.DAY, day)


def _english_weekday(found: Match[str], today: date) -> Stretch:
    monday = stretches.shifted(Unit.WEEK, today, _BACK.get(found["which"] or "this", 0)).first
    day = monday + _WEEKDAYS.index(found["name"][:3]) * _A_DAY
    is_past = isinstance(today, Ahead) and found["which"] is None and day < today
    return stretches.of(Unit.DAY, day + _DAYS_A_WEEK * _A_DAY if is_past else day)


def _relative(found: Match[str], today: date) -> Stretch:
    return stretches.shifted(_UNITS[found["unit"].rstrip("s")], today, _BACK[found["which"]])


def _month_before_last(found: Match[str], today: date) -> Stretch:
    return stretches.shifted(_UNITS[found["unit"]], today, -2)


def _month(found: Match[str], today: date) -> Stretch:
    number = _number(found["month"])
    return _fitting(lambda year: stretches.of(Unit.MONTH, date(year, number, 1)), found["year"], today)


def _date(found: Match[str], today: date) -> Stretch:
    number, day = _number(found["month"]), _number(found["day"])
    return _fitting(lambda year: stretches.of(Unit.DAY, date(year, number, day)), found["year"], today)


def _day_of_month(found: Match[str], today: date) -> Stretch:
    return stretches.of(Unit.DAY, today.replace(day=_number(found["day"])))


def _months(found: Match[str], today: date) -> Stretch:
    first, last = _number(found["first"]), _number(found["last"])

    def made(year: int) -> Stretch:
        end = stretches.of(Unit.MONTH, date(year, last, 1)).last
        return stretches.between(date(year, first, 1), end)

    return _fitting(made, found["year"], today)


def _quarter(found: Match[str], today: date) -> Stretch:
    named = found["quarter"]
    number = _QUARTERS.get(named) or _number(named)
    return _fitting(lambda year: stretches.of(Unit.QUARTER, date(year, 3 * number, 1)), found["year"], today)


def _first_quarters(found: Match[str], today: date) -> Stretch:
    """Return 前三季度: from January on, not the third quarter alone."""
    last = 3 * _number(found["count"])

    def made(year: int) -> Stretch:
        return stretches.between(date(year, 1, 1), stretches.of(Unit.MONTH, date(year, last, 1)).last)

    return _fitting(made, found["year"], today)


def _half(found: Match[str], today: date) -> Stretch:
    month = 1 if found["half"] in ("上", "first", "1st", "h1") else 7
    return _fitting(lambda year: stretches.of(Unit.HALF_YEAR, date(year, month, 1)), found["year"], today)


def _year(found: Match[str], today: date) -> Stretch:
    return stretches.of(Unit.YEAR, date(_base_year(found["year"], today) or today.year, 1, 1))


def _to_date(found: Match[str], today: date) -> Stretch:
    return stretches.between(today.replace(month=1, day=1), today)


def _last_months(found: Match[str], today: date) -> Stretch:
    count = _COUNTS.get(found["count"]) or _number(found["count"])
    return stretches.past_months(max(1, count), today)


def _half_year_back(found: Match[str], today: date) -> Stretch:
    return stretches.past_months(6 if "半" in found[0] or "half" in found[0] or "six" in found[0] else 12, today)


def _english_month(found: Match[str], today: date) -> Stretch:
    number = _MONTHS.index(found["name"][:3]) + 1
    return _fitting(lambda year: stretches.of(Unit.MONTH, date(year, number, 1)), found["year"], today)


def _english_date(found: Match[str], today: date) -> Stretch:
    number, day = _MONTHS.index(found["name"][:3]) + 1, int(found["day"])
    return _fitting(lambda year: stretches.of(Unit.DAY, date(year, number, day)), found["year"], today)


def _number(text: str) -> int:
    """Return a number that was typed; raises ValueError for none."""
    number = chinese_number(text)
    if number is None:
        raise ValueError(text)
    return number


Named = tuple[re.Pattern[str], Callable[[Match[str], date], Stretch]]
_ENGLISH_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
PATTERNS: tuple[Named, ...] = tuple(
    (re.compile(pattern), made)
    for pattern, made in (
        (rf"{_YEAR}(?<!\d)(?P<first>{_N})\s*月?份?\s*(?:到|至|-|~)\s*(?P<last>{_N})\s*月份?(?!\s*\d)", _months),
        (r"(?P<year>20\d\d)\s*[-/.]\s*(?P<month>\d{1,2})\s*[-/.]\s*(?P<day>\d{1,2})(?!\d)", _date),
        (r"(?P<year>20\d\d)\s*[-/.]\s*(?P<month>\d{1,2})(?!\d)", _month),
        (rf"{_YEAR}(?<!\d)(?P<month>{_N})\s*月份?\s*(?P<day>{_N})\s*[号日]", _date),
        (rf"{_YEAR}(?<!\d)(?P<month>{_N})\s*月份?", _month),
        (rf"{_YEAR}前(?P<count>[二两三2-3])个?季度?", _first_quarters),
        (rf"{_YEAR}第?\s*(?P<quarter>[一二三四1-4])\s*季度?", _quarter),
        (rf"{_YEAR}(?P<half>[上下])半年", _half),
        (rf"(?:最?近|过去)(?:的)?\s*(?P<count>{_N})\s*个?月", _last_months),
        (r"(?:最?近|过去)(?:的)?(?:半年|一年)", _half_year_back),
        (
            r"(?:今年|本年)?年初(?:以来|到现在|至今|开始|起)?|(?:今年|本年)(?:以来|到现在|至今|到目前(?:为止)?|截至目前)",
            _to_date,
        ),
        (r"(?:上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)[一二三四五六日天](?![共般个些直切样])", _weekday),
        (r"(?P<which>上上|上|这|本|当|下)一?个?(?P<unit>周|星期|礼拜|月|季度|季)", _relative),
        (r"(?P<year>去年|今年|本年|前年|上年(?!同)|\d{4}(?=年)|\d{2}(?=年))年?(?!同期)的?(?:全年|度|整年)?", _year),
        (r"全年", lambda found, today: stretches.of(Unit.YEAR, today)),
        (r"大前天|前天|昨天|昨日|今天|今日|明天|明日|后天|(?:the )?day before yesterday", _day),
        (r"\b(?:yesterday|today|tonight|tomorrow)\b(?!'s)", _day),
        (rf"(?<![\d-])(?P<day>{_N})[号日](?!楼)", _day_of_month),
        (rf"\b(?:(?P<which>last|this|next|coming)\s+)?{_WEEKDAY}\b(?!'s)", _english_weekday),
        (r"\b(?:year to date|ytd|this (?:year|yr) so far|so far this (?:year|yr))\b", _to_date),
        (rf"\b(?:last|past|previous)\s+{_COUNT}\s+(?:months|mths)\b", _last_months),
        (r"\b(?:last|past)\s+(?:half (?:a )?year|twelve months)\b", _half_year_back),
        (r"\b(?:the )?(?P<unit>week|month|quarter|year) before last\b", _month_before_last),
        (rf"\b{_MONTH}\s+{_ENGLISH_DAY}\b(?!\d){_OF_YEAR}", _english_date),
        (rf"\b{_ENGLISH_DAY}\s+(?:of\s+)?{_MONTH}\b{_OF_YEAR}", _english_date),
        (rf"\b{_MONTH}\b{_OF_YEAR}", _english_month),
        (rf"\b(?:the )?(?P<half>first|second|1st|2nd)\s+half(?: of)?(?: (?=20\d\d))?{_OF_YEAR}\b", _half),
        (rf"\b(?P<half>h[12])\b{_OF_YEAR}", _half),
        (rf"\bq(?:uarter)?\s?(?P<quarter>[1-4])\b{_OF_YEAR}", _quarter),
        (rf"\b(?:the )?(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter\b{_OF_YEAR}", _quarter),
        (
            r"\b(?P<which>last|previous|past|this|current|next|coming)\s+(?P<unit>weeks?|wk|months?|mth|quarters?|qtr|years?|yr)\b"
            r"(?! (?:same|on))",
            _relative,
        ),
        (r"(?<!\d)(?P<year>20\d\d)(?!\d)", _year),
    )
)
"""What is looked for, in this order; what was found is not looked at again."""
