"""Reports typed in one line: the form's review, and one tap to save."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import residents
from models.store.residents import Registration
from models.tables.visits import Visit
from tests.e2e.chat import Person
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


@EVERYWHERE
async def test_a_visit_in_a_line_and_a_tap(manager: Person) -> None:
    await manager.send("随访 王秀英 血压128/82 规律服药 下次三个月后")
    await manager.expect(
        "随访 · 王秀英",
        "高血压随访",
        "血压：128/82",
        "服药：按时吃",
        "下次日期：2027年2月9日",
        "都对吗？",
        absent=["❓"],
    )
    message, save = await manager.button("✅ 保存")
    await manager.tap("✅ 保存")
    await manager.expect("王秀英", "128/82", "2月9日")
    assert (manager.typed, manager.taps) == (1, 1)
    assert await manager.press(message, save) == "已经保存过了，没有重复。"


async def test_what_is_said_of_a_check_up_and_what_is_asked(world: World, manager: Person) -> None:
    await _second_li_hong(world)
    await manager.send("康检 wxy 没来")
    await manager.expect("康检 · 王秀英", "没见着", "都对吗")
    await manager.send("康检 李红 到 135 88 心情好")  # the first is not saved yet, and waits
    await manager.expect("❓ “心情好”：没看懂", "“李红”找到 2 人", "报谁")
    await manager.tap("李红 · 1975")
    await manager.expect("康检 · 李红", "到了", "血压：135/88", "❓ “心情好”", "都对吗")
    await manager.tap("✅ 保存")
    await manager.expect("李红", "135/88")
    await manager.send("/resume")
    await manager.expect("康检 · 王秀英", "没见着", "都对吗")
    await manager.tap("✅ 保存")
    await manager.expect("王秀英", "没见着")
    await manager.send("康检 gjsq 规律服药 到\n康检 没人叫这个 到\n随访 周无同意 没找到")
    await manager.expect("❗", "周无同意", "没有您能报的服务项目")
    await manager.expect("报谁", "❓ “gjsq”：没找到这个人", "❓ “规律服药”")
    await manager.expect("报谁", "❓ “没人叫这个”：没找到这个人")


async def test_limits_refuse_warn_and_refer_as_in_the_form(manager: Person) -> None:
    await manager.send("随访 王秀英 血压188/112 体温36.5度 体重620 昨天 12345")
    await manager.expect(
        "马上转诊！", "血压：188/112", "是公斤还是斤", "12345”", "体温 36.5 ℃：这里不记这一项", "日期：11月8日"
    )
    await manager.tap("🚨 保存并转诊")
    await manager.expect("188/112")
    await manager.send("随访 王秀英 82/128 规律服药 下次五年后")
    await manager.expect("高压要比低压大", "太远了", "按时吃", absent=["82/128\n▫"])
    await manager.tap("不填了")
    await manager.send("随访 王秀英")
    await manager.expect("随访 · 王秀英", "结果怎样")
    await manager.send("康检到了多少人")  # the open question takes what is typed
    await manager.expect("结果")


async def test_an_open_question_takes_the_words_and_a_group_never_does(world: World, manager: Person) -> None:
    await manager.send("随访 王秀英 128/82")
    await manager.tap("再加一项")
    await manager.tap("＋ 备注")
    await manager.send("随访 王秀英 没找到")
    await manager.expect("备注：随访 王秀英 没找到", "血压：128/82", "都对吗")
    await manager.tap("✅ 保存")
    await manager.expect("128/82", "下次")
    assert await _visits(world) == 1
    leader = await world.staff("leader")
    await leader.send("随访 王秀英 128/82")
    await leader.expect("没看懂")


async def test_it_speaks_english(manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("visit Wang Xiuying bp 128/82 regular next in 3 months")
    await manager.expect("王秀英", "128/82", "9 Feb 2027")
    await manager.tap("Save")
    await manager.expect("Saved")


async def _second_li_hong(world: World) -> None:
    async with world.database.transaction() as session:
        wanted = Registration(
            "李红", Sex.FEMALE, date(1975, 3, 3), consents=frozenset(Purpose), programmes=("checkup",)
        )
        await residents.register(session, world.actors["manager"], wanted)


async def _visits(world: World) -> int:
    async with world.database.transaction() as session:
        of_person = select(func.count()).where(Visit.resident_id == world.people["王秀英"])
        return int(await session.scalar(of_person))
