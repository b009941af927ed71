"""A joint meeting from the invitation to the next agenda."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from models.rules.meetings import MeetingReason
from models.store import decisions, meetings
from models.store.decisions import Wanted
from scheduler.planner import Planner
from scheduler.sources import meetings as source
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World

NEXT = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
"""The fifth of December 2026 is a Saturday: the meeting is on Monday the 7th at nine."""


async def _decide(chair: Person, what: str, who: str, until: str) -> None:
    await chair.expect("定了什么事", "请不要写村民的姓名")
    await chair.send(what)
    await chair.expect("谁来办")
    await chair.send(who)
    await chair.expect("哪天以前办完")
    await chair.send(until)
    await chair.expect("都对吗", what)
    await chair.tap("保存")
    await chair.expect("已定下", what)


async def _tick(world: World) -> int:
    """Plan and send, as the running bot does every few seconds; returns how many messages."""
    await Planner(world.database, (source.SOURCE,)).run()
    return await world.dispatch()


async def _at(world: World, moment: datetime) -> int:
    world.clock.move(moment - world.clock.now())
    return await _tick(world)


@EVERYWHERE
async def test_from_the_invitation_to_the_next_agenda(world: World, manager: Person) -> None:
    leader, deputy, clinic, neighbour = [await world.staff(n) for n in ("leader", "deputy", "clinic", "neighbour")]
    assert await _at(world, NEXT - timedelta(days=3, hours=1)) == 5
    await manager.expect("再过 3 天，12月7日 周一 09:00，开联席会议", "来不来，请点一下", absent=["王秀英", "大王庄"])
    assert "记下了：✅ 参加" in (await manager.tap("参加") or "")
    await manager.expect(
        "联席会议 · 沈寨镇", "12月7日 周一 09:00–11:00", "原定 12月5日 周六", "您：✅ 参加", "本村的数据"
    )
    await clinic.tap("派人去")
    await clinic.expect("参加 1 · 来不了 0 · 派人 1 · 没回 3")
    await neighbour.tap("参加")
    await neighbour.tap("来不了")
    await neighbour.expect("您：🙅 来不了")
    await leader.menu("📅 联席会议")
    await leader.expect(
        "参加 1 · 来不了 1 · 派人 1 · 没回 2", "2. 会上还没有定过要办的事", absent=["王秀英", "李红", "金丝雀"]
    )
    await leader.tap("谁来")
    await leader.expect("✅ 大王庄管理员 manager", "👤 沈寨镇乡所 clinic", "🙅 小李村管理员", "⏳ 沈寨镇党政一把手")
    await leader.tap("看会议")
    await leader.tap("加到手机日历")
    await leader.expect("12月7日 周一 的联席会议")
    assert await _at(world, NEXT - timedelta(hours=1)) == 3
    await manager.expect("一小时之内，09:00，就开联席会议了，您说来参加")
    await leader.expect("您还没回")

    assert await _at(world, NEXT + timedelta(hours=2)) == 1
    await manager.tap("来不了")
    assert "会议已经开始" in (manager.toast or "")
    await leader.expect("12月7日 周一 的联席会议开过了")
    await leader.tap("写会议记录")
    await leader.expect("会上说了什么")
    await leader.send("各村康检准备好了。")
    await leader.tap("保存")
    await leader.expect("会议记录已保存", "定了哪些事")
    await leader.tap("记一件定下的事")
    await _decide(leader, "血压计送乡所校准", "大王庄", "12.18")
    await leader.tap("再记一件")
    await _decide(leader, "宣传栏换新", "小李村", "12.25")

    assert await _tick(world) == 2
    await manager.expect("会上定了一件事由您来办", "12月18日", absent=["血压计"])
    await manager.tap("看这件事")
    await manager.expect("血压计送乡所校准", "谁办：大王庄管理员 manager")
    await manager.tap("办好了")
    await manager.expect("✅ 血压计送乡所校准", "12/7 办好了")
    assert await _at(world, datetime(2026, 12, 26, 0, 0, tzinfo=UTC)) == 0
    await neighbour.send("/todo")
    await neighbour.tap("会上定的、该您办的 1")
    await neighbour.expect("🔴 1. 宣传栏换新", "逾期 1 天")
    await deputy.send("/meeting")
    await deputy.expect("1月5日", "还没办完的事 1 件", "🔴 1. 宣传栏换新", "逾期 1 天", absent=["血压计"])


async def test_the_chair_looks_back_and_gives_a_decision_up(world: World) -> None:
    leader = await world.staff("leader")
    async with world.database.transaction() as session:
        meeting = await meetings.upcoming(session, world.actors["leader"])
    world.clock.move(NEXT + timedelta(hours=3) - world.clock.now())
    await leader.send("/meeting")
    await leader.expect("1月5日")
    await leader.tap("上次 12/7 还没记")
    await leader.expect("12月7日 周一", "还没有会议记录", "还没有记下定了什么事")
    async with world.database.transaction() as session:
        wanted = Wanted("宣传栏换新", world.actors["neighbour"].staff_id, date(2026, 12, 25))
        await decisions.add(session, world.actors["leader"], meeting.id, wanted)
    await leader.tap("议定事项")
    await leader.expect("没办完的议定事项（1 件）")
    await leader.tap("看第 1 件")
    await leader.tap("不办了")
    await leader.expect("为什么不办了")
    await leader.tap("并到别的事")
    await leader.expect("✕ 宣传栏换新", "不办了：并到别的事")
    await leader.tap("还没办好")
    await leader.expect("🟠 宣传栏换新")


async def test_a_decision_is_corrected_and_taken_back(world: World) -> None:
    deputy = await world.staff("deputy")
    async with world.database.transaction() as session:
        meeting = await meetings.upcoming(session, world.actors["deputy"])
    world.clock.move(NEXT + timedelta(hours=1) - world.clock.now())
    await deputy.send("/meeting")
    await deputy.tap("写会议记录")
    await deputy.tap("跳过")
    await deputy.tap("保存")
    await deputy.expect("会议记录已保存")
    await deputy.tap("记一件定下的事")
    await deputy.send("宣传栏换新")
    await deputy.send("管理员")
    await deputy.expect("请点一个按钮")
    await deputy.tap("小李村管理员 neighbour")
    await deputy.send("2026-12-01")
    await deputy.expect("已经过去了")
    await deputy.tap("一周后")
    await deputy.tap("保存")
    await deputy.tap("更正")
    await deputy.expect("更正议定事项", "宣传栏换新")
    await deputy.tap("✏️ 谁办")
    await deputy.tap("沈寨镇乡所 clinic")
    await deputy.tap("保存")
    await deputy.expect("已定下", "谁办：沈寨镇乡所 clinic")
    await deputy.tap("撤销")
    await deputy.expect("已撤销：宣传栏换新")
    assert await world.dispatch() == 0
    await deputy.send("/decisions")
    await deputy.expect("没有要办的议定事项")
    world.clock.move(timedelta(hours=1))
    await deputy.tap("看会议")
    await deputy.tap("上次会议 12/7")
    await deputy.expect("没有要记的")
    await deputy.tap("改会议记录")
    await deputy.expect("更正会议记录")
    await deputy.send("补记一句")
    await deputy.tap("保存")
    await deputy.expect("会议记录已保存")
    async with world.database.transaction() as session:
        told = await meetings.minutes(session, world.actors["leader"], meeting.id)
    assert told is not None
    assert told.text == "补记一句"


async def test_moved_and_cancelled_ones_are_told(world: World, manager: Person) -> None:
    admin = world.actors["admin"]
    for name in ("leader", "deputy", "clinic", "neighbour"):
        await world.staff(name)
    async with world.database.transaction() as session:
        meeting = await meetings.upcoming(session, world.actors["leader"])
        await meetings.move(session, admin, meeting.id, date(2026, 12, 9), 15, MeetingReason.WEATHER)
    assert await world.dispatch() == 5
    await manager.expect("改到 12月9日 周三 15:00", "来不来")
    await manager.tap("参加")
    await manager.expect("12月9日 周三 15:00–17:00", "原定 12月5日 周六，改了时间：天气不好", "您：✅ 参加")
    async with world.database.transaction() as session:
        await meetings.cancel(session, admin, meeting.id, MeetingReason.DUTY)
    assert await world.dispatch() == 5
    await manager.expect("12月9日 周三 的联席会议不开了")
    await manager.tap("看会议", message_id=(await manager.last())["message_id"])
    await manager.expect("这次不开了：有别的公务")
    await manager.tap("下一次会议")
    await manager.expect("1月5日")


async def test_in_english(world: World) -> None:
    english = await world.staff("leader")
    await english.send("/language")
    await english.tap("English")
    await english.send("/meeting")
    await english.expect("Joint meeting", "Mon", "09:00–11:00", "You have not answered yet")
    await english.tap("Coming")
    await english.expect("You: ✅ Coming")
    world.clock.move(NEXT + timedelta(hours=1) - world.clock.now())
    await english.send("/meeting")
    await english.tap("Note a decision")
    await english.send("Check the meters")
    await english.tap("大王庄")
    await english.tap("In a week")
    await english.tap("Save")
    await english.expect("Decided", "Check the meters", "大王庄 manager manager")
    await english.tap("Decisions")
    await english.expect("Open decisions (1)")
