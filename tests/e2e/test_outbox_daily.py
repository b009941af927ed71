"""Somebody who can't be reached, and what the admin reads of it the next morning: counts, no name, no place."""

from __future__ import annotations

from datetime import timedelta

from scheduler.planner import Planner
from scheduler.sources import troubles
from tests.e2e.chat import Person
from tests.e2e.world import World


async def _next_morning(world: World, hours: int) -> None:
    """Move on, then plan and send as the running bot does."""
    world.clock.move(timedelta(hours=hours))
    await Planner(world.database, (troubles.SOURCE,)).run()
    await world.dispatch()


async def _unwell(manager: Person, name: str) -> None:
    await manager.send("/visit")
    await manager.tap(name)
    await manager.tap("身体不舒服")
    await manager.send("下周三")
    await manager.tap("保存")
    await manager.expect("已保存")


async def test_the_admin_reads_in_the_morning_that_a_message_did_not_arrive(world: World, manager: Person) -> None:
    admin, clinic = await world.staff("admin"), await world.staff("clinic")
    await world.staff("deputy")
    world.server.directory.people[clinic.user_id].has_blocked = True
    await _unwell(manager, "王秀英")
    await world.dispatch()
    await admin.silence()
    await _next_morning(world, 23)  # from nine to eight
    await admin.expect("11月9日", "送不到：1 条", "suifang outbox", absent=["王秀英", "大王庄", "乡所"])
    await _next_morning(world, 24)
    await admin.send("/language")
    await admin.tap("English")
    await _unwell(manager, "单国强")
    await world.dispatch()
    await _next_morning(world, 24)
    await admin.expect("some of what the bot says on its own did not go well", "can't arrive: 1")
