"""Days named from today: 今天, 三天后, 下周三, 下个月5号."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from models.rules.spans import Span, add_months
from models.rules.typed import CHINESE_NUMBER, chinese_number

Direction = Literal["past", "future", "any"]

_NAMED = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "yesterday": -1,
    "今天": 0, "今日": 0, "今儿": 0, "当天": 0, "today": 0,
    "明天": 1, "明日": 1, "明儿": 1, "tomorrow": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_MONTHS = {"上": -1, "这": 0, "本": 0, "下": 1}
_WEEKDAYS = {word: number for number, word in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {str(number + 1): number for number in range(7)}

_AHEAD = re.compile(
    rf"(?P<count>半|{CHINESE_NUMBER})\s*(?:个)?\s*(?P<unit>天|日|周|星期|礼拜|月|年)\s*(?:之|以)?(?P<side>后|前)"
)
_WEEKDAY = re.compile(r"(?P<week>上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-7])")
_OF_MONTH = re.compile(rf"(?P<month>上|这|本|下)个?月的?(?P<day>{CHINESE_NUMBER})[号日]?")


def word_day(text: str, today: date, direction: Direction) -> date | None:
    """Return the day that `text` names from `today`, or `None` when it is no such word.

    Weeks begin on Monday: 下周三 is the Wednesday of next week. A bare 周三 is the last or the next one where the
    direction says so, else the one of this week.
    """
    text = text.replace(" ", "").lower()
    if text in _NAMED:
        return today + timedelta(days=_NAMED[text])
    readers: tuple[Callable[[str, date, Direction], date | None], ...] = (_ahead, _weekday, _of_month)
    for read in readers:
        found = read(text, today, direction)
        if found is not None:
            return found
    return None


def _ahead(text: str, today: date, _: Direction) -> date | None:
    found = _AHEAD.fullmatch(text)
    if found is None:
        return None
    span = _span(found["count"], found["unit"])
    if span is None:
        return None
    sign = 1 if found["side"] == "后" else -1
    return Span(sign * span.months, sign * span.days).after(today)


def _span(count: str, unit: str) -> Span | None:
    if count == "半":
        return {"月": Span(days=15), "年": Span(months=6)}.get(unit)
    number = chinese_number(count)
    if number is None:
        return None
    if unit == "月":
        return Span(months=number)
    if unit == "年":
        return Span(months=12 * number)
    return Span(days=number if unit in "天日" else 7 * number)


def _weekday(text: str, today: date, direction: Direction) -> date | None:
    found = _WEEKDAY.fullmatch(text)
    if found is None:
        return None
    weekday = _WEEKDAYS[found["day"]]
    this_week = today + timedelta(days=weekday - today.weekday())
    if found["week"] is not None:
        return this_week + timedelta(weeks=_WEEKS[found["week"]])
    if direction == "past" and this_week > today:
        return this_week - timedelta(weeks=1)
    if direction == "future" and this_week < today:
        return this_week + timedelta(weeks=1)
    return this_week


def _of_month(text: str, today: date, _: Direction) -> date | None:
    found = _OF_MONTH.fullmatch(text)
    if found is None:
        return None
    month = add_months(today.replace(day=1), _MONTHS[found["month"]])
    day = chinese_number(found["day"])
    try:
        return month.replace(day=day or 0)
    except ValueError:
        return None
