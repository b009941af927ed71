"""The calendar: three months at a glance; a day is moved or cancelled, those concerned are told, lists follow."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from icalendar import Calendar
from PIL import Image

from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


def content(world: World, message: dict[str, Any]) -> bytes:
    """Return the file or picture of a message."""
    return world.server.files.contents[message["file"]["file_id"]]


@EVERYWHERE
async def test_a_day_is_moved_told_and_put_back(world: World, manager: Person) -> None:
    admin, clinic = await world.staff("admin"), await world.staff("clinic")
    await admin.send("/calendar")
    await admin.expect("2026年11月到2027年1月")
    await admin.expect(
        "沈寨镇 · 日历", "11月9日 周一 康检：大王庄、小李村", "1月11日 周一 康检：大王庄、小李村（暂定）"
    )
    await admin.tap("1/11 大王庄")
    await admin.expect("大王庄 · 康检", "2027年1月11日 周一", "固定日是 1月9日 周六", "暂定")
    await admin.tap("改日子")
    await admin.expect("改康检日 · 大王庄", "现在定在 1月11日 周一", "改到哪天")
    await admin.send("2027.3.20")
    await admin.expect("要在前后两次康检之间", "2月23日")
    await admin.tap("1月13日 周三")
    await admin.tap("场地")
    await admin.expect("都对吗", "改到：2027年1月13日 周三", "原因：场地")
    await admin.tap("保存")
    await admin.expect("已改期", "大王庄的康检：1月11日 周一 改到 1月13日 周三", "原因：场地")
    assert await world.dispatch() == 2
    for person in (manager, clinic):
        await person.expect("大王庄的康检改日子了：原来 1月11日 周一，改到 1月13日 周三", absent=["王秀英"])
    await manager.tap("看日历")
    await manager.expect("大王庄 · 日历", "1月13日 周三 康检（改过日子）", absent=["小李村"])
    await admin.tap("撤销")
    await admin.expect("大王庄 · 康检", "2027年1月11日 周一", absent=["改动原因"])
    await world.dispatch()
    await manager.expect("大王庄的康检照旧，还是 1月11日 周一")


async def test_a_manager_looks_and_takes_a_day_along(world: World, manager: Person) -> None:
    await manager.menu("🗓 日历")
    shown = await manager.expect("大王庄 · 2026年11月")
    picture = Image.open(BytesIO(content(world, shown)))
    assert picture.width == 1080
    assert picture.height < 2.4 * picture.width
    text = (await manager.expect("大王庄 · 日历", "11月9日 周一 康检", "联席会议", "1月1日 周五 到 1月3日"))["text"]
    assert "点日子，可以加到手机日历里" in text
    await manager.tap("11/9 康检")
    await manager.expect("大王庄 · 康检", "2026年11月9日 周一")
    assert not any("改日子" in label for label in await manager.buttons())
    await manager.tap("加到手机日历")
    sent = await manager.expect("点开文件")
    event = next(iter(Calendar.from_ical(content(world, sent)).walk("VEVENT")))
    assert (str(event["summary"]), event["dtstart"].dt.isoformat(), event["sequence"]) == (
        "大王庄康检",
        "2026-11-09",
        0,
    )
    await manager.tap("‹ 日历")
    await manager.expect("大王庄 · 日历")


async def test_a_cancelled_day_leaves_the_lists(world: World, manager: Person) -> None:
    admin = await world.staff("admin")
    await admin.send("/calendar")
    await admin.tap("1/11 大王庄")
    await admin.tap("取消这次")
    await admin.tap("天气")
    await admin.tap("保存")
    await admin.expect("已取消", "大王庄 1月11日 周一 的康检这次不办", "原因：天气")
    await world.dispatch()
    await manager.expect("大王庄 1月11日 周一 的康检取消了")
    await manager.send("李红")
    await manager.tap("李红 ·")
    await manager.tap("报康检")
    await manager.tap("到了")
    await manager.send("120/80")
    await manager.tap("保存")
    await manager.expect("已保存", "李红", "2027年3月9日")


async def test_a_meeting_is_moved_cancelled_and_put_back(world: World, manager: Person) -> None:
    admin = await world.staff("admin")
    await admin.send("/calendar")
    await admin.tap("12/7 联席会议")
    await admin.expect("联席会议 · 沈寨镇", "12月7日 周一 09:00")
    await admin.tap("改时间")
    await admin.expect("改会议时间", "现在定在 12月7日 周一 09:00")
    await admin.tap("12月9日 周三")
    await admin.tap("有别的公务")
    await admin.tap("✏️ 几点")
    await admin.tap("15:00")
    await admin.tap("保存")
    await admin.expect("已改时间", "12月7日 09:00 改到 12月9日 15:00", "有别的公务")
    await world.dispatch()
    await manager.expect("联席会议改到 12月9日 周三 15:00")
    await admin.tap("撤销")
    await admin.expect("12月7日 周一 09:00", absent=["有别的公务"])
    await world.dispatch()
    await manager.expect("联席会议改到 12月7日 周一 09:00")
    for _ in range(2):
        await admin.tap("这次不开")
        await admin.tap("天气不好")
        await admin.tap("保存")
        await admin.expect("已取消", "12月7日 09:00 的联席会议不开了")
        await world.dispatch()
        await manager.expect("12月7日 周一 的联席会议不开了")
        await admin.tap("撤销")
        await admin.expect("12月7日 周一 09:00", absent=["这次不开了"])
        await world.dispatch()
        await manager.expect("联席会议照常开：12月7日 周一 09:00")


async def test_in_english(world: World) -> None:
    admin = await world.staff("admin")
    await admin.send("/language")
    await admin.tap("English")
    await admin.send("/calendar")
    await admin.expect("沈寨镇 · Calendar", "Mon 9 Nov Check-up: 大王庄, 小李村", "Days off (provisional)")
    await admin.tap("11 Jan 小李村")
    await admin.tap("Cancel it")
    await admin.tap("Staff")
    await admin.tap("Save")
    await admin.expect("Cancelled", "There is no check-up of 小李村 on Mon 11 Jan", "Why: Staff")
