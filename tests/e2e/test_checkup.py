"""Reporting a check-up, as a manager does it on a phone."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE


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
