"""A resident who was seen is asked how it was when she looks at her own dates, and answers by one tap."""

from __future__ import annotations

from models.rules.outcomes import Outcome
from models.store import checkups
from models.store.reports import CheckupReport
from tests.e2e.chat import Person
from tests.e2e.test_own import HERS, NEUTRAL, _code
from tests.e2e.world import World


async def test_a_tap_answers_and_nobody_is_asked_twice(world: World, manager: Person) -> None:
    hers = await world.person(HERS, "秀英")
    await hers.send(await _code(manager))
    await hers.tap("是我，绑定")
    async with world.database.transaction() as session:
        report = CheckupReport(world.people["王秀英"], world.clock.now().date(), Outcome.ATTENDED)
        await checkups.report(session, world.actors["manager"], report)
    await hers.tap("提醒我")
    await hers.menu("👋 我的日子")
    await hers.expect("您觉得怎么样", "不记名", absent=NEUTRAL)
    await hers.tap("满意")
    await hers.expect("没有记是谁答的")
    await hers.menu("👋 我的日子")
    await hers.expect("王秀英，您好", absent=["您觉得怎么样"])
    await hers.send("/language")
    await hers.tap("English")
    leader = await world.staff("leader")
    await leader.send("满意度多少")
    await leader.expect("满意度", "不显示")
