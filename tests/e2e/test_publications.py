"""The public notice: prepared, looked at, approved by one tap, posted to the group, corrected."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from PIL import Image

from models.rules.clock import MovableClock
from scheduler.planner import Planner
from scheduler.publication_desk import PublicationDesk
from tests.e2e.chat import Person
from tests.e2e.test_calendar import content
from tests.e2e.test_status import visited
from tests.e2e.world import World

GROUP = {"title": "沈寨村务公开", "members": [1005, 1006], "bot_is_admin": True}


async def test_a_month_is_published(world: World, clock: MovableClock) -> None:
    await visited(world, "411728106201", in_time=42, late=10, closes_on=date(2026, 10, 20))
    deputy, admin, manager = await world.staff("deputy"), await world.staff("admin"), await world.staff("manager")
    group = await group_of(world, admin, deputy)
    await deputy.send("/notice")
    await deputy.expect("还没有发过", "还没定发到哪里")
    await group.send("/notice")
    await group.expect("每月的公示发到这个群吗")
    await group.tap("把公示发到这里")
    await group.expect("马上私下告诉您")
    assert await PublicationDesk(world.database, world.service.messenger).run() == 1
    await tell(world)
    await admin.expect("以后每月的公示发到“沈寨村务公开”")
    await deputy.expect("2026年10月的公示已备好，请看一遍再发", absent=["王秀英"])
    await deputy.tap("看公示")
    shown = await deputy.expect(
        "沈寨镇 2026年10月 服务公示", "按时随访：80.8%（52 个里 42 个）", "截至 11月9日", absent=["王秀英", "大王庄"]
    )
    assert Image.open(BytesIO(content(world, shown))).width == 1080
    await deputy.tap("去掉几项")
    await deputy.expect("打勾的会发出去")
    await deputy.tap("✅ 知情选择")
    await deputy.tap("看要发的")
    shown = await deputy.expect("按时随访：80.8%", absent=["知情选择"])
    await visited(world, "411728106202", in_time=20, late=0, closes_on=date(2026, 10, 20))
    assert "数变了" in (await deputy.tap("发出去") or "")
    shown = await deputy.expect("按时随访：86.1%（72 个里 62 个）", absent=["知情选择"])
    message_id, data = await deputy.button("发出去")
    await deputy.press(message_id, data)
    await deputy.expect("2026年10月的公示，这就发到“沈寨村务公开”")
    assert "已经有人点过了" in (await deputy.press(message_id, data) or "")
    assert await world.dispatch() == 1
    posted = await group.expect(
        "沈寨镇 2026年10月 服务公示", "按时随访：86.1%（72 个里 62 个）", absent=["王秀英", "知情选择"]
    )
    assert content(world, posted) == content(world, shown), "exactly what was approved"
    await manager.send("/notice")
    await manager.tap("2026年10月")
    await manager.expect("按时随访：86.1%")
    await visited(world, "411728106202", in_time=28, late=0, closes_on=date(2026, 10, 21))
    await deputy.send("/notice")
    await deputy.tap("2026年10月")
    await deputy.expect("按时随访：86.1%（72 个里 62 个）")
    await deputy.tap("数变了，发更正")
    await deputy.expect("服务公示（更正）", "按时随访：90.0%（100 个里 90 个）")
    await deputy.tap("发出去")
    group = await became_supergroup(world, group)
    await group.send("/notice")
    await group.expect("每月的公示发到这个群吗")  # by then the bot has heard of the change
    await world.dispatch()
    await group.expect("服务公示（更正）", "90.0%")


async def test_a_notice_that_cannot_be_posted_is_told_and_posted_again(world: World) -> None:
    deputy, admin = await world.staff("deputy"), await world.staff("admin")
    group = await group_of(world, admin, deputy)
    await admin.send("/notice 1005")
    await admin.expect("看不懂“1005”", "例如：/notice @shenzhai_gongshi")
    await admin.send("/notice @no_such_channel")
    await admin.expect("马上私下告诉您")
    assert await PublicationDesk(world.database, world.service.messenger).run() == 1
    await tell(world)
    await admin.expect("找不到这个群或频道")
    await admin.send(f"/notice {group.chat_id}")
    await admin.expect("马上私下告诉您")
    await PublicationDesk(world.database, world.service.messenger).run()
    await tell(world)
    await deputy.expect("2026年10月的公示已备好")
    await deputy.tap("看公示")
    await deputy.tap("这个月不发")
    await deputy.expect("2026年10月的不发")
    await deputy.tap("看要发的")
    await deputy.tap("发出去")
    await remove_bot(world, group.chat_id)
    await world.dispatch()
    await tell(world)
    await deputy.expect("2026年10月的公示没发出去", "沈寨村务公开")
    await deputy.tap("看公示")
    assert "再发一次" in str(await deputy.buttons())


async def test_in_english(world: World) -> None:
    deputy = await world.staff("deputy")
    await deputy.send("/language")
    await deputy.tap("English")
    await deputy.send("/notice")
    await deputy.expect("Public notices", "Nobody has set where they are posted")
    await deputy.tap("See October 2026")
    await deputy.expect("October 2026: public notice of service", "In time: nothing to count")


async def tell(world: World) -> None:
    """Plan and send what is called for."""
    await Planner(world.database).run()
    await world.dispatch()


async def group_of(world: World, admin: Person, deputy: Person) -> Person:
    """Make a group with the bot in it, and return the admin there."""
    body = {**GROUP, "members": [admin.user_id, deputy.user_id]}
    async with world.http.post(f"{world.base}/control/groups", json=body) as response:
        group = await response.json()
    return Person(world.http, world.base, admin.user_id, group["id"])


async def became_supergroup(world: World, group: Person) -> Person:
    """Let a group become a supergroup, which is another chat, and return the same person there."""
    async with world.http.post(f"{world.base}/control/groups/{group.chat_id}/migrate", json={}) as response:
        return Person(world.http, world.base, group.user_id, (await response.json())["id"])


async def remove_bot(world: World, chat_id: int) -> None:
    """Take the bot out of a group."""
    async with world.http.post(f"{world.base}/control/groups/{chat_id}/bot", json={"status": "kicked"}) as response:
        assert response.status == 200, await response.text()
