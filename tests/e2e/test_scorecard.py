"""A village's month becomes final, its manager appeals, the deputy decides, and the card is counted anew."""

from __future__ import annotations

from datetime import date, timedelta

from scheduler.planner import Planner
from scheduler.sources import digest, scorecards
from scheduler.sources.source import Source
from tests.e2e.chat import Person
from tests.e2e.world import World
from tests.factories.windows import closed

NAMES = ("王秀英", "李红", "单国强", "赵邻居")


async def october(world: World, *sources: Source, late: int = 12) -> None:
    """Let villages visit people in October, half of them too late in 大王庄, and the cards of it become final."""
    async with world.database.transaction() as session:
        await closed(session, "411728106201", in_time=20, late=20, closes_on=date(2026, 10, 20))
        await closed(session, "411728106202", in_time=30, late=late, closes_on=date(2026, 10, 20))
    world.clock.move(timedelta(days=3))
    await Planner(world.database, sources).run()


async def test_a_card_is_appealed_against_and_counted_anew(world: World, manager: Person) -> None:
    await manager.send("/scorecard")
    await manager.expect("考核成绩单 · 大王庄 · 2026年10月", "还没定，11月10日 周二 定分", "没有可评的")
    deputy, leader, _ = [await world.staff(name) for name in ("deputy", "leader", "clinic")]
    await october(world, scorecards.SOURCE, digest.SOURCE)
    await world.dispatch()
    await manager.expect("今天的事", "您村新出的成绩单，11/27 前可以申诉：1", absent=["40", *NAMES])
    await manager.tap("看成绩单")
    await manager.expect(
        *("大王庄 · 2026年10月", "已定分（11月10日 周二 起）", "得分：40 分"),
        *("按时随访（占 30%）：要加油，40 分；40 个里 20 个", "再多 8 个，就到“中”"),
        *("康检按时报全（占 20%）：没有要办的", "可以申诉，最晚 11月27日 周五", "来不来、选什么，都不评"),
        absent=[*NAMES, "小李村"],
    )
    await manager.tap("按时随访")
    await manager.expect("怎么算：最后一天在这段时间里的随访", "90% 以上是“好”")
    await manager.tap("应访名单")
    await manager.expect("应访", "大王庄")
    await manager.send("/scorecard")
    await manager.tap("有异议")
    await manager.expect("申诉", "哪一项不对")
    await manager.tap("按时随访")
    await manager.expect("怎么回事", "不要写村民的名字")
    await manager.send("后来补了记录，请重算")
    await manager.expect("哪一项：按时随访", "怎么回事：后来补了记录，请重算")
    await manager.tap("保存")
    await manager.expect("申诉已经交上去了", "大王庄 · 2026年10月 · 按时随访")

    await world.dispatch()
    await deputy.expect("有一个村对成绩单有异议", absent=["大王庄", "补了记录"])
    async with world.database.transaction() as session:
        await closed(session, "411728106201", in_time=60, late=0, closes_on=date(2026, 10, 21))
    await leader.send("/scorecard")
    await leader.expect("考核成绩单 · 全镇", "• 大王庄：40 分", "• 小李村：70 分", absent=["申诉", *NAMES])
    await leader.tap("小李村")
    await leader.expect("按时随访（占 30%）：中，70 分；42 个里 30 个", absent=["申诉", "名册"])
    await leader.tap("看这个季度")
    await leader.expect("小李村 · 2026年第4季度", "定分、申诉都按月", "按时随访（占 30%）：中，70 分；42 个里 30 个")
    await leader.tap("各村")
    await leader.expect("全镇 · 2026年第4季度", "• 大王庄：58 分", "• 小李村：58 分", absent=["已定分"])
    await leader.tap("看2026年11月")
    await leader.expect("全镇 · 2026年11月")
    await deputy.send("/todo")
    await deputy.tap("等您答复的申诉 1")
    await deputy.expect("申诉：1 件等答复")
    await deputy.tap("大王庄")
    told = await deputy.expect("大王庄 · 2026年10月 · 按时随访", "村里说（11月12日 周四）：后来补了记录，请重算")
    assert told["protected"], "what was typed may name somebody"
    await deputy.tap("答复")
    await deputy.expect("怎么答复")
    await deputy.tap("记录改过了，重新算")
    await deputy.send("查实了，补报的都在")
    await deputy.tap("保存")
    await deputy.expect("已答复", "接受：照更正后的记录重新算", "理由：查实了，补报的都在")
    await world.dispatch()
    await manager.expect("您村的申诉有了答复", absent=["查实"])
    await manager.tap("看申诉")
    await manager.expect("接受：照更正后的记录重新算", "理由：查实了，补报的都在")
    await manager.tap("看成绩单")
    await manager.expect(
        *(
            "得分：70 分",
            "100 个里 80 个",
            "第 1 版，11月12日 周四 定的：40 分",
            "第 2 版，11月12日 周四 申诉后：70 分",
        ),
    )
    await leader.send("/scorecard")
    await leader.expect("• 大王庄：70 分")


async def test_a_clinic_in_english_walks_down_to_a_village_and_refuses(world: World, manager: Person) -> None:
    await october(world, scorecards.SOURCE, late=2)
    await manager.send("/scorecard")
    await manager.tap("有异议")
    await manager.tap("按时随访")
    await manager.send("不服")
    await manager.tap("保存")
    clinic = await world.staff("clinic")
    await clinic.send("/language")
    await clinic.tap("English")
    await clinic.send("/scorecard")
    await clinic.expect("Scorecard · Township", "Final (since Tue 10 Nov)", "• 小李村: 100 points")
    await clinic.tap("小李村")
    await clinic.expect("Score: 100 points", "The township sees: nothing to score", "30 of 32")
    leader = await world.staff("leader")
    await leader.send("/scorecard")
    await leader.expect("• 小李村：没有可评的")
    await leader.tap("小李村")
    await leader.expect("按时随访（占 30%）：人少，不公开，不评分", absent=["30 个", "32"])
    await clinic.tap("Villages")
    await clinic.tap("Appeals (1)")
    await clinic.tap("大王庄")
    await clinic.expect("The village says", "不服")
    await clinic.tap("Answer")
    await clinic.tap("Nothing changes")
    await clinic.send("The records are right.")
    await clinic.tap("Save")
    await clinic.expect("Answered", "nothing changes", "Why: The records are right.")
