"""Consent given and withdrawn: read aloud, purpose by purpose, undone, and the way back."""

from __future__ import annotations

from datetime import date

from models.rules.sex import Sex
from models.store import residents
from models.store.residents import Registration
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _consents(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(name)
    await person.tap("🤝")
    person.taps = 0


@EVERYWHERE
async def test_consent_comes_first_then_a_programme(manager: Person) -> None:
    await manager.send("周无同意")
    await manager.tap("周无同意")
    await manager.expect("没有同意记录健康信息")
    await manager.tap("先记下同意")
    await manager.expect("念给本人听", "☐ 记录健康信息：量的血压", "☐ 搬家时转接记录")
    manager.taps = 0
    await manager.tap("记下同意")
    await manager.expect("本人同意哪几项")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.expect("本人亲口同意吗")
    await manager.tap("是")
    await manager.expect("都对吗")
    await manager.tap("保存")
    await manager.expect("已记下", "周无同意 同意：记录健康信息")
    giving = manager.taps
    await manager.tap("加入服务项目")
    await manager.expect("加入服务项目 · 周无同意")
    await manager.tap("不填了")
    await _consents(manager, "周无同意")
    await manager.expect("✅ 记录健康信息", "☐ 接收提醒")
    await manager.tap("收回同意")
    await manager.expect("不问原因")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.expect("记录马上封存", "本人清楚，要收回吗")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("已收回", "周无同意 收回：记录健康信息", "记录已封存")
    assert manager.taps <= giving


async def test_who_withdrew_comes_back_by_the_full_name(manager: Person) -> None:
    await _consents(manager, "王秀英 ·")
    await manager.tap("收回同意")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.tap("否")
    await manager.tap("保存")
    await manager.expect("什么都没变")
    await manager.tap("同意与收回")
    await manager.tap("收回同意")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("收回：记录健康信息、打电话或上门、接收提醒、搬家时转接记录", "记录已封存")
    await manager.send("/find wxy")
    await manager.expect("没找到")
    await manager.send("/due")
    await manager.expect("应访名单", absent=["王秀英"])
    await manager.send("王秀英")
    await manager.expect("王秀英：本人收回了同意，记录已封存", absent=["1956", "高血压"])
    await manager.tap("本人重新同意")
    await manager.expect("记录已封存。要重新同意", "☐ 记录健康信息", absent=["1956"])
    await manager.tap("记下同意")
    await manager.tap("记录健康信息")
    await manager.tap("打电话或上门")
    await manager.tap("选好了")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("已记下", "记录解封了", "重新加入")
    await manager.tap("看这个人")
    await manager.expect("👤 王秀英", "1956年3月12日", "还没有加入服务项目")


async def test_a_withdrawal_is_undone_and_stands_in_the_history(manager: Person) -> None:
    await _consents(manager, "王秀英 ·")
    await manager.tap("收回同意")
    await manager.tap("打电话或上门")
    await manager.tap("选好了")
    await manager.tap("保存")
    await manager.expect("已收回", "王秀英 收回：打电话或上门", absent=["封存"])
    await manager.tap("看这个人")
    await manager.tap("同意与收回")
    await manager.tap("同意记录")
    await manager.expect(
        "王秀英 的同意记录",
        "11月9日 09:00 同意 记录健康信息（记的人：村管理员 manager）",
        "收回 打电话或上门（记的人：村管理员 manager）",
    )
    await _consents(manager, "王秀英 ·")
    await manager.tap("收回同意")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.tap("撤销")
    await manager.expect("已撤销", "王秀英", "都恢复了")
    await manager.tap("同意与收回")
    await manager.expect("✅ 记录健康信息", "☐ 打电话或上门", "✅ 接收提醒")
    await manager.tap("看这个人")
    await manager.expect("👤 王秀英", "高血压随访")


async def test_for_a_child_the_guardian_speaks(world: World, manager: Person) -> None:
    async with world.database.transaction() as session:
        child = Registration("吕小宝", Sex.MALE, date(2020, 5, 1))
        await residents.register(session, world.actors["manager"], child)
    await _consents(manager, "吕小宝 ·")
    await manager.expect("由监护人来说")
    await manager.tap("记下同意")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.expect("监护人在场并同意吗")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("已记下", "吕小宝 同意：记录健康信息")
    await manager.tap("同意与收回")
    await manager.tap("同意记录")
    await manager.expect("监护人同意 记录健康信息")


async def test_in_english(world: World) -> None:
    manager = await world.staff("manager")
    await manager.send("/language")
    await manager.tap("English")
    await _consents(manager, "王秀英 ·")
    await manager.expect("What does 王秀英 agree to", "✅ Be called or visited: the village manager may")
    await manager.tap("Withdraw consent")
    await manager.tap("Keep health information")
    await manager.tap("Done")
    await manager.expect("the record is closed at once")
    await manager.tap("Yes")
    await manager.tap("Save")
    await manager.expect("Withdrawn", "The record is closed")
