"""The deputy enters the births of the county's statistics; the leader reads the ratio and what it can't tell."""

from __future__ import annotations

from tests.e2e.world import World


async def test_births_are_entered_and_read(world: World) -> None:
    deputy = await world.staff("deputy")
    await deputy.send("/births")
    await deputy.expect("沈寨镇 · 出生性别比", "还没有录入", "法律禁止", "不定指标")
    await deputy.tap("录一年的数")
    await deputy.expect("哪一年？")
    await deputy.tap("2025")
    await deputy.send("很多")
    await deputy.expect("例如：186")
    await deputy.send("30000")
    await deputy.expect("0 到 20000")
    await deputy.send("58个")
    await deputy.send("50")
    await deputy.tap("保存")
    await deputy.expect("已保存", "2025年")
    leader = await world.staff("leader")
    await leader.send("/status")
    await leader.tap("更多")
    await leader.tap("出生性别比")
    await leader.expect("2025–2025年合在一起：男 58，女 50", "116.0 个男孩（多半在 79.6–169.0）", "不到 1000 个")
    await leader.send("出生性别比是多少")
    await leader.expect("/births")
    await deputy.tap("撤销")
    await deputy.expect("还没有录入")
    await deputy.send("/language")
    await deputy.tap("English")
    await deputy.send("/births")
    await deputy.expect("Nothing entered yet", "no target")
