"""The outbox: planned once, claimed by one, fenced by its lease, and never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.store import outbox, sending, staff
from models.store.database import Database, StoreSession
from models.store.outbox import Recipient
from models.store.sending import Claimed
from models.tables.outbox import OutboxMessage, OutboxState
from tests.factories.world import World

SOON = timedelta(seconds=1)


def recipient(actor: Actor) -> Recipient:
    return Recipient(actor.staff_id, actor.township_id)


def to(world: World) -> Recipient:
    return recipient(world.clinic)


async def planned(database: Database, world: World, count: int = 1) -> None:
    async with database.transaction() as session:
        for number in range(count):
            await outbox.plan(session, [to(world)], "test.kind", number, details={"n": number})


async def claimed(database: Database, owner: str = "one", limit: int = 100) -> list[Claimed]:
    async with database.transaction() as session:
        return (await sending.claim(session, owner, limit))[0]


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


async def test_claimers_never_get_the_same_message_nor_the_same_person(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for number in range(10):
            await outbox.plan(session, [recipient(actor) for actor in world.everybody], "test.kind", number)
    seen: list[int] = []
    while len(seen) < 60:
        found = await asyncio.gather(*(claimed(database, f"owner-{number}", 7) for number in range(4)))
        people = [{message.to.staff_id for message in batch} for batch in found]
        assert sum(map(len, people)) == len(set[int]().union(*people))
        seen += [message.id for batch in found for message in batch]
        async with database.transaction() as session:
            for number, batch in enumerate(found):
                for message in batch:
                    await sending.mark_dead(session, message.id, f"owner-{number}", "test")
    assert len(seen) == len(set(seen))


async def test_what_is_not_due_yet_waits(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await outbox.plan(session, [to(world)], "test.kind", due_at=clock.now() + timedelta(hours=1))
    assert await claimed(database) == []
    clock.move(timedelta(hours=1))
    assert len(await claimed(database)) == 1


async def test_a_lease_that_ran_out_is_taken_over(database: Database, world: World, clock: MovableClock) -> None:
    await planned(database, world)
    [message] = await claimed(database, "dead process")
    clock.move(sending.LEASE - SOON)
    assert await claimed(database, "heir") == []
    clock.move(2 * SOON)
    [taken] = await claimed(database, "heir")
    assert (taken.id, taken.may_repeat) == (message.id, False)  # it had not begun to leave
    async with database.transaction() as session:
        assert not await sending.mark_sending(session, message.id, "dead process")
        assert await sending.mark_sending(session, message.id, "heir")


async def test_what_was_being_sent_when_its_process_died_may_be_a_repeat(
    database: Database, world: World, clock: MovableClock
) -> None:
    await planned(database, world)
    [message] = await claimed(database, "dead process")
    async with database.transaction() as session:
        assert await sending.mark_sending(session, message.id, "dead process")
    assert await claimed(database, "heir") == []
    clock.move(sending.LEASE + SOON)
    [taken] = await claimed(database, "heir")
    assert taken.may_repeat
    async with database.transaction() as session:
        assert not await sending.mark_sent(session, message.id, "dead process", 5)
        await sending.mark_sending(session, message.id, "heir")
        await sending.put_back(session, message.id, "heir", SOON, "NotSent", may_repeat=False)
    clock.move(SOON)
    [again] = await claimed(database, "heir")
    assert (again.may_repeat, again.attempts) == (True, 1)  # a doubt stays, whatever comes later


async def test_a_message_is_marked_by_its_owner_only_and_once(database: Database, world: World) -> None:
    await planned(database, world, 3)
    first, second, third = await claimed(database)
    async with database.transaction() as session:
        assert not await sending.mark_sent(session, first.id, "one", 5)  # nothing has left yet
        assert await sending.mark_sending(session, first.id, "one")
        assert not await sending.mark_sending(session, first.id, "one")
        assert await sending.mark_sent(session, first.id, "one", 5)
        assert not await sending.mark_dead(session, first.id, "one", "Forbidden")
        assert not await sending.mark_dead(session, second.id, "other", "Forbidden")
        assert await sending.mark_dead(session, second.id, "one", "Forbidden")
        assert await sending.mark_expired(session, third.id, "one", "senseless")
        assert await states(session) == [OutboxState.SENT, OutboxState.DEAD, OutboxState.EXPIRED]


async def test_what_was_not_begun_is_given_back_at_once(database: Database, world: World) -> None:
    await planned(database, world, 2)
    first, second = await claimed(database, "leaving")
    async with database.transaction() as session:
        await sending.mark_sending(session, first.id, "leaving")
        assert await sending.release(session, "leaving") == 1
    assert await claimed(database, "heir") == []  # the same person's first is still on its way
    async with database.transaction() as session:
        await sending.mark_sent(session, first.id, "leaving", 5)
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
        await sending.mark_expired(session, over.id, "one", "senseless")
        assert await outbox.prune(session, clock.now()) == 0
        clock.move(SOON)
        assert await outbox.prune(session, clock.now()) == 1
        assert await states(session) == [OutboxState.PLANNED]
