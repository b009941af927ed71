"""Registering somebody who is registered already: noticed, said why, and never in the way."""

from __future__ import annotations

from datetime import date

from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import residents
from models.store.residents import Registration
from tests.e2e.chat import Person
from tests.e2e.world import World

IDENTITY = "411728194912310029"


async def _register(manager: Person, name: str, born: str) -> None:
    await manager.menu("➕ 登记村民")
    await manager.send(name)
    await manager.tap("女")
    await manager.send(born)
    await manager.tap("二组")


async def test_a_namesake_is_told_with_reasons_and_saved_all_the_same(world: World, manager: Person) -> None:
    await _register(manager, "王秀英", "1956-05-01")
    await manager.tap("选好了")
    await manager.expect("已经登记过一位很像的：王秀英（1956），姓名、出生年份相同", "同一个人吗")
    await manager.tap("不是，接着登记")
    await manager.expect("都对吗", "很像的：王秀英", "跟登记过的：不是同一个人")
    await manager.tap("保存")
    await manager.expect("已登记", "王秀英")
    async with world.database.transaction() as session:
        everybody = await residents.list_village(session, world.actors["manager"])
    assert [line.name for line in everybody].count("王秀英") == 2


async def test_the_registered_person_is_opened_instead(world: World, manager: Person) -> None:
    await _register(manager, "王秀英", "1956-03-12")
    await manager.tap("选好了")
    await manager.expect("姓名、出生日期相同")
    await manager.tap("王秀英 · 1956")
    await manager.expect("👤 王秀英", "1956年3月12日", "高血压随访")
    await manager.expect("没有保存", "登记村民")
    await manager.tap("接着填")
    await manager.expect("同一个人吗")
    await manager.send("不是，接着登记")
    await manager.tap("✏️ 出生日期")
    await manager.send("1975-03-12")
    await manager.expect("都对吗", absent=["很像", "跟登记过的"])
    await manager.tap("保存")
    await manager.expect("已登记")


async def test_another_village_is_named_without_the_person(world: World, manager: Person) -> None:
    await _register(manager, "赵邻居", "1960-02-02")
    await manager.tap("选好了")
    await manager.expect("别的村已有一位：姓名、出生日期相同", "乡所", absent=["小李村", "1960）"])
    assert [label for label in await manager.buttons() if "👤" in label] == []
    await manager.tap("不是，接着登记")
    await manager.tap("保存")
    await manager.expect("已登记", "赵邻居")


async def test_an_identity_number_leads_to_whom_it_belongs(world: World, manager: Person) -> None:
    known = Registration(
        "吕春梅", Sex.FEMALE, date(1949, 12, 31), identity=IDENTITY, consents=frozenset({Purpose.HEALTH_RECORD})
    )
    async with world.database.transaction() as session:
        await residents.register(session, world.actors["manager"], known)
    await _register(manager, "吕春美", "1949-12-31")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.tap("否")
    await manager.tap("再加一项")
    await manager.tap("身份证")
    await manager.send(IDENTITY)
    await manager.expect("这是 吕春梅（1949）的身份证号，已经登记过了", absent=[IDENTITY])
    await manager.tap("👤 吕春梅")
    await manager.expect("👤 吕春梅", "1949年12月31日")


async def test_a_shared_phone_is_mentioned_only(world: World, manager: Person) -> None:
    await _register(manager, "仇小妹", "1990-01-01")
    await manager.tap("打电话或上门")
    await manager.tap("选好了")
    await manager.send("13987654321")
    await manager.expect("都对吗", "仇金丝雀（1970）也用这个手机号", absent=["同一个人"])


async def test_in_english(world: World) -> None:
    clinic = await world.person(1003, "clinic", language="en")
    await clinic.send("/language")
    await clinic.tap("English")
    await clinic.send("/register")
    await clinic.tap("小李村")
    await clinic.send("王秀英")
    await clinic.tap("Female")
    await clinic.send("1956-03-12")
    await clinic.expect("village group")
    await clinic.tap("Skip")
    await clinic.expect("agree")
    await clinic.tap("Done")
    await clinic.expect("Somebody like this is registered: 王秀英 (大王庄 1956), same name and date of birth")
    await clinic.tap("No, go on")
    await clinic.tap("Save")
    await clinic.expect("Registered", "王秀英")
