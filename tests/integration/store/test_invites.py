"""Invites: single use, expiring, stored hashed, locked out after wrong tries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied, Actor, Role
from models.rules.clock import MovableClock
from models.store import drafts, invites, staff
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.invites import Rejected
from models.store.lockout import lock_length
from models.tables.staff import Invite
from tests.factories.world import World


async def accept(session: StoreSession, code: str, user_id: int = 500) -> Actor | Rejected:
    return await invites.accept(session, user_id, user_id, code, name="小李", language="en")


async def test_a_code_enrols_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        made = await invites.create(session, world.admin, Role.MANAGER, world.north.code)
        actor = await accept(session, made.code)
        assert isinstance(actor, Actor)
        assert (actor.role, actor.village_id, actor.language) == (Role.MANAGER, world.north.id, "en")
        assert await accept(session, made.code, 501) == Rejected("used")
        row = await staff.profile(session, actor)
    assert (row.name, row.place_name) == ("小李", "北村")


async def test_copying_is_forgiven(database: Database, world: World) -> None:
    async with database.transaction() as session:
        made = await invites.create(session, None, Role.LEADER, world.township.code)
        typed = f" {made.code[:6].lower()}-{made.code[6:]} "
        assert isinstance(await accept(session, typed), Actor)


async def test_the_code_itself_is_not_stored(database: Database, world: World) -> None:
    async with database.transaction() as session:
        made = await invites.create(session, None, Role.LEADER, world.township.code)
        stored = await session.scalar(select(Invite.code_hash))
    assert len(made.code) * 5 >= 40
    assert made.code.encode() not in stored


async def test_a_code_expires(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        made = await invites.create(session, None, Role.LEADER, world.township.code)
        clock.move(invites.VALID_FOR)
        assert await accept(session, made.code) == Rejected("expired")


async def test_wrong_codes_lock_out_even_a_right_one(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        made = await invites.create(session, None, Role.LEADER, world.township.code)
        answers = [await accept(session, "WRONG") for _ in range(5)]
        until = clock.now() + timedelta(minutes=15)
        assert answers == [Rejected("wrong")] * 4 + [Rejected("wrong", until)]
        assert await accept(session, made.code) == Rejected("locked", until)
        clock.move(timedelta(minutes=15))
        assert await accept(session, "WRONG") == Rejected("wrong", clock.now() + timedelta(minutes=30))
        clock.move(timedelta(minutes=30))
        assert isinstance(await accept(session, made.code), Actor)
        assert await accept(session, "WRONG") == Rejected("wrong")


@pytest.mark.parametrize(("failures", "minutes"), [(4, None), (5, 15), (6, 30), (8, 120), (99, 1440)])
def test_locks_double_up_to_a_day(failures: int, minutes: int | None) -> None:
    length = lock_length(failures)
    assert (length / timedelta(minutes=1) if length else None) == minutes


async def test_only_an_admin_invites_and_only_at_home(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for actor in (world.manager, world.clinic, world.leader):
            with pytest.raises(AccessDenied):
                await invites.create(session, actor, Role.LEADER, world.township.code)
        with pytest.raises(NotFound):
            await invites.create(session, world.admin, Role.LEADER, "000000000")
        with pytest.raises(Refused):
            await invites.create(session, world.admin, Role.MANAGER, world.township.code)


async def test_a_second_invite_replaces_the_first_post(database: Database, world: World) -> None:
    async with database.transaction() as session:
        made = await invites.create(session, world.admin, Role.CLINIC, world.township.code)
        actor = await accept(session, made.code, 101)
        assert isinstance(actor, Actor)
        assert await staff.find(session, 101) == actor
        assert world.manager.staff_id not in {row.id for row in await staff.list_staff(session, world.admin)}


async def test_removing_ends_drafts_and_recognition(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        draft = await drafts.open_draft(
            session, chat_id=101, user_id=101, staff_id=manager.staff_id, form="f", form_version=1
        )
        with pytest.raises(AccessDenied):
            await staff.remove(session, world.clinic, manager.staff_id)
        with pytest.raises(Conflict):
            await staff.remove(session, world.admin, world.admin.staff_id)
        await staff.remove(session, world.admin, manager.staff_id)
        assert await staff.find(session, 101) is None
        assert await drafts.get(session, 101, draft.id) is None
        with pytest.raises(NotFound):
            await staff.remove(session, world.admin, manager.staff_id)
        with pytest.raises(NotFound):
            await staff.profile(session, manager)


async def test_languages_are_remembered(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await staff.set_language(session, world.manager, "en")
        found = await staff.find(session, 101)
        assert found is not None
        assert found.language == "en"
        with pytest.raises(ValueError, match="zh-CN"):
            await staff.set_language(session, world.manager, "xx")


async def test_residents_are_not_invited_to_a_place(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for actor in (None, world.admin):
            with pytest.raises(Refused, match="resident_by_card"):
                await invites.create(session, actor, Role.RESIDENT, world.north.code)
        assert await session.scalar(select(Invite.id)) is None
