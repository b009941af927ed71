"""Consents: what they do to what is due and listed, undo, saving twice, and coming back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.roles import Role
from models.store import consents, due, enrolments, residents, unlisted, visits
from models.store.consents import ConsentAct
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.unlisted import Why
from models.tables.consents import ConsentChange
from models.tables.residents import Consent
from tests.factories.world import ALL, World, person
from tests.integration.store.test_changes import everything
from tests.integration.store.test_visits import attended

TODAY = date(2026, 3, 16)
HEALTH = Purpose.HEALTH_RECORD
TWO = ("checkup", "hypertension")


async def agreed(session: StoreSession, resident_id: int) -> set[Purpose]:
    """What stands in the database, whether the person is listed or not."""
    statement = select(Consent.purpose).where(Consent.resident_id == resident_id, Consent.withdrawn_at.is_(None))
    return {row.purpose for row in await session.rows(statement)}


async def test_without_a_health_record_everything_ends_and_an_undo_brings_it_back(
    database: Database, world: World
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=TWO)
        before = await everything(session, resident_id)
        stored = await consents.withdraw(session, manager, resident_id, HEALTH)
        assert (stored.act, stored.restricted, stored.purposes) == (ConsentAct.WITHDRAWN, True, ALL)
        assert await agreed(session, resident_id) == set()
        assert await residents.list_village(session, manager) == []
        assert (await due.list_due(session, manager, TODAY + timedelta(days=100))).total == 0
        undone = await consents.undo(session, manager, stored.id)
        assert (undone.voided, undone.restricted) == (True, False)
        assert await everything(session, resident_id) == before
        assert await agreed(session, resident_id) == ALL
        assert (await consents.undo(session, manager, stored.id)).voided


async def test_other_purposes_leave_the_programmes_alone(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=TWO)
        before = await everything(session, resident_id)
        stored = await consents.withdraw(session, manager, resident_id, Purpose.CONTACT, Purpose.REMINDERS)
        assert stored.purposes == {Purpose.CONTACT, Purpose.REMINDERS}
        assert await agreed(session, resident_id) == ALL - {Purpose.CONTACT, Purpose.REMINDERS}
        assert await everything(session, resident_id) == before
        await consents.undo(session, manager, stored.id)
        assert await agreed(session, resident_id) == ALL


async def test_a_draft_saved_twice_is_stored_once(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, consents=frozenset())
        given = await consents.give(session, manager, resident_id, ALL, guardian=False, draft_id=7)
        assert await consents.give(session, manager, resident_id, ALL, guardian=False, draft_id=7) == given
        ended = await consents.withdraw(session, manager, resident_id, Purpose.CONTACT, draft_id=8)
        assert await consents.withdraw(session, manager, resident_id, Purpose.CONTACT, draft_id=8) == ended
        assert len(await session.rows(select(ConsentChange.id))) == 2
        assert len(await consents.history(session, manager, resident_id)) == len(ALL)


async def test_who_withdrew_is_found_by_the_exact_name_and_comes_back(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=TWO)
        await consents.withdraw(session, manager, resident_id, HEALTH)
        assert await unlisted.by_name(session, manager, "王秀") == []
        assert await unlisted.by_name(session, world.neighbour, "王秀英") == []
        [found] = await unlisted.by_name(session, manager, " 王秀英 ")
        assert (found.resident_id, found.why, found.birth_year) == (resident_id, Why.RESTRICTED, None)
        now = await consents.standing(session, manager, resident_id)
        assert (now.restricted, now.given) == (True, frozenset())
        stored = await consents.give(session, manager, resident_id, {HEALTH, Purpose.CONTACT})
        assert (stored.lifted, stored.restricted) == (True, False)
        assert await enrolments.of_person(session, manager, resident_id) == []
        undone = await consents.undo(session, manager, stored.id)
        assert undone.restricted
        assert await agreed(session, resident_id) == set()
        assert await residents.list_village(session, manager) == []


async def test_of_two_who_withdrew_the_year_of_birth_is_told(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for born in (date(1960, 5, 1), date(1984, 2, 2)):
            resident_id = await person(session, world.manager, birth_date=born)
            await consents.withdraw(session, world.manager, resident_id, HEALTH)
        found = await unlisted.by_name(session, world.manager, "王秀英")
        assert [one.birth_year for one in found] == [1960, 1984]


async def test_an_undo_is_for_ten_minutes_and_for_who_did_it(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=TWO)
        stored = await consents.withdraw(session, manager, resident_id, HEALTH)
        with pytest.raises(Conflict, match="not_yours"):
            await consents.undo(session, world.clinic, stored.id)
        with pytest.raises(NotFound):
            await consents.undo(session, world.neighbour, stored.id)
    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await consents.undo(session, manager, stored.id)


async def test_what_was_used_meanwhile_is_not_undone(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, consents=frozenset())
        with pytest.raises(NoConsent):
            await enrolments.enrol(session, manager, resident_id, "hypertension")
        stored = await consents.give(session, manager, resident_id, {HEALTH})
        enrolment_id = await enrolments.enrol(session, manager, resident_id, "hypertension")
        await visits.report(session, manager, attended(enrolment_id))
        with pytest.raises(Conflict, match="changed_since"):
            await consents.undo(session, manager, stored.id)
        assert await agreed(session, resident_id) == {HEALTH}


async def test_only_the_right_one_speaks(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        child = await person(session, manager, "李小宝", birth_date=date(2012, 3, 17), consents=frozenset())
        grown = await person(session, manager, "李大宝", birth_date=date(2012, 3, 16), consents=frozenset())
        with pytest.raises(Refused, match="needs_guardian"):
            await consents.give(session, manager, child, ALL, guardian=False)
        with pytest.raises(Refused, match="needs_own_word"):
            await consents.give(session, manager, grown, ALL, guardian=True)
        await consents.give(session, manager, child, ALL, guardian=True)
        await consents.give(session, manager, grown, ALL, guardian=False)
        assert (await consents.standing(session, manager, child)).child
        assert {line.guardian for line in await consents.history(session, manager, child)} == {True}


async def test_the_history_says_who_and_when(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, consents=frozenset({Purpose.CONTACT}))
        given_at = session.now()
    clock.move(timedelta(days=3))
    async with database.transaction() as session:
        await consents.withdraw(session, world.clinic, resident_id, Purpose.CONTACT)
        [line] = await consents.history(session, world.manager, resident_id)
        assert (line.given_at, line.withdrawn_at) == (given_at, session.now())
        assert line.given_to is not None
        assert line.withdrawn_to is not None
        assert (line.given_to.role, line.withdrawn_to.role) == (Role.MANAGER, Role.CLINIC)


async def test_nothing_to_change_is_said(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, consents=frozenset({Purpose.CONTACT}))
        with pytest.raises(Conflict, match="as_it_is"):
            await consents.give(session, world.manager, resident_id, {Purpose.CONTACT})
        with pytest.raises(Conflict, match="as_it_is"):
            await consents.withdraw(session, world.manager, resident_id, HEALTH)
