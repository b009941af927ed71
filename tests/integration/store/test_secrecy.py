"""What must not be readable from the database: sealed, bound to its place, and found by keyed hash only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, insert, select, text, update

from models.rules.clock import MovableClock
from models.rules.examinations import ExaminationKind, ExaminationResult
from models.rules.methods import Method
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.referrals import ReferralAnswer, ReferralReason
from models.rules.sex import Sex
from models.store import (
    counsellings,
    deadletters,
    decisions,
    drafts,
    enrolments,
    examinations,
    inbox,
    meetings,
    referrals,
    residents,
    rotation,
    staff,
    visits,
)
from models.store.counsellings import CounsellingReport
from models.store.database import Database, StoreSession
from models.store.decisions import Wanted
from models.store.examinations import ExaminationReport
from models.store.keyring import Keyring
from models.store.meetings import Minutes
from models.store.referrals import Answer, ReferralReport
from models.store.reports import Measures, VisitReport
from models.store.residents import Registration
from models.store.vault import VaultError
from models.tables.base import Base, new_id
from models.tables.meetings import Meeting
from models.tables.residents import Resident
from tests.conftest import KEYS
from tests.factories.world import ALL, World, person

TODAY = date(2026, 3, 16)
NAME, PHONE, IDENTITY, NOTE = "金丝雀", "13912345678", "11010519491231002X", "canary-note"
LMP = date(2025, 11, 3)
EXAMINED = date(2025, 12, 13)
CLINICAL = ("lng_iud", "female_sterilisation", "breast", EXAMINED.isoformat())
PUBLISHED = ("publications", "picture")
"""What everybody may see is not sealed."""
CANARIES = (NAME, PHONE, IDENTITY, NOTE, LMP.isoformat(), "canary-typed", "canary-owed", "canary-update", *CLINICAL)


async def fill(session: StoreSession, world: World) -> int:
    """Put canaries wherever something secret is kept; returns the resident."""
    manager, clinic = world.manager, world.clinic
    registration = Registration(NAME, Sex.FEMALE, date(1995, 2, 3), None, PHONE, IDENTITY, ALL, programmes=("checkup",))
    resident_id = (await residents.register(session, manager, registration)).person.id
    enrolment_id = await enrolments.enrol(session, clinic, resident_id, "antenatal", anchors={Anchor.LMP: LMP})
    report = VisitReport(enrolment_id, TODAY, Outcome.ATTENDED, measures=Measures(), note=NOTE)
    stored = await visits.report(session, clinic, report)
    await visits.correct(session, clinic, stored.record_id, report, NOTE)
    draft = await drafts.open_draft(
        session, chat_id=101, user_id=101, staff_id=manager.staff_id, form="f", form_version=1
    )
    await drafts.save_draft(session, draft.id, 1, {"name": "canary-typed"})
    await inbox.record(session, 1, 101, b"canary-owed")
    await deadletters.bury(session, 2, 101, b"canary-update", "KeyError")
    await staff.add(session, 999, 999, clinic.role, world.township, name=NAME)
    await _clinical(session, world, resident_id)
    await _meeting(session, world)
    return resident_id


async def _meeting(session: StoreSession, world: World) -> None:
    """Write minutes and a decision of a meeting that was held today."""
    begun = {"month": TODAY.replace(day=1), "nominal_on": TODAY, "held_on": TODAY, "starts_at": session.now()}
    meeting_id = new_id()
    await session.execute(insert(Meeting), {"id": meeting_id, "township_id": world.township.id, **begun})
    await meetings.write_minutes(session, world.leader, meeting_id, Minutes(NOTE))
    await decisions.add(session, world.leader, meeting_id, Wanted(NOTE, world.manager.staff_id, TODAY))


async def _clinical(session: StoreSession, world: World, resident_id: int) -> None:
    """Record a talk, a result and a referral with its answer, each corrected once."""
    manager, clinic = world.manager, world.clinic
    explained = (Method.LNG_IUD, Method.MALE_CONDOM)
    talk = CounsellingReport(resident_id, TODAY, explained, own=True, method=Method.FEMALE_STERILISATION)
    counselled = await counsellings.report(session, manager, talk)
    await counsellings.correct(session, manager, counselled.record_id, talk, NOTE)
    found = ExaminationReport(
        resident_id, EXAMINED, ExaminationKind.BREAST, ExaminationResult.NORMAL, EXAMINED + timedelta(days=9), NOTE
    )
    examined = await examinations.report(session, clinic, found)
    await examinations.correct(session, clinic, examined.id, found, NOTE)
    wanted = ReferralReport(resident_id, ReferralReason.OTHER, note=NOTE)
    referred = await referrals.make(session, manager, wanted)
    await referrals.correct(session, manager, referred.id, wanted, NOTE)
    await referrals.answer(session, clinic, referred.id, Answer(ReferralAnswer.NOT_COME, NOTE))
    await referrals.answer(session, clinic, referred.id, Answer(ReferralAnswer.SEEN, NOTE))


async def _read(session: StoreSession, world: World, resident_id: int) -> list[object]:
    """Return everything clinical that was sealed of a person."""
    talks = await counsellings.of_person(session, world.clinic, resident_id)
    results = await examinations.of_person(session, world.clinic, resident_id)
    referral = await referrals.of_person(session, world.clinic, resident_id)
    assert referral is not None
    kept = await referrals.versions(session, world.clinic, referral.id)
    return [talks, results, referral, kept]


async def test_no_canary_is_readable_in_any_column(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await fill(session, world)
        for table in Base.metadata.sorted_tables:
            for row in await session.rows(select(table)):
                written = " ".join(
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row
                )
                found = [canary for canary in CANARIES if canary in written]
                assert found == [], table.name


async def test_no_canary_is_in_the_file(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await fill(session, world)
    if database.is_postgres:
        return
    path = Path(str(database.url.database))
    for file in path.parent.glob(f"{path.name}*"):
        content = file.read_bytes()
        assert [canary for canary in CANARIES if canary.encode() in content] == [], file.name


async def test_a_sealed_name_moved_to_another_person_does_not_open(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager, "王秀英")
        other = await person(session, world.manager, "李桂芳")
        moved = await session.scalar(select(Resident.name_sealed).where(Resident.id == one))
        await session.execute(update(Resident).where(Resident.id == other).values(name_sealed=moved))
        with pytest.raises(VaultError):
            await residents.list_village(session, world.manager)


async def test_a_sealed_phone_does_not_open_as_a_name(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager, phone=PHONE)
        moved = await session.scalar(select(Resident.phone_sealed).where(Resident.id == one))
        await session.execute(update(Resident).where(Resident.id == one).values(name_sealed=moved))
        with pytest.raises(VaultError):
            await residents.card(session, world.manager, one)


async def test_rotation_seals_everything_anew(
    database: Database, database_url: str, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        resident_id = await fill(session, world)
        before = await residents.card(session, world.manager, resident_id)
        clinical = await _read(session, world, resident_id)
    both = Database(database_url, Keyring.parse(f"{Keyring.generate('k2')},{KEYS}"), clock)
    async with both.transaction() as session:
        assert await residents.card(session, world.manager, resident_id) == before
        assert [line.id for line in await residents.find(session, world.manager, phone=PHONE)] == [resident_id]
        while await rotation.rotate(session, limit=1):
            pass
    only_new = Database(database_url, Keyring([*both.vault.keyring][:1]), clock)
    async with only_new.transaction() as session:
        assert await residents.card(session, world.manager, resident_id) == before
        assert await _read(session, world, resident_id) == clinical
        for search in ({"name": NAME}, {"phone": PHONE}, {"identity": IDENTITY}):
            assert [line.id for line in await residents.find(session, world.manager, **search)] == [resident_id]
        opened = await inbox.open_turn(session, 3, 101, 101)
        assert opened.draft is not None
        assert opened.draft.body == {"name": "canary-typed"}
    await both.close()
    await only_new.close()


def test_every_sealed_column_is_rotated() -> None:
    sealed = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and not column.name.endswith("_hash")
    } - {PUBLISHED}
    assert sealed == {(each.cell.table, each.cell.column) for each in rotation.SEALED}


async def test_reading_a_person_is_logged_without_saying_who(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, NAME)
        await residents.card(session, world.manager, resident_id)
        await residents.list_village(session, world.manager)
        rows = await session.rows(
            text("SELECT action, subject_kind, subject_id, staff_id FROM audit ORDER BY id")  # type: ignore[arg-type]
        )
    read = [tuple(row) for row in rows if row.action == "person:read"]
    assert ("person:read", "resident", resident_id, world.manager.staff_id) in read
    assert ("person:read", "village", world.north.id, world.manager.staff_id) in read


async def test_a_moment_without_a_zone_is_not_stored(database: Database, world: World) -> None:
    from sqlalchemy.exc import StatementError

    async with database.transaction() as session:
        with pytest.raises(StatementError):
            await session.execute(update(Resident).values(updated_at=world_naive()))


def world_naive() -> object:
    """A moment without a zone."""
    from datetime import datetime

    return datetime(2026, 1, 1) + timedelta(hours=1)
