"""A township's births: who enters them, that the last entry of a year holds, and who reads what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.rules.access import AccessDenied
from models.rules.birth_totals import Meaning, YearTotal
from models.rules.clock import MovableClock
from models.store import birth_totals
from models.store.database import Database
from models.store.errors import Conflict, NotFound, Refused
from tests.factories.world import World


async def test_births_are_entered_pooled_and_taken_back(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        assert (await birth_totals.get(session, world.leader)).first is None
        for year, boys, girls in ((2023, 260, 240), (2024, 250, 251), (2025, 900, 199)):
            await birth_totals.enter(session, world.admin, YearTotal(year, boys, girls))
        for _ in range(2):
            entry = await birth_totals.enter(session, world.deputy, YearTotal(2025, 230, 220), draft_id=5)
        found = await birth_totals.get(session, world.clinic)
        assert (found.first, found.last, len(found.years), found.hidden) == (2023, 2025, 3, 0)
        assert found.ratio is not None
        assert (found.ratio.boys, found.ratio.girls, found.meaning) == (740, 711, Meaning.CHANCE)
        for actor in (world.manager, world.leader, world.clinic):
            with pytest.raises(AccessDenied):
                await birth_totals.enter(session, actor, YearTotal(2025, 1, 1))
        with pytest.raises(AccessDenied):
            await birth_totals.get(session, world.manager)
        for wrong in (YearTotal(2026, 200, 200), YearTotal(2025, -1, 9), YearTotal(2025, 99_999, 9)):
            with pytest.raises(Refused, match="birth_totals"):
                await birth_totals.enter(session, world.admin, wrong)
        with pytest.raises(Conflict, match="not_yours"):
            await birth_totals.undo(session, world.admin, entry)
        with pytest.raises(NotFound):
            await birth_totals.undo(session, world.admin, 1)
        for _ in range(2):
            await birth_totals.undo(session, world.deputy, entry)
        found = await birth_totals.get(session, world.leader)
        assert found.ratio is not None
        assert found.ratio.boys == 1410  # as it was entered first
        last = await birth_totals.enter(session, world.deputy, YearTotal(2025, 230, 220))
    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await birth_totals.undo(session, world.deputy, last)
