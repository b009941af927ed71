"""Reminders before things that are coming: when they are due, and from when on they make no sense."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.clock import CHINA
from models.rules.occurrences import OnDayOff, Override, Series, checkup_series, meeting_series, occurrence
from models.rules.quiet import OFF, Quiet
from models.rules.recurrence import FixedDay
from models.rules.stages import (
    CHECKUP_CLINIC,
    CHECKUP_MANAGER,
    CHECKUP_RESIDENT,
    MEETING,
    Ladder,
    Stage,
    StageCode,
    before,
    current,
    digest,
    is_report_overdue,
    report_deadline,
)

SECOND = timedelta(seconds=1)
NEW_YORK, LONDON, SANTIAGO = (ZoneInfo(name) for name in ("America/New_York", "Europe/London", "America/Santiago"))


def shown(stages: list[Stage], zone: ZoneInfo = CHINA) -> list[tuple[str, str, str]]:
    """Return the stages as clocks in `zone` show them."""
    return [
        (stage.code, f"{stage.due_at.astimezone(zone):%m-%d %H:%M}", f"{stage.expires_at.astimezone(zone):%m-%d %H:%M}")
        for stage in stages
    ]


def stages_of(series: Series, nominal: date, ladder: Ladder, digest_at: time = time(8)) -> list[Stage]:
    found = occurrence(series, nominal)
    assert found is not None
    return before(found, ladder, digest_at)


def test_a_checkup_day_for_the_manager() -> None:
    """15 March 2026 is a Sunday: it is held on the 16th."""
    assert shown(stages_of(checkup_series(15), date(2026, 3, 15), CHECKUP_MANAGER)) == [
        ("days_7", "03-09 08:00", "03-13 08:00"),
        ("days_3", "03-13 08:00", "03-15 08:00"),
        ("days_1", "03-15 08:00", "03-16 08:00"),
        ("same_day", "03-16 08:00", "03-17 00:00"),
    ]


def test_a_checkup_day_for_the_clinic_and_for_residents() -> None:
    found = stages_of(checkup_series(15), date(2026, 3, 15), CHECKUP_CLINIC, time(7, 45))
    assert shown(found) == [("days_1", "03-15 07:45", "03-16 00:00")]
    found = stages_of(checkup_series(15), date(2026, 3, 15), CHECKUP_RESIDENT)
    assert shown(found) == [("days_3", "03-13 08:00", "03-15 08:00"), ("days_1", "03-15 08:00", "03-16 00:00")]


def test_a_meeting() -> None:
    assert shown(stages_of(meeting_series(5), date(2026, 3, 5), MEETING)) == [
        ("days_3", "03-02 08:00", "03-04 08:00"),
        ("days_1", "03-04 08:00", "03-05 08:00"),
        ("hour_1", "03-05 08:00", "03-05 09:00"),
    ]


def test_stages_go_with_the_occurrence_and_end_when_it_is_cancelled() -> None:
    day = date(2026, 3, 5)
    moved = occurrence(meeting_series(5), day, [Override(day, "培训", date(2026, 3, 10), time(14))])
    gone = occurrence(meeting_series(5), day, [Override(day, "取消")])
    assert moved is not None and gone is not None
    assert shown(before(moved, MEETING))[-1] == ("hour_1", "03-10 13:00", "03-10 14:00")
    assert before(gone, MEETING) == []


def test_a_stage_for_which_no_time_is_left_is_none() -> None:
    """Half an hour after midnight, with a digest late in the evening: the day before comes after the hour before."""
    early = stages_of(meeting_series(5, time(0, 30)), date(2026, 3, 5), MEETING, time(23, 45))
    assert [stage.code for stage in early] == ["days_3", "hour_1"]
    assert shown(early)[0][2] == "03-04 23:30"


def test_the_edges_of_a_stage() -> None:
    found = stages_of(meeting_series(5), date(2026, 3, 5), MEETING)
    one = found[1]
    assert [one.is_current(moment) for moment in (one.due_at - SECOND, one.due_at, one.expires_at - SECOND)] == [
        False, True, True,
    ]  # fmt: skip
    assert not one.is_current(one.expires_at)
    assert current(found, found[0].due_at - SECOND) is None
    assert current(found, one.due_at - SECOND) == found[0]
    assert current(found, one.due_at) == one
    assert current(found, found[-1].expires_at - SECOND) == found[-1]
    assert current(found, found[-1].expires_at) is None


def test_quiet_hours_put_a_stage_off_or_make_it_senseless() -> None:
    first = stages_of(meeting_series(5, time(8)), date(2026, 3, 5), MEETING)[-1]
    assert first.send_at() == datetime(2026, 3, 5, 7, 30, tzinfo=CHINA)
    assert first.send_at(CHINA, OFF) == datetime(2026, 3, 5, 7, tzinfo=CHINA)
    assert first.send_at(CHINA, Quiet(time(21), time(8))) is None
    assert first.send_at(CHINA, Quiet(time(21), time(7, 59))) == datetime(2026, 3, 5, 7, 59, tzinfo=CHINA)


def test_a_digest_is_senseless_when_its_day_is_over() -> None:
    assert shown([digest(date(2026, 3, 5), CHINA, time(9, 15))]) == [("digest", "03-05 09:15", "03-06 00:00")]


@pytest.mark.parametrize(
    ("held_on", "deadline"),
    [
        (date(2026, 3, 16), "2026-03-17T18:00"),
        (date(2026, 2, 13), "2026-02-14T18:00"),  # a Saturday that is worked
        (date(2026, 2, 14), "2026-02-24T18:00"),  # the Spring Festival
        (date(2026, 9, 30), "2026-10-08T18:00"),
        (date(2028, 2, 28), "2028-02-29T18:00"),
    ],
)
def test_a_village_reports_by_the_next_working_day(held_on: date, deadline: str) -> None:
    found = report_deadline(held_on)
    assert found == datetime.fromisoformat(deadline).replace(tzinfo=CHINA)
    assert [is_report_overdue(held_on, found + shift) for shift in (-SECOND, timedelta(), SECOND)] == [
        False,
        True,
        True,
    ]
    assert report_deadline(held_on, CHINA, time(12)) == found - timedelta(hours=6)


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        (NEW_YORK, date(2026, 3, 8), "2026-03-08T02:15:00-05:00"),
        (NEW_YORK, date(2026, 11, 1), "2026-11-01T01:15:00-04:00"),
        (LONDON, date(2026, 10, 25), "2026-10-25T01:15:00+01:00"),
    ],
)
def test_an_hour_before_is_an_hour_whatever_clocks_do(zone: ZoneInfo, day: date, due: str) -> None:
    series = Series(FixedDay(day.day), time.fromisoformat(due[11:16]), zone=zone, on_day_off=OnDayOff.STAYS)
    found = occurrence(series, day)
    assert found is not None
    last = before(found, MEETING)[-1]
    assert last.expires_at - last.due_at == timedelta(hours=1)
    assert last.expires_at == datetime.fromisoformat(due).astimezone(UTC)


@settings(max_examples=150)
@given(
    st.sampled_from([CHECKUP_MANAGER, CHECKUP_CLINIC, MEETING]),
    st.dates(date(2025, 12, 1), date(2028, 3, 31)),
    st.none() | st.times().map(lambda at: at.replace(microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from([CHINA, NEW_YORK, LONDON, SANTIAGO]),
    st.booleans(),
)
def test_at_most_one_stage_is_current(
    ladder: Ladder, day: date, at: time | None, digest_at: time, zone: ZoneInfo, stays: bool
) -> None:
    series = Series(FixedDay(day.day), at, zone=zone, on_day_off=OnDayOff.STAYS if stays else OnDayOff.MOVES)
    found = occurrence(series, day)
    if found is None:
        return
    stages = before(found, ladder, digest_at)
    assert [stage.code for stage in stages] == [code for code in ladder if code in {stage.code for stage in stages}]
    for one, other in pairwise(stages):
        assert one.due_at < one.expires_at == other.due_at
    end = found.ends_at if found.is_whole_day and StageCode.SAME_DAY in ladder else found.starts_at
    assert not stages or stages[-1].due_at < stages[-1].expires_at == end.astimezone(UTC)
    for stage in stages:
        sent = stage.send_at(zone)
        assert sent is None or stage.is_current(sent)
