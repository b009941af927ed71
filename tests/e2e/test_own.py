"""A resident asks for an account of their own: yes or no, dates, reminders, consents, and the end of it, by taps."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import select

from models.rules.clock import CHINA
from models.store import checkup_days
from models.tables.accounts import ResidentAccount, ResidentLink
from models.tables.staff import Staff
from scheduler.planner import Planner
from scheduler.sources import own
from tests.e2e.chat import Person, plain
from tests.e2e.world import World

HERS = 2001
NEUTRAL = ["王秀英", "康检", "血压", "高血压", "大王庄"]
"""What no reminder says."""


async def _code(manager: Person) -> str:
    """Let the manager make a code from the card of 王秀英; return it."""
    await manager.send("王秀英")
    await manager.tap("王秀英")
    await manager.tap("本人账号")
    await manager.expect("王秀英", "服务照旧")
    await manager.tap("生成链接")
    event = await manager.expect("请本人用自己的手机扫二维码", absent=["王秀英"])
    found = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", plain(event["html"]))
    assert found is not None
    return found[0]


async def _go_to(world: World, year: int, month: int, day: int, hour: int = 9) -> int:
    """Let it be that day in China, plan and send; returns how many messages."""
    world.clock.move(datetime(year, month, day, hour, tzinfo=CHINA) - world.clock.now())
    await Planner(world.database, (own.SOURCE,)).run()
    return await world.dispatch()


async def test_a_resident_opens_an_account_is_reminded_and_ends_it(world: World, manager: Person) -> None:
    hers = await world.person(HERS, "秀英")
    await hers.send(f"/start {await _code(manager)}")
    await hers.expect("大王庄的“随访”", "给 王** 本人", "先不开", "不绑定也没关系", absent=["王秀英"])
    await hers.tap("不用了")
    await hers.expect("链接作废了，什么都没记")
    async with world.database.reading() as session:
        assert await session.row(select(ResidentLink.id)) is None
        assert await session.row(select(Staff.id).where(Staff.telegram_user_id == HERS)) is None

    code = await _code(manager)
    clinic = await world.staff("clinic")
    await clinic.send(code)
    await clinic.expect("工作用的", "请换一个账号")
    await hers.send(code)
    await hers.tap("是我，绑定")
    await hers.expect("绑定好了")
    await hers.expect(
        "王秀英，您好（大王庄）", "11月9日 周一：村卫生室有人", "提醒：没开", "来不来由您", absent=NEUTRAL[1:4]
    )
    await hers.tap("提醒我")
    await hers.expect("提醒：开着，村里统一来的日子，提前 3 天和 1 天")
    assert await _go_to(world, 2027, 1, 7) == 0
    assert await _go_to(world, 2027, 1, 8, 7) == 0  # quiet hours
    assert await _go_to(world, 2027, 1, 8) == 1
    await hers.expect("1月11日 周一，村卫生室有人", "带上身份证", absent=NEUTRAL)

    async with world.database.transaction() as session:
        village = world.actors["manager"].village_id
        assert village is not None
        admin, day = world.actors["admin"], date(2027, 1, 9)
        await checkup_days.move(session, admin, village, day, date(2027, 1, 13), "weather")
    await _go_to(world, 2027, 1, 8, 10)
    await hers.expect("日子改了：原来 1月11日 周一，改到 1月13日 周三", absent=NEUTRAL)
    assert await _go_to(world, 2027, 1, 10) == 1
    await hers.expect("1月13日 周三，村卫生室有人", absent=NEUTRAL)
    async with world.database.transaction() as session:
        await checkup_days.cancel(session, admin, village, day, "staff")
    await _go_to(world, 2027, 1, 10, 11)
    await hers.expect("1月13日 周三 不用来了", absent=NEUTRAL)
    await hers.tap("不用提醒")
    await hers.expect("提醒：没开")

    await hers.tap("我同意过的")
    await hers.expect("随时可以收回", "健康")
    await hers.tap("收回：打电话")
    await hers.expect("已收回")
    await hers.tap("撤销")
    await hers.expect("随时可以收回")
    await hers.tap("收回：记录健康信息")
    await hers.expect("真要收回吗")
    await hers.tap("我的日子")
    await hers.menu("👋 我的日子")
    await hers.expect("王秀英，您好")
    await hers.send("/due")
    await hers.expect("不能做这个")
    await hers.tap("这不是我，或者不用了")
    await hers.expect("解除了", "也不再发消息")
    await hers.send("王秀英")
    await hers.expect("没有邀请码")
    async with world.database.reading() as session:
        assert await session.row(select(ResidentAccount.id)) is None
    await manager.send("王秀英")
    await manager.tap("王秀英")
    await manager.tap("本人账号")
    await manager.expect("还没有自己的账号")


async def test_whose_account_the_village_ends_is_told_and_whom_to_ask(world: World, manager: Person) -> None:
    hers = await world.person(HERS, "秀英")
    await hers.send(await _code(manager))
    await hers.tap("是我，绑定")
    await hers.expect("绑定好了")
    await manager.send("王秀英")
    await manager.tap("王秀英 ·")
    await manager.tap("本人账号")
    await manager.tap("解除账号")
    await world.dispatch()
    await hers.expect("绑定解除了", "请问一声村管理员", absent=["王秀英", *NEUTRAL])
    await hers.menu("👋 我的日子")
    await hers.expect("村民请找村管理员", absent=["王秀英"])


async def test_in_english(world: World, manager: Person) -> None:
    hers = await world.person(HERS, "Xiuying", "en")
    await hers.send(await _code(manager))
    await hers.expect("This link is for 王**", "If you would rather not, nothing else changes")
    await hers.tap("It's me")
    await hers.expect("Hello 王秀英", "Reminders: off")
    await hers.tap("Remind me")
    await hers.expect("Reminders: on")
    await manager.send("王秀英")
    await manager.tap("王秀英")
    await manager.tap("本人账号")
    await manager.tap("解除账号")
    await manager.expect("已解除 王秀英 的账号")
    await hers.send("/own")
    await hers.expect("No invite code?")
