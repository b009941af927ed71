"""Quiet hours: their edges, the night, and nights in which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.rules.clock import CHINA, moment_at
from models.rules.quiet import DEFAULT, OFF, Quiet, is_quiet, next_allowed

NEW_YORK, LONDON, SANTIAGO = (ZoneInfo(name) for name in ("America/New_York", "Europe/London", "America/Santiago"))
ZONES = (CHINA, NEW_YORK, LONDON, SANTIAGO, ZoneInfo("Australia/Lord_Howe"))
SECOND = timedelta(seconds=1)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def china(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (china(3, 20, 59, 59), china(3, 20, 59, 59)),
        (china(3, 21), china(4, 7, 30)),
        (china(3, 21, 0, 1), china(4, 7, 30)),
        (china(4, 0), china(4, 7, 30)),
        (china(4, 7, 29, 59), china(4, 7, 30)),
        (china(4, 7, 30), china(4, 7, 30)),
        (china(4, 7, 30, 1), china(4, 7, 30, 1)),
        (china(4, 12), china(4, 12)),
    ],
)
def test_the_night_is_quiet(moment: datetime, allowed: datetime) -> None:
    assert next_allowed(moment) == allowed
    assert is_quiet(moment) is (moment != allowed)


def test_hours_within_a_day() -> None:
    noon = Quiet(time(12), time(14))
    assert [is_quiet(china(3, hour), CHINA, noon) for hour in (0, 11, 12, 13, 14, 23)] == [
        False, False, True, True, False, False,
    ]  # fmt: skip
    assert next_allowed(china(3, 13), CHINA, noon) == china(3, 14)


def test_equal_hours_are_none() -> None:
    assert OFF.is_off and Quiet(time(9), time(9)).is_off and not DEFAULT.is_off
    assert next_allowed(china(3, 3), CHINA, OFF) == china(3, 3)


def test_it_is_the_persons_own_night() -> None:
    assert not is_quiet(datetime(2026, 11, 3, 12, 59, tzinfo=UTC))
    assert is_quiet(datetime(2026, 11, 3, 13, 0, tzinfo=UTC))
    assert not is_quiet(datetime(2026, 11, 3, 13, 0, tzinfo=UTC), NEW_YORK)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 7), NEW_YORK, 9.5),
        (date(2026, 10, 31), NEW_YORK, 11.5),
        (date(2026, 3, 28), LONDON, 9.5),
        (date(2026, 10, 24), LONDON, 11.5),
        (date(2026, 9, 5), SANTIAGO, 9.5),
        (date(2026, 4, 4), SANTIAGO, 11.5),
        (date(2026, 4, 4), CHINA, 10.5),
    ],
)
def test_a_night_in_which_clocks_change(day: date, zone: ZoneInfo, hours: float) -> None:
    start = moment_at(day, time(21), zone)
    assert next_allowed(start, zone) - start == timedelta(hours=hours)
    assert next_allowed(start, zone).astimezone(zone).time() == time(7, 30)


def test_hours_that_end_when_clocks_go_forward() -> None:
    """Midnight of 6 September doesn't exist in Santiago; it is one o'clock at once."""
    until_midnight = Quiet(time(22), time())
    allowed = next_allowed(datetime(2026, 9, 5, 23, tzinfo=SANTIAGO), SANTIAGO, until_midnight)
    assert allowed.astimezone(SANTIAGO).replace(tzinfo=None) == datetime(2026, 9, 6, 1)


def test_hours_that_end_in_an_hour_that_comes_twice_end_once() -> None:
    until_half_past = Quiet(time(22), time(1, 30))
    second = datetime(2026, 11, 1, 1, 10, tzinfo=NEW_YORK, fold=1)
    assert next_allowed(second, NEW_YORK, until_half_past) == second.astimezone(UTC)
    assert not is_quiet(second, NEW_YORK, until_half_past)
    assert is_quiet(second.replace(fold=0), NEW_YORK, until_half_past)


@pytest.mark.parametrize(
    ("zone", "day", "at", "shows"),
    [
        (NEW_YORK, date(2026, 3, 8), time(2, 30), time(3, 30)),
        (LONDON, date(2026, 3, 29), time(1), time(2)),
        (SANTIAGO, date(2026, 9, 6), time(), time(1)),
        (CHINA, date(2026, 3, 8), time(2, 30), time(2, 30)),
    ],
)
def test_a_skipped_hour_comes_later(zone: ZoneInfo, day: date, at: time, shows: time) -> None:
    assert moment_at(day, at, zone).astimezone(zone).time() == shows


def test_of_an_hour_that_comes_twice_it_is_the_first() -> None:
    first = moment_at(date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert moment_at(date(2026, 11, 1), time(1, 30, fold=1), NEW_YORK) == first


@settings(max_examples=200)
@example(datetime(2026, 3, 7, 20, tzinfo=UTC), NEW_YORK, Quiet(time(3), time(2, 30)))
@example(datetime(2026, 3, 8, 7, 15, tzinfo=UTC), NEW_YORK, Quiet(time(3), time(2, 30)))
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.builds(Quiet, times, times),
)
def test_it_is_the_first_moment_that_is_not_quiet(moment: datetime, zone: ZoneInfo, quiet: Quiet) -> None:
    allowed = next_allowed(moment, zone, quiet)
    assert moment <= allowed < moment + timedelta(days=2)
    assert not is_quiet(allowed, zone, quiet)
    if allowed > moment:
        assert is_quiet(allowed - SECOND, zone, quiet)
        assert is_quiet(moment + (allowed - moment) / 2, zone, quiet)


@settings(max_examples=200)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.builds(Quiet, times, times),
)
def test_without_changes_of_clocks_the_hour_decides(moment: datetime, quiet: Quiet) -> None:
    shown = moment.astimezone(CHINA).time()
    if quiet.start <= quiet.end:
        expected = quiet.start <= shown < quiet.end
    else:
        expected = shown >= quiet.start or shown < quiet.end
    assert is_quiet(moment, CHINA, quiet) is expected
