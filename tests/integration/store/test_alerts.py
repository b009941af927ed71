"""What is overdue climbs, is seen to, and is over; on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from models.rules.alerts import AlertKind
from models.rules.calendar import working_day_after
from models.rules.clock import MovableClock, local_day
from models.rules.outcomes import Outcome
from models.store import alerts, checkups, climbs, refresh, visits
from models.store.database import Database, StoreSession
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.alerts import Alert
from models.tables.enrolments import Enrolment
from tests.factories.world import World, enrolled

BEGUN = date(2026, 1, 5)


async def _closing(session: StoreSession, world: World, name: str = "甲") -> tuple[int, date]:
    """Enrol somebody whose next visit closes on a day to come; return both."""
    enrolment_id = await enrolled(session, world.manager, "hypertension", name=name, since=BEGUN)
    report = VisitReport(enrolment_id, BEGUN, Outcome.ATTENDED, measures=Measures(120, 80))
    await visits.report(session, world.manager, report)
    closes = await session.scalar(select(Enrolment.next_closes_on).where(Enrolment.id == enrolment_id))
    return enrolment_id, closes


def _go_to(clock: MovableClock, day: date, at: time = time(1)) -> date:
    """Let it be `day`, nine o'clock in China."""
    clock.move(datetime.combine(day, at, UTC) - clock.now())
    return day


async def _follow(session: StoreSession, world: World) -> int:
    """Do what the planner does."""
    today = local_day(session.now())
    while await refresh.step(session, world.township.id, today):
        pass
    total, found = 0, 1
    while found:
        found = await climbs.follow(session, world.township.id, today, 1)
        total += found
    return total


async def _open(session: StoreSession, world: World) -> list[int]:
    """Return how many alerts have reached manager, neighbour, clinic, deputy and leader."""
    readers = (world.manager, world.neighbour, world.clinic, world.deputy, world.leader)
    today = local_day(session.now())
    return [(await alerts.counts(session, reader, today)).open for reader in readers]


async def test_it_climbs_by_working_days_and_each_is_told_on_the_right_one(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        _, closes = await _closing(session, world)
        await _closing(session, world, "乙")
    since = closes + timedelta(days=1)
    seen = {}
    for days in range(-1, 40):
        today = _go_to(clock, since + timedelta(days=days))
        async with database.transaction() as session:
            changed = await _follow(session, world)
            assert await _follow(session, world) == 0
            assert changed == (2 if not days else 0)
            seen[today] = await _open(session, world)
            new = [
                (await alerts.counts(session, one, today)).new
                for one in (world.manager, world.clinic, world.deputy, world.leader)
            ]
            on = [since, *(working_day_after(since, count) for count in (3, 7, 14))]
            assert new == [2 if today == day else 0 for day in on]
            assert seen[today] == [2 if today >= day else 0 for day in (on[0], date.max, *on[1:])]


async def test_a_village_that_reports_nothing_is_overdue_from_the_deadline(
    database: Database, world: World, clock: MovableClock
) -> None:
    _go_to(clock, date(2026, 5, 6))
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "checkup", since=date(2026, 4, 1))
        person_id = await session.scalar(select(Enrolment.resident_id).where(Enrolment.id == enrolment_id))
    # 10 May 2026 is a Sunday: held on the 11th, to be reported by 18:00 on the 12th.
    _go_to(clock, date(2026, 5, 12), time(9, 59))
    async with database.transaction() as session:
        await _follow(session, world)
        assert await _open(session, world) == [0, 0, 0, 0, 0]
    clock.move(timedelta(minutes=1))
    async with database.transaction() as session:
        await _follow(session, world)
        assert await _open(session, world) == [1, 0, 0, 0, 0]
        found = await alerts.counts(session, world.manager, date(2026, 5, 12))
        assert (found.new, found.kinds[AlertKind.CHECKUP_DAY]) == (1, 1)
    _go_to(clock, date(2026, 5, 15))
    async with database.transaction() as session:
        assert await _open(session, world) == [1, 0, 1, 0, 0]
        report = CheckupReport(person_id, date(2026, 5, 11), Outcome.ATTENDED, measures=Measures(120, 80))
        receipt = await checkups.report(session, world.manager, report)
        assert await _open(session, world) == [0, 0, 0, 0, 0]
        await _follow(session, world)
        await checkups.undo(session, world.manager, receipt.record_id)
        await _follow(session, world)
        assert await _open(session, world) == [1, 0, 1, 0, 0]
        rows = await session.rows(select(Alert.closed_on, Alert.kind).where(Alert.kind == AlertKind.CHECKUP_DAY))
        assert [tuple(row) for row in rows] == [(None, AlertKind.CHECKUP_DAY)]
