"""When things take place: moved off days off, moved or cancelled by a person, in any zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import calendar
from models.rules.calendar import is_working_day, next_working_day
from models.rules.clock import CHINA, moment_at
from models.rules.occurrences import (
    FARTHEST,
    Occurrence,
    OnDayOff,
    Override,
    Series,
    changed,
    checkup_series,
    meeting_series,
    next_occurrence,
    occurrence,
    occurrences,
    starting_between,
)
from models.rules.recurrence import FixedDay, parse_rule

DAY = timedelta(days=1)
NEW_YORK, LONDON, SANTIAGO = (ZoneInfo(name) for name in ("America/New_York", "Europe/London", "America/Santiago"))
MEETINGS = meeting_series(5)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def held_days(series: Series, *overrides: Override, first: date = FIRST, last: date = LAST) -> list[date]:
    return [one.held_on for one in occurrences(series, first, last, overrides)]


def test_a_year_of_meetings() -> None:
    assert held_days(MEETINGS) == [
        date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5), date(2026, 4, 7), date(2026, 5, 6), date(2026, 6, 5),
        date(2026, 7, 6), date(2026, 8, 5), date(2026, 9, 7), date(2026, 10, 8), date(2026, 11, 5), date(2026, 12, 7),
    ]  # fmt: skip
    april = occurrence(MEETINGS, date(2026, 4, 5))
    assert april is not None and not april.is_whole_day
    assert april.starts_at == datetime(2026, 4, 7, 9, tzinfo=CHINA)
    assert april.ends_at == datetime(2026, 4, 7, 11, tzinfo=CHINA)


def test_a_checkup_day_is_a_whole_day_of_an_odd_month() -> None:
    found = occurrences(checkup_series(15), FIRST, LAST)
    assert [one.held_on.month for one in found] == [1, 3, 5, 7, 9, 11]
    assert (found[1].nominal, found[1].held_on) == (date(2026, 3, 15), date(2026, 3, 16))
    assert found[1].is_whole_day
    assert (found[1].starts_at, found[1].ends_at) == (
        datetime(2026, 3, 16, tzinfo=CHINA), datetime(2026, 3, 17, tzinfo=CHINA),
    )  # fmt: skip


def test_what_moved_into_the_window_is_in_it_and_what_moved_out_is_not() -> None:
    assert held_days(MEETINGS, first=date(2026, 10, 8), last=date(2026, 10, 8)) == [date(2026, 10, 8)]
    assert held_days(MEETINGS, first=date(2026, 10, 1), last=date(2026, 10, 7)) == []


def test_what_becomes_of_a_day_off() -> None:
    days = FixedDay(5)
    assert date(2026, 4, 5) in held_days(Series(days, on_day_off=OnDayOff.STAYS))
    skipped = held_days(Series(days, on_day_off=OnDayOff.SKIPS))
    assert [day.month for day in skipped] == [1, 2, 3, 6, 8, 11]
    assert occurrence(Series(days, on_day_off=OnDayOff.SKIPS), date(2026, 4, 5)) is None


def test_two_that_land_on_one_day_are_one() -> None:
    weekly = Series(parse_rule("FREQ=WEEKLY;BYDAY=FR,MO,TH", FIRST), time(9))
    found = occurrences(weekly, date(2026, 10, 1), date(2026, 10, 9))
    assert [(one.nominal.day, one.held_on.day) for one in found] == [(8, 8), (9, 9)]
    assert occurrence(weekly, date(2026, 10, 2)) is None


def test_one_is_moved_by_a_person_and_another_cancelled() -> None:
    moved = Override(date(2026, 3, 5), "培训", date(2026, 4, 30), time(14, 30))
    gone = Override(date(2026, 4, 5), "合并到五月")
    found = held_days(MEETINGS, moved, gone)
    assert found[2:4] == [date(2026, 4, 30), date(2026, 5, 6)] and len(found) == 11
    march = occurrence(MEETINGS, date(2026, 3, 5), [moved, gone])
    assert march is not None and march.override == moved
    assert (march.nominal, march.planned_on, march.held_on) == (date(2026, 3, 5), date(2026, 3, 5), date(2026, 4, 30))
    assert march.starts_at == datetime(2026, 4, 30, 14, 30, tzinfo=CHINA)
    with_cancelled = occurrences(MEETINGS, FIRST, LAST, [moved, gone], with_cancelled=True)
    assert [one.nominal for one in with_cancelled if one.is_cancelled] == [date(2026, 4, 5)]


def test_a_person_may_choose_a_day_off_or_only_an_hour() -> None:
    saturday = Override(date(2026, 3, 5), "会议室", date(2026, 3, 7))
    afternoon = Override(date(2026, 3, 5), "会议室", date(2026, 3, 5), time(15))
    assert date(2026, 3, 7) in held_days(MEETINGS, saturday)
    assert occurrences(MEETINGS, date(2026, 3, 5), date(2026, 3, 5), [saturday, afternoon])[0].starts_at.hour == 15


@pytest.mark.parametrize(("first", "last", "count"), [(8, 9, 0), (9, 10, 1), (10, 10, 1), (10, 12, 1), (11, 12, 0)])
def test_one_moved_far_is_found_where_it_is(first: int, last: int, count: int) -> None:
    far = Override(date(2026, 1, 5), "推迟", date(2026, 11, 10))
    found = occurrences(MEETINGS, date(2026, 11, first), date(2026, 11, last), [far])
    assert len(found) == count
    early = Override(date(2026, 12, 5), "提前", date(2026, 11, 10))
    assert len(occurrences(MEETINGS, date(2026, 11, first), date(2026, 11, last), [early])) == count


def test_an_override_of_no_nominal_day_does_nothing() -> None:
    assert held_days(MEETINGS, Override(date(2026, 3, 6), "错", date(2026, 3, 9))) == held_days(MEETINGS)


def test_moments_include_the_first_and_not_the_last() -> None:
    start = datetime(2026, 3, 5, 1, tzinfo=UTC)
    second = timedelta(seconds=1)
    for begin, end, count in ((start, start + second, 1), (start - DAY, start, 0), (start + second, start + DAY, 0)):
        assert len(starting_between(MEETINGS, begin, end)) == count


def test_the_next_one() -> None:
    start = datetime(2026, 3, 5, 1, tzinfo=UTC)
    before, after = next_occurrence(MEETINGS, start - timedelta(seconds=1)), next_occurrence(MEETINGS, start)
    assert before is not None and before.nominal == date(2026, 3, 5)
    assert after is not None and after.nominal == date(2026, 4, 5)
    leap = Series(parse_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", FIRST))
    found = next_occurrence(leap, start)
    assert found is not None and found.nominal == date(2028, 2, 29)
    once = Series(parse_rule("FREQ=DAILY;COUNT=1", FIRST))
    assert next_occurrence(once, start) is None


def test_a_year_without_a_calendar_is_provisional_and_moves_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 11 February 2027 were off, too, and 3 October, a Sunday, worked."""
    february = occurrence(MEETINGS, date(2027, 2, 5))
    assert february is not None and february.provisional and february.held_on == date(2027, 2, 11)
    told = {one.nominal: one.starts_at for one in occurrences(MEETINGS, date(2027, 1, 1), date(2027, 12, 31))}
    published = calendar._published

    def of_2027(day: date) -> bool | None:
        if day.year != 2027:
            return published(day)
        return (day.weekday() < 5 or day == date(2027, 10, 3)) and not date(2027, 2, 5) <= day <= date(2027, 2, 11)

    monkeypatch.setattr(calendar, "_published", of_2027)
    now = occurrences(MEETINGS, date(2027, 1, 1), date(2027, 12, 31))
    assert not any(one.provisional for one in now)
    changes = {change.nominal: change.now for change in changed(told, now)}
    moved = changes[date(2027, 2, 5)]
    assert moved is not None and (moved.nominal, moved.held_on) == (date(2027, 2, 5), date(2027, 2, 12))
    assert date(2027, 3, 5) not in changes
    assert changed({one.nominal: one.starts_at for one in now}, now) == []


