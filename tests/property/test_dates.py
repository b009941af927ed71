"""Dates and times are written as Babel writes them, which follows CLDR; we only spare loading it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, format_datetime, format_time
from hypothesis import given, settings
from hypothesis import strategies as st

from locales.translator import translator

DAYS = ("day", "year", "birth", "short", "month", "month_name", "calendar_year")
ZONES = st.sampled_from((UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")))
BOTH = pytest.mark.parametrize(("language", "locale"), [("zh-CN", "zh_Hans_CN"), ("en", "en_GB")])


@BOTH
@settings(max_examples=40)
@given(day=st.dates())
def test_days(language: str, locale: str, day: date) -> None:
    words = translator(language)
    for name in DAYS:
        pattern = words.pattern(f"formats.{name}", {})
        assert words.moment(day, name) == format_date(day, pattern, locale=locale), name


@BOTH
@settings(max_examples=30)
@given(moment=st.datetimes(timezones=ZONES), at=st.times())
def test_moments(language: str, locale: str, moment: datetime, at: time) -> None:
    words = translator(language)
    pattern = words.pattern("formats.moment", {})
    assert words.moment(moment, "moment") == format_datetime(moment, pattern, tzinfo=moment.tzinfo, locale=locale)
    assert words.moment(at, "time") == format_time(at, words.pattern("formats.time", {}), locale=locale)


@BOTH
def test_every_month_and_weekday(language: str, locale: str) -> None:
    words = translator(language)
    for number in range(0, 366, 5):
        day = date(2028, 1, 1) + timedelta(number)
        for name in DAYS:
            assert words.moment(day, name) == format_date(day, words.pattern(f"formats.{name}", {}), locale=locale)
