"""The week of a township: what is counted, and that small numbers don't leave the store."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock, local_day
from models.rules.digest import Week, summary_of
from models.rules.outcomes import Outcome
from models.store import checkups, visits, weeklies
from models.store.database import Database
from models.store.reports import CheckupReport, VisitReport
from models.tables.enrolments import Enrolment
from tests.factories.world import World, enrolled, person

DAY = timedelta(days=1)
sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def _overdue(database: Database, world: World, north: int, south: int, closes_on: date) -> list[int]:
    ids = []
    async with database.transaction() as session:
        for actor, many in ((world.manager, north), (world.neighbour, south)):
            for number in range(many):
                ids.append(await enrolled(session, actor, "hypertension", name=f"甲{number}"))
        values = {"next_due_on": closes_on - 10 * DAY, "next_closes_on": closes_on, "refresh_on": None}
        await session.execute(update(Enrolment).where(Enrolment.id.in_(ids)).values(**values))
    return ids


async def test_a_week_is_counted_by_village_and_small_numbers_are_not_told(
    database: Database, world: World, clock: MovableClock
) -> None:
    today = local_day(clock.now())
    week = summary_of(today)
    assert week == Week(date(2026, 3, 9), date(2026, 3, 15))
    fresh = await _overdue(database, world, 11, 4, week.last - DAY)
    await _overdue(database, world, 1, 0, week.first - 9 * DAY)
    async with database.transaction() as session:
        found = await weeklies.summary(session, world.leader, week, today)
    assert [(one.name, one.overdue) for one in found.villages] == [("北村", 12), ("南村", None)]
    assert (found.overdue, found.fresh) == (None, None)  # 16 - 12 would tell the other
    assert (found.done, found.before, found.days, found.decisions) == (0, 0, 0, 0)
    clock.move(-3 * DAY)
    async with database.transaction() as session:
        for one in fresh[:10]:
            await visits.report(session, world.manager, VisitReport(one, today - 3 * DAY, Outcome.ATTENDED))
    clock.move(3 * DAY)
    async with database.transaction() as session:
        found = await weeklies.summary(session, world.deputy, week, today)
        assert (found.done, found.before) == (10, 0)  # the month's sum is shown, and nothing is left of it
        assert [one.overdue for one in found.villages] == [None, None]
        later = await weeklies.summary(session, world.deputy, Week(week.last + DAY, week.last + 7 * DAY), today)
        assert (later.done, later.before) == (0, 10)


@sqlite
async def test_what_is_new_is_not_told_where_it_follows_for_the_village_from_which_something_has_climbed(
    database: Database, world: World, clock: MovableClock
) -> None:
    today = local_day(clock.now())
    week = summary_of(today)
    assert week is not None
    for north, south, closes_on in ((11, 9, week.last - DAY), (0, 10, week.first - 9 * DAY)):
        await _overdue(database, world, north, south, closes_on)
    async with database.transaction() as session:
        found = await weeklies.summary(session, world.leader, week, today)
    assert [one.overdue for one in found.villages] == [19, 11]
    assert (found.overdue, found.fresh) == (30, None)  # 20 - 11 would tell the other's
    await _overdue(database, world, 0, 1, week.last - DAY)
    async with database.transaction() as session:
        assert (await weeklies.summary(session, world.leader, week, today)).fresh == 21


@sqlite
async def test_a_village_day_is_in_time_when_everybody_was_reported_by_the_deadline(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager, "甲", programmes=("checkup",))
        two = await person(session, world.manager, "乙", programmes=("checkup",))
    clock.move(timedelta(days=56))  # Monday 11 May 2026: the day of the 10th is held
    held = date(2026, 5, 11)
    week = Week(held, held + 6 * DAY)
    async with database.transaction() as session:
        await checkups.report(session, world.manager, CheckupReport(one, held, Outcome.ATTENDED))
    clock.move(2 * DAY)  # the deadline was Tuesday at 18:00
    async with database.transaction() as session:
        found = await weeklies.summary(session, world.leader, week, held + 2 * DAY)
        assert (found.days, found.in_time, found.unreported) == (1, 0, ("北村",))
        await checkups.report(session, world.manager, CheckupReport(two, held, Outcome.ATTENDED))
        late = await weeklies.summary(session, world.leader, week, held + 2 * DAY)
        assert (late.days, late.in_time, late.unreported) == (1, 0, ())


@sqlite
async def test_who_reads_no_counts_reads_no_week(database: Database, world: World) -> None:
    async with database.transaction() as session:
        with pytest.raises(AccessDenied):
            await weeklies.summary(session, world.admin, Week(date(2026, 3, 9), date(2026, 3, 15)), date(2026, 3, 16))
