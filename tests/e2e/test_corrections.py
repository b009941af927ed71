"""Correcting what was reported: lately, long ago with the clinic's leave, two people at once; a person's history."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from models.rules.outcomes import Outcome
from models.store import checkups
from models.store.reports import CheckupReport
from models.tables.checkups import Attendance
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.probe import Probe
from tests.e2e.world import STAFF, World


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


async def _report_long_ago(world: World, manager: Person) -> None:
    await _report(manager)
    world.clock.move(timedelta(days=31))
    await manager.menu("🗂 我报的")
    await manager.expect("我报的")
    await manager.tap("🔒 王秀英 · 康检")
    await manager.expect("王秀英 · 康检", "128/82", "已锁住", "您录入")


async def _ask(manager: Person) -> None:
    await manager.tap("请乡所解锁")
    await manager.expect("为什么要更正")
    await manager.tap("后来才知道")
    await manager.expect("已请乡所解锁，等答复")


async def test_a_record_of_yesterday_is_corrected_from_my_list(world: World, manager: Person) -> None:
    await _report(manager)
    world.clock.move(timedelta(days=1))
    await manager.menu("🗂 我报的")
    await manager.expect("我报的")
    await manager.tap("王秀英 · 康检")
    await manager.expect("128/82", "您录入", "第 1 版")
    assert not any("撤销" in label for label in await manager.buttons())
    await manager.tap("✏️ 更正")
    await manager.tap("✏️ 血压")
    await manager.send("138/86")
    await manager.tap("✏️ 更正原因")
    await manager.tap("报错了人")
    await manager.tap("保存")
    await manager.expect("已保存", "138/86", "第 2 版")
    await manager.send("/mine")
    await manager.tap("王秀英 · 康检")
    await manager.expect("138/86", "第 2 版")
    await manager.tap("看以前的版本")
    await manager.expect("128/82", "这是第 1 版", "由您改掉", "报错了人", absent=["138/86"])
    await manager.tap("看现在的")
    await manager.expect("138/86")
    await manager.tap("返回列表")
    await manager.expect("我报的")


@EVERYWHERE
async def test_a_locked_record_is_unlocked_corrected_and_locked_again(world: World, manager: Person) -> None:
    await _report_long_ago(world, manager)
    await _ask(manager)
    clinic = await world.staff("clinic")
    await clinic.send("/todo")
    await clinic.tap("请求解锁的 1")
    await clinic.expect("请求解锁", "1 条")
    await clinic.tap("王秀英 · 康检 · 大王庄管理员")
    await clinic.expect("王秀英 · 康检", "128/82", "大王庄管理员请求更正", "后来才知道")
    await clinic.tap("同意（3 天）")
    await clinic.expect("已同意")
    await manager.send("/mine")
    await manager.tap("🔓 乡所同意更正：王秀英")
    await manager.expect("可以更正一次")
    await manager.tap("✏️ 更正")
    await manager.tap("✏️ 血压")
    await manager.send("138/86")
    await manager.tap("保存")
    await manager.expect("已保存", "138/86", "第 2 版")
    await manager.tap("✏️ 更正")
    await manager.expect("已锁住", "138/86")
    await clinic.tap("解锁请求")
    await clinic.expect("没有人请求解锁")


async def test_the_clinic_does_not_agree(world: World, manager: Person) -> None:
    await _report_long_ago(world, manager)
    await _ask(manager)
    clinic = await world.staff("clinic")
    await clinic.send("/grants")
    await clinic.tap("王秀英 · 康检")
    await clinic.tap("不同意")
    await clinic.expect("没有同意，已告诉对方")
    await manager.send("/mine")
    await manager.tap("🔒 乡所没同意：王秀英")
    await manager.expect("乡所没同意解锁")
    assert not any("更正" in label for label in await manager.buttons())


async def test_a_locked_registration_is_corrected_from_the_card_when_the_clinic_agrees(
    world: World, manager: Person
) -> None:
    world.clock.move(timedelta(days=31))
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("更正基本信息")
    await manager.expect("都对吗", "姓名、性别、出生、身份证已锁住")
    assert not any("✏️ 姓名" in label for label in await manager.buttons())
    await manager.tap("再加一项")
    await manager.tap("手机")
    await manager.send("13912345678")
    await manager.tap("保存")
    await manager.expect("已登记", "李红")
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("往来记录")
    history = await manager.expect("往来记录", "登记")
    await manager.tap("2", message_id=history["message_id"])
    await manager.expect("李红 · 登记", "1988年7月1日", "已锁住")
    await _ask(manager)
    clinic = await world.staff("clinic")
    await clinic.send("/grants")
    await clinic.tap("李红 · 登记")
    await clinic.tap("同意（3 天）")
    await manager.tap("看这个人")
    await manager.tap("更正基本信息")
    await manager.expect("更正登记村民", "李红")
    await manager.tap("✏️ 姓名")
    await manager.send("李宏")
    await manager.tap("保存")
    await manager.expect("已登记", "李宏")


async def test_a_neighbour_opens_nothing_by_a_forged_button(world: World, manager: Person) -> None:
    await _report_long_ago(world, manager)
    async with world.database.reading() as session:
        (record,) = await session.rows(select(Attendance.id))
    theirs = Probe(world, STAFF["neighbour"][0], STAFF["neighbour"][0])
    for action, *arguments in (
        ("record", "checkup", record.id, "m0"),
        ("record", "register", world.people["王秀英"], "m0"),
        ("versions", "checkup", record.id, "m0", 1),
        ("grant.why", "checkup", record.id),
        ("grant.ask", "checkup", record.id, "typo"),
        ("history", world.people["王秀英"]),
        ("history", 0, world.people["王秀英"]),
        ("checkup.fix", record.id),
    ):
        said = await theirs.craft(action, *arguments)
        assert "找不到这条记录" in str(said), action
        assert "王秀英" not in str(said)
    assert "赵邻居" in str(await theirs.send("/mine"))
    assert "王秀英" not in str(theirs.heard)


async def test_a_persons_history_is_read_by_pages(world: World, manager: Person) -> None:
    await _report(manager)
    for day in range(1, 5):
        world.clock.move(timedelta(days=1))
        async with world.database.transaction() as session:
            missed = CheckupReport(world.people["王秀英"], date(2026, 11, 9 + day), Outcome.NOT_REACHED)
            await checkups.report(session, world.actors["manager"], missed)
    await manager.send("王秀英")
    await manager.tap("王秀英 ·")
    await manager.tap("往来记录")
    page = await manager.expect("往来记录", "2026年11月13日", "没见着", "血压 128/82", "加入高血压随访")
    number = re.search(r"(\d+)\. 2026年11月9日 康检", page["text"])
    assert number
    await manager.tap(number[1])
    await manager.expect("王秀英 · 康检", "128/82", "您录入")
    await manager.tap("返回列表")
    await manager.expect("往来记录")


async def test_in_english(world: World) -> None:
    manager, clinic = await world.staff("manager"), await world.staff("clinic")
    for person in (manager, clinic):
        await person.send("/language")
        await person.tap("English")
        await person.expect("English")
    async with world.database.transaction() as session:
        missed = CheckupReport(world.people["李红"], date(2026, 11, 9), Outcome.NOT_REACHED)
        await checkups.report(session, world.actors["manager"], missed)
    world.clock.move(timedelta(days=31))
    await manager.send("/mine")
    await manager.tap("🔒 李红 · Check-up")
    await manager.expect("李红 · Check-up", "Not found", "locked")
    await manager.tap("Ask to unlock")
    await manager.tap("Typing mistake")
    await manager.expect("has been asked")
    await clinic.send("/grants")
    await clinic.tap("李红 · Check-up")
    await clinic.tap("Agree (3 days)")
    await clinic.expect("Agreed")
    await manager.send("/mine")
    await manager.tap("Unlocked: 李红")
    await manager.tap("Correct")
    await manager.tap("Save")
    await manager.expect("Saved", "version 2")
