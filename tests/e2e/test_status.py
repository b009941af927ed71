"""The leader asks for status: counts by village, never a name."""

from __future__ import annotations

from tests.e2e.chat import Person
from tests.e2e.test_visit import test_from_the_due_list_in_at_most_six_taps as report_a_visit
from tests.e2e.world import World


async def test_counts_by_village(world: World, manager: Person) -> None:
    leader = await world.staff("leader")
    await leader.send("/status")
    await leader.expect(
        "沈寨镇", "2026年11月", "另有 2 个村，样样都少于10：大王庄、小李村", absent=["王秀英", "待访 7"]
    )
    clinic = await world.staff("clinic")
    await clinic.send("/status")
    await clinic.expect("大王庄：待访 7，已访 0", "小李村：待访 1，已访 0", absent=["王秀英"])
    await report_a_visit(world, manager)
    await clinic.tap("刷新")
    await clinic.expect("大王庄：待访 6，已访 1")


async def test_other_months(world: World) -> None:
    leader = await world.staff("leader")
    await leader.send("/status")
    await leader.expect("2026年11月")
    await leader.tap("2026年10月")
    await leader.expect("2026年10月", "这个月已访", absent=["待访"])


async def test_a_leader_gets_no_list_of_people(world: World) -> None:
    leader = await world.staff("leader")
    for words in ("/due", "/checkup", "/visit", "/register"):
        await leader.send(words)
        await leader.expect("不能做这个")


async def test_a_group_gets_counts_only(world: World) -> None:
    body = {"title": "联席会议", "members": [1005, 1001], "bot_is_admin": True}
    leader = await world.staff("leader")
    await world.staff("manager")
    async with world.http.post(f"{world.base}/control/groups", json=body) as response:
        group = await response.json()
    in_group = Person(world.http, world.base, 1005, group["id"])
    await in_group.send("/status")
    await in_group.expect("沈寨镇", "待访 不显示", absent=["王秀英"])
    manager_there = Person(world.http, world.base, 1001, group["id"])
    await manager_there.send("/status")
    await manager_there.expect("另有 1 个村，样样都少于10：大王庄", "待访 不显示")
    await manager_there.send("/due")
    await manager_there.expect("私下", absent=["王秀英"])
    assert leader.user_id == 1005


async def test_a_manager_counts_only_what_a_manager_may_know(manager: Person) -> None:
    await manager.send("/status")
    await manager.expect("大王庄：待访 6")  # the seventh is antenatal: the clinic's alone
