"""A month of a township in short: three villages, sixty people; `tests/benchmarks/year.py` does it at length."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from models.rules.clock import MovableClock
from models.rules.roles import Role
from models.store import places, staff
from models.store.database import Database
from models.tables.places import PlaceKind
from tests.factories import world as factory
from tests.factories.world import World
from tests.factories.year import Life, check

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
APRIL = datetime(2026, 4, 13, 4, 0, tzinfo=UTC)


async def test_nobody_hears_more_than_one_digest_a_day_and_nothing_climbs_twice(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        east = await places.add(
            session, "411728106203", PlaceKind.VILLAGE, "东村", parent=world.township, checkup_dom=20
        )
        third = await staff.add(session, 107, 107, Role.MANAGER, east)
        for actor in (world.manager, world.neighbour, third):
            for number in range(20):
                programmes = ("checkup", "hypertension") if number % 4 == 0 else ("checkup",)
                await factory.person(session, actor, f"甲{number}", programmes=programmes)
    clock.move(APRIL - clock.now())
    year = await Life(database, clock, seed=7, hours=(8,)).live(30)
    check(year)
    kinds = {(one.role, one.kind) for one in year.heard}
    assert {
        (Role.MANAGER, "digest"),
        (Role.MANAGER, "checkup.before"),
        (Role.CLINIC, "digest"),
        (Role.CLINIC, "checkup.tomorrow"),
        (Role.LEADER, "weekly"),
        (Role.DEPUTY, "weekly"),
    } <= kinds
    assert {role for *_, role in year.reached} >= {Role.MANAGER, Role.CLINIC}
    assert year.outages
    assert len({one.on for one in year.heard}) > timedelta(days=15).days
