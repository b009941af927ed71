"""Done, declined, moved, died, withdrew: of every kind of message about the person, what is planned is not sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.methods import Method
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.store import (
    alert_holds,
    checkups,
    climbs,
    consents,
    counsellings,
    enrolments,
    handovers,
    own,
    referrals,
    visits,
)
from models.store.counsellings import CounsellingReport
from models.store.database import Database, StoreSession
from models.store.handovers import HandoverKind, Wanted
from models.store.referrals import ReferralReason, ReferralReport
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.alerts import Alert
from models.tables.enrolments import Enrolment
from models.tables.outbox import OutboxMessage, OutboxState
from scheduler.dispatcher import Dispatcher
from scheduler.planner import Planner
from scheduler.sources import SOURCES
from tests.factories.world import World
from tests.integration.scheduler.test_dispatcher import FULL_PACE
from tests.integration.scheduler.test_meeting_source import Chats
from tests.integration.store.test_accounts import tied

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
BEGUN = date(2026, 1, 5)
METHODS = (Method.COPPER_IUD, Method.PATCH)
ABOUT = {
    *("alert.assigned", "approval.waits", "choice.not_own", "handover.offered"),
    *("own.before", "person.ill", "referral.new"),
}
"""Every kind that is about one person and asks somebody to do something; the rest counts when it is sent."""


async def _everything(database: Database, world: World, clock: MovableClock) -> tuple[int, int]:
    """Plan a message of each kind about one person; return the person and the overdue enrolment."""
    async with database.transaction() as session:
        her, account = await tied(session, world, programmes=("checkup", "hypertension"))
        await own.remind(session, account, on=True)
        lines = await enrolments.of_person(session, world.manager, her)
        pressure = next(line.id for line in lines if line.programme == "hypertension")
        await session.execute(Enrolment.__table__.update().values(enrolled_on=BEGUN))  # type: ignore[attr-defined]
        came = VisitReport(pressure, BEGUN, Outcome.ATTENDED, measures=Measures(120, 80))
        await visits.report(session, world.manager, came)
    today = date(2026, 5, 7)
    clock.move(datetime.combine(today, time(23), UTC) - clock.now())  # seven in the morning of the 8th: quiet
    today += timedelta(days=1)
    async with database.transaction() as session:
        while await climbs.follow(session, world.township.id, today):
            pass
        alert_id = await session.scalar(select(Alert.id).where(Alert.subject_id == pressure))
        await alert_holds.assign(session, world.manager, alert_id, today, world.clinic.staff_id)
        await _ask(session, world, her, today)
    await Planner(database, SOURCES).run()
    return her, pressure


async def _ask(session: StoreSession, world: World, her: int, today: date) -> None:
    """Let the manager do what somebody else is told of."""
    ill = CheckupReport(her, today, Outcome.ILL, next_on=today + timedelta(days=5))
    await checkups.report(session, world.manager, ill)
    await referrals.make(session, world.manager, ReferralReport(her, ReferralReason.OTHER))
    talk = CounsellingReport(her, today, METHODS, own=False, method=METHODS[0])
    await counsellings.report(session, world.manager, talk)
    await enrolments.enrol(session, world.manager, her, "dmpa", anchors={Anchor.START: today})
    await handovers.offer(session, world.manager, her, Wanted(HandoverKind.PERMANENT, world.south.id, agrees=True))


async def _sent(database: Database, clock: MovableClock) -> set[str]:
    """Let quiet hours pass, send what is planned, and return which kinds have left."""
    clock.move(timedelta(hours=1))
    await Dispatcher(database, Chats(), FULL_PACE).run()
    async with database.reading() as session:
        rows = await session.rows(select(OutboxMessage.kind).where(OutboxMessage.state == OutboxState.SENT))
    return {row.kind for row in rows}


async def test_each_of_them_leaves_while_it_makes_sense(database: Database, world: World, clock: MovableClock) -> None:
    await _everything(database, world, clock)
    assert await _sent(database, clock) >= ABOUT


@pytest.mark.parametrize("outcome", [Outcome.MOVED, Outcome.DECEASED])
async def test_gone_for_good_none_of_them_does(
    database: Database, world: World, clock: MovableClock, outcome: Outcome
) -> None:
    _, pressure = await _everything(database, world, clock)
    async with database.transaction() as session:
        await visits.report(session, world.manager, VisitReport(pressure, date(2026, 5, 8), outcome))
    assert not await _sent(database, clock) & ABOUT


async def test_withdrawn_none_of_them_does(database: Database, world: World, clock: MovableClock) -> None:
    her, _ = await _everything(database, world, clock)
    async with database.transaction() as session:
        await consents.withdraw(session, world.manager, her, Purpose.HEALTH_RECORD)
    assert not await _sent(database, clock) & ABOUT


@pytest.mark.parametrize("outcome", [Outcome.ATTENDED, Outcome.DECLINED])
async def test_done_or_declined_it_ends_for_that_service(
    database: Database, world: World, clock: MovableClock, outcome: Outcome
) -> None:
    _, pressure = await _everything(database, world, clock)
    measures = Measures(120, 80) if outcome is Outcome.ATTENDED else Measures()
    async with database.transaction() as session:
        await visits.report(session, world.manager, VisitReport(pressure, date(2026, 5, 8), outcome, measures=measures))
    assert ABOUT - await _sent(database, clock) == {"alert.assigned"}
