"""Reporting a check-up, as a manager does it on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


@EVERYWHERE
async def test_nothing_unusual_takes_at_most_six_taps_and_one_typed_pressure(manager: Person) -> None:
    await manager.menu("🩺 报康检")
    await manager.expect("康检", "报谁")
    await manager.tap("王秀英")
    await manager.expect("王秀英", "结果怎样")
    await manager.tap("到了")
    await manager.expect("血压多少")
    await manager.send("128/82")
    await manager.expect("都对吗", "128/82")
    await manager.tap("保存")
    await manager.expect("已保存", "王秀英", "128/82", "2027年1月11日")
    assert manager.taps <= 6
    assert manager.typed == 1


async def test_an_urgent_value_is_followed_up_by_a_visit(world: World, manager: Person) -> None:
    await manager.menu("🩺 报康检")
    await manager.tap("李红")
    await manager.tap("到了")
    await manager.send("186/112")
    await manager.expect("马上转诊")
    await manager.tap("保存")
    await manager.expect("马上转诊", "186/112", "已保存", "11月23日")
    world.clock.move(timedelta(days=3))
    await manager.menu("📋 应访名单")
    page = await manager.expect("李红", "单月康检", "🚨 1. 李红")
    number = re.search(r"(\d+)\. 李红", page["text"])
    assert number
    await manager.tap(f"{number[1]} 李红")
    await manager.expect("随访", "李红（单月康检）", "结果怎样")
    await manager.tap("到了")
    await manager.send("142/88")
    await manager.tap("没有")
    await manager.tap("保存")
    await manager.expect("已保存", "142/88", "2027年1月11日")
