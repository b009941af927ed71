"""Messages that show a roster follow it: for everybody who has it open, within Telegram's limits, whatever happens."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from math import inf

from bot.local.server.faults import Fault, FaultKind
from handlers import roster_page
from scheduler.pace import Pace
from scheduler.redrawing import Redrawer
from tests.e2e.chat import Json, Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.probe import quiet
from tests.e2e.rosters import MORE, enlist, signs
from tests.e2e.world import World

TAPS = 40


def _codes(world: World, method: str, after: int = 0) -> list[int]:
    return [call.code for call in world.server.calls.after(after, method)]


def _again(world: World, pace: Pace | None = None) -> Redrawer:
    """Return the redrawer of a process that starts now."""
    return Redrawer(world.database, world.service.messenger, roster_page.compose, pace)


def _people(message: Json) -> list[tuple[int, str]]:
    """Return message and data of the buttons with people on a page."""
    buttons = [button for row in message["inline_keyboard"] for button in row]
    return [(message["message_id"], each["callback_data"]) for each in buttons if "roster.tap" in each["callback_data"]]


async def _clinic(world: World) -> Person:
    clinic = await world.staff("clinic")
    await clinic.send("/roster")
    await clinic.tap("大王庄")
    await clinic.expect("大王庄康检名册")
    return clinic


@EVERYWHERE
async def test_two_people_see_each_others_taps(world: World, manager: Person) -> None:
    clinic = await _clinic(world)
    await manager.send("/roster")
    await manager.expect("大王庄康检名册", "□没点 4")
    stale = await clinic.button("王秀英")
    await manager.tap("王秀英")
    await quiet(world)
    assert signs(await clinic.buttons())["王秀英"] == "✓到"
    await clinic.press(*stale)  # the tap was under way when the button changed
    assert clinic.toast == "王秀英刚才已经记成“✓ 到了”（村管理员）。没有改，请看最新的名册。"
    await clinic.tap("李红")
    await quiet(world)
    await clinic.tap("李红")
    await quiet(world)
    assert signs(await manager.buttons()) == {"王秀英": "✓到", "李红": "✗没", "仇金丝雀": "□", "单国强": "□"}
    await manager.tap("🏁 收工")
    await manager.tap("先空着")
    await manager.expect("要另约一天吗")
    await clinic.tap("单国强")
    await quiet(world)
    assert "要另约一天吗" in (await manager.last())["html"], "the question stays while somebody else taps"
    await manager.tap("不约")
    stale = await manager.button("收工上报")
    await clinic.tap("仇金丝雀")
    await manager.press(*stale)
    assert "刚才名册又有变动" in (manager.toast or "")
    await manager.expect("收工前再看一眼", "✓到 3")
    await manager.tap("收工上报")
    await quiet(world)
    assert "已收工" in (await clinic.last())["html"]


async def test_forty_fast_taps_stay_within_the_limits(world: World, manager: Person) -> None:
    """As fast as the network goes: each has its toast at once, none meets a 429, and the last state is shown."""
    await world.redrawer.stop(5.0)
    await enlist(world, *MORE[: TAPS - 4])
    world.redrawer = _again(world, world.service.pace)
    world.redrawer.start()
    await manager.send("/roster")
    await manager.expect("共 40 位")
    world.server.limits.pace.is_on = True
    buttons = _people(await manager.last())
    while len(buttons) < TAPS:
        await manager.tap("下一页")
        await quiet(world)
        buttons += _people(await manager.last())
    assert len(set(buttons)) == TAPS
    before, began = world.server.calls.last, asyncio.get_running_loop().time()
    for message_id, data in buttons:
        assert "✓ 到了" in (await manager.press(message_id, data) or "")
    await manager.expect("✓到 40")
    edits = _codes(world, "editMessageText", before)
    assert set(edits) == {200}
    assert len(edits) <= asyncio.get_running_loop().time() - began + 2, "one a second, however fast the taps are"
    assert set(_codes(world, "answerCallbackQuery", before)) == {200}
    await world.redrawer.stop(5.0)


async def test_a_pause_and_a_restart_only_delay_the_last_state(world: World, manager: Person) -> None:
    await manager.send("/roster")
    await manager.expect("□没点 4")
    world.server.faults.waiting.append(Fault(FaultKind.TOO_MANY, "editmessagetext", retry_after=30))
    await manager.tap("王秀英")
    await quiet(world)
    await manager.tap("李红")
    await quiet(world)
    await world.redrawer.stop(5.0)  # the process ends with both owed
    assert "□没点 4" in (await manager.last())["html"]
    later = _again(world, Pace(inf, per_chat=0))
    await later.run()
    assert "□没点 4" in (await manager.last())["html"], "the pause holds every process"
    world.clock.move(timedelta(seconds=31))
    await later.run()
    assert "✓到 2" in (await manager.last())["html"]
    assert _codes(world, "editMessageText") == [429, 200]


async def test_a_message_that_is_gone_comes_again(world: World, manager: Person) -> None:
    await manager.send("/roster")
    await manager.expect("□没点 4")
    first = (await manager.last())["message_id"]
    label, data = await manager.button("王秀英")
    del world.server.messages[manager.chat_id][first]
    await manager.press(label, data)
    await quiet(world)
    shown = await manager.last()
    assert shown["message_id"] != first
    assert "✓到 1" in shown["html"]
    await manager.tap("李红")
    await quiet(world)
    assert "✓到 2" in (await manager.last())["html"]
