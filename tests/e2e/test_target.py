"""The deputy sets targets for services; for what is each person's own to decide there is none, and it is said why."""

from __future__ import annotations

from datetime import date

from tests.e2e.world import World
from tests.factories.windows import closed


async def test_a_target_is_set_shown_and_put_back_and_others_are_refused(world: World) -> None:
    async with world.database.transaction() as session:
        await closed(session, "411728106201", in_time=42, late=10, closes_on=date(2026, 11, 7))
    deputy = await world.staff("deputy")
    await deputy.send("/target")
    await deputy.expect("镇里定的目标", "还没有定目标", "上环结扎")
    await deputy.tap("定目标")
    await deputy.expect("给哪个数定目标")
    for words, why in (
        *(("出生率", "生育由家庭自己安排"), ("上环率", "由本人知情以后自己选"), ("性别比", "性别比不能定目标")),
        *(("结扎", "谁也不能派任务"), ("康检率", "来不来康检是本人的事"), ("怀孕人数", "不统计，也不能定目标")),
    ):
        await deputy.send(words)
        await deputy.expect(why)
    await deputy.send("按时随访率")
    await deputy.expect("哪一年的")
    await deputy.tap("2026年")
    await deputy.send("九成")
    await deputy.expect("请输")
    await deputy.tap("90%")
    await deputy.expect("哪个数：按时随访", "目标：90%")
    await deputy.tap("保存")
    await deputy.expect("已定下", "11月9日 周一 分管副职：按时随访 2026年定为 90%", "已经过去的月份不变")
    leader = await world.staff("leader")
    await leader.send("/status")
    await leader.expect("按时随访：80.8%，52 个里 42 个", "🎯 目标 90%：还差 9.2 个点")
    await leader.tap("2026年10月")
    await leader.expect("2026年10月", absent=["🎯"])
    await leader.send("/define")
    await leader.tap("按时随访")
    await leader.expect("目标：90%。", "🎯 目标 90%")
    await leader.send("/target")
    await leader.expect("• 按时随访：90%", absent=["定目标、改目标"])
    assert not any("定目标" in label for label in await leader.labels())
    await deputy.tap("撤销")
    await deputy.expect("已退回原来的", "按时随访 2026年不定目标了")
    await deputy.send("结扎目标定多少")
    await deputy.expect("谁也不能派任务", "可以定目标的：按时随访、问到康检")


async def test_an_admin_in_english(world: World) -> None:
    admin = await world.staff("admin")
    await admin.send("/language")
    await admin.tap("English")
    await admin.send("/target")
    await admin.tap("Set or change a target")
    for words, why in (
        ("births", "families plan"),
        ("IUD uptake", "own choice"),
        ("sex-ratio", "sex ratio"),
    ):
        await admin.send(words)
        await admin.expect(why)
    await admin.tap("Reported in time")
    await admin.tap("2027")
    await admin.tap("95%")
    await admin.tap("Save")
    await admin.expect("Set:", "2027: 95%")
