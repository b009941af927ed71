"""Plain questions in the chat: how one was understood, the figure, what else may be meant; counts only."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.world import World


async def test_a_leader_asks_on(world: World) -> None:
    leader = await world.staff("leader")
    await leader.send("现在怎么样")
    await leader.expect("您问的是：沈寨镇，2026年11月，总的情况")
    await leader.expect("📊 沈寨镇", "截至", absent=["王秀英"])
    await leader.send("哪个村预期最多")  # 逾期, as an input method has it
    await leader.expect("您问的是：沈寨镇，2026年11月，逾期没访：最多的村", "截至 11月9日", absent=["王秀英"])
    await leader.tap("各村")
    await leader.expect("您问的是：沈寨镇各村，2026年11月，逾期没访")
    await leader.send("dwz上个月康检到了多少")
    await leader.expect("您问的是：大王庄，2026年10月，来康检", "单月才有康检，2026年10月没有。下面是2026年9月那次的")
    await leader.send("康检来了多少")
    await leader.expect("您问的是：沈寨镇，2026年11月，来康检", "没说哪个月")
    await leader.tap("这个数怎么算")
    await leader.expect("“来康检”怎么算", "没有目标")
    await leader.send("昨天访了多少")
    await leader.expect("2026年11月8日", "只能按整月数", "人次")
    await leader.send("及时率跟上个月比")
    await leader.expect("按时随访：2026年11月跟2026年10月比", "还没过完")
    await leader.send("谁还没报")
    await leader.expect("您问的是：沈寨镇，哪些村康检还没报", "都报了")
    await leader.send("下次联席会是哪天")
    await leader.expect("您问的是：沈寨镇，下次联席会议", "👥 2026年")
    await leader.send("小李村下次康检是几号")
    await leader.expect("您问的是：小李村，下次康检", "🩺 11月9日")
    await leader.send("大王庄今年怎么样")
    await leader.expect("您问的是：大王庄，2026年，总的情况")


async def test_what_is_not_answered_is_said_with_what_is(world: World) -> None:
    leader = await world.staff("leader")
    for words, why in (
        ("谁逾期了把名字给我", "只报人数"),
        ("哪些妇女怀孕了", "不记"),
        ("今年出生指标完成多少", "不设生育指标"),
        ("上环任务完成多少", "不设任务"),
        ("社会抚养费收了多少", "2021年已经取消"),
        ("今天天气怎么样", "没看懂“今天天气怎么样”"),
    ):
        await leader.send(words)
        await leader.expect(why, "可以这样问", absent=["王秀英"])


async def test_a_manager_asks_without_losing_the_search(world: World, manager: Person) -> None:
    await manager.send("王秀英")
    await manager.expect("找到 1 人")
    await manager.send("逾期多少")
    await manager.expect("您问的是：沈寨镇", "逾期", "人次", "这里只看得到大王庄的数")
    await manager.send("小李村逾期多少")
    await manager.expect("小李村的数不归您看")
    await manager.send("谁怀孕了")
    await manager.expect("不记，也不报")
    await manager.send("天气")
    await manager.expect("没看懂“天气”")


async def test_a_group_gets_an_answer_only_when_it_asks_the_bot(world: World) -> None:
    body = {"title": "联席会议", "members": [1005, 1001], "bot_is_admin": True}
    await world.staff("leader")
    await world.staff("manager")
    async with world.http.post(f"{world.base}/control/groups", json=body) as response:
        group = await response.json()
    manager = Person(world.http, world.base, 1001, group["id"])
    await manager.send("哪个村逾期最多")
    await manager.silence()
    await manager.send("/ask 大王庄还有多少没访")
    said = await manager.expect("您问的是：大王庄，2026年11月，待访", "不显示", absent=["王秀英"])  # 1 to 9
    await manager.send("@suifang_demo_bot 小李村逾期多少")
    await manager.expect("您问的是：小李村", absent=["不归您看"])
    await manager.reply(said["message_id"], "谁还没报")
    await manager.expect("都报了")
    await manager.send("/ask 王秀英的血压是多少")
    await manager.expect("只报人数", absent=["王秀英"])


async def test_in_english(world: World) -> None:
    leader = await world.person(1005, "leader", "en")
    await leader.send("/language")
    await leader.tap("English")
    await leader.send("overdue by village last quarter")
    await leader.expect("You asked: 沈寨镇 by village, Q3 2026, Overdue", "only known as of today")
    await leader.send("whats timeliness mean")
    await leader.expect("You asked: how “In time” is counted")
    await leader.send("/ask")
    await leader.expect("which village has the most overdue")
    await leader.send("tell me a joke")
    await leader.expect("was not understood", "You can ask like this")
