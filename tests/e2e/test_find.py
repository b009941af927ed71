"""Finding a person, the card, joining and leaving programmes."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def test_typing_a_name_is_enough(manager: Person) -> None:
    for words in ("王秀英", "wxy", "/find xiuying"):
        await manager.send(words)
        await manager.expect("找到 1 人")
    await manager.tap("王秀英 ·")
    await manager.expect("👤 王秀英", "1956年3月12日", "记录健康信息", "单月康检：康检日", "高血压随访")


async def test_the_keyboard_says_how_to_search(manager: Person) -> None:
    await manager.menu("🔎 找人")
    await manager.expect("找谁", "首字母", "手机后四位", "村民组")
    await manager.send("wangxiuyng")
    await manager.expect("找到 1 人")
    assert await manager.buttons() == ["王秀英 · 1956"]


async def test_it_speaks_english(manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("/find nobody")
    await manager.expect("Nobody found for “nobody”")
    await manager.send("/find wxy")
    await manager.expect("1 person found")


async def test_nobody_of_another_village_is_found(manager: Person) -> None:
    await manager.send("/find 赵邻居")
    await manager.expect("没找到")
    await manager.send("赵邻居")
    await manager.expect("没看懂")


async def test_a_leader_finds_nobody(world: World) -> None:
    leader = await world.staff("leader")
    await leader.send("王秀英")
    await leader.expect("没看懂")
    await leader.send("/find 王秀英")
    await leader.expect("不能做这个")


@EVERYWHERE
async def test_a_person_joins_and_leaves_a_programme(manager: Person) -> None:
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("加入服务项目")
    await manager.expect("加入服务项目", "李红", "哪个项目")
    offered = await manager.buttons()
    assert offered[-2:] == ["其他自愿随访", "✕ 不填了"]
    assert len(offered) <= 8
    assert not [label for label in offered if "避孕" in label or "男性" in label]
    await manager.tap("筛查")
    await manager.tap("看别的类别")
    await manager.tap("高血压、糖尿病")
    await manager.tap("高血压随访")
    await manager.expect("本人同意参加吗")
    await manager.tap("是")
    await manager.expect("都对吗")
    await manager.tap("保存")
    await manager.expect("已加入", "李红", "高血压随访", "下次")
    await manager.tap("看这个人")
    await manager.expect("👤 李红", "高血压随访")
    await manager.tap("退出服务项目")
    await manager.expect("退出哪个项目")
    await manager.tap("高血压随访")
    await manager.expect("不问原因")
    await manager.tap("退出")
    await manager.expect("已退出高血压随访")


async def test_a_no_stores_nothing(manager: Person) -> None:
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("加入服务项目")
    await manager.send("高血压随访")
    await manager.tap("否")
    await manager.tap("保存")
    await manager.expect("没有加入高血压随访", "不愿意没关系")
    await manager.tap("看这个人")
    await manager.expect("👤 李红", absent=["高血压"])


async def test_contraception_waits_for_the_clinic(world: World, manager: Person) -> None:
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("加入服务项目")
    await manager.tap("其他自愿随访")
    await manager.tap("宫内节育器随访")
    await manager.expect("从哪天开始")
    await manager.send("2026-10-20")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("等乡所批准")
    clinic = await world.staff("clinic")
    await clinic.send("李红")
    await clinic.tap("李红 ·")
    await clinic.expect("等乡所批准")
    await clinic.tap("批准宫内节育器随访")
    await clinic.expect("👤 李红", "宫内节育器随访：放置后1个月")


async def test_without_consent_nothing_can_be_joined(manager: Person) -> None:
    await manager.send("周无同意")
    await manager.tap("周无同意")
    await manager.expect("没有同意记录健康信息")
    assert not any("加入" in label for label in await manager.buttons())
