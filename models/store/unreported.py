"""Villages that have not reported their check-up day: counts, and those for their own team only; never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from models.rules.access import Actor, Permission
from models.rules.stages import is_report_overdue
from models.store import _days, _rosters, places, scope
from models.store._days import DayLine
from models.store.database import StoreSession
from models.store.places import PlaceRow
from models.tables.residents import Resident


@dataclass(frozen=True, slots=True)
class Unreported:
    """A check-up day whose deadline has passed.

    Attributes:
        day_id: the day's row.
        held_on: when it was held.
        expected: how many are on its roster now; `None` for whoever is not of the team.
        missing: of how many of them nothing was reported; `None` as well: most villages have few.
    """

    village_id: int
    name: str
    day_id: int
    held_on: date
    expected: int | None
    missing: int | None


async def by_village(session: StoreSession, actor: Actor) -> list[Unreported]:
    """Return the villages within reach whose last check-up day is not reported in full, after its deadline.

    Only programmes that run, only people who are listed and had joined by that day.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    villages = await places.villages(session, actor.township_id, actor.village_id)
    days = [(village, await _last_day(session, actor, village)) for village in villages]
    found = await _rosters.counts(session, [day.id for _, day in days], scope.reach(actor, Resident))
    return [
        Unreported(village.id, village.name, day.id, day.held_on, *(many if actor.is_of_team else (None, None)))
        for village, day in days
        if (many := found.get(day.id, (0, 0)))[1]
    ]


async def _last_day(session: StoreSession, actor: Actor, village: PlaceRow) -> DayLine:
    """Return the last check-up day of a village whose deadline has passed."""
    on = scope.today(session, actor)
    while True:
        day = await _days.day_of(session, village.id, village.township_id, on)
        if is_report_overdue(day.held_on, session.now(), ZoneInfo(actor.zone)):
            return day
        on = day.held_on - timedelta(days=1)
