"""Registering a resident, consent first."""

from __future__ import annotations

from models.rules.consent import Purpose
from models.store import residents
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _register(manager: Person, name: str, *consents: str) -> None:
    await manager.menu("➕ 登记村民")
    await manager.expect("登记村民", "姓名")
    await manager.send(name)
    await manager.expect("性别")
    await manager.tap("女")
    await manager.expect("出生日期")
    await manager.send("1962-08-15")
    await manager.expect("村民组")
    await manager.tap("二组")
    await manager.expect("念给本人听", "记录健康信息：量的血压", "搬家时转接记录：您搬到别处")
    for consent in consents:
        await manager.tap(consent)
    await manager.tap("选好了")


@EVERYWHERE
async def test_with_consent_per_purpose(world: World, manager: Person) -> None:
    await _register(manager, "吕春梅", "记录健康信息", "打电话或上门")
    await manager.expect("手机号")
    await manager.send("+86 138-1234-5678")
    await manager.expect("愿意参加单月康检")
    await manager.tap("是")
    await manager.expect("都对吗", "吕春梅", "…5678")
    await manager.tap("保存")
    await manager.expect("已登记", "吕春梅", "记录健康信息、打电话或上门", "单月康检", "下次：2026年11月9日")
    async with world.database.transaction() as session:
        everybody = await residents.list_village(session, world.actors["manager"])
        person = next(line for line in everybody if line.name == "吕春梅")
        card = await residents.card(session, world.actors["manager"], person.id)
    assert card.consents == {Purpose.HEALTH_RECORD, Purpose.CONTACT}
    assert card.phone == "13812345678"
    assert [line.programme for line in card.enrolments] == ["checkup"]


async def test_without_consent_only_the_person_is_kept(world: World, manager: Person) -> None:
    await _register(manager, "吕无声")
    await manager.expect("都对吗")
    await manager.tap("保存")
    await manager.expect("已登记", "没有同意任何一项")


async def test_a_child_needs_a_guardian(manager: Person) -> None:
    await manager.menu("➕ 登记村民")
    await manager.send("吕小宝")
    await manager.tap("男")
    await manager.send("2020-05-01")
    await manager.tap("一组")
    await manager.expect("监护人")
    await manager.tap("否")
    await manager.expect("都对吗", "吕小宝")


async def test_details_are_corrected_in_the_same_form(world: World, manager: Person) -> None:
    await test_with_consent_per_purpose(world, manager)
    await manager.tap("更正")
    await manager.expect("更正登记村民", "都对吗", "吕春梅", "…5678")
    assert not any("本人同意" in label for label in await manager.buttons())
    await manager.tap("✏️ 姓名")
    await manager.send("吕春美")
    await manager.tap("保存")
    await manager.expect("已登记", "吕春美", "记录健康信息、打电话或上门")
    async with world.database.transaction() as session:
        everybody = await residents.list_village(session, world.actors["manager"])
        person = next(line for line in everybody if line.name == "吕春美")
        card = await residents.card(session, world.actors["manager"], person.id)
    assert card.phone == "13812345678"
    assert [line.programme for line in card.enrolments] == ["checkup"]
    assert all(line.name != "吕春梅" for line in everybody)


async def test_a_registration_is_undone(world: World, manager: Person) -> None:
    await test_with_consent_per_purpose(world, manager)
    await manager.tap("撤销")
    await manager.expect("已撤销", "吕春梅")
    async with world.database.transaction() as session:
        everybody = await residents.list_village(session, world.actors["manager"])
    assert all(line.name != "吕春梅" for line in everybody)
