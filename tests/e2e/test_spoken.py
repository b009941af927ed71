"""Who types instead of touching is understood: the keys by name, the buttons of a form, a greeting."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.world import World


async def test_a_manager_types_what_is_on_the_buttons(manager: Person) -> None:
    await manager.send("你好")
    await manager.expect("您好！", "点屏幕下方的按钮")
    await manager.send("报康检")
    await manager.expect("📝 康检", "报谁")
    await manager.send("不填了")
    await manager.expect("没有保存")
    await manager.send("我要登记")
    await manager.expect("📝 登记村民", "姓名")
    await manager.send("钱多多")
    await manager.send("上一步")
    await manager.expect("姓名")
    await manager.send("钱多多")
    await manager.send("女")
    await manager.send("跳过")  # the birth date
    await manager.expect("哪个村民组")
    await manager.send("跳过")
    await manager.send("选好了")
    await manager.send("跳过")  # the phone
    await manager.expect("都对吗", "钱多多")
    await manager.send("128")
    await manager.expect("这里不用打字")
    await manager.send("对")
    await manager.expect("已登记", "钱多多")
    await manager.send("打错了")
    await manager.expect("我报的")
    await manager.send("谢谢")
    await manager.expect("有事随时说")


async def test_a_name_in_letters_comes_first(manager: Person) -> None:
    await manager.send("/language")
    await manager.tap("English")
    await manager.send("lh")  # 李红
    await manager.expect("1 person found")
    await manager.send("why")
    await manager.expect("don't remember the last one")
    await manager.send("due list")
    await manager.expect("Due list", "大王庄")


async def test_a_leader_is_answered_civilly(world: World) -> None:
    leader = await world.staff("leader")
    for words, answer in (
        ("您好", "您好！想问什么"),
        ("为什么", "记不住上一句"),
        ("什么破玩意", "对不起，没帮上忙"),
        ("你是谁", "一个程序，不是人"),
        ("待办", "没有待办的事"),
        ("应访名单", "只报人数，不报是谁"),
        ("会上定的事办了没有", "/decisions"),
        ("这数准不准", "/define"),
        ("上访的有几个", "不记，也不查"),
        ("预算还剩多少", "经费、预算这里不记"),
        ("为什么这个月按时率低了", "为什么，数里看不出来"),
    ):
        await leader.send(words)
        await leader.expect(answer)
