"""Persons entered twice: noticed at registration, listed as pairs, said to be two."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied
from models.rules.consent import Purpose
from models.rules.duplicates import Certainty, Reason
from models.rules.sex import Sex
from models.store import consents, duplicates, residents
from models.store.database import Database
from models.store.duplicates import Particulars
from models.store.errors import Conflict, NotFound
from models.store.keyring import Keyring
from models.store.residents import Registration
from models.store.vault import Vault
from models.tables.audit import AuditEntry
from tests.conftest import KEYS
from tests.factories.world import World, person

BORN = date(1960, 5, 1)
IDENTITY = "11010519491231002X"
SEEN = Particulars("王秀英", BORN, Sex.FEMALE)


async def test_a_namesake_of_ones_own_village_is_told_with_reasons(database: Database, world: World) -> None:
    async with database.transaction() as session:
        same = await person(session, world.manager)
        year = await person(session, world.manager, birth_date=date(1960, 9, 9))
        await person(session, world.manager, birth_date=date(1971, 5, 1))
        await person(session, world.manager, "李桂芳", birth_date=BORN)
        found = await duplicates.alike(session, world.manager, SEEN)
        assert await duplicates.alike(session, world.manager, Particulars("王秀英")) == duplicates.Alike()
    assert [(one.person.id, *one.likeness.reasons) for one in found.here] == [
        (same, Reason.NAME_AND_BIRTH),
        (year, Reason.NAME_AND_YEAR),
    ]
    assert found.elsewhere is None


async def test_of_another_village_no_more_is_told_than_why(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await person(session, world.neighbour, phone="13800138000")
        found = await duplicates.alike(session, world.manager, SEEN)
        assert found.here == ()
        assert found.elsewhere is not None
        assert found.elsewhere.reasons == (Reason.NAME_AND_BIRTH,)
        phone = Particulars("张三", phone="13800138000")
        assert await duplicates.alike(session, world.manager, phone) == duplicates.Alike()
        [match] = (await duplicates.alike(session, world.neighbour, phone)).here
        assert match.likeness.certainty is Certainty.WEAK
        [seen_by_clinic] = (await duplicates.alike(session, world.clinic, SEEN)).here
        assert seen_by_clinic.person.village_id == world.south.id
        entries = await session.rows(select(AuditEntry.details).where(AuditEntry.action == "person:match"))
    assert {"here": 0, "elsewhere": True} in [entry.details for entry in entries]


async def test_who_is_not_listed_is_not_told(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        await consents.withdraw(session, world.manager, resident_id, Purpose.HEALTH_RECORD)
        assert await duplicates.alike(session, world.manager, SEEN) == duplicates.Alike()


async def test_hashes_of_an_older_key_are_found(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, phone="13800138000", identity=IDENTITY)
        session.vault = Vault(Keyring.parse(f"{Keyring.generate('k2')},{KEYS}"))
        seen = Particulars("王秀英", None, Sex.FEMALE, "13800138000", IDENTITY)
        [match] = (await duplicates.alike(session, world.manager, seen)).here
        with pytest.raises(Conflict):
            await duplicates.refuse_known(session, world.manager, IDENTITY)
    assert match.person.id == resident_id
    assert match.likeness.reasons == (Reason.IDENTITY, Reason.PHONE_AND_NAME)


async def test_an_identity_number_is_registered_once_in_a_village(database: Database, world: World) -> None:
    twice = Registration("王秀英", Sex.FEMALE, BORN, identity=IDENTITY)
    async with database.transaction() as session:
        first = await person(session, world.manager, identity=IDENTITY)
        other = await person(session, world.manager, "李桂芳")
        for attempt in (
            residents.register(session, world.manager, twice),
            residents.correct(session, world.manager, other, twice, "typo"),
        ):
            with pytest.raises(Conflict) as known:
                await attempt
            assert known.value.code == "identity_known"
        await residents.correct(session, world.manager, first, twice, "typo")
        elsewhere = await residents.register(session, world.neighbour, twice)
        assert elsewhere.person.village_id == world.south.id


async def test_pairs_are_listed_most_certain_first(database: Database, world: World) -> None:
    manager, neighbour = world.manager, world.neighbour
    async with database.transaction() as session:
        year = [await person(session, manager, "李桂芳", birth_date=date(1950, 1, day)) for day in (1, 2)]
        birth = [await person(session, manager) for _ in range(2)]
        phone = [await person(session, manager, "张三", birth_date=None, phone="13800138000") for _ in range(2)]
        family = await person(session, manager, "张小三", birth_date=None, phone="13800138000")
        south = await person(session, neighbour, identity=IDENTITY, birth_date=None)
        north = await person(session, manager, "王秀荣", identity=IDENTITY, birth_date=None)
        mine = await duplicates.pairs(session, manager, limit=5)
        assert [[line.one.id, line.other.id] for line in mine.lines] == [birth, phone, year]
        assert (await duplicates.pairs(session, manager, limit=1, offset=2)).lines == mine.lines[2:]
        assert (await duplicates.pairs(session, manager, limit=1)).total == 3
        whole = await duplicates.pairs(session, world.clinic, limit=1)
        assert (whole.total, [whole.lines[0].one.id, whole.lines[0].other.id]) == (4, [south, north])
        assert whole.lines[0].likeness.certainty is Certainty.CERTAIN
        assert (await duplicates.pairs(session, neighbour, limit=5)).total == 0
    assert family not in phone


async def test_two_persons_are_not_asked_about_again(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one, other = [await person(session, world.manager) for _ in range(2)]
        for _ in range(2):
            await duplicates.dismiss(session, world.manager, other, one)
        assert (await duplicates.pairs(session, world.clinic, limit=5)).total == 0
        written = await session.rows(select(AuditEntry.id).where(AuditEntry.action == "person:tell_apart"))
        assert len(written) == 1
        with pytest.raises(NotFound):
            await duplicates.dismiss(session, world.neighbour, one, other)
        with pytest.raises(NotFound):
            await duplicates.dismiss(session, world.manager, one, one)
        await residents.undo(session, world.manager, one)


async def test_who_counts_only_sees_no_pairs(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for actor in (world.deputy, world.leader, world.admin):
            for attempt in (
                duplicates.pairs(session, actor, limit=5),
                duplicates.alike(session, actor, SEEN),
                duplicates.dismiss(session, actor, 1, 2),
            ):
                with pytest.raises(AccessDenied):
                    await attempt
