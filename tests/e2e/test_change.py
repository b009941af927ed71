"""What became of a person, from the card: away, back, moved, died; taken back when it was wrong."""

from __future__ import annotations

from datetime import date, timedelta

from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import residents
from models.store.residents import Registration
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _open(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(f"{name} ·")
    await person.tap("外出、回来、搬走")
    await person.expect("去向", name, "怎么了")


@EVERYWHERE
async def test_away_and_back_in_a_few_taps(manager: Person) -> None:
    await _open(manager, "王秀英")
    await manager.tap("外出")
    await manager.expect("大约哪天回来")
    await manager.send("12.20")
    await manager.expect("都对吗", "外出期间不再提醒", "12月20日 周日")
    await manager.tap("保存")
    await manager.expect("已保存", "王秀英 · 🚌 外出", "从 2026年11月9日 周一 起", "大约 2026年12月20日 周日 回来")
    await manager.tap("看这个人")
    await manager.expect("👤 王秀英", "外出，大约 12月20日 周日 回来", "高血压随访：外出，暂停")
    await manager.tap("外出、回来、搬走")
    await manager.tap("回来了")
    await manager.tap("保存")
    await manager.expect("已保存", "回来了", "提醒重新开始")
    await manager.tap("看这个人")
    await manager.expect("👤 王秀英", "高血压随访", absent=["外出"])


async def test_a_death_reported_by_mistake(world: World, manager: Person) -> None:
    async with world.database.transaction() as session:
        child = Registration("单小宝", Sex.MALE, date(2026, 9, 1), consents=frozenset(Purpose), programmes=("checkup",))
        await residents.register(session, world.actors["manager"], child)
    await _open(manager, "单小宝")
    await manager.tap("去世了")
    await manager.expect("哪天的事")
    await manager.send("明天")
    await manager.expect("还没到")
    await manager.send("8.31")
    await manager.expect("早于本人的出生日期", "例如：11.9")
    await manager.tap("昨天")
    await manager.expect("都对吗", "马上停止一切提醒")
    await manager.tap("保存")
    await manager.expect("已保存", "单小宝 · 🕯 去世了")
    await manager.tap("撤销")
    await manager.expect("已收回", "单小宝", "跟没报过一样")
    await manager.tap("看这个人")
    await manager.expect("👤 单小宝", "单月康检")


async def test_who_moved_is_found_by_the_exact_name_alone(world: World, manager: Person) -> None:
    await _open(manager, "李红")
    await manager.tap("搬走了")
    await manager.tap("今天")
    await manager.tap("保存")
    await manager.expect("已保存", "李红 · 🏠 搬走了")
    world.clock.move(timedelta(minutes=11))
    await manager.send("/find 李")
    await manager.expect("没找到")
    await manager.send("李红")
    await manager.expect("李红", "报过搬走了", absent=["1988"])
    await manager.tap("报错了，或者回来了")
    await manager.expect("李红：2026年11月9日 周一 搬走了")
    await manager.tap("报错了，收回")
    await manager.expect("收回去向", "李红", "为什么收回")
    await manager.tap("报错了人")
    await manager.tap("保存")
    await manager.expect("已收回", "李红")
    await manager.tap("看这个人")
    await manager.expect("👤 李红", "单月康检")


async def test_the_clinic_brings_back_who_lives_here_again(world: World, manager: Person) -> None:
    await _open(manager, "李红")
    await manager.tap("搬走了")
    await manager.tap("今天")
    await manager.tap("保存")
    await manager.expect("已保存")
    neighbour = await world.staff("neighbour")
    await neighbour.send("李红")
    await neighbour.expect("没看懂")
    clinic = await world.staff("clinic")
    await clinic.send("李红")
    await clinic.tap("报错了，或者回来了")
    await clinic.tap("又搬回来住了")
    await clinic.expect("怎么了")
    await clinic.tap("回来了")
    await clinic.tap("保存")
    await clinic.expect("已保存", "李红 · 🏡 回来了")
    await clinic.tap("看这个人")
    await clinic.expect("👤 李红", "还没有加入服务项目")


async def test_in_english(world: World) -> None:
    manager = await world.staff("manager")
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("王秀英")
    await manager.tap("王秀英 ·")
    await manager.tap("Away, back, moved")
    await manager.expect("Whereabouts", "What happened")
    await manager.tap("Away")
    await manager.tap("Skip")
    await manager.tap("Save")
    await manager.expect("Saved", "🚌 Away", "No reminders while away")
