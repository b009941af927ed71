"""A township's week as its heads read it: counts by village, small numbers of people not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from models.rules.access import Actor, Permission
from models.rules.calendar import CheckupDate
from models.rules.clock import local_day
from models.rules.digest import Week
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import month_of
from models.rules.stages import report_deadline
from models.rules.suppression import fresh, parts
from models.store import _days, _rosters, audit, checkup_calendar, decisions, scope, status, unreported
from models.store.database import StoreSession
from models.store.indicators import figures
from models.store.status import StatusLine
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident

_DAY = timedelta(days=1)
_SEARCHED = timedelta(days=31)
"""A check-up day is to be reported well within so long."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The week. A number of people that is small, or a sum that would give one away, is `None`.

    Attributes:
        villages: those where something is overdue, most first, those with small numbers last.
        overdue: windows that have closed and were not used, as of now; `fresh`: of these, closed in the week.
        done: with how many visits and check-ups somebody was served in the week; `before`: in the week before.
        days: village-days that were to be reported in the week; `in_time`: of these, reported in full by then.
        unreported: villages that have not reported their last check-up day in full.
        decisions: open ones; `late`: of these, overdue.
    """

    villages: tuple[StatusLine, ...]
    overdue: int | None
    fresh: int | None
    done: int | None
    before: int | None
    days: int
    in_time: int
    unreported: tuple[str, ...]
    decisions: int
    late: int

    def __bool__(self) -> bool:
        """Whether there is anything to tell: `None` is a number too."""
        numbers = (self.overdue, self.done, self.before, self.days, self.decisions)
        return bool(self.villages) or any(number != 0 for number in numbers)


async def summary(session: StoreSession, actor: Actor, week: Week, today: date) -> Summary:
    """Return how the villages within reach stand, and what happened there in a week.

    Raises:
        AccessDenied: the role reads no counts, or attends no meetings.
    """
    scope.require(actor, Permission.COUNT_READ)
    page = await status.by_village(session, actor, today, today)
    villages = [line for line in page.lines if line.overdue != 0]
    opened = await decisions.list_open(session, actor)
    days, in_time = await _reported(session, actor, week)
    before, done = await _done(session, actor, week, today)
    await audit.write(session, actor, "count:read", "week", None)
    return Summary(
        tuple(sorted(villages, key=lambda one: -(one.overdue or 0))),
        page.overdue,
        fresh(await _closed(session, actor, week, today), page.overdue),
        done,
        before,
        days,
        in_time,
        tuple(one.name for one in await unreported.by_village(session, actor)),
        len(opened),
        sum(one.is_overdue(today) for one in opened),
    )


async def _done(session: StoreSession, actor: Actor, week: Week, today: date) -> tuple[int | None, ...]:
    """Return with how many reports somebody was served in the week before, and in the week.

    They are parts of the months that the status shows, and stand only where those tell no small rest.
    """
    long = week.last - week.first + _DAY
    weeks = (Week(week.first - long, week.last - long), week)
    counts = [await _served(session, actor, one.first, one.last) for one in weeks]
    is_safe = [
        parts(counts[first:last], await _months(session, actor, weeks[first].first, weeks[last - 1].last, today))
        for first, last in ((0, 1), (1, 2), (0, 2))
    ]
    return tuple(counts) if all(is_safe) else tuple(None if count else 0 for count in counts)


async def _served(session: StoreSession, actor: Actor, first: date, last: date) -> int:
    return sum((await status.done(session, actor, first, last)).values())


async def _months(session: StoreSession, actor: Actor, first: date, last: date, today: date) -> list[int | None]:
    """Return what the status shows for the months from that of `first` to that of `last`."""
    found, month = [], month_of(first)
    while month.first <= last:
        page = (await figures.ask(session, actor, [IndicatorCode.DONE], month, today))[IndicatorCode.DONE]
        found.append(None if page.total is None else page.total.n)
        month = month.after
    return found


async def _closed(session: StoreSession, actor: Actor, week: Week, today: date) -> list[tuple[int, int]]:
    """Return how many of what is overdue today became so in the week, and how many before it, by village."""
    first, last = week.first - _DAY, min(week.last, today) - _DAY
    is_new = Enrolment.next_closes_on >= first
    statement = select(func.count().filter(is_new).label("new"), func.count().filter(~is_new).label("old"))
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id).where(
        scope.reach(actor, Enrolment),
        scope.listed(),
        Enrolment.state == EnrolmentState.ACTIVE,
        scope.counted(actor, Enrolment.programme),
        Enrolment.next_closes_on <= last,
    )
    return [(row.new, row.old) for row in await session.rows(statement.group_by(Enrolment.village_id))]


async def _reported(session: StoreSession, actor: Actor, week: Week) -> tuple[int, int]:
    """Return how many village-days were to be reported in the week, and how many were, in full and in time."""
    zone, due, in_time = ZoneInfo(actor.zone), 0, 0
    days = await checkup_calendar.between(session, actor.township_id, week.first - _SEARCHED, week.last)
    for village, one in days:
        deadline = report_deadline(one.held_on, zone)
        if one.is_cancelled or not week.first <= local_day(deadline, zone) <= week.last:
            continue
        held = CheckupDate(one.nominal, one.held_on, one.provisional)
        day = await _days.row_of(session, village.id, village.township_id, held)
        expected, missing = (await _rosters.counts(session, [day.id], by=deadline)).get(day.id, (0, 0))
        due += expected > 0
        in_time += expected > 0 and not missing
    return due, in_time
