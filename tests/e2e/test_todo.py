"""What waits for somebody, with its count; each line leads to where it is done."""

from __future__ import annotations

from datetime import timedelta

from models.store import housekeeping
from tests.e2e.chat import Person
from tests.e2e.world import World


async def _join(manager: Person) -> None:
    """Let 李红 join a programme that the clinic approves."""
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("加入服务项目")
    await manager.tap("其他自愿随访")
    await manager.tap("宫内节育器随访")
    await manager.send("2026-10-20")
    await manager.tap("是")
    await manager.tap("保存")
    await manager.expect("等乡所批准")


async def test_the_clinic_is_told_and_approves_from_its_list(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await clinic.menu("📥 待办")
    await clinic.expect("没有待办的事")
    await _join(manager)
    assert await world.dispatch() == 1
    await clinic.expect("等乡所批准", absent=["李红", "节育器"])
    await clinic.menu("📥 待办")
    await clinic.expect("待办")
    assert await clinic.buttons() == ["✅ 等您批准的 1"]
    await clinic.tap("等您批准的 1")
    await clinic.expect("等批准的（1 人）", "1. 李红", "大王庄", "宫内节育器随访")
    await clinic.tap("✅ 1 批准")
    await clinic.expect("👤 李红", "宫内节育器随访：放置后1个月")
    await clinic.send("/todo")
    await clinic.expect("没有待办的事")
    await clinic.tap("看等批准的")
    await clinic.expect("没有等批准的")


async def test_a_referral_waits_for_the_clinic(world: World, manager: Person) -> None:
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("转诊到乡所")
    await manager.tap("本人要求")
    await manager.tap("保存")
    await manager.expect("已保存")
    clinic = await world.staff("clinic")
    assert await world.dispatch() == 1
    await clinic.tap("看转诊")
    await clinic.expect("李红")
    await clinic.menu("📥 待办")
    await clinic.expect("点一下就去办")
    assert await clinic.buttons() == ["📨 等您答复的转诊 1"]
    await clinic.tap("等您答复的转诊 1")
    await clinic.expect("李红")


async def test_unfinished_forms_wait_for_their_owner(manager: Person) -> None:
    await manager.send("/todo")
    await manager.expect("没有待办的事")
    await manager.send("/register")
    await manager.expect("姓名？")
    await manager.send("/todo")
    await manager.expect("点一下就去办")
    assert await manager.buttons() == ["📝 没填完的表 1"]
    await manager.tap("没填完的表 1")
    await manager.expect("登记村民", "姓名？")
    await manager.send("/visit")
    await manager.tap("王秀英")
    await manager.menu("📥 待办")
    await manager.tap("没填完的表 2")
    await manager.expect("没填完的表（2 份）")
    await manager.tap("随访 · 王秀英")
    await manager.expect("随访", "王秀英", "结果怎样")


async def _correct(manager: Person) -> None:
    await manager.send("/find 李红")
    await manager.tap("李红 ·")
    await manager.tap("更正基本信息")


async def test_a_form_on_a_subject_is_asked_for_again_and_goes_on(manager: Person) -> None:
    await _correct(manager)
    await manager.expect("更正登记村民", "李红", "都对吗")
    await manager.tap("✏️ 出生日期")
    await manager.send("1988-07-02")
    await manager.expect("7月2日", "都对吗")
    await _correct(manager)
    await manager.expect("更正登记村民", "李红", "7月2日", "都对吗")
    await manager.send("/todo")
    await manager.expect("待办")
    assert await manager.buttons() == ["📝 没填完的表 1"]


async def test_a_form_that_nobody_touches_for_seven_days_goes_with_notice(world: World, manager: Person) -> None:
    await manager.send("/register")
    await manager.expect("姓名？")
    await manager.send("/visit")
    await manager.tap("王秀英")
    await manager.expect("结果怎样")
    for days, sent in ((7, 0), (1, 1), (1, 0)):
        world.clock.move(timedelta(days=days))
        async with world.database.transaction() as session:
            await housekeeping.tidy(session)
        assert await world.dispatch() == sent
    await manager.expect("2 份没填完的表", "已经删掉了", absent=["王秀英"])
    await manager.send("/resume")
    await manager.expect("没有正在填的表")


async def test_it_says_so_in_english(world: World) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/language")
    await clinic.tap("English")
    await clinic.send("/todo")
    await clinic.expect("Nothing waits for you")
    await clinic.send("/register")
    await clinic.send("/todo")
    await clinic.expect("To do")
    assert await clinic.buttons() == ["📝 Unfinished forms: 1"]
