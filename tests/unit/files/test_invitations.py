"""Invitations, read back by a calendar as RFC 5546 wants it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from models.files.invitations import Invitation, cancellation, request, uid_of
from models.files.zones import timezone
from models.rules.clock import CHINA
from models.rules.occurrences import Occurrence, Override, checkup_series, meeting_series, occurrence

NEW_YORK, LONDON, SANTIAGO = (ZoneInfo(name) for name in ("America/New_York", "Europe/London", "America/Santiago"))
STAMP = datetime(2026, 2, 20, 1, tzinfo=UTC)
DAY = date(2026, 3, 5)
HOUR = timedelta(hours=1)
REQUIRED = ("uid", "dtstamp", "dtstart", "dtend", "sequence", "summary", "organizer", "attendee", "status")


def invitation(one: Occurrence | None, sequence: int = 0, summary: str = "联席会议") -> Invitation:
    assert one is not None
    words = (summary, "第一行\n第二行")
    times = (one.starts_at, one.ends_at, one.zone, one.is_whole_day, one.provisional)
    return Invitation(uid_of(7, one.nominal), sequence, *words, *times)


MEETING = invitation(occurrence(meeting_series(5), DAY))


def read(content: bytes) -> tuple[str, Any, Any]:
    """Return the method, the event and its zone, after checking what the RFCs demand of every file."""
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = Calendar.from_ical(content)
    assert (calendar["version"], calendar["calscale"]) == ("2.0", "GREGORIAN")
    assert calendar["prodid"]
    (event,) = calendar.walk("VEVENT")
    assert [name for name in REQUIRED if name not in event] == []
    assert not calendar.errors and not event.errors
    zones = {str(zone["tzid"]): zone for zone in calendar.walk("VTIMEZONE")}
    named = {event[name].params.get("TZID") for name in ("dtstart", "dtend")} - {None}
    assert named == set(zones)
    return str(calendar["method"]), event, next(iter(zones.values()), None)


@dataclass
class TinyCalendar:
    """A person's calendar: what counts is the newest by SEQUENCE, then DTSTAMP; what was cancelled stays known."""

    newest: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)

    def take(self, content: bytes) -> None:
        method, event, _ = read(content)
        uid, version = str(event["uid"]), (int(event["sequence"]), event["dtstamp"].dt)
        if uid in self.newest and version <= self.newest[uid]:
            return
        self.newest[uid] = version
        if method == "CANCEL":
            self.events.pop(uid, None)
        else:
            assert method == "REQUEST"
            self.events[uid] = event

    @property
    def starts(self) -> list[object]:
        return [event["dtstart"].dt for event in self.events.values()]


def test_an_invitation_is_read_back() -> None:
    method, event, zone = read(request(MEETING, STAMP))
    assert method == "REQUEST"
    assert event["dtstart"].dt == datetime(2026, 3, 5, 9, tzinfo=CHINA)
    assert event["dtend"].dt == datetime(2026, 3, 5, 11, tzinfo=CHINA)
    assert event["dtstart"].params["TZID"] == str(zone["tzid"]) == "Asia/Shanghai"
    assert (event["summary"], event["description"]) == ("联席会议", "第一行\n第二行")
    assert (event["dtstamp"].dt, event["sequence"], event["status"]) == (STAMP, 0, "CONFIRMED")


def test_nobody_is_named() -> None:
    _, event, _ = read(request(MEETING, STAMP))
    assert (event["organizer"], event["attendee"]) == (
        "mailto:organizer@suifang.invalid", "mailto:participant@suifang.invalid",
    )  # fmt: skip


def test_an_update_moves_and_a_cancellation_removes() -> None:
    calendar = TinyCalendar()
    calendar.take(request(MEETING, STAMP))
    other = invitation(occurrence(meeting_series(5), date(2026, 4, 5)))
    calendar.take(request(other, STAMP))
    moved = occurrence(meeting_series(5), DAY, [Override(DAY, "培训", date(2026, 3, 9))])
    calendar.take(request(invitation(moved, 1), STAMP + HOUR))
    assert calendar.starts == [datetime(2026, 3, 9, 9, tzinfo=CHINA), datetime(2026, 4, 7, 9, tzinfo=CHINA)]
    calendar.take(cancellation(invitation(moved, 2), STAMP + 2 * HOUR))
    assert calendar.starts == [datetime(2026, 4, 7, 9, tzinfo=CHINA)]
    calendar.take(request(invitation(moved, 1), STAMP + HOUR))
    assert len(calendar.events) == 1
    method, event, _ = read(cancellation(invitation(moved, 2), STAMP))
    assert (method, event["status"]) == ("CANCEL", "CANCELLED")


