"""Rows for analysis: whose they are, what is in them, and that the deputy is told; on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from models.rules import periods
from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.extracts import ROUNDED, generalised
from models.rules.outcomes import Outcome
from models.rules.periods import PeriodKind
from models.rules.programmes.base import Anchor
from models.store import checkups, consents, enrolments, extracts, visits
from models.store.database import Database, StoreSession
from models.store.extracts import FILE, MADE, ExtractPurpose
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.base import new_id, table
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.residents import Resident
from tests.factories.world import World, enrolled, person

QUARTER = periods.of(PeriodKind.QUARTER, date(2026, 3, 16))
TODAY = date(2026, 3, 16)


async def _reports(session: StoreSession, world: World) -> None:
    """Report visits in both villages, of antenatal care, of somebody who withdraws, and one that is taken back."""
    for actor, name in ((world.manager, "甲"), (world.neighbour, "乙"), (world.manager, "丙")):
        line = await enrolled(session, actor, "hypertension", name=name)
        report = VisitReport(line, TODAY, Outcome.ATTENDED, measures=Measures(128, 82, weight=623), note="不带走")
        await visits.report(session, actor, report)
    gone = await session.scalar(select(Resident.id).order_by(Resident.id.desc()).limit(1))
    await consents.withdraw(session, world.manager, gone, "HEALTH_RECORD")
    mother = await person(session, world.manager, "丁", birth_date=date(1995, 1, 1), programmes=("checkup",))
    line = await enrolments.enrol(session, world.clinic, mother, "antenatal", anchors={Anchor.LMP: date(2026, 1, 1)})
    await visits.report(session, world.clinic, VisitReport(line, TODAY, Outcome.ATTENDED))
    stored = await checkups.report(session, world.manager, CheckupReport(mother, TODAY, Outcome.DECLINED))
    await checkups.undo(session, world.manager, stored.record_id)
    await checkups.report(session, world.manager, CheckupReport(mother, TODAY, Outcome.DECLINED))


async def _grow(session: StoreSession, world: World, many: int) -> None:
    """Let the north have so many more residents."""
    like = await session.row(select(table(Resident)).where(Resident.village_id == world.north.id).limit(1))
    assert like is not None
    rows = [dict(like._mapping) | {"id": new_id(), "draft_id": None} for _ in range(many)]
    await session.execute(insert(table(Resident)), rows)


async def test_rows_are_of_those_who_consent_and_of_what_managers_may_know(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        await _reports(session, world)
        await _grow(session, world, 300)
        await extracts.ask(session, world.clinic, QUARTER, ExtractPurpose.QUALITY)
        villages = await extracts.begin(session, world.clinic, QUARTER, 0)
    async with database.reading() as session:
        facts = [
            fact for each in villages.items() for fact in await extracts.rows(session, world.clinic, QUARTER, *each)
        ]
        told = await session.rows(
            select(OutboxMessage.recipient_id, OutboxMessage.details).where(OutboxMessage.kind.in_((FILE, MADE)))
        )
    assert sorted((one.village, one.programme, one.outcome) for one in facts) == [
        ("北村", "checkup", "DECLINED"),
        ("北村", "hypertension", "ATTENDED"),
        ("沈寨镇", "hypertension", "ATTENDED"),
    ]
    values = {dict(zip(ROUNDED, one.measures, strict=True))["weight"] for one in facts}
    assert values == {600, None}
    assert {row.recipient_id for row in told} == {world.clinic.staff_id, world.deputy.staff_id}
    assert [row.details for row in told] == [{"purpose": "quality", "months": 3}] * 2
    assert generalised(facts, "沈寨镇").left_out == 3, "so few people are in no row"


async def test_only_the_clinic_makes_them(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for actor in (world.manager, world.deputy, world.leader, world.admin):
            with pytest.raises(AccessDenied):
                await extracts.ask(session, actor, QUARTER, ExtractPurpose.TRAINING)
            with pytest.raises(AccessDenied):
                await extracts.begin(session, actor, QUARTER, 0)
            with pytest.raises(AccessDenied):
                await extracts.rows(session, actor, QUARTER, world.north.id, "北村")


async def test_the_same_asked_for_twice_is_made_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for _ in range(2):
            await extracts.ask(session, world.clinic, QUARTER, ExtractPurpose.QUALITY)
        await extracts.ask(session, world.clinic, QUARTER, ExtractPurpose.TRAINING)
        await extracts.ask(session, world.clinic, QUARTER.before, ExtractPurpose.QUALITY)
        rows = await session.rows(select(OutboxMessage.kind).where(OutboxMessage.kind.in_((FILE, MADE))))
        assert sorted(row.kind for row in rows) == [FILE] * 3 + [MADE] * 3
        done = update(OutboxMessage).where(OutboxMessage.kind == FILE)
        await session.execute(done.values(state=OutboxState.SENT))
        await extracts.ask(session, world.clinic, QUARTER, ExtractPurpose.QUALITY)
        rows = await session.rows(select(OutboxMessage.kind).where(OutboxMessage.kind == FILE))
        assert len(rows) == 4
