"""A person entered twice: listed, looked at side by side, merged, taken apart."""

from __future__ import annotations

from datetime import date

from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store import enrolments, places, residents, visits
from models.store.reports import Measures, VisitReport
from models.store.residents import Registration
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World
from tests.factories.world import ALL

BORN = date(1956, 3, 12)
PHONE = "13912340007"


async def _twice(world: World) -> None:
    """Register 王秀英 again, with a phone and a visit for diabetes."""
    manager = world.actors["manager"]
    async with world.database.transaction() as session:
        group = await places.by_code(session, "41172810620101")
        programmes = ("checkup", "diabetes")
        again = Registration("王秀英", Sex.FEMALE, BORN, group.id, PHONE, consents=ALL, programmes=programmes)
        resident_id = (await residents.register(session, manager, again)).person.id
        lines = await enrolments.of_person(session, manager, resident_id)
        enrolment_id = next(line.id for line in lines if line.programme == "diabetes")
        report = VisitReport(enrolment_id, date(2026, 11, 9), Outcome.ATTENDED, measures=Measures(glucose=60))
        await visits.report(session, manager, report)


@EVERYWHERE
async def test_a_person_entered_twice_is_merged_and_taken_apart(world: World, manager: Person) -> None:
    await manager.menu("➕ 登记村民")
    await manager.send("王秀英")
    await manager.tap("女")
    await manager.send("1956-03-12")
    await manager.tap("二组")
    await manager.tap("打电话或上门")
    await manager.tap("选好了")
    await manager.send(PHONE)
    await manager.expect("已经登记过一位很像的：王秀英（1956），姓名、出生日期相同")
    await manager.tap("不是，接着登记")
    await manager.tap("保存")
    await manager.expect("已登记")
    await manager.send("/duplicates")
    await manager.expect("可能登记了两次：1 对", "王秀英（1956） 和 王秀英（二组 1956）", "姓名、出生日期相同")
    await manager.tap("1 王秀英")
    shown = await manager.expect("是同一个人吗", "左边", "右边", "1956-03-12   1956-03-12", "…0007", "服务项目")
    assert "<pre>" in shown["html"]
    await manager.tap("合并，留左边")
    await manager.expect(
        "合并后是这样", "王秀英 · 大王庄", "手机：…0007（从另一份补上）", "村民组：二组（从另一份补上）", "高血压随访"
    )
    await manager.tap("先不合并")
    await manager.tap("合并，留左边")
    await manager.tap("✅ 合并")
    await manager.expect("已合并", "王秀英：两份合成了一份", "12月9日")
    await manager.tap("看这个人")
    await manager.expect("👤 王秀英", "大王庄二组", PHONE, "高血压随访")
    await manager.send("/duplicates")
    await manager.expect("没有发现登记两次的人")
    await manager.tap("已合并")
    await manager.expect("已合并：1 位", "王秀英（二组 1956）：11/9 合并，12/9 以前可以拆开")
    await manager.tap("拆开 1 王秀英")
    await manager.expect("已拆开", "又是两份")
    await manager.tap("看这两份")
    await manager.tap("不是同一个人")
    await manager.expect("没有发现登记两次的人")


async def test_both_histories_are_on_the_card_and_old_buttons_lead_there(world: World, manager: Person) -> None:
    await _twice(world)
    await manager.send("王秀英")
    await manager.tap("王秀英 · 一组 1956")
    await manager.tap("报康检")
    await manager.tap("到了")
    await manager.send("128/82")
    await manager.expect("都对吗", "王秀英")
    draft, _ = await manager.button("保存")
    await manager.send("/duplicates")
    await manager.tap("1 王秀英")
    await manager.tap("合并，留左边")
    await manager.expect("单月康检、", "高血压随访", "糖尿病随访", "康检 0 次，随访 1 次")
    await manager.tap("✅ 合并")
    await manager.expect("已合并")
    await manager.tap("保存", message_id=draft)
    await manager.expect("登记过两次", "合成一份")
    await manager.tap("看合并后的人")
    await manager.expect("👤 王秀英", "高血压随访", "糖尿病随访")


async def test_the_clinic_merges_across_villages(world: World) -> None:
    async with world.database.transaction() as session:
        twice = Registration("王秀英", Sex.FEMALE, BORN)
        await residents.register(session, world.actors["neighbour"], twice)
    manager, clinic = await world.staff("manager"), await world.staff("clinic")
    await manager.send("/duplicates")
    await manager.expect("没有发现")
    await clinic.send("/duplicates")
    await clinic.expect("王秀英（大王庄 1956） 和 王秀英（小李村 1956）")
    await clinic.tap("1 王秀英")
    await clinic.expect("是同一个人吗", "大王庄       小李村")
    await clinic.tap("合并，留右边")
    await clinic.expect("王秀英 · 小李村")
    await clinic.tap("✅ 合并")
    await clinic.expect("已合并")
    await manager.send("/find 王秀英")
    await manager.expect("没找到")
    neighbour = await world.staff("neighbour")
    await neighbour.send("王秀英")
    await neighbour.tap("王秀英 ·")
    await neighbour.expect("👤 王秀英", "小李村", "高血压随访")


async def test_in_english(world: World) -> None:
    await _twice(world)
    manager = await world.staff("manager")
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("/duplicates")
    await manager.expect("Perhaps entered twice", "same name and date of birth")
    await manager.tap("1 王秀英")
    await manager.expect("Is it the same person?", "Programmes")
    await manager.tap("Keep the left")
    await manager.expect("What it will be", "Phone: …0007 (from the other entry)")
    await manager.tap("Merge")
    await manager.expect("Merged", "can be taken apart until")
    await manager.tap("Take apart")
    await manager.expect("Taken apart")
