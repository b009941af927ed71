"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.date_words import Direction
from models.rules.dates import TypedDate, lunar_text, parse_date
from models.rules.errors import InputError

TODAY = date(2026, 10, 7)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        *[
            (typed, date(2026, 10, 5))
            for typed in (
                "10.5", "10/5", "10-5", "10月5号", "10月5日", "十月五号", "20261005", "2026-10-05", "2026/10/5",
                "2026.10.5", "2026年10月5日", "二〇二六年十月五日", "１０．５", "１０月５日", "10。5", "5号", "5日",
                "1005", "前天", "26-10-5", "今年10月5号", "10月5日星期一", "2026-10-05（周一）", " 10 月 5 日 ",
                "两天前", "本周一", "星期一", "10－5",
            )
        ],
        ("今天", TODAY), ("today", TODAY), ("昨天", date(2026, 10, 6)), ("Yesterday", date(2026, 10, 6)),
        ("明天", date(2026, 10, 8)), ("后天", date(2026, 10, 9)), ("大后天", date(2026, 10, 10)),
        ("大前天", date(2026, 10, 4)), ("三天后", date(2026, 10, 10)), ("3天后", date(2026, 10, 10)),
        ("两周后", date(2026, 10, 21)), ("2个星期后", date(2026, 10, 21)), ("三个月后", date(2027, 1, 7)),
        ("半个月后", date(2026, 10, 22)), ("半年前", date(2026, 4, 7)), ("一年后", date(2027, 10, 7)),
        ("十五天之后", date(2026, 10, 22)), ("下周三", date(2026, 10, 14)), ("下个星期天", date(2026, 10, 18)),
        ("上周日", date(2026, 10, 4)), ("下下周一", date(2026, 10, 19)), ("这周五", date(2026, 10, 9)),
        ("周3", TODAY), ("下个月5号", date(2026, 11, 5)), ("上月5日", date(2026, 9, 5)),
        ("去年10月5号", date(2025, 10, 5)), ("明年1月2日", date(2027, 1, 2)), ("2028-2-29", date(2028, 2, 29)),
        ("85.3.2", date(1985, 3, 2)),
    ],
)  # fmt: skip
def test_a_solar_date(typed: str, day: date) -> None:
    assert parse_date(typed, TODAY) == TypedDate(day)


@pytest.mark.parametrize(
    ("typed", "day", "name"),
    [
        ("农历八月十五", date(2026, 9, 25), "农历八月十五"),
        ("农历8月15", date(2026, 9, 25), "农历八月十五"),
        ("阴历八月十五日", date(2026, 9, 25), "农历八月十五"),
        ("2026年农历八月十五", date(2026, 9, 25), "农历八月十五"),
        ("农历２０２６年８月１５", date(2026, 9, 25), "农历八月十五"),
        ("闰六月初一", date(2025, 7, 25), "农历闰六月初一"),
        ("2028年闰五月初一", date(2028, 6, 23), "农历闰五月初一"),
        ("去年闰六月初一", date(2025, 7, 25), "农历闰六月初一"),
        ("2026年正月初一", date(2026, 2, 17), "农历正月初一"),
        ("腊月廿三", date(2027, 1, 30), "农历腊月廿三"),
        ("腊月二十三", date(2027, 1, 30), "农历腊月廿三"),
        ("八月廿五", date(2026, 10, 5), "农历八月廿五"),
        ("冬月初十", date(2026, 12, 18), "农历冬月初十"),
    ],
)
def test_a_lunar_date_is_echoed(typed: str, day: date, name: str) -> None:
    assert parse_date(typed, TODAY) == TypedDate(day, name)


@pytest.mark.parametrize(
    ("typed", "direction", "day"),
    [
        ("12.30", "past", date(2025, 12, 30)),
        ("12.30", "future", date(2026, 12, 30)),
        ("1.2", "past", date(2026, 1, 2)),
        ("1.2", "future", date(2027, 1, 2)),
        ("1.2", "any", date(2027, 1, 2)),
        ("8号", "past", date(2026, 9, 8)),
        ("8号", "future", date(2026, 10, 8)),
        ("31号", "future", date(2026, 10, 31)),
        ("31号", "past", date(2026, 8, 31)),
        ("周五", "past", date(2026, 10, 2)),
        ("周五", "future", date(2026, 10, 9)),
        ("周一", "future", date(2026, 10, 12)),
        ("周三", "past", TODAY),
        ("周三", "future", TODAY),
        ("2.29", "past", date(2024, 2, 29)),
        ("2.29", "future", date(2028, 2, 29)),
        ("26.12.1", "future", date(2026, 12, 1)),
        ("30.1.1", "past", date(1930, 1, 1)),
        ("农历八月十五", "future", date(2027, 9, 15)),
    ],
)
def test_the_year_that_suits_the_question(typed: str, direction: Direction, day: date) -> None:
    assert parse_date(typed, TODAY, direction).day == day


@pytest.mark.parametrize(
    ("typed", "direction", "code"),
    [
        ("", "any", "date"),
        ("不记得了", "any", "date"),
        ("10", "any", "date"),
        ("13.5", "any", "date_impossible"),
        ("2.30", "any", "date_impossible"),
        ("2026.2.29", "any", "date_impossible"),
        ("32号", "any", "date_impossible"),
        ("0号", "any", "date_impossible"),
        ("明天", "past", "date_future"),
        ("2026-10-08", "past", "date_future"),
        ("昨天", "future", "date_past"),
        ("3000-1-1", "any", "date_year"),
        ("1899-12-31", "any", "date_year"),
        ("农历十三月初一", "any", "date_lunar"),
        ("农历八月三十一", "any", "date_lunar"),
        ("农历", "any", "date_lunar"),
        ("初五", "any", "date_lunar"),
        ("2026年农历八月三十", "any", "date_lunar_short"),
        ("2026年闰六月初一", "any", "date_leap_month"),
        ("闰正月初一", "any", "date_leap_month"),
    ],
)
def test_what_is_no_date(typed: str, direction: Direction, code: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_date(typed, TODAY, direction)
    assert refused.value.code == code
    assert refused.value.example


def test_the_lunar_name_of_a_day() -> None:
    assert lunar_text(date(2025, 7, 25)) == "农历2025年闰六月初一"
    assert lunar_text(date(2026, 2, 16)) == "农历2025年腊月廿九"
    assert lunar_text(date(1890, 1, 1)) is None
