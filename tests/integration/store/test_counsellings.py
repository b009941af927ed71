"""Talks about methods: stored once, sealed, read by the one who entered them and by the clinic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.methods import UNSAID, Method
from models.store import counsellings, places, staff
from models.store.counsellings import CounsellingReport
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.tables.counsellings import Counselling
from models.tables.outbox import OutboxMessage
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)
SEVERAL = (Method.COPPER_IUD, Method.MALE_CONDOM, Method.PATCH)


async def _talk(session: StoreSession, world: World, **changes: object) -> tuple[int, CounsellingReport]:
    resident_id = await person(session, world.manager, birth_date=date(1995, 5, 1))
    reported = CounsellingReport(resident_id, TODAY, SEVERAL, own=True)
    reported = replace(reported, **changes)  # type: ignore[arg-type]
    stored = await counsellings.report(session, world.manager, reported, 7)
    return stored.record_id, reported


async def test_a_talk_is_stored_once_and_shows_only_how_many(database: Database, world: World) -> None:
    async with database.transaction() as session:
        record_id, reported = await _talk(session, world, method=Method.PATCH)
        again = await counsellings.report(session, world.manager, reported, 7)
        row = await session.row(select(Counselling.__table__))
        assert row is not None
    assert again.record_id == record_id
    assert (again.explained, again.own, again.version) == (3, True, 1)
    assert (row.explained, row.decision_own, row.counselled_on) == (3, True, TODAY)


async def test_only_who_entered_it_and_the_clinic_read_it(database: Database, world: World) -> None:
    async with database.transaction() as session:
        record_id, reported = await _talk(session, world, method=Method.PATCH)
        colleague = await staff.add(session, 900, 900, world.manager.role, await places.get(session, world.north.id))
        for reader in (world.manager, world.clinic):
            assert (await counsellings.get(session, reader, record_id)).report == reported
        for other in (colleague, world.neighbour):
            for attempt in (counsellings.get, counsellings.versions, counsellings.undo):
                with pytest.raises(NotFound):
                    await attempt(session, other, record_id)
            with pytest.raises(NotFound):
                await counsellings.correct(session, other, record_id, reported, "typo")
        for nobody in (world.deputy, world.leader, world.admin):
            with pytest.raises(AccessDenied):
                await counsellings.get(session, nobody, record_id)
        for nobody in (world.manager, world.leader):
            with pytest.raises(AccessDenied):
                await counsellings.of_person(session, nobody, reported.resident_id)
        page = await counsellings.of_person(session, world.clinic, reported.resident_id)
    assert (page.total, page.lines[0].report.method) == (1, Method.PATCH)


async def test_a_correction_keeps_what_was_said_before(database: Database, world: World) -> None:
    async with database.transaction() as session:
        record_id, reported = await _talk(session, world)
        corrected = replace(reported, explained=SEVERAL[:1], method=Method.NONE)
        receipt = await counsellings.correct(session, world.manager, record_id, corrected, "late")
        (before,) = await counsellings.versions(session, world.clinic, record_id)
        assert (await counsellings.get(session, world.manager, record_id)).report == corrected
    assert (receipt.version, receipt.explained) == (2, 1)
    assert before.values["explained"] == ["copper_iud", "male_condom", "patch"]
    assert (before.values["method"], before.reason) == (UNSAID, "late")


async def test_an_undo_takes_it_back_within_ten_minutes(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        record_id, reported = await _talk(session, world)
        with pytest.raises(Conflict, match="not_yours"):
            await counsellings.undo(session, world.clinic, record_id)
        assert (await counsellings.undo(session, world.manager, record_id)).voided
        assert (await counsellings.undo(session, world.manager, record_id)).voided
        assert (await counsellings.of_person(session, world.clinic, reported.resident_id)).total == 0
        with pytest.raises(Conflict, match="voided"):
            await counsellings.correct(session, world.manager, record_id, reported, "typo")
        other = await counsellings.report(session, world.manager, reported, 8)
        clock.move(timedelta(minutes=11))
        with pytest.raises(Conflict, match="too_late"):
            await counsellings.undo(session, world.manager, other.record_id)


async def test_the_clinic_is_told_of_a_decision_that_was_not_own(database: Database, world: World) -> None:
    async with database.transaction() as session:
        record_id, reported = await _talk(session, world, own=False)
        await counsellings.correct(session, world.manager, record_id, reported, "typo")
        await counsellings.report(session, world.manager, replace(reported, own=True), 9)
        planned = await session.rows(select(OutboxMessage.__table__).where(OutboxMessage.kind == counsellings.NOT_OWN))
    assert [(row.recipient_id, row.subject_id, row.occurrence, row.details) for row in planned] == [
        (world.clinic.staff_id, reported.resident_id, str(record_id), {})
    ]


async def test_what_can_not_be_is_refused(database: Database, world: World) -> None:
    async with database.transaction() as session:
        _, reported = await _talk(session, world)
        private = await person(session, world.manager, "李桂芳", consents=frozenset())
        with pytest.raises(NoConsent):
            await counsellings.report(session, world.manager, replace(reported, resident_id=private))
        with pytest.raises(NotFound):
            await counsellings.report(session, world.neighbour, reported)
        with pytest.raises(AccessDenied):
            await counsellings.report(session, world.leader, reported)
        for day, code in ((TODAY + timedelta(days=1), "future_date"), (date(1990, 1, 1), "before_birth")):
            with pytest.raises(Refused, match=code):
                await counsellings.report(session, world.manager, replace(reported, counselled_on=day))
