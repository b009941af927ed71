"""Benefits from the village to the money: asked for, decided, paid many at once, corrected, read by the person."""

from __future__ import annotations

from datetime import timedelta

from scheduler.planner import Planner
from scheduler.sources import digest
from tests.e2e.chat import Person
from tests.e2e.test_complaints import _hers
from tests.e2e.world import World


async def _card(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(name)
    await person.expect(f"👤 {name}")


async def _asks(manager: Person, name: str, benefit: str) -> None:
    await _card(manager, name)
    await manager.tap("🎁 奖励扶助")
    await manager.tap(benefit)
    await manager.tap("保存")
    await manager.expect("已记下", name, benefit)


async def test_a_benefit_is_asked_for_decided_and_paid(world: World, manager: Person) -> None:
    await _card(manager, "周无同意")
    await manager.tap("🎁 奖励扶助")
    await manager.expect("先把这句念给本人听", "只有村管理员和乡所看得到")
    await manager.tap("本人同意，接着填")
    await manager.expect("申请哪一项", "这里不用问本人别的", absent=["孩子", "几个"])
    await manager.tap("困难家庭救助")
    await manager.tap("保存")
    await manager.expect("已记下", "周无同意", "困难家庭救助")
    await manager.tap("撤销")
    await manager.expect("已撤销", "跟没记过一样")

    await _card(manager, "王秀英")
    manager.taps = 0
    await manager.tap("🎁 奖励扶助")
    await manager.tap("奖励扶助金")
    await manager.expect("都对吗", "11月9日")
    await manager.tap("保存")
    await manager.expect("已记下", "2026年11月9日 周一 申请", "12月7日 周一 以前")
    assert manager.taps == 3
    await manager.tap("更正")
    await manager.tap("申请日期")
    await manager.tap("昨天")
    await manager.tap("保存")
    await manager.expect("2026年11月8日 周日 申请")
    await _card(manager, "王秀英")
    await manager.tap("更正基本信息")
    await manager.expect("本人同意：", "办奖励扶助", absent=["BENEFITS", "量的血压"])
    await manager.tap("不填了")
    for name in ("李红", "单国强"):
        await _asks(manager, name, "奖励扶助金")
    await manager.tap("看这件申请")
    await manager.tap("本人不要了")
    await manager.expect("不问原因")
    await manager.tap("✋ 不要了")
    await manager.expect("本人不要了，不再提醒")
    await manager.tap("撤销")
    await manager.expect("等认定")

    clinic = await world.staff("clinic")
    world.clock.move(timedelta(days=1))
    await Planner(world.database, (digest.SOURCE,)).run()
    await world.dispatch()
    await clinic.expect("等您认定、年审的奖励扶助：3", absent=["王秀英"])
    await clinic.tap("看奖励扶助")
    await clinic.expect("奖励扶助", absent=["王秀英"])
    await clinic.tap("等认定的 3")
    await clinic.expect("王秀英 大王庄 1956", "李红", "12月4日 周五 以前")
    clinic.taps = 0
    await clinic.tap("1. 王秀英")
    await clinic.tap("✅ 符合")
    await clinic.expect("认定：符合，管到 2027年11月9日", "钱还没发")
    assert clinic.taps == 2
    for name in ("李红", "单国强"):
        await clinic.tap("🎁 奖励扶助")
        await clinic.tap("等认定的")
        await clinic.tap(f"1. {name}")
        await clinic.tap("✖️ 不符合")
        await clinic.tap("材料不齐")
        await clinic.expect("不符合，材料不齐")
        await clinic.tap("改认定")
        await clinic.tap("✅ 符合")
        await clinic.expect("认定：符合")

    await clinic.send("/benefits")
    clinic.taps = clinic.typed = 0
    await clinic.tap("记发放（一次记多人）")
    await clinic.tap("大王庄 奖励扶助金 3 人")
    await clinic.send("九百六")
    await clinic.expect("每人", "看不懂这个金额", "960")
    await clinic.send("960")
    await clinic.tap("今天")
    await clinic.expect("没领到")
    await clinic.tap("李红 1988")
    await clinic.tap("选好了（1 项）")
    await clinic.expect("960 元", "没领到的：李红")
    await clinic.tap("保存")
    await clinic.expect("2 人，每人 960 元，一共 1920 元", "王秀英", "单国强", absent=["李红"])
    assert (clinic.taps, clinic.typed) == (6, 2)
    await clinic.tap("撤销")
    await clinic.expect("这一次的发放跟没记过一样")
    await clinic.send("/benefits")
    await clinic.tap("等发放的 3")
    await clinic.tap("王秀英")
    await clinic.tap("记这一笔")
    await clinic.send("0.096万")
    await clinic.tap("今天")
    await clinic.tap("保存")
    await clinic.expect("1 人，每人 960 元", "王秀英")
    await manager.send("/benefits")
    await manager.tap("等发放的 2")
    await manager.expect("李红", "单国强", absent=["王秀英"])

    await _card(clinic, "王秀英")
    await clinic.tap("🎁 奖励扶助")
    await clinic.expect("✅ 奖励扶助金：符合")
    await clinic.tap("奖励扶助金")
    await clinic.tap("改发放")
    await clinic.tap("更正")
    await clinic.tap("每人")
    await clinic.send("965")
    await clinic.tap("保存")
    await clinic.expect("已更正", "965 元")
    await clinic.tap("看这件申请")
    await clinic.expect("发了 965 元")
    await clinic.tap("又发了一笔")
    await clinic.send("5")
    await clinic.tap("今天")
    await clinic.tap("保存")
    await clinic.expect("1 人，每人 5 元", "王秀英")
    await clinic.tap("撤销")

    hers = await _hers(world, manager)
    await hers.menu("👋 我的日子")
    await hers.tap("🎁 我的奖励扶助")
    await hers.expect("奖励扶助金", "2026年11月8日", "符合", "发了 965 元", absent=["李红"])

    leader = await world.staff("leader")
    await leader.send("/benefits")
    await leader.expect("补助发到", absent=["王秀英", "965"])
    await leader.send("上季度补助发到位了多少")
    await leader.expect("补助发到", absent=["没看懂"])
    await manager.send("补助发放怎么算的")


async def test_in_english(world: World, manager: Person) -> None:
    english = await world.staff("clinic")
    await english.send("/language")
    await english.tap("English")
    await _card(english, "李红")
    await english.tap("🎁 Benefits")
    await english.tap("Hardship aid")
    await english.tap("Save")
    await english.expect("Entered", "Hardship aid", "The clinic decides by")
    await english.tap("See the application")
    await english.tap("✅ Eligible")
    await english.expect("eligible", "not paid yet")
    await english.tap("Enter this payment")
    await english.send("2000")
    await english.tap("Today")
    await english.tap("Save")
    await english.expect("¥2000 each")
