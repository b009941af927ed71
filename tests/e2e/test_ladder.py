"""The admin sees after how many working days who is told, changes it step by step, and takes it back."""

from __future__ import annotations

from models.rules.access import Role
from models.rules.escalation import Step
from models.store import climbs
from tests.e2e.world import World


async def _steps(world: World) -> tuple[Step, ...]:
    async with world.database.reading() as session:
        return await climbs.ladder_of(session, world.actors["admin"].township_id)


async def test_the_ladder_is_changed_and_put_back(world: World) -> None:
    admin = await world.staff("admin")
    await admin.send("/ladder")
    await admin.expect("怎么往上报", "当天：告诉村管理员", "过 3 个工作日：告诉乡所", "过 14 个工作日：告诉党政一把手")
    await admin.tap("改一改")
    await admin.expect("逾期上报", "乡所：3 个工作日", "分管副职：7 个工作日")
    await admin.tap("✏️ 乡所")
    await admin.expect("几个工作日还没办，告诉乡所")
    await admin.send("7天")
    await admin.expect("分管副职要比乡所晚：乡所是 7 个工作日", "例如：8")
    await admin.send("两三天")
    await admin.expect("请输一个数")
    await admin.send("61")
    await admin.expect("请输 1 到 60 的整数")
    await admin.tap("2 个工作日")
    await admin.tap("✏️ 党政一把手")
    await admin.tap("不报给这一级")
    await admin.expect("党政一把手：不报给这一级")
    await admin.tap("保存")
    await admin.expect("已保存", "过 2 个工作日：告诉乡所", absent=["党政一把手"])
    assert await _steps(world) == (Step(Role.MANAGER, 0), Step(Role.CLINIC, 2), Step(Role.DEPUTY, 7))
    await admin.tap("撤销")
    await admin.expect("已退回原来的", "过 3 个工作日：告诉乡所", "过 14 个工作日：告诉党政一把手")
    assert len(await _steps(world)) == 4
    manager = await world.staff("manager")
    await manager.send("/ladder")
    await manager.expect("不能做这个")


async def test_the_ladder_in_english(world: World) -> None:
    admin = await world.staff("admin")
    await admin.send("/language")
    await admin.tap("English")
    await admin.send("/ladder")
    await admin.expect("After 3 working days: the clinic")
    await admin.tap("Change")
    await admin.tap("✏️ Clinic")
    await admin.tap("1 working day")
    await admin.tap("Save")
    await admin.expect("Saved", "After 1 working day: the clinic")
