"""The pictures of scorecards and targets: a village's card after an appeal, and a target beside its figure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

from models.rules import periods
from models.rules.appeals import AppealedPart, Effect
from models.rules.indicators.codes import IndicatorCode
from models.store import appeals, scorecards, targets
from models.store.appeals import Ruling
from tests.e2e.phone import Player
from tests.e2e.world import World, open_alone
from tests.factories.windows import closed

OCTOBER = periods.month_of(date(2026, 10, 1))
TODAY = date(2026, 11, 12)


@asynccontextmanager
async def township() -> AsyncIterator[World]:
    """Run the small township of the tests with an October that was scored, appealed against and scored again."""
    async with open_alone() as world:
        world.clock.move(timedelta(days=3))
        async with world.database.transaction() as session:
            for code, in_time, late in (("411728106201", 20, 20), ("411728106202", 52, 11)):
                await closed(session, code, in_time=in_time, late=late, closes_on=date(2026, 10, 20))
                await closed(session, code, in_time=30 + late, late=12, closes_on=date(2026, 11, 8))
            manager, deputy = world.actors["manager"], world.actors["deputy"]
            await scorecards.follow(session, manager.township_id, TODAY)
            await closed(session, "411728106201", in_time=41, late=0, closes_on=date(2026, 10, 21))
            part = AppealedPart.TIMELINESS
            made = await appeals.make(session, manager, OCTOBER, part, "大雨断网三天，记录后来补上的，请重算", 1)
            ruling = Ruling(Effect.RECOUNTED, "查实了，断网那几天的都补上了")
            await appeals.decide(session, deputy, made.id, ruling, 2, TODAY)
            await targets.set_for_year(session, deputy, IndicatorCode.TIMELINESS, 2026, 90, TODAY, 3)
            await targets.set_for_year(session, deputy, IndicatorCode.REPORTING, 2026, 95, TODAY, 4)
        yield world


async def card(player: Player) -> None:
    """Show the village's card of October."""
    await player.type("/scorecard")
    await player.sees("第 2 版")


async def figures(player: Player) -> None:
    """Show the township's figures, with the target beside one."""
    await player.type("/status")
    await player.sees("目标 90%")
