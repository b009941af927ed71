"""Answers that others hang on, changed at the review; a grave outcome, corrected."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.store import enrolments, residents
from models.tables.visits import Visit
from tests.e2e.chat import Person
from tests.e2e.world import World


async def _both_in_two_programmes(world: World) -> None:
    manager = world.actors["manager"]
    async with world.database.transaction() as session:
        await enrolments.enrol(session, manager, world.people["王秀英"], "diabetes")
        await enrolments.enrol(session, manager, world.people["单国强"], "hypertension")


async def test_another_person_is_asked_for_their_own_programme(world: World, manager: Person) -> None:
    await _both_in_two_programmes(world)
    await manager.menu("🏠 报随访")
    await manager.tap("王秀英")
    await manager.expect("哪")
    await manager.tap("糖尿病")
    await manager.tap("没见着")
    await manager.expect("都对吗", "王秀英")
    await manager.tap("✏️ 村民")
    await manager.expect("随访谁")
    await manager.tap("单国强")
    await manager.expect("单国强", absent=["都对吗", "王秀英"])
    await manager.tap("高血压")
    await manager.expect("都对吗", "单国强", "高血压")
    await manager.tap("保存")
    await manager.expect("已保存", "单国强", "高血压")
    async with world.database.reading() as session:
        (visit,) = await session.rows(select(Visit.resident_id, Visit.programme))
    assert (visit.resident_id, visit.programme) == (world.people["单国强"], "hypertension")


async def test_another_village_is_asked_for_its_own_group(world: World) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/menu")
    await clinic.expect("按钮")
    await clinic.menu("➕ 登记村民")
    await clinic.tap("大王庄")
    await clinic.send("吕春梅")
    await clinic.tap("女")
    await clinic.send("1962-08-15")
    await clinic.tap("一组")
    await clinic.tap("选好了")
    await clinic.expect("都对吗", "大王庄")
    await clinic.tap("✏️ 村")
    await clinic.tap("小李村")
    await clinic.expect("村民组", absent=["都对吗"])
    await clinic.tap("二组")
    await clinic.expect("都对吗", "小李村", "二组")
    await clinic.tap("保存")
    await clinic.expect("已登记", "吕春梅", "小李村")


async def test_another_village_is_asked_for_its_own_people(world: World) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/menu")
    await clinic.expect("按钮")
    await clinic.menu("🩺 报康检")
    await clinic.tap("大王庄")
    await clinic.tap("李红")
    await clinic.tap("没见着")
    await clinic.expect("都对吗", "李红")
    await clinic.tap("✏️ 村")
    await clinic.tap("小李村")
    await clinic.expect("报谁", absent=["都对吗", "李红"])
    await clinic.tap("赵邻居")
    await clinic.expect("都对吗", "赵邻居", "小李村")


@pytest.mark.parametrize("grave", ["去世", "搬走"])
async def test_a_grave_outcome_reported_by_mistake_is_corrected(world: World, manager: Person, grave: str) -> None:
    await manager.menu("🩺 报康检")
    await manager.tap("李红")
    await manager.tap(grave)
    await manager.tap("保存")
    await manager.expect("已保存", "李红")
    await manager.tap("更正")
    await manager.expect("更正", "李红", "都对吗")
    await manager.tap("✏️ 结果")
    await manager.tap("没见着")
    await manager.expect("都对吗", "没见着")
    await manager.tap("保存")
    await manager.expect("已保存", "李红", "第 2 版")
    async with world.database.transaction() as session:
        card = await residents.card(session, world.actors["manager"], world.people["李红"])
    assert [line.programme for line in card.enrolments] == ["checkup"]
