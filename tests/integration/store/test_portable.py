"""The record that somebody takes along: own and whole, or from the team as far as the role may know; both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied, Actor
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.methods import Method
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.store import checkups, consents, counsellings, enrolments, portable, visits
from models.store.counsellings import CounsellingReport
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound
from models.store.portable import Portable
from models.store.reports import Channel, CheckupReport, Measures, VisitReport
from models.tables.audit import AuditEntry
from tests.factories.world import World, person
from tests.integration.store.test_accounts import tied

TODAY = date(2026, 3, 16)
BORN = date(1990, 5, 1)


async def _life(session: StoreSession, world: World, clock: MovableClock) -> tuple[int, Actor]:
    """Give somebody a visit, one taken back, a declined check-up, a talk with the clinic, and antenatal care."""
    resident_id, account = await tied(session, world, birth_date=BORN, phone="13800000000")
    line = await enrolments.enrol(session, world.manager, resident_id, "hypertension")
    measures = Measures(128, 82, weight=623, height=1601)
    report = VisitReport(line, TODAY, Outcome.ATTENDED, channel=Channel.VISIT, measures=measures, note="只在这里")
    stored = await visits.report(session, world.manager, report)
    await visits.undo(session, world.manager, stored.record_id)
    await visits.report(session, world.manager, report)
    await checkups.report(session, world.manager, CheckupReport(resident_id, TODAY, Outcome.DECLINED))
    await enrolments.enrol(session, world.clinic, resident_id, "antenatal", anchors={Anchor.LMP: date(2026, 1, 20)})
    methods = (Method.COPPER_IUD, Method.PATCH)
    talk = CounsellingReport(resident_id, TODAY, methods, own=True, method=Method.PATCH)
    await counsellings.report(session, world.clinic, talk)
    clock.move(timedelta(days=2))
    return resident_id, account


def _met(found: Portable) -> list[tuple[str, bool, dict[str, int]]]:
    return [(one.schedule.code, one.took_place, dict(one.measures)) for one in found.met]


async def test_a_record_is_whole_for_oneself_and_cut_to_what_the_team_may_know(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        resident_id, account = await _life(session, world, clock)
        hers = await portable.own(session, account, choices=True)
        clinics = await portable.of_person(session, world.clinic, resident_id)
        managers = await portable.of_person(session, world.manager, resident_id, choices=True)
        taken = await session.rows(
            select(AuditEntry.action, AuditEntry.details)
            .where(AuditEntry.action.like("%:take"))
            .order_by(AuditEntry.id)
        )
    measured = {"sbp": 128, "dbp": 82, "weight": 623, "height": 1601}
    assert sorted(_met(hers), key=str) == [("checkup", False, {}), ("hypertension", True, measured)]
    assert _met(hers) == _met(clinics) == _met(managers)
    assert {one.id for one in hers.met} == {one.id for one in managers.met}, "the same each time"
    assert (hers.name, hers.birth_date, hers.places) == ("王秀英", BORN, ("沈寨镇", "北村"))
    assert [one.schedule.code for one in hers.ahead] == [one.schedule.code for one in clinics.ahead]
    assert "antenatal" in {one.schedule.code for one in hers.ahead}
    assert {one.schedule.code for one in managers.ahead} == {"hypertension"}
    assert [one.method for one in hers.chosen] == [Method.PATCH]
    assert (clinics.has_choices, clinics.chosen) == (True, ())
    assert (managers.has_choices, managers.chosen) == (False, ())
    assert {one.purpose for one in hers.agreed} == set(Purpose)
    assert [(row.action, row.details.get("reason"), row.details["choices"]) for row in taken] == [
        ("own:take", None, True),
        ("person:take", "asked_for", False),
        ("person:take", "asked_for", True),
    ]


async def test_nobody_else_takes_it_and_nothing_of_a_closed_record(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        resident_id, account = await _life(session, world, clock)
        private = await person(session, world.manager, "周无", consents=frozenset())
        with pytest.raises(NoConsent):
            await portable.of_person(session, world.manager, private)
        with pytest.raises(NotFound):
            await portable.of_person(session, world.neighbour, resident_id)
        for actor in (world.leader, account):
            with pytest.raises(AccessDenied):
                await portable.of_person(session, actor, resident_id)
        with pytest.raises(AccessDenied):
            await portable.own(session, world.clinic)
        await consents.withdraw_own(session, account, resident_id, Purpose.HEALTH_RECORD)
        with pytest.raises(Conflict, match="own_restricted"):
            await portable.own(session, account)
        with pytest.raises(NotFound):
            await portable.of_person(session, world.manager, resident_id)
