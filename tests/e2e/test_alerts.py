"""What is overdue climbs from the manager to the clinic and beyond; whoever sees to it stops it, and why is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

from models.store import leaves
from models.store.leaves import Wish
from scheduler.planner import Planner
from scheduler.sources import alerts
from tests.e2e.chat import Person
from tests.e2e.world import World

NAMES = ("王秀英", "李红", "单国强", "赵邻居")


async def _go_to(world: World, day: int, hour: int = 9) -> int:
    """Let it be that day of November in China, plan and send; returns how many messages."""
    world.clock.move(datetime(2026, 11, day, hour - 8, tzinfo=UTC) - world.clock.now())
    await Planner(world.database, (alerts.SOURCE,)).run()
    return await world.dispatch()


async def test_a_day_that_nobody_reports_climbs_until_the_clinic_sees_to_it(world: World, manager: Person) -> None:
    clinic, deputy, _ = [await world.staff(name) for name in ("clinic", "deputy", "neighbour")]
    assert await _go_to(world, 10, 18) == 2
    await manager.expect("11月9日 周一 的康检", "还有 4 位没报", absent=NAMES)
    await manager.tap("打开康检名册")
    await manager.expect("大王庄康检名册", "□没点 4")
    await manager.send("/alerts")
    await manager.expect("逾期没办的", "1. 大王庄", "11/9 康检还有 4 位没报", "已过 1 天")
    await clinic.send("/alerts")
    await clinic.expect("没有逾期的事")

    assert await _go_to(world, 13) == 0
    await manager.send("/alerts")
    await manager.expect("已过 4 天", "11/13 已上报乡所")
    await manager.tap("🔴 1 大王庄")
    await manager.expect("11月10日 周二 起逾期", "11月13日 周五 已上报乡所")
    await manager.tap("为什么")
    await manager.expect(
        "当天告诉村管理员、过 3 天告诉乡所、过 7 天告诉分管副职", "还不办，11月19日 周四 会上报分管副职"
    )
    await clinic.menu("📥 待办")
    await clinic.expect("点一下就去办")
    await clinic.tap("逾期没办的 2")
    await clinic.expect("1. 大王庄", "2. 小李村")
    await clinic.tap("🔴 1 大王庄")
    await clinic.expect("11月10日 周二 起村管理员就知道了")
    await clinic.tap("我来办")
    await clinic.expect("11/13 沈寨镇乡所 clinic说“我来办”，11/20 以前不再往上报")

    await _go_to(world, 19)
    await deputy.send("/alerts")
    await deputy.expect("小李村：康检没报全", "今天有新报上来的", absent=["大王庄", *NAMES])
    await _go_to(world, 25)
    await deputy.send("/alerts")
    await deputy.expect("报到您这里的：2 处", "大王庄：康检没报全", "小李村：康检没报全", absent=NAMES)


async def test_a_visit_is_put_off_given_to_the_clinic_and_over_when_it_is_done(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await _go_to(world, 17)
    await manager.send("/alerts")
    await manager.expect("逾期没办的", "李红（大王庄 1988）单月康检")
    await manager.tap("李红")
    await manager.expect("🔺 李红", "大王庄", "11月17日 周二 起逾期")
    await manager.tap("先等等")
    await manager.expect("先等等", "李红", "为什么")
    await manager.tap("约好了")
    await manager.tap("一周后")
    await manager.tap("再加一项")
    await manager.tap("备注")
    await manager.send("等她女儿回来")
    await manager.tap("保存")
    await manager.expect("先等等（约好了改天：等她女儿回来），11/24 再说")
    await manager.tap("撤销")
    await manager.expect("🔺 李红", absent=["再说"])
    await manager.tap("交给别人")
    await manager.tap("沈寨镇乡所")
    await manager.expect("现在由沈寨镇乡所 clinic办", "日子从这天重新算")
    assert await world.dispatch() == 1
    await clinic.expect("交给您办", absent=[*NAMES, "大王庄", "康检"])
    await clinic.tap("看这件事")
    await clinic.expect("🔺 李红", "大王庄管理员 manager交给沈寨镇乡所 clinic")
    await manager.tap("去办")
    await manager.expect("康检", "李红")
    await manager.tap("不需要")
    await manager.tap("保存")
    await manager.expect("已保存")
    await clinic.tap("我来办")
    assert "已经了结" in str(clinic.toast)
    await clinic.send("/alerts")
    await clinic.expect("🔺", absent=["李红（大王庄 1988）单月康检"])  # her antenatal care is the clinic's own


async def test_who_stands_in_sees_to_it_and_the_other_one_sees_that_afterwards(world: World, manager: Person) -> None:
    clinic = await world.staff("clinic")
    await _go_to(world, 17)
    await clinic.send("/alerts")
    await clinic.expect("🔺", absent=["李红（大王庄 1988）单月康检"])
    wish = Wish(date(2026, 11, 17), date(2026, 11, 18), world.actors["clinic"].staff_id)
    async with world.database.transaction() as session:
        await leaves.take(session, world.actors["manager"], wish)
    await clinic.send("/alerts")
    await clinic.expect("李红（大王庄 1988）单月康检")
    await clinic.tap("李红")
    await clinic.expect("同事请假，您代班")
    await clinic.tap("先等等")
    await clinic.tap("约好了")
    await clinic.tap("一周后")
    await clinic.tap("保存")
    await clinic.expect("先等等（约好了改天），11/24 再说")
    await _go_to(world, 19)
    await manager.send("/alerts")
    await manager.tap("李红")
    await manager.expect("沈寨镇乡所 clinic（您请假时代办）说先等等", absent=["同事请假"])


async def test_it_says_so_in_english(world: World) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/language")
    await clinic.tap("English")
    await _go_to(world, 13)
    await clinic.send("/alerts")
    await clinic.expect("Overdue", "check-up of")
    await clinic.send("/why")
    await clinic.expect("the clinic after 3 days", "the deputy after 7 days")
