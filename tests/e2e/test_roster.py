"""A whole check-up day on one roster, as a manager does it on a phone."""

from __future__ import annotations

from pathlib import Path

from models.rules.names import name_keys
from models.rules.outcomes import Outcome
from models.store import checkups, rosters, unreported
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.rosters import ABSENT, AWAY, DECLINED, MORE, PRESSURES, dictate, enlist, say, signs
from tests.e2e.world import World

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "checkup-day.md"
MOST = 35
"""Messages and taps that the day may take."""


@EVERYWHERE
async def test_a_day_of_forty_takes_at_most_35_messages_or_taps(world: World, manager: Person) -> None:
    await enlist(world, *MORE)
    await manager.menu("✋ 康检名册")
    await manager.expect("大王庄康检名册", "共 40 位", "□没点 40")
    await manager.tap("其余都到")
    await manager.expect("✓到 40", absent=["□没点"])
    for name in DECLINED:
        await say(manager, name, "不需要")
    for name in AWAY:
        await say(manager, name, "外出")
    for name in ABSENT:
        await say(manager, name, "✗ 没来")
    await dictate(manager, PRESSURES)
    await manager.tap("🏁 收工")
    await manager.expect("单国强", "血压 186/112", "马上转诊")
    await manager.tap("没错")
    await manager.expect("王秀英", "血压 152/94", "偏高")
    await manager.tap("没错")
    await manager.expect("没来", "要另约一天吗")
    await manager.tap("后面的都照常")
    await manager.expect("收工前再看一眼", "✓到 33", "✗没来 2", "不需要 3", "外出 2", "其中量了 12 位")
    await manager.tap("收工上报")
    assert manager.toast == "收工了，报上去 40 位。"
    await manager.expect("已收工", "马上转诊的", "单国强：血压 186/112")
    many = manager.taps + manager.typed
    assert many <= MOST
    assert f"| **{many}** |" in PAGE.read_text(), many
    await _is_reported(world)


SINGLE = (
    ("李红", "✅ 到了", None, 21),
    ("王秀英", "✅ 到了", "128/82", 12),
    ("单国强", "不需要", "", 3),
    ("仇金丝雀", "外出", "", 2),
    ("褚秀兰", "没见", "", 2),
)
"""Somebody of each sort: the outcome, the pressure (`None` is skipped, "" not asked), and how many there are."""


async def test_forty_single_forms_take_what_the_docs_say(world: World, manager: Person) -> None:
    """The same day by the check-up form, one person after another: counted for one of each sort."""
    await enlist(world, *MORE)
    total = 0
    for name, outcome, pressure, many in SINGLE:
        manager.taps = manager.typed = 0
        await _report_alone(manager, name, outcome, pressure)
        total += many * (manager.taps + manager.typed)
    assert f"| **{total}** |" in PAGE.read_text(), total


async def _report_alone(manager: Person, name: str, outcome: str, pressure: str | None) -> None:
    await manager.menu("🩺 报康检")
    await manager.expect("报谁")
    if not any(name in label for label in await manager.buttons()):
        await manager.tap(f"{name_keys(name).full[0][0].upper()} ")
        await manager.expect("报谁")
    await manager.tap(name)
    await manager.expect("结果怎样")
    await manager.tap(outcome)
    if pressure:
        await manager.send(pressure)
    elif pressure is None:
        await manager.expect("血压多少")
        await manager.tap("跳过")
    await manager.expect("都对吗")
    await manager.tap("保存")
    await manager.expect("已保存", name)


async def _is_reported(world: World) -> None:
    actor = world.actors["manager"]
    async with world.database.transaction() as session:
        day = await rosters.current_day(session, actor)
        roster = await rosters.open_day(session, actor, day.id)
        assert dict(roster.counts) == {
            Outcome.ATTENDED: 33,
            Outcome.DECLINED: 3,
            Outcome.AWAY: 2,
            Outcome.NOT_REACHED: 2,
        }
        assert sum(line.measured for line in roster.lines) == 12
        assert await unreported.by_village(session, actor) == []
        urgent = next(line for line in roster.lines if line.is_urgent)
        assert urgent.record is not None
        stored = await checkups.get(session, actor, urgent.record.id)
    assert (stored.report.measures.sbp, stored.version) == (186, 1)


async def test_the_story_of_a_small_day(world: World, manager: Person) -> None:
    """Filter, walk-ins, a stranger, what was tapped by mistake, closing with somebody left open, opening again."""
    await manager.send("/roster")
    await manager.expect("大王庄康检名册", "点姓名换一样")
    assert set(signs(await manager.buttons()).values()) == {"□"}
    await manager.send("wxy")
    await manager.expect("“wxy”：1 位")
    assert list(signs(await manager.buttons())) == ["王秀英"]
    await manager.tap("王秀英")
    await manager.expect("✓到 1")
    await manager.tap("显示全部")
    await manager.expect("大王庄康检名册", absent=["wxy"])
    await manager.tap("加一位")
    await manager.expect("来了，但名册上没有的人")
    await manager.send("周无")
    await manager.expect("本村有 1 位")
    await manager.tap("周无同意")
    assert manager.toast == "加上了：周无同意，✓ 到了"
    await manager.expect("共 5 位", "✓到 2")
    await manager.tap("加一位")
    await manager.expect("直接输入姓名")
    await manager.send("郑新来")
    await manager.expect("本村没有登记过")
    await manager.tap("登记新村民")
    await _register(manager)
    await manager.tap("回名册")
    await manager.expect("共 6 位", "✓到 3")
    await manager.tap("其余都到")
    await manager.expect("✓到 6")
    await manager.tap("收回")
    assert manager.toast == "3 位收回了，后来改过的没有动。"
    await manager.expect("✓到 3", "□没点 3")
    await say(manager, "李红", "✗ 没来")
    await manager.tap("🏁 收工")
    await manager.expect("还有 2 位没点", "单国强")
    await manager.tap("先空着")
    await manager.expect("李红 没来", "要另约一天吗")
    await manager.tap("11/16再来")
    await manager.expect("收工前再看一眼", "✗另约 1", "没点的 2 位先空着")
    await manager.tap("收工上报")
    assert manager.toast == "收工了，报上去 4 位。"
    await manager.expect("已收工", "还有 2 位没报")
    await manager.tap("李红")
    await manager.expect("李红", "改日子")
    await manager.tap("重新打开")
    await manager.expect("大王庄康检名册", "点姓名换一样", absent=["已收工"])


async def _register(manager: Person) -> None:
    """Fill in what the name that was looked for does not say already."""
    await manager.expect("登记村民", "性别")
    await manager.tap("女")
    await manager.send("1962-08-15")
    await manager.tap("二组")
    await manager.tap("记录健康信息")
    await manager.tap("选好了")
    await manager.expect("愿意参加单月康检")
    await manager.tap("是")
    await manager.expect("都对吗", "郑新来")
    await manager.tap("保存")
    await manager.expect("已登记", "郑新来")


async def test_a_morning_in_english(world: World) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/language")
    await clinic.tap("English")
    await clinic.send("/roster")
    await clinic.expect("Which village")
    await clinic.tap("大王庄")
    await clinic.expect("Check-up roster of 大王庄", "4 people", "□ open 4")
    await clinic.tap("王秀英")
    assert clinic.toast == "王秀英: ✓ here"
    await clinic.expect("✓ here 1")
