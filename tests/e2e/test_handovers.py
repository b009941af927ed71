"""Handing people over: two managers and the clinic, for good and for a time."""

from __future__ import annotations

from datetime import timedelta

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import STAFF, World


async def _card(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(f"{name} ·")
    await person.expect(f"👤 {name}")


async def _offer(person: Person, name: str, kind: str = "搬走") -> None:
    await _card(person, name)
    await person.tap("转接")
    await person.expect("转接", name, "搬走，还是外出")
    await person.tap(kind)
    if kind != "搬走":
        await person.expect("大概哪天回来")
        await person.tap("一个月后")
    await person.expect("去哪个村")
    await person.tap("小李村")
    await person.expect("都对吗", "小李村")
    await person.tap("保存")
    await person.expect("已提出转接", name, "大王庄 → 小李村", "2026年11月23日")


@EVERYWHERE
async def test_for_good(world: World, manager: Person) -> None:
    neighbour = await world.staff("neighbour")
    await _offer(manager, "王秀英")
    await manager.tap("看这个人")
    await manager.expect("👤 王秀英", "已提出转往小李村", "最晚 11月23日")
    await neighbour.send("/todo")
    await neighbour.tap("等您答复的转接 1")
    await neighbour.expect("王秀英", "从 大王庄 来 小李村", "11月23日")
    await neighbour.tap("1. 王秀英")
    await neighbour.expect("王秀英 · 搬走", "女 · 1956年生", "正在办：单月康检、慢病随访", absent=["高血压"])
    await neighbour.tap("接收")
    await neighbour.expect("住到哪个村民组")
    await neighbour.tap("二组")
    await neighbour.expect("已接收", "王秀英", "小李村")
    await neighbour.tap("看这个人")
    await neighbour.expect("👤 王秀英", "小李村", "二组", "高血压随访")
    assert "找不到" in (await manager.tap("更正基本信息") or "")
    await manager.send("王秀英")
    await manager.expect("没看懂")
    await manager.send("/handovers")
    await manager.expect("1 人已从 大王庄 转往 小李村", absent=["王秀英"])


async def test_for_a_time_and_home_again(world: World, manager: Person) -> None:
    neighbour = await world.staff("neighbour")
    await _offer(manager, "单国强", "外出一段时间")
    await neighbour.send("/handovers")
    await neighbour.tap("1. 单国强")
    await neighbour.expect("外出一段时间", "预计 2026年12月9日")
    await neighbour.tap("接收")
    await neighbour.tap("先不选组")
    await neighbour.expect("已接收")
    await neighbour.tap("看这个人")
    await neighbour.expect("👤 单国强", "大王庄的人，现在由本村照看")
    await manager.send("/handovers")
    await manager.expect("单国强：外出，由 小李村 照看", "预计 12月9日", absent=["糖尿病"])
    world.clock.move(timedelta(days=31))
    await neighbour.send("/handovers")
    await neighbour.expect("单国强：大王庄 的人，现在由 小李村 照看，⏰ 到期")
    await manager.send("/todo")
    await manager.tap("该回来的 1")
    await manager.expect("单国强", "到期")
    await manager.tap("1. 单国强")
    await manager.tap("已回来")
    await manager.expect("单国强 已回到 大王庄 了吗")
    await manager.tap("已回来")
    await manager.expect("由大王庄接着照看")
    await _card(manager, "单国强")
    await neighbour.send("/handovers")
    await neighbour.expect("1 人已回到 大王庄", absent=["单国强"])


async def test_declined_and_withdrawn(world: World, manager: Person) -> None:
    neighbour = await world.staff("neighbour")
    await _offer(manager, "李红")
    await neighbour.send("/handovers")
    await neighbour.tap("1. 李红")
    await neighbour.expect("李红 · 搬走", absent=["孕"])
    await neighbour.tap("不接收")
    await neighbour.expect("不问原因")
    await neighbour.tap("不接收")
    await neighbour.expect("没有接收", "大王庄照看")
    await manager.send("/handovers")
    await manager.expect("李红：小李村 没有接收")
    await _offer(manager, "李红")
    await _card(manager, "李红")
    await manager.tap("🔁 转接")
    await manager.expect("李红 · 搬走", "等那边答复")
    await manager.tap("撤回转接")
    await manager.expect("已撤回转往小李村")
    await neighbour.send("/handovers")
    await neighbour.expect("已撤回", absent=["李红"])


async def test_a_no_hands_nobody_over(world: World, manager: Person) -> None:
    await _card(manager, "周无同意")
    await manager.tap("转接")
    await manager.tap("搬走")
    await manager.tap("小李村")
    await manager.expect("请问本人")
    await manager.tap("否")
    await manager.tap("保存")
    await manager.expect("周无同意 没有转接", "不同意没关系")
    await manager.tap("看这个人")
    await manager.tap("转接")
    await manager.tap("搬走")
    await manager.tap("小李村")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("已提出转接")
    await manager.tap("看这个人")
    await manager.expect("同意：搬家时转接记录")


async def test_the_clinic_does_it_at_once(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await manager.send("/visit")
    await manager.tap("王秀英")
    await _card(clinic, "王秀英")
    await clinic.tap("转接")
    await clinic.tap("搬走")
    await clinic.tap("小李村")
    await clinic.expect("两个村都归您管")
    await clinic.tap("现在就转")
    await clinic.tap("保存")
    await clinic.expect("已转过去", "大王庄 → 小李村")
    await manager.send("/resume")
    await manager.expect("没有正在填的表")
    neighbour = await world.staff("neighbour")
    await _card(neighbour, "王秀英")


async def test_who_is_away_can_be_handed_over_from_the_receipt(manager: Person) -> None:
    await manager.send("/visit")
    await manager.tap("单国强")
    await manager.tap("外出")
    await manager.tap("保存")
    await manager.expect("已保存", "单国强")
    await manager.tap("🔁 转接")
    await manager.expect("转接", "单国强", "搬走，还是外出")


async def test_in_english(world: World) -> None:
    manager = await world.person(STAFF["manager"][0], "manager", "en")
    await manager.send("/language")
    await manager.tap("English")
    await _card(manager, "王秀英")
    await manager.tap("Hand over")
    await manager.tap("For a time")
    await manager.tap("Skip")
    await manager.tap("小李村")
    await manager.tap("Save")
    await manager.expect("Hand-over offered", "大王庄 → 小李村")
    await manager.send("/handovers")
    await manager.expect("to 小李村, waiting until")
    assert not any("Accept" in label for label in await manager.buttons())
