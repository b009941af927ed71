"""The settings: each changed within two taps, or typed as people type times; leave with a substitute."""

from __future__ import annotations

from sqlalchemy import select

from models.tables.leaves import Leave
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.probe import Probe
from tests.e2e.world import STAFF, World


@EVERYWHERE
async def test_times_are_changed_by_two_taps_or_typed(world: World, manager: Person) -> None:
    await manager.send("/settings")
    await manager.expect(
        "设置", "早上的清单：08:00 送来", "免打扰：21:00 到 07:30，急事除外", "语言：中文", "请假：没有"
    )
    await manager.tap("清单时间")
    await manager.expect("几点送来")
    await manager.tap("09:00")
    await manager.expect("早上的清单：09:00 送来")
    assert manager.toast == "改好了。"
    await manager.tap("免打扰")
    await manager.tap("不用免打扰")
    await manager.expect("免打扰：没开")
    await manager.tap("免打扰")
    await manager.tap("22:00–08:00")
    await manager.expect("免打扰：22:00 到 08:00")
    assert manager.taps == 6
    await manager.tap("清单时间")
    await manager.tap("别的时间")
    await manager.expect("早上的清单", "几点送来？例如")
    await manager.send("吃早饭的时候")
    await manager.expect("看不懂这个时间", "8:30")
    await manager.send("七点半")
    await manager.tap("保存")
    await manager.expect("早上的清单：07:30（那时还在免打扰，08:00 再送）")
    await manager.tap("免打扰")
    await manager.tap("别的时间")
    await manager.send("晚上9点")
    await manager.expect("到早上几点")
    await manager.send("21:00")
    await manager.expect("开始和结束不能一样")
    await manager.send("6点半")
    await manager.tap("保存")
    await manager.expect("免打扰：21:00 到 06:30", "早上的清单：07:30 送来")


async def test_leave_with_a_substitute_who_declines(world: World, manager: Person) -> None:
    neighbour = await world.staff("neighbour")
    await manager.send("/settings")
    await manager.tap("请假")
    await manager.expect("请假", "从哪天开始")
    await manager.tap("今天")
    await manager.expect("到哪天")
    await manager.send("昨天")
    await manager.expect("已经过去了")
    await manager.tap("11月11日 周三")
    await manager.expect("请谁代班")
    assert any("clinic（乡所技术人员）" in label for label in await manager.buttons())
    await manager.tap("小李村 neighbour（村管理员）")
    await manager.expect("都对吗", "代班：小李村 neighbour（村管理员）")
    await manager.tap("保存")
    await manager.expect("已记下", "11月9日 周一 到 11月11日 周三，小李村 neighbour（村管理员） 代班")
    assert await world.dispatch() == 1
    await neighbour.expect("有同事要请假，请您代班")
    await neighbour.tap("看代班")
    await neighbour.expect("大王庄 manager（村管理员） 11月9日 周一 到 11月11日 周三 请假", "不问原因")
    await neighbour.tap("不方便")
    await neighbour.expect("您不方便代班")
    await world.dispatch()
    await manager.expect("您请的代班，对方不方便")
    await manager.tap("看请假")
    await manager.expect("不方便代班，可以换一位")
    await manager.tap("我回来了")
    await manager.expect("请假到此为止")
    await manager.send("/settings")
    await manager.expect("请假：没有")


async def test_a_substitute_is_told_neutrally(world: World, manager: Person) -> None:
    neighbour = await world.staff("neighbour")
    for person, label in ((manager, "小李村 neighbour"), (neighbour, "clinic（乡所")):
        await person.send("/settings")
        await person.tap("请假")
        await person.tap("今天")
        await person.tap("11月11日 周三")
        await person.tap(label)
        await person.tap("保存")
        await person.expect("已记下")
    await world.dispatch()
    admin = await world.staff("admin")
    await admin.send("/calendar")
    await admin.tap("1/11 大王庄")
    await admin.tap("取消这次")
    await admin.tap("天气")
    await admin.tap("保存")
    await admin.expect("已取消")
    await world.dispatch()
    await neighbour.expect("大王庄的村管理员请假，您代班：今天有工作提醒")
    labels = await neighbour.buttons()
    assert labels == ["🤝 看代班"]


async def test_anothers_leave_is_not_found(world: World, manager: Person) -> None:
    await manager.send("/settings")
    await manager.tap("请假")
    await manager.tap("今天")
    await manager.tap("11月11日 周三")
    await manager.tap("clinic（乡所")
    await manager.tap("保存")
    await manager.expect("已记下")
    async with world.database.reading() as session:
        leave_id = await session.scalar(select(Leave.id))
    stranger = Probe(world, STAFF["neighbour"][0], STAFF["neighbour"][0])
    for action in ("off.asked", "off.decline", "off.end"):
        said = await stranger.craft(action, leave_id)
        assert "找不到这条记录" in str(said), action
        assert "manager" not in str(said)
    asked = Probe(world, STAFF["clinic"][0], STAFF["clinic"][0])
    assert "找不到这条记录" in str(await asked.craft("off.end", leave_id))
    assert "大王庄 manager" in str(await asked.craft("off.asked", leave_id))


async def test_in_english(world: World) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/language")
    await clinic.tap("English")
    await clinic.send("/settings")
    await clinic.expect("Settings", "Morning list: comes at 08:00", "Quiet hours: 21:00 to 07:30", "Leave: none")
    await clinic.tap("Leave")
    await clinic.tap("Today")
    await clinic.tap("Sun 15 Nov")
    await clinic.tap("Nobody")
    await clinic.tap("Save")
    await clinic.expect("Noted", "Mon 9 Nov to Sun 15 Nov, nobody stands in")
    await clinic.tap("Undo")
    await clinic.expect("Your leave has ended")
