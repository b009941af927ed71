"""Check-ups: the village's day, who is expected, what a report stores and moves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.rules.calendar import last_checkup_day
from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.store import checkups, enrolments, residents, visits
from models.store.database import Database
from models.store.errors import Conflict, NoConsent, NotFound
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.checkups import Attendance, CheckupDay
from models.tables.enrolments import Enrolment
from models.tables.residents import ResidentStatus
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)
CALM = Measures(sbp=128, dbp=82)


def came(resident_id: int, **changes: Any) -> CheckupReport:
    return CheckupReport(
        **{
            "resident_id": resident_id,
            "held_on": TODAY,
            "outcome": Outcome.ATTENDED,
            "measures": CALM,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("dom", "on", "held_on"),
    [
        (10, date(2026, 3, 10), date(2026, 3, 10)),
        (10, date(2026, 3, 9), date(2026, 1, 12)),  # 10 January 2026 is a Saturday
        (10, date(2026, 2, 20), date(2026, 1, 12)),
        (10, date(2026, 1, 11), date(2025, 11, 10)),
        (31, date(2026, 2, 1), date(2025, 12, 1)),  # 31 January moves to 2 February, 30 November to 1 December
        (31, date(2026, 2, 2), date(2026, 2, 2)),
    ],
)
def test_a_day_belongs_to_the_last_checkup_before_it(dom: int, on: date, held_on: date) -> None:
    assert last_checkup_day(dom, on).held_on == held_on


async def test_a_day_is_made_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        first = await checkups.day_for(session, world.manager, TODAY)
        again = await checkups.day_for(session, world.clinic, TODAY, world.north.id)
        assert first == again
        assert (first.nominal_on, first.held_on) == (date(2026, 3, 10), date(2026, 3, 10))
        assert len(await session.rows(select(CheckupDay.id))) == 1


async def test_a_report_moves_the_next_date_to_the_next_odd_month(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=("checkup",))
        receipt = await checkups.report(session, world.manager, came(resident_id))
    assert receipt.next is not None
    assert receipt.next.opens_on == date(2026, 5, 11)  # 10 May 2026 is a Sunday
    assert (receipt.programme, receipt.outcome) == ("checkup", Outcome.ATTENDED)


async def test_an_urgent_value_makes_a_follow_up_of_the_checkup(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=("checkup",))
        measures = Measures(glucose=170)
        receipt = await checkups.report(session, world.manager, came(resident_id, measures=measures))
        lines = await enrolments.of_person(session, world.manager, resident_id)
    assert receipt.urgent
    assert receipt.followup_on == TODAY + timedelta(days=14)
    assert [line.programme for line in lines] == ["checkup"]


async def test_the_roster_shows_who_is_still_open(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        here = await person(session, manager, "王秀英", programmes=("checkup",))
        missing = await person(session, manager, "李桂芳", programmes=("checkup",))
        await person(session, manager, "赵铁柱")
        stored = await checkups.report(session, manager, came(here))
        roster = await checkups.expected(session, manager, TODAY)
    found = {each.resident.id: (each.outcome, each.record_id) for each in roster}
    assert found == {here: (Outcome.ATTENDED, stored.record_id), missing: (None, None)}


async def test_not_reached_first_and_served_later_are_both_kept(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup",))
        report = came(resident_id, outcome=Outcome.NOT_REACHED, measures=Measures())
        await checkups.report(session, manager, report)
        clock.move(timedelta(days=2))
        later = came(resident_id, held_on=TODAY + timedelta(days=2))
        await checkups.report(session, manager, later)
        [line] = await checkups.expected(session, manager, TODAY)
        assert line.outcome is Outcome.ATTENDED
        with pytest.raises(Conflict) as conflict:
            await checkups.report(session, manager, later, draft_id=4)
    assert conflict.value.code == "already_reported"


async def test_the_same_draft_makes_one_record(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=("checkup",))
        first = await checkups.report(session, world.manager, came(resident_id), draft_id=3)
        assert await checkups.report(session, world.manager, came(resident_id), draft_id=3) == first
        assert len(await session.rows(select(Attendance.id))) == 1


@pytest.mark.parametrize("health", [{"measures": CALM}, {"answers": {"concern": "yes"}}, {"note": "头晕"}], ids=str)
async def test_without_consent_only_the_outcome_is_kept(
    database: Database, world: World, health: dict[str, Any]
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, consents=frozenset(), programmes=("checkup",))
        assert await enrolments.of_person(session, manager, resident_id) == []
        bare = {"measures": Measures()}
        with pytest.raises(NoConsent):
            await checkups.report(session, manager, came(resident_id, **(bare | health)))
        receipt = await checkups.report(session, manager, came(resident_id, **bare))
        assert receipt.next is None
        row = await session.row(select(Attendance.enrolment_id, Attendance.sbp, Attendance.note_sealed))
        assert row is not None
        assert tuple(row) == (None, None, None)


async def test_who_comes_joins_and_an_undo_leaves_no_trace_of_it(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager)
        receipt = await checkups.report(session, manager, came(resident_id))
        assert receipt.next is not None
        assert len(await enrolments.of_person(session, manager, resident_id)) == 1
        undone = await checkups.undo(session, manager, receipt.record_id)
        assert undone.voided
        assert await session.rows(select(Enrolment.id)) == []


async def test_an_undo_does_not_take_the_ground_from_under_a_follow_up(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        urgent = came(resident_id, measures=Measures(sbp=190, dbp=100))
        stored = await checkups.report(session, world.manager, urgent)
        (line,) = await enrolments.of_person(session, world.manager, resident_id)
        await visits.report(session, world.manager, VisitReport(line.id, TODAY, Outcome.NOT_REACHED))
        with pytest.raises(Conflict, match="changed_since"):
            await checkups.undo(session, world.manager, stored.record_id)
        assert not (await checkups.get(session, world.manager, stored.record_id)).voided


async def test_who_declined_joins_again_by_coming(database: Database, world: World, clock: MovableClock) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup",))
        declined = came(resident_id, outcome=Outcome.DECLINED, measures=Measures())
        await checkups.report(session, manager, declined)
        clock.move(timedelta(days=60))
        receipt = await checkups.report(session, manager, came(resident_id, held_on=TODAY + timedelta(days=60)))
    assert receipt.next is not None


async def test_death_silences_everything_and_an_undo_restores_it(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup", "hypertension"))
        before = await residents.card(session, manager, resident_id)
        report = came(resident_id, outcome=Outcome.DECEASED, measures=Measures())
        receipt = await checkups.report(session, manager, report)
        assert receipt.resident.status is ResidentStatus.DECEASED
        assert await checkups.expected(session, manager, TODAY) == []
        await checkups.undo(session, manager, receipt.record_id)
        assert await residents.card(session, manager, resident_id) == before


async def test_a_correction_moves_the_record_to_the_right_day(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup",))
        first = await checkups.report(session, manager, came(resident_id))
        fixed = came(resident_id, held_on=date(2026, 3, 9), measures=Measures(sbp=130, dbp=85))
        receipt = await checkups.correct(session, manager, first.record_id, fixed, "late")
        stored = await checkups.get(session, manager, first.record_id)
        [version] = await checkups.versions(session, manager, first.record_id)
    assert receipt.version == 2
    assert stored.day.held_on == date(2026, 1, 12)
    assert stored.report == fixed
    assert version.values["on"] == "2026-03-16"


async def test_a_correction_of_who_joined_by_coming_keeps_the_way_back(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager)
        first = await checkups.report(session, manager, came(resident_id))
        declined = came(resident_id, outcome=Outcome.DECLINED, measures=Measures())
        corrected = await checkups.correct(session, manager, first.record_id, declined, "person")
        assert corrected.next is None
        await checkups.undo(session, manager, first.record_id)
        assert await session.rows(select(Enrolment.id)) == []


async def test_another_persons_record_is_not_corrected_into(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        one = await person(session, manager, "王秀英", programmes=("checkup",))
        other = await person(session, manager, "李桂芳", programmes=("checkup",))
        stored = await checkups.report(session, manager, came(one))
        with pytest.raises(NotFound):
            await checkups.correct(session, manager, stored.record_id, came(other), "person")


@pytest.mark.parametrize("outcome", [Outcome.MOVED, Outcome.DECEASED, Outcome.CONSENT_WITHDRAWN])
async def test_who_is_not_listed_any_more_is_not_reported(database: Database, world: World, outcome: Outcome) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=("checkup",))
        report = came(resident_id, outcome=outcome, measures=Measures())
        await checkups.report(session, world.manager, report)
        with pytest.raises(NotFound):
            await checkups.report(session, world.manager, came(resident_id, measures=Measures()))
