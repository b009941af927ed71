"""Many are told something at once: the strict server refuses nothing, and what it does refuse holds everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from math import inf

from bot.local.server.faults import Fault, FaultKind
from bot.local.server.people import Person as Played
from models.rules.access import Role
from models.store import outbox, places, staff
from models.store.outbox import Recipient
from scheduler.dispatcher import Dispatcher
from scheduler.pace import Pace
from tests.e2e.world import STAFF, World

MANY = 40
"""More than the server takes in one second."""


def _replica(world: World) -> Dispatcher:
    """Return another process's dispatcher, with a pace of its own."""
    return Dispatcher(world.database, world.service.messenger, Pace(inf, per_chat=0))


def _codes(world: World, method: str = "sendMessage") -> list[int]:
    return [call.code for call in world.server.calls.after(0, method)]


async def _plan(world: World, recipients: Sequence[Recipient]) -> None:
    async with world.database.transaction() as session:
        await outbox.plan(session, recipients, "grant.decided", 1)


async def _tell(world: World, name: str) -> None:
    """Plan a message to a member of staff who has come to the chat network."""
    await world.staff(name)
    actor = world.actors[name]
    await _plan(world, [Recipient(actor.staff_id, actor.township_id)])


async def _newcomers(world: World) -> list[Recipient]:
    """Let many more managers work in the village."""
    found = []
    async with world.database.transaction() as session:
        village = await places.by_code(session, "411728106201")
        for user_id in range(2001, 2001 + MANY):
            world.server.directory.add_person(Played(user_id, "管", is_known=True))
            actor = await staff.add(session, user_id, user_id, Role.MANAGER, village)
            found.append(Recipient(actor.staff_id, actor.township_id))
    return found


async def test_many_at_once_and_replies_between_them_meet_no_429(world: World) -> None:
    manager = await world.staff("manager")
    await _plan(world, await _newcomers(world))
    world.server.limits.pace.is_on = True
    sending = asyncio.create_task(Dispatcher(world.database, world.service.messenger, world.service.pace).run())
    for _ in range(2):
        await manager.send("/menu")
        await manager.expect("按钮")
    assert await sending == MANY
    assert _codes(world) == [200] * (MANY + 2)


async def test_a_429_holds_every_process_until_it_is_over(world: World) -> None:
    world.server.faults.waiting.append(Fault(FaultKind.TOO_MANY, "sendmessage", retry_after=30))
    one, other = _replica(world), _replica(world)
    await _tell(world, "manager")
    assert await one.run() == 0
    await _tell(world, "clinic")
    assert await other.run() == await one.run() == 0
    assert _codes(world) == [429]
    world.clock.move(timedelta(seconds=31))
    assert await other.run() == 2
    assert _codes(world) == [429, 200, 200]


async def test_a_429_to_a_reply_holds_what_the_bot_says_of_its_own_accord(world: World) -> None:
    manager = await world.staff("manager")
    fault = Fault(FaultKind.TOO_MANY, "sendmessage", chat_id=str(STAFF["manager"][0]))
    world.server.faults.waiting.append(fault)
    own = Dispatcher(world.database, world.service.messenger, world.service.pace)
    await manager.send("/menu")
    async with asyncio.timeout(10):
        while _codes(world) != [429]:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
    await _tell(world, "clinic")
    assert await own.run() == await _replica(world).run() == 0
    await manager.expect("按钮")
    world.clock.move(timedelta(seconds=2))
    assert await _replica(world).run() == 1
    assert _codes(world) == [429, 200, 200]
