"""What one person does and another one is told: neutral words, and a button to the rest."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _report_ill(manager: Person) -> None:
    await manager.send("/visit")
    await manager.tap("王秀英")
    await manager.tap("身体不舒服")
    await manager.send("下周三")
    await manager.tap("保存")


@EVERYWHERE
async def test_the_clinic_is_told_of_somebody_unwell_without_a_name(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await _report_ill(manager)
    await manager.expect("已保存", "已经告诉乡所了")
    assert await world.dispatch() == 1
    await clinic.expect("一位村民身体不舒服", absent=["王秀英", "大王庄", "高血压"])
    await clinic.tap("看这个人")
    await clinic.expect("👤 王秀英", "大王庄")
    assert await world.dispatch() == 0


async def test_a_report_taken_back_is_not_told(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await _report_ill(manager)
    await manager.expect("已保存")
    await manager.tap("撤销")
    await manager.expect("已撤销")
    assert await world.dispatch() == 0
    await clinic.silence()


async def test_a_correction_tells_it_too(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await manager.send("/checkup")
    await manager.tap("李红")
    await manager.tap("改日子")
    await manager.send("下周三")
    await manager.tap("保存")
    await manager.expect("已保存", absent=["乡所"])
    assert await world.dispatch() == 0
    await manager.tap("更正")
    await manager.tap("结果")
    await manager.tap("身体不舒服")
    await manager.tap("保存")
    await manager.expect("第 2 版", "已经告诉乡所了")
    assert await world.dispatch() == 1
    await clinic.expect("一位村民身体不舒服")


async def test_who_is_removed_learns_it(world: World, manager: Person) -> None:
    admin = await world.staff("admin")
    await admin.send("/staff")
    await admin.tap("manager")
    await admin.tap("移除")
    await admin.expect("已移除")
    assert await world.dispatch() == 1
    await manager.expect("账号停用了")


async def test_it_is_told_in_english_to_who_reads_english(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/language")
    await clinic.tap("English")
    await _report_ill(manager)
    await manager.expect("已保存")
    assert await world.dispatch() == 1
    await clinic.expect("A village reports that a resident is unwell")
    await clinic.tap("See this person")
    await clinic.expect("王秀英")
