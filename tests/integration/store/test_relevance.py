"""Whether a planned message still makes sense: not when it is done, taken back, too late or out of sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.store import enrolments, relevance, visits
from models.store.database import Database, StoreSession
from models.store.reports import VisitReport
from models.tables.base import new_id, table
from models.tables.grants import CorrectionGrant, GrantState
from models.tables.handovers import Handover, HandoverKind, HandoverState
from models.tables.visits import RecordKind
from tests.factories.world import World, enrolled, person

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def _insert(session: StoreSession, model: type, **values: object) -> int:
    row_id = new_id()
    await session.execute(table(model).insert(), {"id": row_id, **values})
    return row_id


async def test_an_approval_waits_until_it_is_given(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        start = {Anchor.START: date(2026, 3, 1)}
        enrolment_id = await enrolments.enrol(session, world.manager, resident_id, "dmpa", anchors=start)
        assert await relevance.approval_waits(session, world.clinic, enrolment_id)
        assert not await relevance.approval_waits(session, world.neighbour, enrolment_id)
        await enrolments.approve(session, world.clinic, enrolment_id)
        assert not await relevance.approval_waits(session, world.clinic, enrolment_id)


async def test_somebody_is_ill_until_the_record_says_otherwise(database: Database, world: World) -> None:
    today = date(2026, 3, 16)
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        ill = VisitReport(enrolment_id, today, Outcome.ILL, next_on=date(2026, 3, 20))
        stored = await visits.report(session, world.manager, ill)
        assert stored.tells_clinic
        about = (stored.resident.id, RecordKind.VISIT, stored.record_id)
        assert await relevance.is_ill(session, world.clinic, *about)
        assert not await relevance.is_ill(session, world.neighbour, *about)
        assert not await relevance.is_ill(session, world.clinic, about[0], RecordKind.ATTENDANCE, about[2])
        came = VisitReport(enrolment_id, today, Outcome.OTHER_PROVIDER)
        assert not (await visits.correct(session, world.manager, stored.record_id, came, "typo")).tells_clinic
        assert not await relevance.is_ill(session, world.clinic, *about)


async def test_nobody_is_said_to_be_told_where_there_is_no_clinic(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.clinic, "hypertension", village_id=world.north.id)
        ill = VisitReport(enrolment_id, date(2026, 3, 16), Outcome.ILL, next_on=date(2026, 3, 20))
        assert not (await visits.report(session, world.clinic, ill)).tells_clinic  # the only one there is reports it


async def test_an_offer_is_open_to_the_other_side_until_its_deadline(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        handover_id = await _insert(
            session,
            Handover,
            resident_id=await person(session, world.manager),
            kind=HandoverKind.PERMANENT,
            from_township_id=world.township.id,
            from_village_id=world.north.id,
            to_township_id=world.township.id,
            to_village_id=world.south.id,
            state=HandoverState.OFFERED,
            offered_at=clock.now(),
            deadline=clock.now() + timedelta(days=14),
        )
        assert await relevance.handover_is_offered(session, world.neighbour, handover_id)
        assert not await relevance.handover_is_offered(session, world.manager, handover_id)
        clock.move(timedelta(days=14))
        assert not await relevance.handover_is_offered(session, world.neighbour, handover_id)


async def test_a_request_waits_until_it_is_decided(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        asked = {
            "kind": RecordKind.VISIT,
            "record_id": 1,
            "resident_id": await person(session, world.manager),
            "township_id": world.township.id,
            "village_id": world.north.id,
            "reason": "typo",
            "asked_by": world.manager.staff_id,
            "asked_at": clock.now(),
        }
        waiting = await _insert(session, CorrectionGrant, **asked, state=GrantState.ASKED)
        decided = await _insert(session, CorrectionGrant, **asked, state=GrantState.REFUSED)
        assert await relevance.grant_is_asked(session, world.clinic, waiting)
        assert not await relevance.grant_is_asked(session, world.clinic, decided)
