"""Results dictated into the open roster: read back, asked about, taken back, counted by list number."""

from __future__ import annotations

from datetime import timedelta

from models.rules.locking import LOCK_DAYS
from tests.e2e.chat import Person
from tests.e2e.rosters import enlist
from tests.e2e.world import World


async def test_a_message_of_results_is_noted_asked_about_and_taken_back(world: World, manager: Person) -> None:
    await enlist(world, "李红", "赵秀兰", "钱建国")
    await manager.send("王秀英 128/82")
    await manager.expect("没看懂")  # no roster is open
    await manager.menu("✋ 康检名册")
    await manager.expect("大王庄康检名册", "共 7 位")
    await manager.send(
        "王秀英 128/82\n李红 135 88 体重62\nsgq 188/112 血糖5.6；赵秀兰 没来\n"
        "钱建国 12882\n周无同意 到\n没有这人 120/80"
    )
    told = await manager.expect(
        "记上了 3 位", "王秀英：128/82", "单国强：188/112、空腹血糖 5.6 mmol/L", "马上转诊", "赵秀兰：✗ 没来"
    )
    assert "第 4 行 ❓ “12882”：是 128/82 吗" in told["text"]
    assert "第 6 行 ❓ “没有这人 120/80”：没找到" in told["text"]
    await manager.expect("第 2 行 ❓ “李红 135 88 体重62”：不止一位")
    await manager.expect("第 5 行 ❓ “周无同意 到”：不在名册上")
    who, data = await manager.button("李红 · 1950")
    await manager.tap("李红 · 1950")
    await manager.expect("记上了 1 位", "李红：135/88、体重 62 公斤")
    await manager.press(who, data)
    await manager.expect("李红：✓ 到了", absent=["原来"])
    await manager.tap("➕ 周无同意")
    await manager.expect("记上了 1 位", "周无同意：✓ 到了")
    await manager.send("1 130/85\n2 外出")
    await manager.expect("记上了")
    undone = await manager.button("↩️ 这次的不算")
    await manager.tap("↩️ 这次的不算")
    await manager.expect("收回了，2 位跟原来一样")
    await manager.press(*undone)
    await manager.expect("收回了，0 位")
    await manager.send("王秀英 130/84")
    await manager.expect("王秀英：130/84", "原来是 128/82，改了")
    await manager.send("赵秀兰 120/80\n钱建国 82/128")
    await manager.expect("一位都没记上", "赵秀兰：名册上记的是没来", "高压要比低压大")
    await manager.send("王")
    await manager.expect("“王”：1 位")


async def test_a_slip_in_a_line_is_told_and_a_number_alone_is_looked_for(manager: Person) -> None:
    await manager.menu("✋ 康检名册")
    await manager.expect("大王庄康检名册")
    await manager.send("1 130/")
    said = await manager.expect("一位都没记上：", "“130/”", "128/82")
    assert "第 1 行" not in said["html"]
    await manager.send("1")
    await manager.expect("大王庄康检名册", "“1”：1 位")


async def test_a_closed_day_says_how_to_note_more(world: World, manager: Person) -> None:
    await manager.menu("✋ 康检名册")
    await manager.expect("大王庄康检名册")
    await close(manager)
    await manager.expect("已收工")
    await manager.send("王秀英 128/82")
    await manager.expect("11月9日", "已经收工，刚才这些没记上", "先重新打开，再发一遍")
    await manager.tap("🔓 重新打开")
    await manager.expect("大王庄康检名册")
    await manager.send("王秀英 128/82")
    await manager.expect("记上了 1 位", "王秀英：128/82")
    await close(manager)
    world.clock.move(timedelta(days=LOCK_DAYS + 1))
    await manager.menu("✋ 康检名册")
    await manager.expect("已收工")
    await manager.send("王秀英 130/84")
    said = await manager.expect("收工太久了，刚才这些没记上", "请乡所重新打开")
    assert "reply_markup" not in said


async def close(manager: Person) -> None:
    """Close the day whatever is left."""
    await manager.tap("🏁 收工")
    await manager.expect("还有")
    await manager.tap("先空着")
    await manager.expect("收工前再看一眼")
    await manager.tap("收工上报")


async def test_in_a_group_no_roster_is_shown_and_nothing_dictated_is_read(world: World, manager: Person) -> None:
    await manager.menu("✋ 康检名册")
    await manager.expect("大王庄康检名册")
    body = {"title": "大王庄", "members": [manager.user_id], "bot_is_admin": True}
    async with world.http.post(f"{world.base}/control/groups", json=body) as response:
        group = await response.json()
    aloud = Person(world.http, world.base, manager.user_id, group["id"])
    await aloud.send("王秀英 128/82\n李红 外出")
    await aloud.silence()
    await aloud.send("/roster")
    await aloud.expect("这里说的都是个人的事", absent=["王秀英", "李红"])
    await manager.menu("✋ 康检名册")
    await manager.expect("大王庄康检名册", "□没点 4", absent=["✓到 1", "量了"])


async def test_it_speaks_english(manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("/roster")
    await manager.expect("Check-up roster")
    await manager.send("Wang Xiuying bp 128/82 weight 62kg\nlihong away")
    await manager.expect("Noted for 2 people", "王秀英: 128/82, Weight 62 kg")
    await manager.tap("Take it back")
    await manager.expect("2 people are as before")
