"""Corrections: versions of every kind, two people at once, the lock and the clinic's leave, what I entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from models.rules.access import AccessDenied, Role
from models.rules.clock import MovableClock
from models.rules.locking import GRANT_DAYS, LOCK_DAYS
from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store import checkups, enrolments, grants, mine, residents, staff, visits
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.reports import CheckupReport, Measures, VisitReport
from models.store.residents import Registration
from models.tables.audit import AuditEntry
from models.tables.grants import CorrectionGrant, GrantState
from models.tables.outbox import OutboxMessage
from models.tables.residents import Resident
from models.tables.visits import RecordVersion
from tests.factories.world import World, enrolled, person

TODAY = date(2026, 3, 16)
DETAILS = Registration("王秀英", Sex.FEMALE, date(1960, 5, 1), phone="13812345678")


async def visited(session: StoreSession, world: World, sbp: int = 128) -> tuple[int, VisitReport]:
    """Report a visit by the northern manager and return its id and what was reported."""
    enrolment_id = await enrolled(session, world.manager, "hypertension")
    report = VisitReport(enrolment_id, TODAY, Outcome.ATTENDED, measures=Measures(sbp=sbp, dbp=82))
    return (await visits.report(session, world.manager, report)).record_id, report


async def test_a_registration_keeps_what_it_said_before(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager, phone="13912345678", identity="11010519491231002X")
        await residents.correct(session, world.manager, one, DETAILS, "late")
        stored = await residents.registered_as(session, world.manager, one)
        (earlier,) = await mine.versions(session, world.manager, "register", one)
        (kept,) = await session.rows(select(RecordVersion.values_sealed))
    assert (stored.version, stored.registration.phone, stored.registration.identity) == (2, "13812345678", None)
    assert (earlier.version, earlier.reason, earlier.by, earlier.is_mine) == (1, "late", Role.MANAGER, True)
    assert earlier.values["phone"] == "13912345678"
    assert earlier.values["identity"] == "11010519491231002X"
    assert b"139" not in kept.values_sealed


async def test_an_undone_registration_leaves_no_version_behind(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager)
        await residents.correct(session, world.manager, one, DETAILS, "typo")
        await residents.undo(session, world.manager, one)
        assert await session.rows(select(RecordVersion.id)) == []


async def test_another_birth_date_or_sex_moves_what_is_due(database: Database, world: World) -> None:
    async with database.transaction() as session:
        girl = await person(session, world.manager, birth_date=date(2013, 3, 1), sex=Sex.FEMALE)
        await enrolments.enrol(session, world.manager, girl, "immunisation")
        [before] = await enrolments.of_person(session, world.manager, girl)
        for change in (
            Registration("王小", Sex.MALE, date(2013, 3, 1)),
            Registration("王小", Sex.MALE, date(2026, 1, 1)),
        ):
            await residents.correct(session, world.manager, girl, change, "typo")
            [after] = await enrolments.of_person(session, world.manager, girl)
            assert after.due != before.due
            before = after


async def test_the_later_of_two_corrections_is_refused(database: Database, world: World) -> None:
    async with database.transaction() as session:
        record_id, report = await visited(session, world)
        await visits.correct(session, world.clinic, record_id, report, "typo", version=1)
        with pytest.raises(Conflict, match="corrected_since"):
            await visits.correct(session, world.manager, record_id, report, "typo", version=1)
        one = await person(session, world.manager)
        await residents.correct(session, world.clinic, one, DETAILS, "typo", version=1)
        with pytest.raises(Conflict, match="corrected_since"):
            await residents.correct(session, world.manager, one, DETAILS, "typo", version=1)
        came = CheckupReport(one, TODAY, Outcome.NOT_REACHED)
        checkup = (await checkups.report(session, world.manager, came)).record_id
        await checkups.correct(session, world.clinic, checkup, came, "typo", version=1)
        with pytest.raises(Conflict, match="corrected_since"):
            await checkups.correct(session, world.manager, checkup, came, "typo", version=1)
        assert (await visits.get(session, world.manager, record_id)).version == 2
        assert (await residents.registered_as(session, world.manager, one)).version == 2


async def test_a_record_locks_after_thirty_days_for_everybody_but_the_clinic(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        record_id, report = await visited(session, world)
        one = (await visits.get(session, world.manager, record_id)).resident.id
        came = CheckupReport(one, TODAY, Outcome.NOT_REACHED)
        checkup = (await checkups.report(session, world.manager, came)).record_id
        clock.move(timedelta(days=LOCK_DAYS))
        await visits.correct(session, world.manager, record_id, report, "typo")
        clock.move(timedelta(days=1))
        assert (await mine.get(session, world.manager, "visit", record_id)).needs_grant
        for correct in (
            visits.correct(session, world.manager, record_id, report, "typo"),
            checkups.correct(session, world.manager, checkup, came, "typo"),
            residents.correct(session, world.manager, one, replace(DETAILS, name="王秀云"), "typo"),
        ):
            with pytest.raises(Conflict, match="locked"):
                await correct
        await residents.correct(session, world.manager, one, DETAILS, "typo")  # only another phone
        assert not (await mine.get(session, world.clinic, "visit", record_id)).needs_grant
        await visits.correct(session, world.clinic, record_id, report, "typo")
        entry = AuditEntry.action == "visit:correct"
        details = await session.rows(select(AuditEntry.details).where(entry).order_by(AuditEntry.at, AuditEntry.id))
    assert [row.details.get("locked") for row in details] == [None, True]


async def test_leave_is_asked_given_used_once_and_runs_out(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager, clinic = world.manager, world.clinic
    async with database.transaction() as session:
        record_id, report = await visited(session, world)
        with pytest.raises(Conflict, match="not_locked"):
            await grants.ask(session, manager, "visit", record_id, "typo")
        clock.move(timedelta(days=LOCK_DAYS + 1))
        first = await grants.ask(session, manager, "visit", record_id, "typo")
        assert await grants.ask(session, manager, "visit", record_id, "late") == first
        with pytest.raises(Conflict, match="locked"):
            await visits.correct(session, manager, record_id, report, "typo")
        assert (await mine.get(session, manager, "visit", record_id)).grant is GrantState.ASKED
        page = await grants.asked(session, clinic, limit=5)
        assert (page.total, page.lines[0].kind, page.lines[0].village) == (1, "visit", "北村")
        assert [await grants.asked_count(session, each) for each in (clinic, manager)] == [1, 0]
        for _ in range(2):
            assert (await grants.decide(session, clinic, first, granted=True)).state is GrantState.GRANTED
        with pytest.raises(Conflict, match="decided"):
            await grants.decide(session, clinic, first, granted=False)
        await visits.correct(session, manager, record_id, report, "typo")
        with pytest.raises(Conflict, match="locked"):
            await visits.correct(session, manager, record_id, report, "typo")
        second = await grants.ask(session, manager, "visit", record_id, "typo")
        await grants.decide(session, clinic, second, granted=True)
        clock.move(timedelta(days=GRANT_DAYS, seconds=1))
        with pytest.raises(Conflict, match="locked"):
            await visits.correct(session, manager, record_id, report, "typo")
        told = await session.rows(select(OutboxMessage.kind, OutboxMessage.recipient_id, OutboxMessage.details))
        states = await session.rows(select(CorrectionGrant.state).order_by(CorrectionGrant.id))
    assert [row.state for row in states] == [GrantState.USED, GrantState.GRANTED]
    assert [row.recipient_id for row in told if row.kind == "grant.asked"] == [clinic.staff_id] * 2
    assert [row.recipient_id for row in told if row.kind == "grant.decided"] == [manager.staff_id] * 2
    assert {str(row.details) for row in told} == {"{}", "{'granted': True}"}


async def test_leave_is_refused_or_not_to_be_had(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        record_id, report = await visited(session, world)
        clock.move(timedelta(days=LOCK_DAYS + 1))
        asked = await grants.ask(session, world.manager, "visit", record_id, "person")
        for actor in (world.manager, world.leader, world.admin):
            with pytest.raises(AccessDenied):
                await grants.decide(session, actor, asked, granted=True)
        await grants.decide(session, world.clinic, asked, granted=False)
        with pytest.raises(Conflict, match="locked"):
            await visits.correct(session, world.manager, record_id, report, "typo")
        with pytest.raises(NotFound):
            await grants.ask(session, world.neighbour, "visit", record_id, "typo")
        with pytest.raises(NotFound):
            await grants.ask(session, world.manager, "visit", record_id, "because")
        with pytest.raises(NotFound):
            await grants.ask(session, world.manager, "nothing", record_id, "typo")
        assert await grants.asked_count(session, world.clinic) == 0


async def test_anothers_leave_opens_nothing(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        record_id, report = await visited(session, world)
        second = await staff.add(session, 901, 901, Role.MANAGER, world.north)
        clock.move(timedelta(days=LOCK_DAYS + 1))
        asked = await grants.ask(session, world.manager, "visit", record_id, "typo")
        await grants.decide(session, world.clinic, asked, granted=True)
        with pytest.raises(Conflict, match="locked"):
            await visits.correct(session, second, record_id, report, "typo")


async def test_what_i_entered_newest_first(database: Database, world: World, clock: MovableClock) -> None:
    manager = world.manager
    async with database.transaction() as session:
        record_id, _ = await visited(session, world)
        one = (await visits.get(session, manager, record_id)).resident.id
        clock.move(timedelta(minutes=1))
        checkup = (await checkups.report(session, manager, CheckupReport(one, TODAY, Outcome.NOT_REACHED))).record_id
        clock.move(timedelta(minutes=1))
        taken = (await checkups.report(session, manager, CheckupReport(one, TODAY, Outcome.AWAY))).record_id
        await checkups.undo(session, manager, taken)
        page = await mine.entered(session, manager, limit=2)
        rest = await mine.entered(session, manager, limit=2, offset=2)
        opened = await mine.get(session, manager, "checkup", checkup)
        seen_by_clinic = await mine.get(session, world.clinic, "checkup", checkup)
        assert [await mine.entered(session, each, limit=9) for each in (world.clinic, world.neighbour)] == [
            mine.Page(0, ())
        ] * 2
    assert [(line.kind, line.record_id) for line in page.lines] == [("checkup", checkup), ("visit", record_id)]
    assert [line.kind for line in rest.lines] == ["register"]
    assert (page.total, rest.total) == (3, 3)
    assert (page.lines[1].on, page.lines[1].said, page.lines[1].programme) == (TODAY, "ATTENDED", "hypertension")
    assert (opened.by, opened.may_undo, opened.may_correct, opened.line.is_mine) == (Role.MANAGER, True, True, True)
    assert (seen_by_clinic.may_undo, seen_by_clinic.may_correct, seen_by_clinic.line.is_mine) == (False, True, False)


async def test_mine_leaves_out_who_is_elsewhere_merged_or_restricted(database: Database, world: World) -> None:
    async with database.transaction() as session:
        gone = await person(session, world.manager)
        for change in (
            {"village_id": world.south.id},
            {"village_id": world.north.id, "restricted": True},
            {"restricted": False, "merged_into": await person(session, world.clinic, village_id=world.north.id)},
        ):
            await session.execute(update(Resident).where(Resident.id == gone).values(**change))
            assert (await mine.entered(session, world.manager, limit=9)).lines == ()
            with pytest.raises(NotFound):
                await mine.get(session, world.manager, "register", gone)
        await session.execute(update(Resident).where(Resident.id == gone).values(merged_into=None))
        assert len((await mine.entered(session, world.manager, limit=9)).lines) == 1
