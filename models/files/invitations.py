"""Invitations that calendars take in: one event a file, sent anew when it moves, taken back when it is cancelled.

By RFC 5545 and RFC 5546: the same UID is the same event, and a higher SEQUENCE is newer. Nobody is named: whoever is
invited answers in the chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from models.files.zones import timezone
from models.rules.clock import CHINA

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from icalendar import Calendar, Event  # type: ignore[import-untyped]

CONTENT_TYPE = "text/calendar"
FILE_NAME = "invite.ics"
_PRODUCT = "-//Suifang//Suifang//EN"
_HOST = "suifang.invalid"
_ORGANIZER = f"mailto:organizer@{_HOST}"
_ATTENDEE = f"mailto:participant@{_HOST}"
"""RFC 5546 wants one; it is the same for everybody."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar is told about one event.

    Attributes:
        uid: that of `uid_of`.
        sequence: 0 at first, one more with each change of time and with the cancellation.
        summary, description: already worded in the reader's language; nothing about a person.
        starts_at, ends_at: aware; shown as clocks in `zone` show them.
        zone: where it takes place.
        is_whole_day: only the days of `starts_at` and `ends_at` count, the latter not included.
        is_tentative: it may still move.
        location: already worded, if it is said.
    """

    uid: str
    sequence: int
    summary: str
    description: str
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo = CHINA
    is_whole_day: bool = False
    is_tentative: bool = False
    location: str = ""


def uid_of(series_id: int, nominal: date) -> str:
    """Return the name of an occurrence of a series, whenever it takes place."""
    return f"{series_id}-{nominal:%Y%m%d}@{_HOST}"


def request(invitation: Invitation, stamp: datetime) -> bytes:
    """Return the file that puts the event into a calendar, or moves it there; `stamp` (aware): when it was made."""
    event = _event(invitation, stamp)
    event.add("status", "TENTATIVE" if invitation.is_tentative else "CONFIRMED")
    return _file("REQUEST", event, invitation)


def cancellation(invitation: Invitation, stamp: datetime) -> bytes:
    """Return the file that takes the event out of a calendar; its sequence is higher than that of the last request."""
    event = _event(invitation, stamp)
    event.add("status", "CANCELLED")
    return _file("CANCEL", event, invitation)


def _event(invitation: Invitation, stamp: datetime) -> Event:
    from icalendar import Event, vCalAddress

    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    for name, moment in (("dtstart", invitation.starts_at), ("dtend", invitation.ends_at)):
        shown = moment.astimezone(invitation.zone)
        event.add(name, shown.date() if invitation.is_whole_day else shown)
    event.add("summary", invitation.summary)
    event.add("description", invitation.description)
    if invitation.location:
        event.add("location", invitation.location)
    event.add("organizer", vCalAddress(_ORGANIZER))
    attendee = vCalAddress(_ATTENDEE)
    attendee.params["RSVP"] = "FALSE"
    event.add("attendee", attendee)
    return event


def _file(method: str, event: Event, invitation: Invitation) -> bytes:
    from icalendar import Calendar

    calendar: Calendar = Calendar()
    for name, value in (("prodid", _PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", method)):
        calendar.add(name, value)
    if not invitation.is_whole_day:
        calendar.add_component(timezone(invitation.zone, invitation.starts_at.astimezone(UTC).year))
    calendar.add_component(event)
    return bytes(calendar.to_ical())
