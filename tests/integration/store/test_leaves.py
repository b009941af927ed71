"""Leave: who can stand in, who is told what, and what a substitute never learns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.rules.access import Role
from models.rules.clock import MovableClock
from models.store import leaves, outbox, sending, staff
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.leaves import Wish
from models.tables.leaves import Leave
from models.tables.outbox import OutboxMessage
from tests.factories.world import World

TODAY = date(2026, 3, 16)
WEEK = TODAY + timedelta(days=6)


async def told(session: StoreSession) -> list[tuple[str, int]]:
    rows = await session.rows(select(OutboxMessage.kind, OutboxMessage.recipient_id).order_by(OutboxMessage.id))
    return [(row.kind, row.recipient_id) for row in rows if row.kind.startswith("leave.")]


async def claim(session: StoreSession) -> list[sending.Claimed]:
    claimed, _ = await sending.claim(session, "owner", 20, frozenset(), timedelta(0))
    return list(claimed)


async def test_who_can_stand_in(database: Database, world: World) -> None:
    async with database.transaction() as session:
        twin = await staff.add(session, 901, 901, Role.MANAGER, world.north, name="同村")
        deputy = await staff.add(session, 902, 902, Role.DEPUTY, world.township)
        found = {
            actor.role: [one.staff_id for one in await leaves.colleagues(session, actor)]
            for actor in (world.manager, world.clinic, world.deputy, world.admin)
        }
    assert found[Role.MANAGER][0] == twin.staff_id
    assert set(found[Role.MANAGER][1:]) == {world.neighbour.staff_id, world.clinic.staff_id}
    assert (found[Role.CLINIC], found[Role.DEPUTY], found[Role.ADMIN]) == ([], [deputy.staff_id], [])


async def test_a_leave_is_taken_told_and_ended_once(database: Database, world: World) -> None:
    wish = Wish(TODAY, WEEK, world.neighbour.staff_id)
    async with database.transaction() as session:
        line = await leaves.take(session, world.manager, wish)
        assert await leaves.take(session, world.manager, wish) == line
        assert await leaves.standing(session, world.manager) == line
        assert (line.of.place, line.substitute and line.substitute.place) == ("北村", "南村")
        again = await leaves.take(session, world.manager, Wish(TODAY, TODAY, world.clinic.staff_id))
        with pytest.raises(NotFound):
            await leaves.get(session, world.neighbour, line.id)
        await leaves.end(session, world.manager, again.id)
        assert await leaves.standing(session, world.manager) is None
        with pytest.raises(NotFound):
            await leaves.end(session, world.manager, again.id)
        assert len(await session.rows(select(Leave.id))) == 2
        assert await told(session) == [
            ("leave.asked", world.neighbour.staff_id),
            ("leave.ended", world.neighbour.staff_id),
            ("leave.asked", world.clinic.staff_id),
            ("leave.ended", world.clinic.staff_id),
        ]


async def test_a_substitute_declines_without_a_reason(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        line = await leaves.take(session, world.manager, Wish(TODAY, TODAY, world.neighbour.staff_id))
        for stranger in (world.clinic, world.manager):
            with pytest.raises(NotFound):
                await leaves.decline(session, stranger, line.id)
        for _ in range(2):
            assert (await leaves.decline(session, world.neighbour, line.id)).is_declined
        assert await told(session) == [
            ("leave.asked", world.neighbour.staff_id),
            ("leave.declined", world.manager.staff_id),
        ]
        clock.move(timedelta(days=1))
        with pytest.raises(Conflict, match="leave_over"):
            await leaves.decline(session, world.neighbour, line.id)


async def test_what_can_not_be(database: Database, world: World) -> None:
    yesterday = TODAY - timedelta(days=1)
    async with database.transaction() as session:
        for first, last in ((WEEK, TODAY), (yesterday, yesterday)):
            with pytest.raises(Refused, match="leave_days"):
                await leaves.take(session, world.manager, Wish(first, last, None))
        for number in (world.manager.staff_id, world.deputy.staff_id, 1):
            with pytest.raises(Refused, match="not_a_colleague"):
                await leaves.take(session, world.manager, Wish(TODAY, WEEK, number))


async def test_a_substitute_is_told_once_a_day_that_there_is_something(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        await leaves.take(session, world.manager, Wish(TODAY, WEEK, world.neighbour.staff_id))
        me = await outbox.member(session, world.manager.staff_id)
        for number in range(3):
            await outbox.plan(session, me, "handover.offered", number + 1)
        await outbox.plan(session, me, "referral.answered", 9, urgent=True)
        for message in await claim(session):
            await leaves.tell_substitute(session, message)
        found = await _stand_ins(session)
        assert {(row.occurrence, row.urgent) for row in found} == {("2026-03-16", False), ("2026-03-16/urgent", True)}
        assert [row.details for row in found] == [{}, {}]
        assert {row.recipient_id for row in found} == {world.neighbour.staff_id}


async def test_a_substitute_who_is_told_anyway_is_not_told_again(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await leaves.take(session, world.manager, Wish(TODAY, WEEK, world.neighbour.staff_id))
        both = [
            *await outbox.member(session, world.manager.staff_id),
            *await outbox.member(session, world.neighbour.staff_id),
        ]
        await outbox.plan(session, both, "handover.moved", 7)
        for message in await claim(session):
            await leaves.tell_substitute(session, message)
        assert await _stand_ins(session) == []


@pytest.mark.parametrize("case", ["before", "after", "declined", "ended", "removed", "nobody"])
async def test_nobody_is_told_when_nobody_stands_in(
    database: Database, world: World, clock: MovableClock, case: str
) -> None:
    first = TODAY + timedelta(days=1) if case == "before" else TODAY
    last = TODAY if case == "after" else WEEK
    async with database.transaction() as session:
        substitute = None if case == "nobody" else world.neighbour.staff_id
        line = await leaves.take(session, world.manager, Wish(first, last, substitute))
        if case == "declined":
            await leaves.decline(session, world.neighbour, line.id)
        if case == "ended":
            await leaves.end(session, world.manager, line.id)
        if case == "removed":
            await staff.remove(session, None, world.neighbour.staff_id)
        if case == "after":
            clock.move(timedelta(days=1))
        await outbox.plan(session, await outbox.member(session, world.manager.staff_id), "grant.decided", 3)
        for message in await claim(session):
            await leaves.tell_substitute(session, message)
        assert await _stand_ins(session) == []


async def test_only_who_reaches_the_same_people_gets_there(database: Database, world: World) -> None:
    async with database.transaction() as session:
        line = await leaves.take(session, world.manager, Wish(TODAY, WEEK, None))
    reached = {actor.role for actor in world.everybody if leaves.reaches(actor, line)}
    assert reached == {Role.MANAGER, Role.CLINIC}
    assert not leaves.reaches(world.neighbour, line)


async def _stand_ins(session: StoreSession) -> list[Any]:
    statement = select(OutboxMessage.__table__).where(OutboxMessage.kind == "leave.stands_in")
    return list(await session.rows(statement.order_by(OutboxMessage.id)))
