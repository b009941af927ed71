"""Correcting what was reported: two people at once."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from models.store import checkups
from models.tables.checkups import Attendance
from tests.e2e.chat import Person
from tests.e2e.world import World


async def _report(manager: Person, pressure: str = "128/82") -> None:
    await manager.menu("🩺 报康检")
    await manager.tap("王秀英")
    await manager.tap("到了")
    await manager.send(pressure)
    await manager.tap("保存")
    await manager.expect("已保存", "王秀英", pressure)


async def test_who_corrects_second_sees_what_the_first_has_stored(world: World, manager: Person) -> None:
    await _report(manager)
    await manager.tap("更正")
    await manager.expect("更正康检", "128/82")
    await manager.tap("✏️ 血压")
    await manager.send("138/86")
    await manager.expect("都对吗", "138/86")
    async with world.database.transaction() as session:
        clinic = world.actors["clinic"]
        (record,) = await session.rows(select(Attendance.id))
        stored = await checkups.get(session, clinic, record.id)
        theirs = replace(stored.report, measures=replace(stored.report.measures, weight=615))
        await checkups.correct(session, clinic, record.id, theirs, "typo")
    said = await manager.tap("保存")
    assert said is not None
    assert "刚被别人改过" in said
    await manager.expect("刚被别人改过", "138/86", "体重：61.5", "都对吗")
    await manager.tap("保存")
    await manager.expect("已保存", "138/86", "61.5", "第 3 版")