def test_a_file_sent_twice_changes_nothing() -> None:
    assert request(MEETING, STAMP) == request(MEETING, STAMP)
    calendar = TinyCalendar()
    for _ in range(2):
        calendar.take(request(MEETING, STAMP))
    assert len(calendar.events) == 1


@settings(max_examples=30)
@given(st.permutations(range(5)), st.booleans(), st.permutations(range(5)))
def test_in_whatever_order_files_come_the_highest_sequence_counts(
    order: list[int], ends: bool, hours: list[int]
) -> None:
    """Whatever clocks said when they were made."""
    days = [DAY + timedelta(days=n) for n in range(5)]
    places = [occurrence(meeting_series(5), DAY, [Override(DAY, "x", day)]) for day in days]
    files = [request(invitation(place, n), STAMP + hours[n] * HOUR) for n, place in enumerate(places)]
    if ends:
        files[-1] = cancellation(invitation(places[-1], 4), STAMP + hours[4] * HOUR)
    calendar = TinyCalendar()
    for n in order:
        calendar.take(files[n])
    assert calendar.starts == ([] if ends else [datetime(2026, 3, 9, 9, tzinfo=CHINA)])


def test_an_occurrence_keeps_its_name() -> None:
    assert uid_of(7, DAY) == uid_of(7, DAY) != uid_of(8, DAY)
    assert uid_of(7, DAY) != uid_of(7, date(2026, 4, 5))


def test_a_whole_day_has_days_and_no_zone() -> None:
    content = request(invitation(occurrence(checkup_series(15), date(2026, 3, 15))), STAMP)
    _, event, zone = read(content)
    assert (event["dtstart"].dt, event["dtend"].dt, zone) == (date(2026, 3, 16), date(2026, 3, 17), None)
    assert b"DTSTART;VALUE=DATE:20260316" in content


def test_what_may_still_move_is_tentative() -> None:
    _, event, _ = read(request(invitation(occurrence(meeting_series(5), date(2027, 3, 5))), STAMP))
    assert event["status"] == "TENTATIVE"


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120))
def test_any_words_are_read_back(words: str) -> None:
    _, event, _ = read(
        request(replace(MEETING, summary=words, description=f"{words}\nEND:VEVENT", location=words), STAMP)
    )
    assert (event["summary"], event["location"]) == (words, words)
    assert event["description"] == f"{words}\nEND:VEVENT"


@pytest.mark.parametrize("zone", [NEW_YORK, LONDON, SANTIAGO, CHINA, ZoneInfo("Australia/Lord_Howe")], ids=str)
def test_clocks_of_a_zone_are_told_right(zone: ZoneInfo) -> None:
    """Every half an hour of the year, as python-dateutil reads the component."""
    told = tzical(StringIO(timezone(zone, 2026).to_ical().decode())).get()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        shown = moment.astimezone(zone)
        assert told.utcoffset(shown.replace(tzinfo=None, fold=0)) == shown.replace(fold=0).utcoffset(), moment
        moment += HOUR / 2


@pytest.mark.parametrize(
    ("zone", "day"), [(NEW_YORK, date(2026, 3, 8)), (SANTIAGO, date(2026, 9, 6)), (LONDON, date(2026, 12, 31))]
)
def test_a_change_forward_is_told_with_the_hour_before(zone: ZoneInfo, day: date) -> None:
    content = timezone(zone, day.year).to_ical().decode()
    onset = {NEW_YORK: "20260308T020000", SANTIAGO: "20260906T000000", LONDON: "20260329T010000"}[zone]
    assert f"DTSTART:{onset}\r\n" in content


def test_what_is_large_is_loaded_when_it_is_needed() -> None:
    script = (
        "import sys;"
        "import models.files.invitations, models.rules.stages, models.rules.escalation, models.rules.digest;"
        "print({'dateutil', 'icalendar', 'chinese_calendar', 'holidays'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
