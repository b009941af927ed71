"""Households: joined, made, headed, left; undone; and what a move or a death does to them."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.changes import ChangeKind
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.households import Relation
from models.store import changes, consents, handovers, households
from models.store.changes import Change
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.handovers import HandoverKind, Wanted
from models.store.households import Home
from models.tables.households import Household
from models.tables.residents import Resident
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)
HEAD, SPOUSE, CHILD, PARENT = Relation.HEAD, Relation.SPOUSE, Relation.CHILD, Relation.PARENT
FAMILY = (("王建国", 1958), ("王秀英", 1960), ("王强", 1985), ("王小宝", 2015))
State = dict[int, tuple[int | None, Relation | None]]


async def everybody(session: StoreSession) -> State:
    """Who is in which household, and as what."""
    rows = await session.rows(select(Resident.id, Resident.household_id, Resident.relation))
    return {row.id: (row.household_id, row.relation) for row in rows}


async def count(session: StoreSession) -> int:
    return len(await session.rows(select(Household.id)))


def told(home: Home | None) -> list[tuple[str, Relation]]:
    assert home is not None
    return [(member.person.name, member.relation) for member in home.members]


async def family(session: StoreSession, world: World) -> list[int]:
    """Register a head, the spouse, their son and his child."""
    manager = world.manager
    ids = [await person(session, manager, name, birth_date=date(year, 5, 1)) for name, year in FAMILY]
    for one, relation in zip(ids[1:], (SPOUSE, CHILD, Relation.GRANDCHILD), strict=True):
        await households.join(session, manager, one, ids[0], relation)
    return ids


async def test_the_first_one_becomes_the_head(database: Database, world: World) -> None:
    async with database.transaction() as session:
        ids = await family(session, world)
        home = await households.of_person(session, world.clinic, ids[3])
        assert told(home) == list(
            zip([name for name, _ in FAMILY], (HEAD, SPOUSE, CHILD, Relation.GRANDCHILD), strict=True)
        )
        assert await count(session) == 1


async def test_a_draft_saved_twice_is_stored_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        head, wife = [await person(session, world.manager, name) for name in ("王建国", "王秀英")]
        first = await households.join(session, world.manager, wife, head, SPOUSE, draft_id=3)
        assert await households.join(session, world.manager, wife, head, SPOUSE, draft_id=3) == first
        other = await households.relate(session, world.manager, wife, Relation.OTHER, draft_id=4)
        assert await households.relate(session, world.manager, wife, Relation.OTHER, draft_id=4) == other
        assert told(other.home) == [("王建国", HEAD), ("王秀英", Relation.OTHER)]


async def test_every_change_is_undone_to_what_was(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        ids = await family(session, world)
        stranger = await person(session, manager, "单国强")
        before = await everybody(session)
        for change in (
            lambda: households.join(session, manager, stranger, ids[2], Relation.OTHER),
            lambda: households.join(session, manager, ids[0], stranger, PARENT),
            lambda: households.make(session, manager, ids[2]),
            lambda: households.relate(session, manager, ids[2], Relation.OTHER),
            lambda: households.make_head(session, manager, ids[2]),
            lambda: households.leave(session, manager, ids[0]),
        ):
            stored = await change()
            assert await everybody(session) != before
            assert (await households.undo(session, manager, stored.id)).voided
            assert await everybody(session) == before
            assert (await households.undo(session, manager, stored.id)).voided
            assert await count(session) == 1


async def test_relations_follow_the_new_head(database: Database, world: World) -> None:
    async with database.transaction() as session:
        ids = await family(session, world)
        home = (await households.make_head(session, world.manager, ids[1])).home
        assert told(home) == [
            ("王秀英", HEAD),
            ("王建国", SPOUSE),
            ("王强", CHILD),
            ("王小宝", Relation.GRANDCHILD),
        ]
        home = (await households.make_head(session, world.manager, ids[2])).home
        assert told(home) == [("王强", HEAD), ("王建国", PARENT), ("王秀英", PARENT), ("王小宝", Relation.OTHER)]


async def test_when_the_head_leaves_the_spouse_follows_and_the_last_one_takes_it_along(
    database: Database, world: World
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        ids = await family(session, world)
        assert (await households.leave(session, manager, ids[0])).home is None
        assert told(await households.of_person(session, manager, ids[3]))[0] == ("王秀英", HEAD)
        for one in ids[1:]:
            last = await households.leave(session, manager, one)
        assert await count(session) == 0
        with pytest.raises(Conflict, match="no_household"):
            await households.leave(session, manager, ids[0])
        await households.undo(session, manager, last.id)
        assert told(await households.of_person(session, manager, ids[3])) == [("王小宝", HEAD)]


@pytest.mark.parametrize("kind", [ChangeKind.MOVED, ChangeKind.DIED])
async def test_a_move_or_a_death_leaves_the_household_and_an_undo_comes_home(
    database: Database, world: World, kind: ChangeKind
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        ids = await family(session, world)
        before = await everybody(session)
        gone = await changes.record(session, manager, Change(ids[0], kind, TODAY))
        assert told(await households.of_person(session, manager, ids[2]))[:2] == [("王秀英", HEAD), ("王强", CHILD)]
        await changes.undo(session, manager, gone.id)
        assert await everybody(session) == before
        again = await changes.record(session, manager, Change(ids[0], kind, TODAY))
        await households.leave(session, manager, ids[2])
        with pytest.raises(Conflict, match="changed_since"):
            await changes.take_back(session, manager, again.id, "typo")


@pytest.mark.parametrize("changed", [False, True])
async def test_whoever_is_handed_over_leaves_and_comes_home(database: Database, world: World, changed: bool) -> None:
    async with database.transaction() as session:
        ids = await family(session, world)
        before = await everybody(session)
        wanted = Wanted(HandoverKind.TEMPORARY, world.south.id, TODAY + timedelta(days=9), agrees=True)
        offered = await handovers.offer(session, world.manager, ids[0], wanted)
        await handovers.accept(session, world.neighbour, offered.id)
        assert told(await households.of_person(session, world.manager, ids[1]))[0] == ("王秀英", HEAD)
        assert await households.of_person(session, world.neighbour, ids[0]) is None
        if changed:
            await households.leave(session, world.manager, ids[3])
        await handovers.end_stay(session, world.neighbour, offered.id)
        if changed:
            assert await households.of_person(session, world.manager, ids[0]) is None
            assert told(await households.of_person(session, world.manager, ids[1]))[0] == ("王秀英", HEAD)
        else:
            assert await everybody(session) == before


async def test_another_part_takes_somebody_out_and_back(database: Database, world: World) -> None:
    async with database.transaction() as session:
        ids = await family(session, world)
        before = await everybody(session)
        left = await households.leave_for(session, ids[2])
        row = await session.row(select(Resident.__table__).where(Resident.id == ids[2]))
        assert row is not None
        assert row.household_id is None
        await households.restore_for(session, row, left)
        assert await everybody(session) == before
        assert await households.leave_for(session, await person(session, world.manager, "单国强")) == {}


async def test_who_is_not_listed_is_not_shown(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        ids = await family(session, world)
        stored = await consents.withdraw(session, manager, ids[0], Purpose.HEALTH_RECORD)
        home = await households.of_person(session, manager, ids[1])
        assert told(home)[0] == ("王秀英", SPOUSE)
        assert home is not None
        assert home.head is None
        await consents.undo(session, manager, stored.id)
        assert told(await households.of_person(session, manager, ids[1]))[0] == ("王建国", HEAD)


async def test_what_can_not_be_is_refused(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        ids = await family(session, world)
        second = await person(session, manager, "单国强")
        south = await person(session, world.neighbour, "李桂芳")
        before = await everybody(session)
        for error, code, attempt in (
            (Refused, "two_spouses", households.join(session, manager, second, ids[0], SPOUSE)),
            (Refused, "two_spouses", households.relate(session, manager, ids[2], SPOUSE)),
            (Refused, "other_relation", households.join(session, manager, second, ids[0], HEAD)),
            (Refused, "other_relation", households.relate(session, manager, ids[0], CHILD)),
            (Conflict, "same_household", households.join(session, manager, ids[3], ids[1], CHILD)),
            (Conflict, "same_household", households.make_head(session, manager, ids[0])),
            (NotFound, None, households.join(session, manager, second, south, CHILD)),
            (NotFound, None, households.join(session, world.clinic, second, south, CHILD)),
            (NotFound, None, households.join(session, manager, second, second, CHILD)),
            (NotFound, None, households.leave(session, world.neighbour, ids[0])),
        ):
            with pytest.raises(error, match=code):
                await attempt
        assert await everybody(session) == before


async def test_an_undo_is_for_ten_minutes_and_while_nobody_moved(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        ids = await family(session, world)
        stored = await households.leave(session, manager, ids[3])
        await households.leave(session, manager, ids[2])
        with pytest.raises(Conflict, match="changed_since"):
            await households.undo(session, manager, stored.id)
        with pytest.raises(Conflict, match="not_yours"):
            await households.undo(session, world.clinic, stored.id)
    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await households.undo(session, manager, stored.id)


async def test_two_who_change_the_same_household_at_once(database: Database, world: World) -> None:
    """Neither waits for the other for ever, and no household is left without anybody or with two heads."""
    async with database.transaction() as session:
        ids = await family(session, world)

    async def leave(person_id: int) -> None:
        async with database.transaction() as session:
            await households.leave(session, world.manager, person_id)

    await asyncio.gather(*(leave(one) for one in ids[:3]))
    async with database.transaction() as session:
        assert told(await households.of_person(session, world.manager, ids[3])) == [("王小宝", HEAD)]
        assert await count(session) == 1
