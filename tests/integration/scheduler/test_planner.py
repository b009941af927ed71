"""The planner: the same facts give the same rows, whenever, wherever and however often it plans."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from models.rules.clock import CHINA, MovableClock
from models.rules.roles import Role
from models.store import checkup_days, outbox, plannings, staff
from models.store.database import Database, StoreSession
from models.store.outbox import Proposal, Recipient
from models.tables.checkups import CheckupDay
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.places import Place
from scheduler.dispatcher import Dispatcher
from scheduler.planner import AHEAD, Planner, called_for
from scheduler.sources import checkups
from scheduler.sources.source import Scene, Source
from tests.factories.world import DOM, World
from tests.integration.scheduler.test_dispatcher import FULL_PACE, Spoken

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
KIND = checkups.MANAGER
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Row = tuple[str, int, str, int, datetime, OutboxState]
ONE = Source("checkups", frozenset({checkups.MANAGER}), checkups.propose)


async def rows(database: Database) -> list[Row]:
    o = OutboxMessage
    columns = (o.kind, o.subject_id, o.occurrence, o.recipient_id, o.planned_for, o.state)
    async with database.reading() as session:
        return sorted(tuple(row) for row in await session.rows(select(*columns)))  # type: ignore[misc]


def at(clock: MovableClock, moment: datetime) -> None:
    clock.move(moment - clock.now())


async def next_due(database: Database) -> datetime:
    """Return when the next message is due, or how far ahead has been planned: nothing comes up sooner."""
    o = OutboxMessage
    async with database.reading() as session:
        later = select(o.due_at).where(o.state == OutboxState.PLANNED, o.due_at > session.now())
        row = await session.row(later.order_by(o.due_at).limit(1))
        ahead = session.now() + AHEAD
    return ahead if row is None else min(row.due_at, ahead)


def morning(day: date, hour: int = 8) -> datetime:
    """Return an hour in China."""
    return datetime.combine(day, time(hour), CHINA).astimezone(UTC)


def to(world: World, role: Role) -> set[int]:
    return {actor.staff_id for actor in world.everybody if actor.role is role}


@pytest.fixture
def planner(database: Database) -> Planner:
    """Plans what is called for before check-up days, by one process."""
    return Planner(database, [checkups.SOURCE])


def described(found: Iterable[Row]) -> list[tuple[str, str, datetime]]:
    return [(kind, occurrence, due) for kind, _, occurrence, _, due, _ in found]


async def test_the_days_of_a_village_are_planned_ahead_once(
    database: Database, world: World, planner: Planner, clock: MovableClock
) -> None:
    assert DOM == 10
    at(clock, morning(date(2026, 5, 6), 12))
    assert await planner.run() > 0
    first = await rows(database)
    # 10 May is a Sunday, so the day is held on Monday the 11th; within two days the third day before comes up.
    mine = [row for row in first if row[3] == world.manager.staff_id]
    assert described(mine) == [
        ("checkup.before", "2026-05-10/days_3", morning(date(2026, 5, 8))),
        ("checkup.before", "2026-05-10/days_7", morning(date(2026, 5, 4))),
    ]
    assert await planner.run() == 0
    clock.move(plannings.EVERY)
    assert await Planner(database, [checkups.SOURCE]).run() == 0
    assert await rows(database) == first


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_two_processes_that_plan_at_once_plan_it_once(
    database: Database, world: World, clock: MovableClock
) -> None:
    at(clock, morning(date(2026, 5, 9), 12))
    await asyncio.gather(*(Planner(database).run() for _ in range(4)))
    found = await rows(database)
    assert len(found) == len({row[:4] for row in found}) > 0


@sqlite
async def test_a_tick_with_nothing_new_writes_nothing(
    database: Database, world: World, planner: Planner, clock: MovableClock
) -> None:
    await planner.run()
    async with database.reading() as session:
        assert await plannings.stale(session) == []
    clock.move(plannings.EVERY)
    async with database.reading() as session:
        assert len(await plannings.stale(session)) == 1
    await planner.run()
    clock.move(-HOUR)  # the clock is set back: what was planned in the future is planned again
    async with database.reading() as session:
        assert len(await plannings.stale(session)) == 1


@sqlite
async def test_a_changed_day_moves_what_is_unsent_and_withdraws_what_is_no_longer_called_for(
    database: Database, world: World, planner: Planner, clock: MovableClock
) -> None:
    at(clock, morning(date(2026, 5, 9), 12))
    await planner.run()
    await _set_day(database, world, 12)
    assert await planner.run() > 0
    mine = [row for row in await rows(database) if row[3] == world.manager.staff_id]
    assert {(occurrence, state) for _, _, occurrence, _, _, state in mine} == {
        ("2026-05-10/days_3", OutboxState.EXPIRED),
        ("2026-05-10/days_1", OutboxState.EXPIRED),
        ("2026-05-10/same_day", OutboxState.EXPIRED),
        ("2026-05-12/days_3", OutboxState.PLANNED),
        ("2026-05-12/days_1", OutboxState.PLANNED),
    }
    await _set_day(database, world, 10)  # and back again: what was withdrawn is called for once more
    await planner.run()
    mine = [row for row in await rows(database) if row[3] == world.manager.staff_id]
    planned = {occurrence for _, _, occurrence, _, _, state in mine if state is OutboxState.PLANNED}
    assert {"2026-05-10/days_3", "2026-05-10/days_1", "2026-05-10/same_day"} <= planned
    assert not any("2026-05-12" in occurrence for occurrence in planned)


async def _set_day(database: Database, world: World, dom: int) -> None:
    async with database.transaction() as session:
        await session.execute(update(Place).where(Place.id == world.north.id).values(checkup_dom=dom))
        await plannings.touch(session, world.township.id)


@sqlite
async def test_after_two_days_of_outage_only_what_still_makes_sense_is_said(
    database: Database, world: World, planner: Planner, clock: MovableClock
) -> None:
    spoken = Spoken()
    at(clock, morning(date(2026, 5, 7), 12))
    await planner.run()
    at(clock, morning(date(2026, 5, 10), 12))
    await planner.run()
    await Dispatcher(database, spoken, FULL_PACE).run()
    # The day before is today: the week and the third day before have passed by unsaid, and are listed as such.
    assert sorted((chat, key) for chat, key, _ in spoken.said) == [
        (101, "notices.checkup.before.days_1"),
        (103, "notices.checkup.tomorrow"),
    ]
    expired = {row[2] for row in await rows(database) if row[5] is OutboxState.EXPIRED}
    assert "2026-05-10/days_3" in expired
    await Dispatcher(database, spoken, FULL_PACE).run()
    assert len(spoken.said) == 2


@sqlite
async def test_who_is_removed_or_comes_new_is_planned_for_at_the_next_tick(
    database: Database, world: World, planner: Planner, clock: MovableClock
) -> None:
    at(clock, morning(date(2026, 5, 10), 5))
    await planner.run()
    async with database.transaction() as session:
        await staff.remove(session, world.admin, world.manager.staff_id)
        new = await staff.add(session, 555, 555, Role.MANAGER, world.north)
    await planner.run()
    found = [row for row in await rows(database) if row[0] == checkups.MANAGER and row[1] == world.north.id]
    assert {row[3] for row in found if row[5] is OutboxState.PLANNED} == {new.staff_id}
    assert {row[5] for row in found if row[3] == world.manager.staff_id} == {OutboxState.EXPIRED}


@sqlite
async def test_what_has_left_is_neither_changed_nor_planned_again(
    database: Database, world: World, planner: Planner, clock: MovableClock
) -> None:
    spoken = Spoken()
    at(clock, morning(date(2026, 5, 10), 12))
    await planner.run()
    await Dispatcher(database, spoken, FULL_PACE).run()
    said = len(spoken.said)
    clock.move(-2 * HOUR)
    for _ in range(12):
        await planner.run()
        await Dispatcher(database, spoken, FULL_PACE).run()
        clock.move(HOUR / 2)
    assert len(spoken.said) == said == 2


@sqlite
async def test_what_would_be_said_is_listed_without_planning_it(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        found = await called_for(session, 60 * DAY)
    assert await rows(database) == []
    assert [one.proposal.due_at for one in found] == sorted(one.proposal.due_at for one in found)
    managers = [one.proposal for one in found if one.proposal.kind == checkups.MANAGER]
    assert {one.to.staff_id for one in managers} == to(world, Role.MANAGER)
    assert {one.occurrence for one in managers if one.subject_id == world.north.id} == {
        f"2026-05-10/{stage}" for stage in ("days_7", "days_3", "days_1", "same_day")
    }


def fixed(*proposals: Proposal) -> Source:
    async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
        return list(proposals)

    return Source("test", frozenset({"handover.moved"}), propose)


@sqlite
async def test_a_source_touches_its_own_messages_only_and_nothing_senseless_is_planned(
    database: Database, world: World, clock: MovableClock
) -> None:
    me, now = Recipient(world.clinic.staff_id, world.township.id), clock.now()
    async with database.transaction() as session:
        await outbox.plan(session, [me], "handover.moved", 7)
    late = Proposal("handover.moved", me, now - DAY, now, 1)
    far = Proposal("handover.moved", me, now + 9 * DAY, now + 10 * DAY, 2)
    soon = Proposal("handover.moved", me, now + DAY, now + 2 * DAY, 3)
    assert await Planner(database, [fixed(late, far, soon)]).run() == 1
    clock.move(plannings.EVERY)
    assert await Planner(database, [fixed()]).run() == 1
    found = {(row[1], row[5]) for row in await rows(database)}
    assert found == {(7, OutboxState.PLANNED), (3, OutboxState.EXPIRED)}


@sqlite
async def test_a_day_that_an_admin_moves_or_cancels_takes_its_reminders_along(
    database: Database, world: World, planner: Planner, clock: MovableClock
) -> None:
    at(clock, morning(date(2026, 5, 10), 12))
    await planner.run()
    day = date(2026, 5, 10)
    async with database.transaction() as session:
        await checkup_days.move(session, world.admin, world.north.id, day, date(2026, 5, 13), "weather")
    await planner.run()
    mine = {row[2]: row[4:] for row in await rows(database) if row[3] == world.manager.staff_id and row[0] == KIND}
    assert mine["2026-05-10/days_1"] == (morning(date(2026, 5, 12)), OutboxState.PLANNED)
    async with database.transaction() as session:
        await checkup_days.cancel(session, world.admin, world.north.id, day, "weather")
    await planner.run()
    found = [row for row in await rows(database) if row[3] == world.manager.staff_id and row[0] == KIND]
    assert {row[5] for row in found} == {OutboxState.EXPIRED}


async def test_days_have_rows_ahead_so_that_a_published_calendar_shows(
    database: Database, world: World, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days are brought after the calendar once a day by each process."""
    asked: list[date] = []
    follow = checkup_days.follow_calendar

    async def counted(session: StoreSession, township_id: int, today: date) -> int:
        asked.append(today)
        return await follow(session, township_id, today)

    monkeypatch.setattr(checkup_days, "follow_calendar", counted)
    for _ in range(2):
        async with database.transaction() as session:
            await plannings.touch(session, world.township.id)
        await planner.run()
    assert len(asked) == 1
    async with database.reading() as session:
        days = await session.rows(select(CheckupDay.nominal_on).where(CheckupDay.village_id == world.north.id))
    assert {day.nominal_on.year for day in days} == {2026, 2027}
