"""The clinic works in every village, and sees what a manager may not."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.world import World


async def _clinic(world: World) -> Person:
    return await world.staff("clinic")


async def test_a_village_is_chosen_first(world: World) -> None:
    clinic = await _clinic(world)
    await clinic.send("/due")
    await clinic.expect("看哪个村")
    await clinic.tap("大王庄")
    await clinic.expect("大王庄", "王秀英", "单月康检")
    await clinic.tap("选别的村")
    await clinic.tap("小李村")
    await clinic.expect("小李村", "赵邻居", absent=["王秀英"])


async def test_a_check_up_in_any_village(world: World) -> None:
    clinic = await _clinic(world)
    await clinic.send("/checkup")
    await clinic.expect("哪个村")
    await clinic.tap("小李村")
    await clinic.expect("报谁")
    await clinic.tap("赵邻居")
    await clinic.tap("到了")
    await clinic.send("118/76")
    await clinic.tap("保存")
    await clinic.expect("已保存", "赵邻居", "118/76")


async def test_one_of_several_programmes_is_chosen(world: World) -> None:
    clinic = await _clinic(world)
    await clinic.send("/visit")
    await clinic.tap("大王庄")
    await clinic.expect("随访谁")
    await clinic.send("李红")
    await clinic.expect("找到 1 人")
    await clinic.tap("李红 ·")
    await clinic.expect("李红（孕期保健）", "结果怎样")
    await clinic.tap("到了")
    await clinic.expect("血压多少")


async def test_a_manager_never_learns_of_an_antenatal_programme(manager: Person) -> None:
    await manager.send("/visit")
    await manager.expect("随访谁")
    await manager.send("李红")
    await manager.expect("找到 1 人")
    await manager.tap("李红 ·")
    await manager.expect("没有您能报的服务项目", absent=["孕"])
    await manager.send("/due")
    await manager.expect("应访名单", absent=["孕"])
