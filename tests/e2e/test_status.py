"""The leader asks for status: figures by village and period and how they are counted, never a name."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from PIL import Image

from tests.e2e.chat import Person
from tests.e2e.test_calendar import content
from tests.e2e.test_visit import test_from_the_due_list_in_at_most_six_taps as report_a_visit
from tests.e2e.world import World
from tests.factories.windows import closed

TODAY = date(2026, 11, 9)


async def test_the_leader_goes_from_the_township_down_to_a_village_a_month_and_the_way_it_is_counted(
    world: World,
) -> None:
    await visited(world, "411728106201", in_time=42, late=10, closes_on=TODAY - timedelta(days=2))
    await visited(world, "411728106202", in_time=15, late=4, closes_on=TODAY - timedelta(days=2))
    await visited(world, "411728106201", in_time=30, late=20, closes_on=date(2026, 10, 20))
    leader = await world.staff("leader")
    await leader.send("/status")
    await leader.expect(
        "沈寨镇 · 2026年11月 · 截至 11月9日 09:00",
        "⏱ 按时随访：80.3%，71 个里 57 个",
        "真实水平多半在 69.6–87.9%；比2026年10月高 20.3 个点，可能是碰巧",
        "少于 10 的人数不显示",
        absent=["王秀英", "小李村"],
    )
    await leader.tap("各村")
    await leader.expect("各村：逾期没访", "全镇：0", "大王庄：0")
    await leader.tap("按时随访")
    await leader.expect(
        "全镇：71 个里 57 个，80.3%", "另外 2 个村合起来（大王庄、小李村）：71 个里 57 个", absent=["42"]
    )
    await leader.tap("大王庄")
    await leader.expect("大王庄 · 2026年11月", "按时随访：人少，不显示", absent=["应访名单"])
    await leader.tap("2026年10月")
    await leader.expect("大王庄 · 2026年10月", "按时随访：60.0%，50 个里 30 个", absent=["逾期没访"])
    await leader.tap("怎么算的")
    await leader.tap("按时随访")
    await leader.expect(
        "算在里面的：在最后一天或更早去了的",
        "不算的：外出的",
        "目标：这里不定目标。",
        "2026年10月",
        "50 个里 30 个，60.0%",
        "真实水平多半在 46.2–72.4%",
        "• 按时去了：30",
        "• 去晚了或没去：20",
    )
    await leader.tap("看进度")
    await leader.tap("全镇")
    await leader.tap("2026年1到11月")
    await leader.expect("沈寨镇 · 2026年1到11月", "121 个里 87 个")
    await leader.tap("更多")
    await leader.expect("高血压规范管理", absent=["王秀英"])
    await leader.send("/define")
    await leader.tap("来康检")
    await leader.expect("来不来是本人的事，所以没有目标")


async def test_the_leader_gets_a_picture_of_what_is_on_the_screen(world: World) -> None:
    await visited(world, "411728106201", in_time=42, late=10, closes_on=TODAY - timedelta(days=2))
    leader = await world.staff("leader")
    await leader.send("/status")
    screen = await leader.expect("沈寨镇 · 2026年11月")
    await leader.tap("看图")
    photo = await leader.expect("🖼 沈寨镇 · 2026年11月 · 截至 11月9日 09:00")
    picture = Image.open(BytesIO(content(world, photo)))
    assert picture.width == 1080
    assert "看图" not in str(await leader.labels()), "the screen is told anew, and asks for no second one"
    await leader.tap("各村", message_id=screen["message_id"])
    await leader.tap("按时随访")
    await leader.tap("看图")
    await leader.expect("🖼 沈寨镇 · 2026年11月 · 按时随访 · 截至 11月9日 09:00")
    await leader.tap("大王庄", message_id=screen["message_id"])
    await leader.tap("看图")
    await leader.expect("🖼 大王庄 · 2026年11月 · 截至 11月9日 09:00")


async def test_those_who_look_after_people_see_their_own_numbers_and_go_on_to_their_lists(
    world: World, manager: Person
) -> None:
    clinic = await world.staff("clinic")
    await clinic.send("/status")
    await clinic.expect("🔴 逾期没访：0", "📋 待访：8", "✅ 服务到人：0", absent=["王秀英", "不显示"])
    await report_a_visit(world, manager)
    await clinic.tap("刷新")
    await clinic.expect("📋 待访：7", "✅ 服务到人：1")
    await clinic.tap("各村")
    await clinic.tap("大王庄")
    await clinic.expect("大王庄", "📋 待访：6")
    await clinic.tap("应访名单")
    await clinic.expect("大王庄", "应访")
    await manager.send("/status")
    await manager.expect("大王庄", "📋 待访：5", absent=["小李村"])  # one more is the clinic's alone
    await manager.tap("应访名单")
    await manager.expect("大王庄")


async def test_a_leader_gets_no_list_of_people(world: World) -> None:
    leader = await world.staff("leader")
    for words in ("/due", "/checkup", "/visit", "/register"):
        await leader.send(words)
        await leader.expect("不能做这个")


async def test_a_group_gets_what_is_told_outside_the_team(world: World) -> None:
    body = {"title": "联席会议", "members": [1005, 1001], "bot_is_admin": True}
    leader = await world.staff("leader")
    await world.staff("manager")
    async with world.http.post(f"{world.base}/control/groups", json=body) as response:
        group = await response.json()
    for user_id in (1005, 1001):
        member = Person(world.http, world.base, user_id, group["id"])
        await member.send("/status")
        await member.expect("沈寨镇", "待访：人少，不显示", absent=["王秀英", "大王庄", "各村"])
    screen = await member.last()
    await member.tap("看图")
    await member.expect("🖼 沈寨镇 · 2026年11月")
    await member.tap("2026年10月", message_id=screen["message_id"])
    await member.expect("2026年10月", "服务到人：0")
    await member.send("/due")
    await member.expect("私下", absent=["王秀英"])
    assert leader.user_id == 1005


async def test_in_english(world: World) -> None:
    leader = await world.staff("leader")
    await leader.send("/language")
    await leader.tap("English")
    await leader.send("/status")
    await leader.expect("as of 9 Nov 09:00", "In time: nothing to count", "Due: too few to show")
    await leader.tap("How counted")
    await leader.tap("In time")
    await leader.expect("Of the visits whose last day lay in the period", "Aim: none is set here.")


async def visited(world: World, code: str, *, in_time: int, late: int, closes_on: date) -> None:
    """Let people be seen before, and others after, their windows close in a village."""
    async with world.database.transaction() as session:
        await closed(session, code, in_time=in_time, late=late, closes_on=closes_on)
