"""A resident complains without a name, the deputy answers, the resident reads it by the code; no manager ever does."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import select

from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern
from models.store import complaints
from models.store.complaints import Answer, Written
from models.tables.base import Base
from models.tables.complaints import Complaint
from models.tables.drafts import Draft
from scheduler.planner import Planner
from scheduler.sources import digest
from tests.e2e.chat import Person, plain
from tests.e2e.test_own import HERS, _code
from tests.e2e.world import World

WORDS = "不去就停补贴"
_CODE = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}")


async def _hers(world: World, manager: Person, language: str = "zh-hans") -> Person:
    """Return 王秀英 with an account of her own."""
    hers = await world.person(HERS, "秀英", language)
    await hers.send(await _code(manager))
    await hers.tap("是我，绑定" if language == "zh-hans" else "It's me")
    return hers


async def _count(world: World, model: type[Base]) -> int:
    async with world.database.reading() as session:
        return len(await session.rows(select(model.__table__)))


async def test_a_complaint_is_filed_answered_and_read(world: World, manager: Person) -> None:
    hers = await _hers(world, manager)
    drafts = await _count(world, Draft)
    await hers.menu("📮 投诉意见")
    await hers.expect("不记名", "村管理员看不到", "取件码")
    await hers.tap("态度不好")
    await hers.expect("不要写姓名、电话")
    await hers.tap("不填了")
    await hers.expect("不写了", "什么也没留下")
    assert await _count(world, Draft) == drafts

    hers.taps = hers.typed = 0
    await hers.menu("📮 投诉意见")
    await hers.tap("强迫、变相强迫")
    await hers.expect("直接送镇里的分管领导，村里和乡所都看不到")
    await hers.send(WORDS)
    await hers.expect(WORDS, "哪里：大王庄")
    await hers.tap("保存")
    event = await hers.expect("没有记下是谁写的", "11月16日", absent=[WORDS])
    found = _CODE.search(plain(event["html"]))
    assert found is not None
    assert (hers.taps, hers.typed) == (3, 1)
    assert (await _count(world, Draft), await _count(world, Complaint)) == (drafts, 1)

    clinic, deputy = await world.staff("clinic"), await world.staff("deputy")
    for other in (manager, clinic, await world.staff("leader")):
        await other.send("/complaints")
        await other.expect(absent=[WORDS, "强迫"])
    world.clock.move(timedelta(days=1))
    await Planner(world.database, (digest.SOURCE,)).run()
    await world.dispatch()
    await deputy.expect("等您答复的投诉意见：1", absent=[WORDS])
    await deputy.tap("看投诉意见")
    await deputy.expect("强迫、变相强迫，大王庄：11/16 以前", absent=[WORDS])
    await deputy.tap("1. 强迫")
    await deputy.expect(WORDS, "自己写的")
    await deputy.tap("答复")
    await deputy.tap("属实")
    await deputy.send("查实了，已经纠正，补贴照发。")
    await deputy.tap("保存")
    await deputy.expect("已答复", "属实")
    await deputy.tap("撤销")
    await deputy.expect("又在等答复")
    await deputy.tap("看这一条")
    await deputy.tap("答复")
    await deputy.tap("没有查实")
    await deputy.send("没有查到，会再看着。")
    await deputy.tap("保存")
    await deputy.expect("没有查实")

    await hers.send(found[0].lower())
    await hers.expect("没有查实", "没有查到，会再看着", absent=[WORDS])
    stranger = await world.person(9001)
    await stranger.send(f"/complaint {found[0]}")
    await stranger.expect("没有查到，会再看着", absent=[WORDS])
    await stranger.send("/complaint")
    await stranger.expect("没有邀请码", "意见箱")

    await clinic.send("/complaints")
    await clinic.expect("没有等您答复的")
    await clinic.tap("替人记一条")
    await clinic.tap("等得太久")
    await clinic.tap("电话")
    await clinic.tap("小李村")
    await clinic.send("等了两个钟头")
    await clinic.tap("保存")
    await clinic.expect("请念给他听", "没有记是谁说的")
    await clinic.tap("收回这一条")
    await clinic.expect("写的内容已经删掉")
    await manager.send("/complaint")
    await manager.expect("由村民自己写", absent=[WORDS])


async def test_how_many_days_an_answer_takes_is_told_and_explained(world: World) -> None:
    clinic = world.actors["clinic"]
    written = Written(ComplaintKind.WAITING, "等得久", Concern.UNSAID, None, Channel.PHONE)
    async with world.database.transaction() as session:
        for _ in range(10):
            await complaints.file(session, clinic, written)
        world.clock.move(timedelta(days=2))
        for one in (await complaints.list_mine(session, clinic, date(2026, 11, 11), limit=10)).lines:
            await complaints.answer(session, clinic, one.id, Answer(ComplaintOutcome.CONFIRMED, "加了人手"))
    world.clock.move(timedelta(days=25))
    leader = await world.staff("leader")
    await leader.send("/define")
    await leader.tap("投诉按时答复")
    await leader.expect("旁边那个天数：从提意见到答复过了几天", "取正中间那个", absent=["一般"])
    await leader.send("/status")
    await leader.tap("2026年11月")
    await leader.tap("更多")
    await leader.expect("投诉按时答复：100.0%，10 个里 10 个", "从提意见到答复，一般 2 天（中位数）")
    await leader.send("/status")
    await leader.tap("2026年11月")
    await leader.tap("怎么算的")
    await leader.tap("投诉按时答复")
    await leader.expect("2026年11月", "10 个里 10 个，100.0%", "• 从提意见到答复，一般 2 天")


async def test_in_english(world: World, manager: Person) -> None:
    hers = await _hers(world, manager, "en")
    await hers.menu("📮 Complaints")
    await hers.tap("Rude treatment")
    await hers.send("They shouted")
    await hers.tap("Save")
    event = await hers.expect("who wrote it is not kept")
    found = _CODE.search(plain(event["html"]))
    assert found is not None
    await hers.send(f"/complaint {found[0]}")
    await hers.expect("you get an answer by")
    await hers.tap("Take it back")
    await hers.expect("Taken back")
