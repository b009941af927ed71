"""Nominal days: fixed ones, and those of recurrence rules."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.clock import CHINA
from models.rules.errors import InputError
from models.rules.recurrence import FixedDay, NominalDays, checkup_days, parse_rule

START = date(2026, 1, 1)
RULES = (
    "FREQ=DAILY;INTERVAL=10", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    "RRULE:FREQ=MONTHLY;COUNT=7", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=WEEKLY;UNTIL=20260401",
)  # fmt: skip


def days(text: str, first: date = START, last: date = date(2026, 12, 31)) -> list[date]:
    return list(parse_rule(text, START).between(first, last))


def test_a_fixed_day_of_each_month_and_of_odd_ones() -> None:
    found = list(FixedDay(31).between(START, date(2026, 4, 29)))
    assert found == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert list(FixedDay(31).between(START, date(2026, 4, 30)))[-1] == date(2026, 4, 30)
    assert [day.month for day in checkup_days(5).between(date(2025, 11, 5), date(2026, 3, 5))] == [11, 1, 3]
    assert [day.month for day in checkup_days(5).between(date(2025, 11, 6), date(2026, 3, 4))] == [1]


def test_the_29th_of_february() -> None:
    assert list(FixedDay(29, (2,)).between(date(2027, 1, 1), date(2028, 12, 31))) == [
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]
    leap = parse_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", START)
    assert list(leap.between(START, date(2033, 1, 1))) == [date(2028, 2, 29), date(2032, 2, 29)]
    born = parse_rule("FREQ=YEARLY", date(2024, 2, 29))
    assert list(born.between(date(2024, 2, 29), date(2032, 2, 29))) == [
        date(year, 2, 29) for year in (2024, 2028, 2032)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=1FR;COUNT=3", ["2026-01-02", "2026-02-06", "2026-03-06"]),
        ("freq=monthly;byday=-1mo;count=2", ["2026-01-26", "2026-02-23"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["2026-01-31", "2026-03-31", "2026-05-31"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20260203", ["2026-01-13", "2026-01-27"]),
        ("FREQ=DAILY;UNTIL=20260102", ["2026-01-01", "2026-01-02"]),
        ("FREQ=YEARLY;BYYEARDAY=-1", ["2026-12-31"]),
    ],
)  # fmt: skip
def test_rules(text: str, expected: list[str]) -> None:
    assert [str(day) for day in days(text)] == expected


@pytest.mark.parametrize(
    ("until", "at", "zone", "last"),
    [
        ("20260105", time(23), CHINA, 5),
        ("20260105T010000Z", time(9), CHINA, 5),
        ("20260105T005959Z", time(9), CHINA, 4),
        ("20260105T010000Z", time(20), ZoneInfo("America/New_York"), 4),
        ("20260105T010000Z", time(20, 1), ZoneInfo("America/New_York"), 3),
        ("20260105T090000", time(9), CHINA, 5),
        ("20260105T085959", time(9), CHINA, 4),
    ],
)
def test_the_last_day_of_a_rule(until: str, at: time, zone: ZoneInfo, last: int) -> None:
    found = list(parse_rule(f"FREQ=DAILY;UNTIL={until}", START, at, zone).between(START, date(2026, 2, 1)))
    assert found[-1] == date(2026, 1, last)


@pytest.mark.parametrize(
    "text",
    [
        "", "每月", "FREQ=HOURLY", "FREQ=MINUTELY;COUNT=2", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20261301", "FREQ=DAILY;UNTIL=20251231",
        "FREQ=MONTHLY;BYDAY=XX", "FREQ=MONTHLY;BYDAY=", "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYEASTER=0", "FREQ=DAILY;",
        "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", "FREQ=DAILY\nDTSTART:20260101", "FREQ=YEARLY;BYMONTHDAY=1" + ",1" * 200,
        "FREQ=YEARLY;BYYEARDAY=-", "FREQ=MONTHLY;BYDAY=1", "FREQ=YEARLY;RSCALE=CHINESE", "FREQ=DAILY;INTERVAL=２",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="recurrence"):
        parse_rule(text, START)


@pytest.mark.timeout(10)
def test_a_rule_that_never_comes_is_refused_at_once() -> None:
    for start in (START, date(2028, 2, 29)):
        with pytest.raises(InputError):
            parse_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", start)


@settings(max_examples=60)
@given(st.text("FREQ=DAILYWKMONTH;BUS0123456789,-+RU:INTV", max_size=60).map(lambda text: f"FREQ=WEEKLY;{text}"))
def test_junk_is_refused_and_nothing_worse(text: str) -> None:
    try:
        parse_rule(text, START)
    except InputError as refused:
        assert refused.example


series = st.sampled_from(RULES).map(lambda text: parse_rule(text, START)) | st.builds(
    FixedDay, st.integers(1, 31), st.sampled_from([tuple(range(1, 13)), (1, 3, 5, 7, 9, 11), (2,)])
)


@settings(max_examples=80)
@given(series, st.dates(date(2025, 6, 1), date(2028, 6, 1)), st.integers(0, 200), st.integers(0, 200))
def test_stretches_fit_together(found: NominalDays, first: date, one: int, other: int) -> None:
    middle, last = first + timedelta(days=one), first + timedelta(days=one + other + 1)
    whole = list(found.between(first, last))
    assert whole == [*found.between(first, middle), *found.between(middle + timedelta(days=1), last)]
    assert whole == sorted(set(whole))
    assert all(list(found.between(day, day)) == [day] for day in islice(whole, 3))
