"""The public notice in a channel: the right to post taken away and given back, a lost answer, nobody answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from scheduler.publication_desk import PublicationDesk
from tests.e2e.chat import Person
from tests.e2e.test_calendar import content
from tests.e2e.test_publications import tell
from tests.e2e.test_status import visited
from tests.e2e.world import World

NAME = "@shenzhai_gongshi"
LOST = {"kind": "lost", "method": "sendPhoto"}


async def test_a_notice_in_a_channel(world: World) -> None:
    await visited(world, "411728106201", in_time=42, late=10, closes_on=date(2026, 10, 20))
    deputy, admin, reader = await world.staff("deputy"), await world.staff("admin"), await world.person(1900, "村民")
    channel = await channel_of(world, admin, reader)

    await stand(world, channel, "administrator", can_post_messages=False)
    assert "不能发消息" in await place(world, admin)
    await stand(world, channel, "administrator")
    assert "以后每月的公示发到“沈寨镇公示”" in await place(world, admin)

    await deputy.expect("2026年10月的公示已备好")
    await deputy.tap("看公示")
    shown = await deputy.expect("沈寨镇 2026年10月 服务公示", "按时随访：80.8%")
    await stand(world, channel, "administrator", can_post_messages=False)
    await deputy.tap("发出去")
    await deputy.expect("这就发到“沈寨镇公示”")
    assert await world.dispatch() == 0
    await tell(world)
    await deputy.expect("没发出去", "“沈寨镇公示”不让机器人发消息了", "让它当管理员，准它发消息", "再发一次")
    assert await channel.screen() == []

    await stand(world, channel, "administrator")
    await deputy.tap("看公示")
    await deputy.tap("再发一次")
    assert await world.dispatch() == 1
    posted = await channel.last()
    assert "按时随访：80.8%（52 个里 42 个）" in posted["html"]
    assert content(world, posted) == content(world, shown), "what was approved before is what is posted"
    await tell(world)
    assert "这就发到" in (await deputy.last())["text"], "nothing is told any more"
    await deputy.send("/notice")
    await deputy.tap("2026年10月")
    await deputy.expect("按时随访：80.8%")


async def test_whether_it_arrived_is_asked_where_the_answer_was_lost(world: World) -> None:
    deputy, admin, reader = await world.staff("deputy"), await world.staff("admin"), await world.person(1900, "村民")
    channel = await channel_of(world, admin, reader)
    await place(world, admin)
    await deputy.tap("看公示")
    await deputy.expect("2026年10月 服务公示")
    await control(world, "faults", LOST)
    await deputy.tap("发出去")
    await world.dispatch()
    await tell(world)
    await deputy.expect("不知道发出去没有", "到“沈寨镇公示”里看一眼")
    await world.dispatch()
    assert len(await channel.screen()) == 1, "it is not posted by itself once more"
    await deputy.tap("看公示")
    again = await deputy.button("再发一次")
    there = await deputy.button("已经在那里")
    await deputy.press(*there)
    await deputy.expect("2026年10月的公示已经发在“沈寨镇公示”里")
    for tap in (there, again):
        assert "已经有人点过了" in (await deputy.press(*tap) or "")
    await tell(world)
    assert len(await channel.screen()) == 1
    await reader.silence()
    await deputy.send("/notice")
    await deputy.expect("发过的都在这里")
    assert "2026年10月" in await deputy.buttons()


async def test_nothing_that_is_said_in_a_channel_is_answered(world: World) -> None:
    admin, reader = await world.staff("admin"), await world.person(1900, "村民")
    channel = await channel_of(world, admin, reader)
    described = {"id": channel.chat_id, "type": "channel", "title": "沈寨镇公示"}
    post = {"message_id": 5, "sender_chat": described, "chat": described, "date": 1, "text": "/status"}
    user = {"id": admin.user_id, "is_bot": False, "first_name": "苏"}
    tap = {"id": "9", "from": user, "message": {**post, "text": "x"}, "chat_instance": "1", "data": "status"}
    for update in (
        {"channel_post": post},
        {"edited_channel_post": {**post, "edit_date": 2}},
        {"callback_query": tap},
        {"message": {**post, "from": user, "is_automatic_forward": True, "chat": {**described, "type": "supergroup"}}},
    ):
        await control(world, "updates", {"update": update})
    await admin.send("/notice")
    await admin.expect("还没有发过")
    assert await channel.screen() == []


async def channel_of(world: World, owner: Person, reader: Person) -> Person:
    """Make a channel with the bot as an admin, and return who reads it."""
    body = {"title": "沈寨镇公示", "username": NAME, "members": [owner.user_id, reader.user_id]}
    made = await control(world, "channels", body)
    return Person(world.http, world.base, reader.user_id, made["id"])


async def stand(world: World, channel: Person, status: str, **rights: bool) -> None:
    """Change what the bot is in the channel."""
    await control(world, f"channels/{channel.chat_id}/bot", {"status": status, **rights})


async def place(world: World, admin: Person) -> str:
    """Ask for the channel as the place of the notice; return what the admin is told."""
    world.clock.move(timedelta(seconds=1))
    await admin.send(f"/notice {NAME}")
    await admin.expect("马上私下告诉您")
    assert await PublicationDesk(world.database, world.service.messenger).run() == 1
    await tell(world)
    return str((await admin.last())["text"])


async def control(world: World, path: str, body: dict[str, Any]) -> Any:
    """Call the control API."""
    async with world.http.post(f"{world.base}/control/{path}", json=body) as response:
        assert response.status == 200, await response.text()
        return await response.json()
