"""Targets: who may set which, forward only, with what was there before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.rules import periods
from models.rules.access import AccessDenied, Role
from models.rules.clock import MovableClock
from models.rules.indicators.codes import IndicatorCode
from models.store import targets
from models.store.database import Database
from models.store.errors import Conflict, NotFound, Refused
from tests.factories.world import World

C = IndicatorCode
TODAY = date(2026, 3, 16)
MARCH = periods.month_of(TODAY)


async def test_targets_are_set_changed_and_put_back(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        first = await targets.set_for_year(session, world.deputy, C.TIMELINESS, 2026, 90, TODAY, 1)
        assert await targets.set_for_year(session, world.deputy, C.TIMELINESS, 2026, 90, TODAY, 1) == first
        later = TODAY + timedelta(days=30)
        clock.move(timedelta(days=30))
        second = await targets.set_for_year(session, world.admin, C.TIMELINESS, 2026, 95, later, 2)
        assert await targets.in_force(session, world.leader, MARCH, later) == {C.TIMELINESS: 90}
        assert await targets.in_force(session, world.manager, MARCH.after, later) == {C.TIMELINESS: 95}
        with pytest.raises(Conflict, match="not_yours"):
            await targets.undo(session, world.deputy, second.id, later)
        with pytest.raises(Conflict, match="changed_since"):
            await targets.undo(session, world.deputy, first.id, later)
        back = await targets.undo(session, world.admin, second.id, later)
        assert await targets.undo(session, world.admin, second.id, later) == back
        assert await targets.in_force(session, world.clinic, MARCH.after, later) == {C.TIMELINESS: 90}
        found = await targets.history(session, world.leader, [2026])
    assert [(one.target.percent, one.by) for one in found] == [(90, Role.DEPUTY), (95, Role.ADMIN), (90, Role.ADMIN)]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_what_may_not_be_set_is_refused(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        for code in (C.ATTENDANCE, C.DONE, C.DUE, C.OVERDUE):
            with pytest.raises(Refused, match="target_never"):
                await targets.set_for_year(session, world.deputy, code, 2026, 90, TODAY)
        for year in (2025, 2028):
            with pytest.raises(Refused, match="target_year"):
                await targets.set_for_year(session, world.deputy, C.REPORTING, year, 90, TODAY)
        for other in (world.leader, world.clinic, world.manager):
            with pytest.raises(AccessDenied):
                await targets.set_for_year(session, other, C.REPORTING, 2026, 90, TODAY)
        with pytest.raises(NotFound):
            await targets.undo(session, world.deputy, 1, TODAY)
        done = await targets.set_for_year(session, world.deputy, C.REPORTING, 2026, 90, TODAY)
        clock.move(timedelta(minutes=11))
        with pytest.raises(Conflict, match="too_late"):
            await targets.undo(session, world.deputy, done.id, TODAY)
        await targets.set_for_year(session, world.deputy, C.REPORTING, 2026, None, TODAY)
        assert await targets.in_force(session, world.deputy, MARCH, TODAY) == {}
