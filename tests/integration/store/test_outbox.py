"""The outbox: planned once, claimed by one, fenced by its lease, and never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.rules.clock import MovableClock
from models.store import outbox, staff
from models.store.database import Database, StoreSession
from models.store.outbox import Claimed, Recipient
from models.tables.outbox import OutboxMessage, OutboxState
from tests.factories.world import World

SOON = timedelta(seconds=1)


def to(world: World) -> Recipient:
    return Recipient(world.clinic.staff_id, world.township.id)


async def planned(database: Database, world: World, count: int = 1) -> None:
    async with database.transaction() as session:
        for number in range(count):
            await outbox.plan(session, [to(world)], "test.kind", number, details={"n": number})


async def claimed(database: Database, owner: str = "one", limit: int = 100) -> list[Claimed]:
    async with database.transaction() as session:
        return await outbox.claim(session, owner, limit)


async def states(session: StoreSession) -> list[OutboxState]:
    return [row.state for row in await session.rows(select(OutboxMessage.state).order_by(OutboxMessage.subject_id))]


async def test_planning_twice_adds_nothing(database: Database, world: World) -> None:
    await planned(database, world)
    await planned(database, world)
    async with database.transaction() as session:
        await outbox.plan(session, [to(world), to(world)], "test.kind", 0)
        assert await states(session) == [OutboxState.PLANNED]
        await outbox.plan(session, [to(world)], "test.kind", 0, "later")
        assert len(await states(session)) == 2


async def test_who_waits_for_messages_is_woken_by_the_commit(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await outbox.plan(session, [], "test.kind")
    assert not database.planned.is_set()
    async with database.transaction() as session:
        await outbox.plan(session, [to(world)], "test.kind")
        assert not database.planned.is_set()
    assert database.planned.is_set()


async def test_a_claimed_message_says_for_whom_it_is(database: Database, world: World) -> None:
    await planned(database, world)
    [message] = await claimed(database)
    assert (message.kind, message.subject_id, message.details) == ("test.kind", 0, {"n": 0})
    assert message.to == world.clinic
    assert (message.chat_id, message.is_active, message.may_repeat) == (103, True, False)


async def test_two_claimers_never_get_the_same_message(database: Database, world: World) -> None:
    await planned(database, world, 60)
    found = await asyncio.gather(*(claimed(database, f"owner-{number}", 10) for number in range(8)))
    ids = [message.id for batch in found for message in batch]
    assert len(ids) == len(set(ids)) == 60


async def test_what_is_not_due_yet_waits(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await outbox.plan(session, [to(world)], "test.kind", due_at=clock.now() + timedelta(hours=1))
    assert await claimed(database) == []
    clock.move(timedelta(hours=1))
    assert len(await claimed(database)) == 1


async def test_a_lease_that_ran_out_is_taken_over(database: Database, world: World, clock: MovableClock) -> None:
    await planned(database, world)
    [message] = await claimed(database, "dead process")
    clock.move(outbox.LEASE - SOON)
    assert await claimed(database, "heir") == []
    clock.move(2 * SOON)
    [taken] = await claimed(database, "heir")
    assert (taken.id, taken.may_repeat) == (message.id, False)  # it had not begun to leave
    async with database.transaction() as session:
        assert not await outbox.mark_sending(session, message.id, "dead process")
        assert await outbox.mark_sending(session, message.id, "heir")


async def test_what_was_being_sent_when_its_process_died_may_be_a_repeat(
    database: Database, world: World, clock: MovableClock
) -> None:
    await planned(database, world)
    [message] = await claimed(database, "dead process")
    async with database.transaction() as session:
        assert await outbox.mark_sending(session, message.id, "dead process")
    assert await claimed(database, "heir") == []
    clock.move(outbox.LEASE + SOON)
    [taken] = await claimed(database, "heir")
    assert taken.may_repeat
    async with database.transaction() as session:
        assert not await outbox.mark_sent(session, message.id, "dead process", 5)
        await outbox.mark_sending(session, message.id, "heir")
        await outbox.put_back(session, message.id, "heir", SOON, "NotSent", may_repeat=False)
    clock.move(SOON)
    [again] = await claimed(database, "heir")
    assert (again.may_repeat, again.attempts) == (True, 1)  # a doubt stays, whatever comes later


async def test_a_message_is_marked_by_its_owner_only_and_once(database: Database, world: World) -> None:
    await planned(database, world, 3)
    first, second, third = await claimed(database)
    async with database.transaction() as session:
        assert not await outbox.mark_sent(session, first.id, "one", 5)  # nothing has left yet
        assert await outbox.mark_sending(session, first.id, "one")
        assert not await outbox.mark_sending(session, first.id, "one")
        assert await outbox.mark_sent(session, first.id, "one", 5)
        assert not await outbox.mark_dead(session, first.id, "one", "Forbidden")
        assert not await outbox.mark_dead(session, second.id, "other", "Forbidden")
        assert await outbox.mark_dead(session, second.id, "one", "Forbidden")
        assert await outbox.mark_expired(session, third.id, "one")
        assert await states(session) == [OutboxState.SENT, OutboxState.DEAD, OutboxState.EXPIRED]


async def test_what_was_not_begun_is_given_back_at_once(database: Database, world: World) -> None:
    await planned(database, world, 2)
    first, second = await claimed(database, "leaving")
    async with database.transaction() as session:
        await outbox.mark_sending(session, first.id, "leaving")
        assert await outbox.release(session, "leaving") == 1
    assert [message.id for message in await claimed(database, "heir")] == [second.id]


async def test_a_removed_persons_messages_say_so(database: Database, world: World) -> None:
    await planned(database, world)
    async with database.transaction() as session:
        await staff.remove(session, world.admin, world.clinic.staff_id)
    found = {message.kind: message.is_active for message in await claimed(database)}
    assert found == {"test.kind": False, "staff.removed": False}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_only_what_is_over_is_pruned(database: Database, world: World, clock: MovableClock) -> None:
    await planned(database, world, 2)
    [over] = await claimed(database, limit=1)
    async with database.transaction() as session:
        await outbox.mark_expired(session, over.id, "one")
        assert await outbox.prune(session, clock.now()) == 0
        clock.move(SOON)
        assert await outbox.prune(session, clock.now()) == 1
        assert await states(session) == [OutboxState.PLANNED]
