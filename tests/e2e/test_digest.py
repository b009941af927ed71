"""The morning digest in the chat: how many are to be seen, one tap from the work; what is done is gone tomorrow."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from models.rules.clock import CHINA
from scheduler.planner import Planner
from scheduler.sources import digest
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _until(world: World, day: date, hour: int, minute: int = 0) -> int:
    """Let it be that hour, and let the bot plan and send; return how many messages went out."""
    world.clock.move(datetime.combine(day, time(hour, minute), CHINA).astimezone(UTC) - world.clock.now())
    await Planner(world.database, [digest.SOURCE]).run()
    return await world.dispatch()


@EVERYWHERE
async def test_the_morning_says_how_many_and_what_is_done_is_gone(world: World, manager: Person) -> None:
    neighbour, clinic = await world.staff("neighbour"), await world.staff("clinic")
    assert await _until(world, date(2026, 11, 10), 7, 59) == 0
    assert await _until(world, date(2026, 11, 10), 8) == 3
    await manager.expect("今天的事", "11月10日 周二", "11/16 前：4", "11/23 前：2", absent=["王秀英", "高血压", "逾期"])
    assert await _until(world, date(2026, 11, 15), 9) == 0  # a Sunday, and nothing urgent
    assert await _until(world, date(2026, 11, 17), 8) == 3
    told = await manager.expect("今天的事", "逾期没访：4", "没报全的康检：1", "11/23 前：2", absent=["李红", "血"])
    assert told["text"].index("逾期") < told["text"].index("没报全") < told["text"].index("该访的")
    await clinic.expect("逾期没访：6", "没报全的康检：2", absent=["赵邻居", "小李村"])
    await neighbour.expect("逾期没访：1", "没报全的康检：1", absent=["赵邻居"])
    assert await neighbour.buttons() == ["📋 看应访名单"]
    await neighbour.tap("看应访名单")
    await neighbour.expect("应访名单", "小李村", "逾期 1")
    await neighbour.tap("赵邻居")
    await neighbour.tap("不需要")
    await neighbour.tap("保存")
    await neighbour.expect("已保存", "赵邻居")
    assert await _until(world, date(2026, 11, 18), 8) == 2  # the neighbour has nothing left to do
    await clinic.expect("逾期没访：5")


async def test_it_speaks_english(world: World) -> None:
    neighbour = await world.staff("neighbour")
    await neighbour.send("/language")
    await neighbour.tap("English")
    assert await _until(world, date(2026, 11, 16), 8) == 1
    await neighbour.expect("Today", "16 Nov", "today is the last day: 1", "not fully reported: 1")
    await neighbour.tap("Open the due list")
    await neighbour.expect("Due list", "小李村")