def test_what_a_person_decides_is_not_provisional() -> None:
    decided = Override(date(2027, 2, 5), "定了", date(2027, 2, 12))
    assert not occurrences(MEETINGS, date(2027, 2, 1), date(2027, 2, 28), [decided])[0].provisional


def test_whom_a_change_is_news_for() -> None:
    before = {one.nominal: one.starts_at for one in occurrences(MEETINGS, FIRST, LAST)}
    overrides = [Override(date(2026, 3, 5), "推迟", date(2026, 3, 9)), Override(date(2026, 4, 5), "取消")]
    after = occurrences(MEETINGS, FIRST, LAST, overrides, with_cancelled=True)
    news = changed(before | {date(2026, 7, 4): moment_at(date(2026, 7, 6), time(9))}, after)
    assert [(one.nominal.month, one.now and one.now.held_on.day) for one in news] == [(3, 9), (4, None), (7, None)]


@pytest.mark.parametrize(
    ("zone", "day", "at", "starts"),
    [
        (NEW_YORK, date(2026, 3, 8), time(2, 30), "2026-03-08T03:30:00-04:00"),
        (NEW_YORK, date(2026, 11, 1), time(1, 30), "2026-11-01T01:30:00-04:00"),
        (NEW_YORK, date(2026, 11, 1), time(2), "2026-11-01T02:00:00-05:00"),
        (LONDON, date(2026, 3, 29), time(1), "2026-03-29T02:00:00+01:00"),
        (LONDON, date(2026, 10, 25), time(1, 59), "2026-10-25T01:59:00+01:00"),
        (SANTIAGO, date(2026, 9, 6), time(0), "2026-09-06T01:00:00-03:00"),
        (SANTIAGO, date(2026, 4, 4), time(23, 30), "2026-04-04T23:30:00-03:00"),
    ],
)
def test_hours_that_are_skipped_or_come_twice(zone: ZoneInfo, day: date, at: time, starts: str) -> None:
    series = Series(FixedDay(day.day), at, timedelta(hours=1), zone, OnDayOff.STAYS)
    found = occurrence(series, day)
    assert found is not None and found.starts_at.isoformat() == starts
    assert found.ends_at.astimezone(UTC) - found.starts_at.astimezone(UTC) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (SANTIAGO, date(2026, 9, 6), 23),
        (SANTIAGO, date(2026, 4, 4), 25),
        (NEW_YORK, date(2026, 3, 8), 23),
        (CHINA, date(2026, 3, 8), 24),
    ],
)
def test_a_whole_day_is_as_long_as_it_is(zone: ZoneInfo, day: date, hours: int) -> None:
    found = occurrence(Series(FixedDay(day.day), zone=zone, on_day_off=OnDayOff.STAYS), day)
    assert found is not None
    assert found.ends_at.astimezone(UTC) - found.starts_at.astimezone(UTC) == timedelta(hours=hours)


