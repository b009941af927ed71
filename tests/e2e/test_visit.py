"""Reporting a follow-up visit from the due list and from the menu."""

from __future__ import annotations

import re
from datetime import timedelta

from models.rules.access import Role
from models.store import due
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


def _numbered(page: str, name: str, programme: str) -> str:
    """Return the label of the button for a line of the due list: its number and the name."""
    found = re.search(rf"(\d+)\. {name}.*{programme}", page)
    assert found, page
    return f"{found[1]} {name}"


async def test_from_the_due_list_in_at_most_six_taps(world: World, manager: Person) -> None:
    await manager.menu("📋 应访名单")
    page = await manager.expect("应访名单", "王秀英", "高血压随访")
    await manager.tap(_numbered(page["text"], "王秀英", "高血压随访"))
    await manager.expect("随访", "王秀英", "结果怎样")
    await manager.tap("到了")
    await manager.expect("血压多少")
    await manager.send("138/86")
    await manager.expect("药吃得怎么样")
    await manager.tap("按时吃")
    await manager.expect("有没有不舒服")
    await manager.tap("没有")
    await manager.expect("都对吗")
    await manager.tap("保存")
    receipt = await manager.expect("已保存", "王秀英", "高血压随访", "138/86", "下次")
    assert "2027年2月9日" in receipt["text"]
    assert manager.taps <= 6


async def test_what_is_done_leaves_the_due_list(world: World, manager: Person) -> None:
    async with world.database.transaction() as session:
        before = await due.list_due(session, world.actors["manager"], world.clock.now().date())
    await test_from_the_due_list_in_at_most_six_taps(world, manager)
    async with world.database.transaction() as session:
        after = await due.list_due(session, world.actors["manager"], world.clock.now().date())
    assert after.total == before.total - 1


async def test_urgent_pressure_says_refer_now_and_sets_a_follow_up(world: World, manager: Person) -> None:
    await manager.menu("🏠 报随访")
    await manager.tap("王秀英")
    await manager.tap("到了")
    await manager.send("186/100")
    await manager.expect("马上转诊")
    await manager.tap("按时吃")
    await manager.tap("没有")
    await manager.tap("保存")
    receipt = await manager.expect("马上转诊", "186/100")
    latest = (world.clock.now() + timedelta(days=14)).date()
    assert f"{latest.month}月{latest.day}日" in receipt["text"]


async def test_declined_asks_no_reason_and_ends_the_reminders(world: World, manager: Person) -> None:
    await manager.menu("🏠 报随访")
    await manager.tap("单国强")
    await manager.tap("不需要")
    await manager.expect("不问原因", "都对吗")
    await manager.tap("保存")
    await manager.expect("已保存", "没有下次")
    async with world.database.transaction() as session:
        page = await due.list_due(session, world.actors["manager"], world.clock.now().date(), limit=50)
    assert all(line.programme != "diabetes" for line in page.lines)
    assert world.actors["manager"].role is Role.MANAGER


async def test_another_day_is_agreed_on(manager: Person) -> None:
    await manager.menu("🏠 报随访")
    await manager.tap("王秀英")
    await manager.tap("改日子")
    await manager.expect("约到哪天")
    await manager.send("下周三")
    await manager.expect("11月18日", "都对吗")
    await manager.tap("保存")
    await manager.expect("已保存", "11月18日")


@EVERYWHERE
async def test_a_record_is_corrected_in_the_same_form_and_undone(manager: Person) -> None:
    await test_another_day_is_agreed_on(manager)
    await manager.tap("更正")
    await manager.expect("更正随访", "都对吗", "改日子")
    await manager.tap("约定日期")
    await manager.send("11.20")
    await manager.expect("11月20日", "都对吗")
    await manager.tap("保存")
    await manager.expect("已保存", "11月20日", "第 2 版")
    await manager.tap("撤销")
    await manager.expect("已撤销", "王秀英")
    await manager.tap("撤销")
    await manager.expect("已撤销", "王秀英")
