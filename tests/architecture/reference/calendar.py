"""The check-up days and the joint meetings of a year, as the rules have them."""

from __future__ import annotations

from datetime import date

from models.rules.calendar import CHECKUP_MONTHS
from models.rules.occurrences import Occurrence, checkup_series, meeting_series, occurrences
from tests.architecture.reference.markdown import rows

YEAR = 2026
MEETING_DAY = 5


def checkup_days() -> str:
    """Return, for each fixed day, where it is held in each odd month; what has moved is set in bold."""
    head = ("fixed day", *(f"{date(YEAR, month, 1):%B}" for month in CHECKUP_MONTHS))
    return rows(head, [(str(day), *map(_held, _of_year(day))) for day in range(1, 32)])


def _of_year(day_of_month: int) -> list[Occurrence]:
    found = occurrences(checkup_series(day_of_month), date(YEAR, 1, 1), date(YEAR + 1, 1, 31))
    return [one for one in found if one.nominal.year == YEAR]


def _held(one: Occurrence) -> str:
    shown = f"{one.held_on:%a} {one.held_on.month}/{one.held_on.day}"
    return shown if one.held_on == one.nominal else f"**{shown}**"


def meetings() -> str:
    """Return the joint meetings of the year of a township that meets on `MEETING_DAY`."""
    found = occurrences(meeting_series(MEETING_DAY), date(YEAR, 1, 1), date(YEAR, 12, 31))
    head = ("fixed day", "held on", "from", "to")
    return rows(head, [(f"{one.nominal:%a} {one.nominal}", _day(one), *_hours(one)) for one in found])


def _day(one: Occurrence) -> str:
    shown = f"{one.held_on:%a} {one.held_on}"
    return shown if one.held_on == one.nominal else f"**{shown}**"


def _hours(one: Occurrence) -> tuple[str, str]:
    return f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}"
