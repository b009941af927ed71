"""What every form can do: back, skip, cancel, resume, change, refuse."""

from __future__ import annotations

from models.store import drafts
from tests.e2e.chat import Person
from tests.e2e.world import World


async def _at_pressure(manager: Person) -> None:
    await manager.menu("🩺 报康检")
    await manager.tap("李红")
    await manager.tap("到了")
    await manager.expect("血压多少")


async def test_the_form_stays_in_one_message(manager: Person) -> None:
    await _at_pressure(manager)
    first = (await manager.last())["message_id"]
    await manager.send("128/82")
    await manager.expect("都对吗")
    assert (await manager.last())["message_id"] == first
    typed = [m for m in await manager.screen() if not m["from_bot"] and m["text"] == "128/82"]
    assert typed == []


async def test_wrong_input_says_what_was_wrong_and_asks_again(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.send("12882")
    await manager.expect("血压", "128/82", "您输入的是“12882”", "血压多少")
    await manager.send("82/128")
    await manager.expect("高压要比低压大")
    await manager.send("300/90")
    await manager.expect("60 到 260")
    await manager.send("１２８／８２")
    await manager.expect("都对吗", "128/82")


async def test_back_keeps_what_was_answered(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.tap("上一步")
    await manager.expect("结果怎样")
    await manager.tap("没见着")
    await manager.expect("都对吗", "没见着")


async def test_a_field_is_changed_at_the_review(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.send("128/82")
    await manager.tap("再加一项")
    await manager.tap("＋ 体重")
    await manager.expect("体重多少")
    await manager.send("62.5")
    await manager.expect("都对吗", "62.5 公斤")
    await manager.tap("✏️ 结果")
    await manager.tap("外出")
    await manager.expect("都对吗", "外出", absent=["62.5"])


async def test_skip(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.tap("跳过")
    await manager.expect("都对吗")


async def test_cancel_can_be_taken_back(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.tap("不填了")
    await manager.expect("没有保存", "李红")
    await manager.tap("接着填")
    await manager.expect("血压多少")
    await manager.send("120/80")
    await manager.expect("都对吗")
    await manager.send("/cancel")
    await manager.expect("没有保存")
    await manager.send("/cancel")
    await manager.expect("没有正在填的表")


async def test_double_tap_saves_once(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.send("128/82")
    await manager.expect("都对吗")
    message_id, data = await manager.button("保存")
    await manager.press(message_id, data)
    await manager.expect("已保存")
    assert await manager.press(message_id, data) == "已经保存过了，没有重复。"


async def test_an_old_button_says_that_the_form_moved_on(manager: Person) -> None:
    await manager.menu("🩺 报康检")
    await manager.expect("报谁")
    message_id, data = await manager.button("李红")
    await manager.press(message_id, data)
    await manager.expect("结果怎样")
    assert "往下走" in (await manager.press(message_id, data) or "")


async def test_other_work_does_not_lose_the_draft(world: World, manager: Person) -> None:
    await _at_pressure(manager)
    await manager.menu("📋 应访名单")
    await manager.expect("应访名单")
    await manager.send("/resume")
    await manager.expect("血压多少")
    await manager.send("126/80")
    await manager.expect("都对吗", "126/80")
    async with world.database.reading() as session:
        assert len(await drafts.list_open(session, manager.chat_id, manager.user_id)) == 1


async def test_search_by_initials_pinyin_and_phone(manager: Person) -> None:
    for query in ("wxy", "wangxiuying", "秀英"):
        await manager.send("/checkup")
        await manager.expect("报谁")
        await manager.send(query)
        await manager.expect(f"“{query}”找到 1 人")
        await manager.tap("王秀英 ·")
        await manager.expect("王秀英", "结果怎样")
        await manager.send("/cancel")
    await manager.send("/checkup")
    await manager.send("4321")
    await manager.expect("找到 1 人")
    await manager.tap("仇金丝雀")
    await manager.expect("结果怎样")


async def test_the_calendar_picks_a_day(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.send("128/82")
    await manager.tap("✏️ 日期")
    await manager.expect("哪天康检的")
    await manager.tap("选别的日子")
    await manager.tap("‹")
    await manager.tap("30")
    await manager.expect("都对吗", "10月30日")


async def test_weight_and_height_have_to_fit(manager: Person) -> None:
    await _at_pressure(manager)
    await manager.send("128/82")
    await manager.tap("再加一项")
    await manager.tap("＋ 体重")
    await manager.send("190")
    await manager.tap("再加一项")
    await manager.tap("＋ 身高")
    await manager.send("150")
    await manager.expect("身高", "体质指数", "84.4", "核对")
    await manager.send("185")
    await manager.expect("都对吗", "185 厘米", "肥胖")


async def test_a_lunar_date_is_echoed_with_its_day_until_another_is_given(manager: Person) -> None:
    await manager.menu("➕ 登记村民")
    await manager.send("吕春梅")
    await manager.tap("女")
    await manager.send("农历1956年二月初一")
    await manager.expect("1956年3月12日（农历二月初一）")
    await manager.tap("一组")
    await manager.tap("选好了")
    await manager.expect("都对吗", "1956年3月12日（农历二月初一）")
    await manager.tap("✏️ 出生日期")
    await manager.send("1956.3.13")
    await manager.expect("都对吗", "1956年3月13日", absent=["农历"])
