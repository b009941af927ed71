"""Results dictated in one message: kept on the roster's lines, and taken back together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.rules.rosters import Mark
from models.store import dictations, housekeeping, rosters
from models.store.database import Database
from models.store.dictations import Told
from models.store.errors import Conflict, NotFound
from models.store.reports import Measures
from tests.factories.world import World
from tests.integration.store.test_rosters import CALM, HIGH, by_name, opened, populate, say

WEIGHT = Measures(weight=620)


async def test_what_was_told_is_kept_and_taken_back_but_for_what_was_changed_since(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        await populate(session, world, "王秀英", "单国强", "李红", "白梅")
        roster = await say(session, world, await opened(session, world), 李红=Mark.AWAY, 白梅=Mark.ATTENDED)
        line = {name: found.id for name, found in by_name(roster).items()}
        await rosters.measure(session, world.manager, line["白梅"], CALM)
        told = [
            Told(line["王秀英"], None, HIGH),
            Told(line["单国强"], Outcome.NOT_REACHED),
            Told(line["李红"], None, CALM),
            Told(line["白梅"], Outcome.ATTENDED, WEIGHT),
        ]
        done = await dictations.keep(session, world.manager, roster.day.id, told)
        assert [(kept.line.resident.name, kept.line.outcome) for kept in done.kept] == [
            ("王秀英", Outcome.ATTENDED),
            ("单国强", Outcome.NOT_REACHED),
            ("白梅", Outcome.ATTENDED),
        ]
        assert [(each.line.resident.name, each.code) for each in done.refused] == [("李红", "marked_otherwise")]
        assert done.kept[2].line.measures == Measures(sbp=128, dbp=82, weight=620)
    async with database.transaction() as session:
        lines = by_name(await rosters.open_day(session, world.manager, roster.day.id))
        await rosters.mark(session, world.manager, line["单国强"], Mark.DECLINED, lines["单国强"].version)
        assert await dictations.take_back(session, world.manager, done.id) == (2, 1)
        assert await dictations.take_back(session, world.manager, done.id) == (0, 0)
        lines = by_name(await rosters.open_day(session, world.manager, roster.day.id))
        assert (lines["王秀英"].mark, lines["王秀英"].measures) == (None, Measures())
        assert (lines["单国强"].mark, lines["白梅"].measures) == (Mark.DECLINED, CALM)
    clock.move(timedelta(days=2))
    async with database.transaction() as session:
        assert (await housekeeping.tidy(session))["dictations"] == 1


async def test_who_came_after_all_is_marked_and_measured_in_one(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await populate(session, world, "王秀英")
        roster = await say(session, world, await opened(session, world), 王秀英=Mark.ABSENT)
        told = Told(roster.lines[0].id, Outcome.ATTENDED, CALM)
        done = await dictations.keep(session, world.manager, roster.day.id, [told])
        assert (done.kept[0].line.outcome, done.kept[0].line.measures) == (Outcome.ATTENDED, CALM)


async def test_it_is_taken_back_by_who_told_it_and_soon(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await populate(session, world, "王秀英")
        roster = await opened(session, world)
        told = [Told(roster.lines[0].id, None, CALM)]
        done = await dictations.keep(session, world.manager, roster.day.id, told)
        with pytest.raises(Conflict, match="not_yours"):
            await dictations.take_back(session, world.clinic, done.id)
        with pytest.raises(NotFound):
            await dictations.take_back(session, world.neighbour, done.id)
        with pytest.raises(AccessDenied):
            await dictations.keep(session, world.leader, roster.day.id, told)
        with pytest.raises(NotFound):
            await dictations.keep(session, world.neighbour, roster.day.id, told)
    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await dictations.take_back(session, world.manager, done.id)
