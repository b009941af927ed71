"""A dangerous value can't be overlooked: refer now, the clinic's answer, and seen again."""

from __future__ import annotations

from datetime import timedelta

from tests.e2e.chat import Person, plain
from tests.e2e.conftest import EVERYWHERE
from tests.e2e.world import World


async def _card(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(f"{name} ·")
    await person.expect(f"👤 {name}")


async def _dangerous(manager: Person) -> None:
    """Report a check-up with a pressure of 186/112."""
    await manager.send("/checkup")
    await manager.tap("王秀英")
    await manager.tap("到了")
    await manager.send("186/112")
    review = await manager.expect("马上转诊", "都对吗")
    assert plain(review["html"]).startswith("🚨🚨 马上转诊！血压 186/112 🚨🚨")
    assert "<b>马上转诊" in review["html"]
    await manager.tap("🚨 保存并转诊")
    receipt = await manager.expect("马上转诊", "186/112", "已保存")
    assert (await manager.buttons(receipt))[0] == "📨 转诊到乡所"


@EVERYWHERE
async def test_a_dangerous_value_leads_to_a_referral_in_two_taps(world: World, manager: Person) -> None:
    await _dangerous(manager)
    manager.taps = 0
    await manager.tap("转诊到乡所")
    await manager.expect("转诊到乡所", "王秀英", "情况危急", "今天就去", "愿意去", "都对吗")
    await manager.tap("保存")
    await manager.expect("已保存", "王秀英", "已告诉乡所", "11月9日")
    assert manager.taps <= 2
    await _card(manager, "王秀英")
    await manager.expect("🚨 血压过高，11/23 前复查", "已转诊乡所")
    await manager.send("/due")
    await manager.expect("🚨 1. 王秀英", "最晚 11/23")

    clinic = await world.staff("clinic")
    await clinic.send("/referrals")
    await clinic.expect("等答复的转诊（1 人）", "🚨 1. 王秀英", "大王庄")
    await clinic.tap("王秀英")
    await clinic.expect("情况危急", "等答复")
    await clinic.tap("答复")
    await clinic.expect("人看得怎么样")
    await clinic.tap("没来")
    await clinic.expect("还留在名单上")
    await clinic.tap("保存")
    await clinic.expect("已答复", "已 1 次没来", "等答复")
    await clinic.tap("转诊名单")
    await clinic.tap("王秀英")
    await clinic.tap("答复")
    await clinic.tap("已治疗")
    await clinic.tap("再加一项")
    await clinic.tap("备注")
    await clinic.send("降压药加量")
    await clinic.tap("保存")
    await clinic.expect("已答复", "已治疗", "降压药加量")

    await manager.tap("看这次转诊")
    await manager.expect("答复：已治疗", "乡所说：降压药加量")
    await manager.tap("看这个人")
    await manager.expect("🚨 血压过高", "转诊：已治疗")
    world.clock.move(timedelta(days=2))
    await manager.send("/due")
    await manager.tap("王秀英")
    await manager.tap("到了")
    await manager.send("138/86")
    await manager.tap("没有")
    await manager.tap("保存")
    await manager.expect("已保存", "138/86", absent=["转诊"])
    await _card(manager, "王秀英")
    await manager.expect("👤 王秀英", absent=["🚨"])


async def test_who_does_not_want_to_go_is_not_reminded(world: World, manager: Person) -> None:
    await _card(manager, "李红")
    await manager.tap("转诊到乡所")
    await manager.tap("本人要求")
    await manager.expect("14 天以内去", "都对吗")
    await manager.tap("本人意愿")
    await manager.tap("不愿去")
    await manager.expect("不再提醒，不问原因", "也不算差错")
    await manager.tap("保存")
    await manager.expect("本人不愿去：不再提醒")
    await manager.tap("更正")
    await manager.expect("更正转诊到乡所", "不愿去")
    await manager.tap("本人意愿")
    await manager.tap("愿意去")
    await manager.tap("保存")
    await manager.expect("等答复")
    await manager.tap("转诊名单")
    await manager.expect("等答复的转诊（1 人）", "李红")
    await manager.tap("李红")
    await manager.tap("本人不愿去")
    await manager.expect("不再提醒，不问原因")
    await manager.send("/referrals")
    await manager.expect("没有等答复的转诊")


async def test_a_referral_is_undone_and_an_answer_corrected(world: World, manager: Person) -> None:
    await _dangerous(manager)
    await manager.tap("转诊到乡所")
    await manager.tap("保存")
    receipt = await manager.expect("已告诉乡所")
    clinic = await world.staff("clinic")
    await clinic.send("/referrals")
    await clinic.tap("王秀英")
    await clinic.tap("答复")
    await clinic.tap("看过了")
    await clinic.tap("保存")
    await clinic.expect("看过了")
    await clinic.tap("更正")
    await clinic.expect("更正答复转诊", "看过了")
    await clinic.tap("✏️ 答复")
    await clinic.tap("已住院")
    await clinic.tap("保存")
    await clinic.expect("已住院")
    await manager.tap("撤销", message_id=receipt["message_id"])
    assert "乡所已经答复了" in (manager.toast or "")
    await clinic.tap("撤销")
    await clinic.expect("已撤销", "回到原来的样子")
    await manager.tap("更正", message_id=receipt["message_id"])
    await manager.expect("更正转诊", "情况危急")
    await manager.tap("不填了")


async def test_in_english(world: World) -> None:
    english = await world.staff("clinic")
    await english.send("/language")
    await english.tap("English")
    await english.send("李红")
    await english.tap("李红 ·")
    await english.tap("Refer to clinic")
    await english.tap("Abnormal finding")
    await english.tap("Save")
    await english.expect("Saved", "waiting for the answer")
    await english.tap("Referrals")
    await english.tap("李红")
    await english.tap("Answer")
    await english.tap("Sent on")
    await english.tap("Save")
    await english.expect("Answered", "Sent on")
