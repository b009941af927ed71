"""Who was absent from a check-up day becomes a due follow-up, then overdue, then an alert; who declined never does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from models.rules.clock import MovableClock
from models.rules.facts import DueState
from models.rules.rosters import Mark
from models.store import alerts, climbs, due, roster_closing
from models.store.alerts import OverdueVisit
from models.store.database import Database
from tests.factories.world import World
from tests.integration.store.test_rosters import opened, populate, say


async def test_the_absent_become_due_follow_ups(database: Database, world: World, clock: MovableClock) -> None:
    manager = world.manager
    async with database.transaction() as session:
        await populate(session, world, "王秀英", "李红", "单国强")
        roster = await say(
            session, world, await opened(session, world), 王秀英=Mark.ATTENDED, 李红=Mark.ABSENT, 单国强=Mark.DECLINED
        )
        await roster_closing.close(session, manager, roster.day.id)
        today = session.now().date()
        (line,) = (await due.list_due(session, manager, today)).lines
        assert (line.resident.name, line.state, line.attempts) == ("李红", DueState.DUE, 1)
        closes_on = line.window.closes_on
    late: date = closes_on + timedelta(days=1)
    clock.move(datetime.combine(late, time(1), UTC) - clock.now())
    async with database.transaction() as session:
        (line,) = (await due.list_due(session, manager, late)).lines
        assert (line.resident.name, line.state) == ("李红", DueState.OVERDUE)
        while await climbs.follow(session, world.township.id, late):
            pass
        (alert,) = (await alerts.list_open(session, manager, late)).lines
        assert isinstance(alert.about, OverdueVisit)
        assert (alert.about.resident.name, alert.about.attempts) == ("李红", 1)