def test_no_run_of_days_off_is_longer() -> None:
    day = date(2004, 1, 1)
    while day.year < 2060:
        works = next_working_day(day)
        assert works - day <= FARTHEST
        day = works + DAY


days_near = st.dates(date(2025, 10, 1), date(2028, 3, 31))
rules = st.sampled_from(["FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=DAILY;INTERVAL=3"])
day_rules = st.builds(FixedDay, st.integers(1, 31)) | rules.map(lambda text: parse_rule(text, date(2025, 1, 1)))
all_series = st.builds(
    Series,
    day_rules,
    st.none() | st.times().map(lambda at: at.replace(microsecond=0)),
    st.just(timedelta(hours=2)),
    st.sampled_from([CHINA, NEW_YORK, LONDON, SANTIAGO]),
    st.sampled_from(OnDayOff),
)
decisions = st.lists(st.builds(Override, days_near, st.just("x"), st.none() | days_near, st.none()), max_size=4)


def keyed(found: list[Occurrence]) -> list[tuple[date, datetime]]:
    return [(one.nominal, one.starts_at.astimezone(UTC)) for one in found]


@settings(max_examples=100, deadline=None)
@given(all_series, days_near, st.integers(0, 90), st.integers(0, 90), decisions)
def test_stretches_fit_together(series: Series, first: date, one: int, other: int, drawn: list[Override]) -> None:
    middle, last = first + one * DAY, first + (one + other + 1) * DAY
    real = [item.nominal for item in occurrences(series, first, last)]
    overrides = [*drawn, *(Override(nominal, "x", nominal + 3 * DAY) for nominal in real[::3])]
    whole = occurrences(series, first, last, overrides)
    parts = [*occurrences(series, first, middle, overrides), *occurrences(series, middle + DAY, last, overrides)]
    assert keyed(whole) == keyed(parts)
    assert len({item.nominal for item in whole}) == len(whole)
    assert all(occurrence(series, item.nominal, overrides) == item for item in whole[:5])
    start, end = moment_at(first, time(), series.zone), moment_at(last + DAY, time(), series.zone)
    cut = start + (end - start) / 2
    again = [*starting_between(series, start, cut, overrides), *starting_between(series, cut, end, overrides)]
    assert keyed(again) == keyed(whole)


@settings(max_examples=100)
@given(day_rules, days_near)
def test_each_is_held_on_the_first_working_day(found: FixedDay, first: date) -> None:
    for one in occurrences(Series(found), first, first + 60 * DAY):
        assert is_working_day(one.held_on)
        gap = (one.held_on - one.nominal).days
        assert gap >= 0
        assert not any(is_working_day(one.nominal + n * DAY) for n in range(gap))
