"""The agenda of a joint meeting, drafted from the data: counts and decisions, never a resident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.access import Actor, Permission
from models.rules.meetings import next_month
from models.rules.occurrences import Occurrence
from models.store import checkup_calendar, decisions, scope, status, unreported
from models.store.database import StoreSession
from models.store.decisions import StoredDecision
from models.store.meetings import MeetingLine
from models.store.places import PlaceRow
from models.store.status import StatusLine
from models.store.unreported import Unreported


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A day of the month on which villages hold their check-up."""

    held_on: date
    villages: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """What there is to talk about.

    Attributes:
        overdue: villages where something is overdue today, most first, small numbers last; `total`: their sum.
        has_decided: earlier meetings decided something that stands.
        decisions: open ones of earlier meetings, those that are due first first.
        days: the check-up days of the meeting's month.
        unreported: villages that have not reported their last check-up day in full.
    """

    overdue: tuple[StatusLine, ...]
    total: int | None
    has_decided: bool
    decisions: tuple[StoredDecision, ...]
    days: tuple[DayAhead, ...]
    unreported: tuple[Unreported, ...]


async def draft(session: StoreSession, actor: Actor, meeting: MeetingLine) -> Agenda:
    """Return the agenda of a meeting as it stands now, for the villages within reach.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    today = scope.today(session, actor)
    counts = await status.by_village(session, actor, today, today)
    overdue = sorted((line for line in counts.lines if line.overdue != 0), key=lambda line: -(line.overdue or 0))
    carried = await decisions.list_open(session, actor, before=meeting.starts_at)
    days = await _days_of(session, actor, meeting.held_on)
    has_decided = await decisions.are_any(session, actor)
    missing = tuple(await unreported.by_village(session, actor))
    return Agenda(tuple(overdue), counts.overdue, has_decided, tuple(carried), days, missing)


async def _days_of(session: StoreSession, actor: Actor, month: date) -> tuple[DayAhead, ...]:
    """Return the check-up days that are held in the month that contains `month`."""
    first, last = month.replace(day=1), next_month(month) - timedelta(days=1)
    held: dict[date, list[tuple[PlaceRow, Occurrence]]] = {}
    for village, one in await checkup_calendar.between(session, actor.township_id, first, last):
        if actor.village_id in (None, village.id):
            held.setdefault(one.held_on, []).append((village, one))
    return tuple(_ahead(day, found) for day, found in held.items())


def _ahead(held_on: date, found: Sequence[tuple[PlaceRow, Occurrence]]) -> DayAhead:
    return DayAhead(held_on, tuple(village.name for village, _ in found), any(one.provisional for _, one in found))
