"""Informed choice: recorded from the card, corrected, undone; read by the clinic."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.world import World


async def _card(person: Person, name: str = "李红") -> None:
    await person.send(name)
    await person.tap(f"{name} ·")
    await person.expect(f"👤 {name}")


async def test_a_talk_is_recorded_in_at_most_eight_taps(manager: Person) -> None:
    await _card(manager)
    manager.taps = 0
    await manager.tap("知情选择")
    await manager.expect("讲了哪些方法", "不替人挑")
    for method in ("含铜宫内节育器", "男用避孕套", "复方短效避孕药"):
        await manager.tap(method)
    await manager.tap("选好了（3 项）")
    await manager.expect("本人自己拿的主意吗")
    await manager.tap("是")
    await manager.expect("都对吗", "不想说")
    await manager.tap("保存")
    await manager.expect("已保存", "李红", "讲了 3 种方法", "本人自己做的主", absent=["节育器", "避孕套", "不想说"])
    assert manager.taps <= 8


async def test_a_decision_that_was_not_own_is_told_to_the_clinic_and_corrected(world: World, manager: Person) -> None:
    await _card(manager)
    await manager.tap("知情选择")
    await manager.tap("避孕贴")
    await manager.tap("选好了")
    await manager.expect("至少讲两种")
    await manager.tap("否")
    await manager.expect("不会当成自愿", "谁也不能替本人做主")
    await manager.tap("保存")
    await manager.expect("讲了 1 种方法", "没有记成自愿", "已告诉乡所")
    await manager.tap("更正")
    await manager.expect("更正知情选择", "避孕贴", "都对吗")
    await manager.tap("本人选的")
    await manager.tap("男用避孕套")
    await manager.tap("保存")
    await manager.expect("第 2 版", absent=["避孕"])
    clinic = await world.staff("clinic")
    await _card(clinic)
    await clinic.expect("知情选择：最近一次", "共 1 次")
    await clinic.tap("知情选择记录")
    await clinic.expect("不是本人做主", "讲了：避孕贴", "本人选的：男用避孕套")
    await _card(manager)
    await manager.expect("👤 李红", absent=["知情选择：", "避孕"])
    await manager.tap("撤销")
    await manager.expect("已撤销", "李红")
    await clinic.tap("看这个人")
    await clinic.expect("👤 李红", absent=["知情选择"])


async def test_it_is_not_offered_to_older_people_and_without_consent(world: World, manager: Person) -> None:
    await _card(manager, "王秀英")
    assert not any("知情选择" in label for label in await manager.buttons())
    await manager.send("周无同意")
    await manager.tap("周无同意")
    await manager.expect("没有同意")
    assert not any("知情选择" in label for label in await manager.buttons())


async def test_in_english(world: World) -> None:
    english = await world.staff("clinic")
    await english.send("/language")
    await english.tap("English")
    await english.send("李红")
    await english.tap("李红 ·")
    await english.tap("Informed choice")
    await english.expect("Which methods were explained?")
    await english.tap("Patch")
    await english.tap("Vasectomy")
    await english.tap("Done (2 chosen)")
    await english.tap("Yes")
    await english.tap("Save")
    await english.expect("2 methods explained", "own decision")
