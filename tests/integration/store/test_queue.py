"""How the outbox stands: right counts, the longest wait, and an index behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from models.rules.clock import MovableClock
from models.store import deadletters, outbox, queue
from models.store.database import Database, StoreSession
from models.store.outbox import Recipient
from models.tables.base import table
from models.tables.outbox import OutboxMessage, OutboxState
from tests.factories.world import World

_o = table(OutboxMessage).c
sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def plan(session: StoreSession, world: World, number: int, minutes: int = 0, *, urgent: bool = False) -> None:
    due = session.now() + timedelta(minutes=minutes)
    to = [Recipient(world.clinic.staff_id, world.township.id)]
    await outbox.plan(session, to, "test.kind", number, due_at=due, urgent=urgent)


async def put(session: StoreSession, number: int, state: OutboxState) -> None:
    await session.execute(update(table(OutboxMessage)).where(_o.subject_id == number).values(state=state))


async def test_an_empty_outbox_waits_for_nothing(database: Database) -> None:
    async with database.reading() as session:
        found = await queue.standing(session)
    assert (set(found.messages.values()), found.lag, found.letters) == ({0}, 0.0, 0)


async def test_counts_by_state_and_the_longest_wait(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await plan(session, world, 0, 10)
        await plan(session, world, 1, 20, urgent=True)
        await plan(session, world, 2, 600)
        for number, state in enumerate(OutboxState, 10):
            await plan(session, world, number)
            await put(session, number, state)
        await deadletters.bury(session, 5, 5, b"{}", "ValueError")
        replayed = await deadletters.bury(session, 6, 6, b"{}", "ValueError")
        await deadletters.mark_replayed(session, replayed)
        for number in (10, 11, 12):  # planned, claimed, sending
            await put(session, number, OutboxState.SENT)
    clock.move(timedelta(hours=1))
    async with database.reading() as session:
        found = await queue.standing(session)
    assert found.messages == {
        OutboxState.PLANNED: 3,
        OutboxState.CLAIMED: 0,
        OutboxState.SENDING: 0,
        OutboxState.IN_DOUBT: 1,
        OutboxState.DEAD: 1,
    }
    assert (found.lag, found.letters) == (50 * 60, 1)
    async with database.transaction() as session:
        await put(session, 0, OutboxState.SENDING)  # what is under way has not arrived
        assert (await queue.standing(session)).lag == 50 * 60
        await put(session, 0, OutboxState.SENT)
        assert (await queue.standing(session)).lag == 40 * 60


async def test_troubles_are_what_ended_badly_in_a_time(database: Database, world: World, clock: MovableClock) -> None:
    ends: list[tuple[OutboxState, dict[str, object]]] = [
        (OutboxState.IN_DOUBT, {}),
        (OutboxState.DEAD, {}),
        (OutboxState.DEAD, {"kind": queue.DAILY}),
        (OutboxState.EXPIRED, {"last_error": queue.TOO_LATE}),
        (OutboxState.EXPIRED, {"last_error": "senseless"}),
        (OutboxState.EXPIRED, {"last_error": outbox.REPLANNED}),
        (OutboxState.SENT, {}),
        (OutboxState.SENT, {"may_repeat": True}),
        (OutboxState.SENT, {"may_repeat": True}),
    ]
    start = clock.now()
    async with database.transaction() as session:
        for hours in (0, 24):
            clock.move(timedelta(hours=hours))
            for number, (state, values) in enumerate(ends, 100 * hours):
                await plan(session, world, number)
                mine = update(table(OutboxMessage)).where(_o.subject_id == number)
                await session.execute(mine.values(state=state, ended_at=clock.now(), **values))
    day = timedelta(days=1)
    async with database.reading() as session:
        township = world.township.id
        once, twice = queue.Troubles(1, 2, 1, 1), queue.Troubles(2, 4, 2, 2)
        assert await queue.troubles(session, township, start, start + day) == once
        assert await queue.troubles(session, township, start, start + 2 * day) == twice
        assert await queue.troubles(session, township, start + day, start + 2 * day) == once
        for nothing in (
            await queue.troubles(session, township, start + 2 * day, start + 3 * day),
            await queue.troubles(session, township, start + day, start),
            await queue.troubles(session, world.north.id, start, start + 2 * day),
        ):
            assert not nothing


async def test_until_when_somebody_was_told(database: Database, world: World, clock: MovableClock) -> None:
    to = [Recipient(world.admin.staff_id, world.township.id)]
    today = clock.now().date()
    async with database.transaction() as session:
        for days, state in enumerate((OutboxState.SENT, OutboxState.SENT, OutboxState.EXPIRED)):
            day, due = (today + timedelta(days=days)).isoformat(), clock.now() + timedelta(days=days)
            await outbox.plan(session, to, queue.DAILY, world.township.id, day, due_at=due)
            await session.execute(update(table(OutboxMessage)).where(_o.occurrence == day).values(state=state))
        told = await queue.told_until(session, world.township.id, today)
        assert told == {world.admin.staff_id: clock.now() + timedelta(days=1)}
        assert await queue.told_until(session, world.township.id, today + timedelta(days=2)) == {}
        assert await queue.told_until(session, world.north.id, today) == {}


@sqlite
async def test_what_was_sent_is_not_read(database: Database) -> None:
    def explained(sql: str) -> str:
        return f"EXPLAIN QUERY PLAN {sql}"

    async with database.reading() as session:
        for sql in (
            "SELECT state, count(*) FROM outbox WHERE state IN ('planned', 'dead') GROUP BY state",
            "SELECT min(due_at) FROM outbox WHERE state = 'planned' AND urgent = 0 AND due_at <= '2026-01-01'",
        ):
            plan = [row[3] for row in await session.execute(text(explained(sql)))]
            assert any("SEARCH outbox USING COVERING INDEX ix_outbox_state_due" in line for line in plan), plan
