"""A person's history: everything that happened, wherever it happened, as far as the role may know."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.referrals import ReferralReason
from models.store import checkups, enrolments, handovers, history, mine, referrals, visits
from models.store.database import Database
from models.store.errors import NotFound
from models.store.handovers import HandoverKind, Wanted
from models.store.referrals import ReferralReport
from models.store.reports import CheckupReport, Measures, VisitReport
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)


async def test_everything_newest_first_and_by_pages(database: Database, world: World, clock: MovableClock) -> None:
    manager = world.manager
    async with database.transaction() as session:
        one = await person(session, manager, programmes=("hypertension",))
        [line] = await enrolments.of_person(session, manager, one)
        pressure = Measures(sbp=138, dbp=86)
        visit = VisitReport(line.id, TODAY, Outcome.ATTENDED, measures=pressure)
        record_id = (await visits.report(session, manager, visit)).record_id
        clock.move(timedelta(days=3))
        later = TODAY + timedelta(days=3)
        taken = (await checkups.report(session, manager, CheckupReport(one, later, Outcome.ATTENDED))).record_id
        await checkups.undo(session, manager, taken)
        came = (await checkups.report(session, manager, CheckupReport(one, later, Outcome.NOT_REACHED))).record_id
        await visits.report(session, manager, VisitReport(line.id, later, Outcome.DECLINED))
        whole = await history.of_person(session, manager, one, limit=8)
        second = await history.of_person(session, manager, one, limit=2, offset=2)
    kinds = [(event.kind, event.on, event.said) for event in whole.events]
    assert whole.total == second.total == 6
    assert set(kinds[:3]) == {
        ("left", later, "DECLINED"),
        ("visit", later, "DECLINED"),
        ("checkup", later, "NOT_REACHED"),
    }
    assert {kind for kind, _, _ in kinds[3:]} == {"visit", "joined", "register"}
    assert next(event for event in whole.events if event.record_id == record_id).measures == pressure
    assert [event.kind for event in whole.events if not event.is_record] == ["left", "joined"]
    assert second.events == whole.events[2:4]
    assert came in {event.record_id for event in whole.events}


async def test_what_happened_in_another_village_goes_with_the_person(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager, programmes=("checkup",))
        await checkups.report(session, world.manager, CheckupReport(one, TODAY, Outcome.NOT_REACHED))
        with pytest.raises(NotFound):
            await history.of_person(session, world.neighbour, one, limit=8)
        urgent = ReferralReport(one, ReferralReason.URGENT)
        referred = (await referrals.make(session, world.manager, urgent)).id
        wanted = Wanted(HandoverKind.PERMANENT, world.south.id)
        offered = await handovers.offer(session, world.manager, one, wanted)
        assert (await history.of_person(session, world.manager, one, limit=8)).total == 4
        await handovers.accept(session, world.neighbour, offered.id)
        found = await history.of_person(session, world.neighbour, one, limit=8)
        with pytest.raises(NotFound):
            await history.of_person(session, world.manager, one, limit=8)
        opened = await mine.get(session, world.neighbour, "referral", referred)
    assert {event.kind for event in found.events} == {"checkup", "joined", "register", "referral", "handed_over"}
    assert [event.is_record for event in found.events if event.kind == "handed_over"] == [False]
    assert (opened.may_correct, opened.line.said) == (False, "open")


async def test_a_programme_that_the_role_may_not_know_of_leaves_no_trace(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager)
        anchors = {Anchor.LMP: date(2026, 1, 1)}
        await enrolments.enrol(session, world.clinic, one, "antenatal", anchors=anchors)
        manager = await history.of_person(session, world.manager, one, limit=8)
        clinic = await history.of_person(session, world.clinic, one, limit=8)
        for actor in (world.leader, world.deputy, world.admin):
            with pytest.raises(AccessDenied):
                await history.of_person(session, actor, one, limit=8)
    assert [event.kind for event in manager.events] == ["register"]
    assert manager.total == 1
    assert {event.kind for event in clinic.events} == {"register", "joined"}
