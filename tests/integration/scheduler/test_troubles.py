"""The morning line to the admins: once a day, only when something ended badly, and nothing is left untold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from locales.translator import translator
from models.rules.clock import CHINA, MovableClock
from models.store import outbox, outbox_admin, plannings, staff
from models.store.database import Database
from models.store.outbox import Recipient
from models.store.queue import DAILY
from models.tables.base import table
from models.tables.outbox import OutboxMessage, OutboxState
from scheduler.dispatcher import Dispatcher
from scheduler.messenger import Fate, Sent
from scheduler.planner import Planner
from scheduler.sources import troubles
from tests.factories.world import World
from tests.integration.scheduler.test_dispatcher import FULL_PACE, GONE, Spoken

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
MONDAY = date(2026, 3, 16)
_o = table(OutboxMessage).c


@pytest.fixture
def planner(database: Database) -> Planner:
    return Planner(database, (troubles.SOURCE,))


@pytest.fixture
def spoken() -> Spoken:
    return Spoken()


def at(clock: MovableClock, days: int, hour: int, minute: int = 0) -> None:
    """Go to an hour of a day after Monday, in China."""
    moment = datetime.combine(MONDAY + timedelta(days=days), time(hour, minute), CHINA).astimezone(UTC)
    clock.move(moment - clock.now())


async def to_clinic(database: Database, world: World, spoken: Spoken, sent: Sent, number: int = 0) -> None:
    """Say something to the clinic, of which comes `sent`."""
    spoken.fates = [sent]
    async with database.transaction() as session:
        await outbox.plan(session, [Recipient(world.clinic.staff_id, world.township.id)], "handover.moved", number)
    await Dispatcher(database, spoken, FULL_PACE).run()
    spoken.said.clear()
    spoken.texts.clear()


async def tick(database: Database, planner: Planner, spoken: Spoken) -> list[str]:
    """Plan and send; return what the admin was told, in Chinese."""
    spoken.texts.clear()
    spoken.said.clear()
    await planner.run()
    await Dispatcher(database, spoken, FULL_PACE).run()
    said = zip(spoken.said, spoken.texts, strict=True)
    return [translator("zh-CN").plain(text) for (_, key, _), text in said if key == "notices.outbox.daily"]


async def daily(database: Database) -> list[Any]:
    columns = (_o.occurrence, _o.recipient_id, _o.state, _o.details)
    async with database.reading() as session:
        return list(await session.rows(select(*columns).where(_o.kind == DAILY).order_by(_o.occurrence)))


async def test_the_admin_hears_in_the_morning_what_went_wrong_and_only_then(
    database: Database, world: World, planner: Planner, spoken: Spoken, clock: MovableClock
) -> None:
    assert await tick(database, planner, spoken) == []
    await to_clinic(database, world, spoken, GONE)
    await to_clinic(database, world, spoken, Sent(Fate.IN_DOUBT, error="InDoubt"), 1)
    at(clock, 0, 23)
    assert await tick(database, planner, spoken) == []
    [planned] = await daily(database)
    assert (planned.occurrence, planned.recipient_id) == ("2026-03-17", world.admin.staff_id)
    clock.move(plannings.EVERY)
    assert await planner.run() == 0
    at(clock, 1, 7, 59)
    assert await tick(database, planner, spoken) == []
    at(clock, 1, 8)
    [said] = await tick(database, planner, spoken)
    assert "3月16日" in said
    assert said.splitlines()[1:3] == ["• 不知道送到没有，先留着：1 条", "• 送不到：1 条"]
    assert len(said.splitlines()) == 4
    for hour in (9, 20):
        at(clock, 1, hour)
        assert await tick(database, planner, spoken) == []
    at(clock, 2, 8, 30)
    assert await tick(database, planner, spoken) == []
    assert len(await daily(database)) == 1


async def test_what_was_seen_to_before_the_morning_is_not_told(
    database: Database, world: World, planner: Planner, spoken: Spoken, clock: MovableClock
) -> None:
    await to_clinic(database, world, spoken, Sent(Fate.REFUSED, error="BadRequest"))
    await planner.run()
    async with database.transaction() as session:
        [dead] = await outbox_admin.list_messages(session, (OutboxState.DEAD,))
        await outbox_admin.drop(session, dead.id)
    at(clock, 1, 8)  # the dispatcher may be faster than the planner
    await Dispatcher(database, spoken, FULL_PACE).run()
    assert spoken.said == []
    assert [row.state for row in await daily(database)] == [OutboxState.EXPIRED]


async def test_a_morning_on_which_nobody_could_be_told_is_made_up_for(
    database: Database, world: World, planner: Planner, spoken: Spoken, clock: MovableClock
) -> None:
    await to_clinic(database, world, spoken, GONE)
    await planner.run()
    at(clock, 2, 12)  # the bot was away for two days
    [said] = await tick(database, planner, spoken)
    assert "• 送不到：1 条" in said
    states = {row.occurrence: row.state for row in await daily(database)}
    assert states == {"2026-03-17": OutboxState.EXPIRED, "2026-03-18": OutboxState.SENT}
    at(clock, 3, 9)
    assert await tick(database, planner, spoken) == []


async def test_one_line_an_admin_and_day_and_none_for_others(
    database: Database, world: World, planner: Planner, spoken: Spoken, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        await staff.add(session, 301, 301, world.admin.role, world.township)
    for day in range(3):
        at(clock, day, 10)
        await to_clinic(database, world, spoken, GONE, day)
        at(clock, day + 1, 8)
        assert len(await tick(database, planner, spoken)) == 2
    assert {chat for chat, _, _ in spoken.said} == {106, 301}
    assert len(await daily(database)) == 6


async def test_a_line_that_does_not_arrive_is_no_trouble_itself(
    database: Database, world: World, planner: Planner, spoken: Spoken, clock: MovableClock
) -> None:
    await to_clinic(database, world, spoken, GONE)
    async with database.transaction() as session:
        await session.execute(update(table(OutboxMessage)).values(state=OutboxState.DEAD))
    at(clock, 1, 8)
    await planner.run()
    spoken.fates = [GONE]
    await Dispatcher(database, spoken, FULL_PACE).run()
    at(clock, 12, 8)
    await planner.run()
    assert [row.state for row in await daily(database)] == [OutboxState.DEAD]
