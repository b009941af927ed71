"""What somebody has chosen: the usual at first, then that, and nobody else's."""

from __future__ import annotations

from datetime import time

import pytest

from models.rules.quiet import DEFAULT, OFF, Quiet
from models.store import plannings, preferences, staff
from models.store.database import Database
from models.store.errors import NotFound
from models.store.preferences import Preferences
from tests.factories.world import World


async def test_the_usual_until_something_is_chosen(database: Database, world: World) -> None:
    chosen = Quiet(time(22), time(6, 45))
    async with database.transaction() as session:
        usual = Preferences(time(8), DEFAULT)
        assert await preferences.get(session, world.manager) == usual
        await preferences.set_digest(session, world.manager, time(7, 5))
        await preferences.set_quiet(session, world.manager, chosen)
        assert await preferences.get(session, world.manager) == Preferences(time(7, 5), chosen)
        await preferences.set_quiet(session, world.manager, OFF)
        assert (await preferences.get(session, world.manager)).quiet.is_off
        assert await preferences.get(session, world.neighbour) == usual


async def test_another_hour_is_planned_anew(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for site in await plannings.sites(session):
            await plannings.done(session, site)
        assert await plannings.stale(session) == []
        await preferences.set_digest(session, world.manager, time(9))
        assert [site.township_id for site in await plannings.stale(session)] == [world.township.id]


async def test_a_removed_member_has_none(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await staff.remove(session, world.admin, world.manager.staff_id)
        with pytest.raises(NotFound):
            await preferences.get(session, world.manager)
