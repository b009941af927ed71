"""Follow-up visits: what a report stores, moves, and how it is corrected and taken back."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.store import consents, enrolments, residents, visits
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.reports import Measures, VisitReport
from models.tables.base import table
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Channel, ResidentStatus
from models.tables.visits import Visit
from tests.factories.world import World, enrolled, person

TODAY = date(2026, 3, 16)
CALM = Measures(sbp=128, dbp=82)
VOLATILE = {"updated_at"}


async def columns(session: StoreSession, enrolment_id: int) -> dict[str, Any]:
    """The whole row of an enrolment, but for when it was touched."""
    row = await session.row(select(table(Enrolment)).where(Enrolment.id == enrolment_id))
    assert row is not None
    return {name: value for name, value in row._mapping.items() if name not in VOLATILE}


def attended(enrolment_id: int, **changes: Any) -> VisitReport:
    return VisitReport(
        **{
            "enrolment_id": enrolment_id,
            "visited_on": TODAY,
            "outcome": Outcome.ATTENDED,
            "measures": CALM,
            **changes,
        }
    )


async def test_a_visit_moves_the_next_date(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        receipt = await visits.report(session, world.manager, attended(enrolment_id))
        row = await columns(session, enrolment_id)
    assert receipt.next is not None
    assert receipt.next.target_on == date(2026, 6, 16)
    assert (receipt.next.opens_on, receipt.next.closes_on) == (date(2026, 6, 2), date(2026, 6, 30))
    assert row["next_due_on"] == receipt.next.opens_on
    assert row["last_visit_on"] == TODAY
    assert (receipt.resident.name, receipt.urgent, receipt.version) == ("王秀英", False, 1)


async def test_an_urgent_value_calls_for_a_follow_up_within_14_days(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "blood_pressure")
        measures = Measures(sbp=185, dbp=100)
        receipt = await visits.report(session, world.manager, attended(enrolment_id, measures=measures))
    assert receipt.urgent
    assert receipt.followup_on == TODAY + timedelta(days=14)
    assert receipt.next is not None
    assert receipt.next.closes_on == receipt.followup_on


async def test_the_same_draft_makes_one_visit(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        first = await visits.report(session, world.manager, attended(enrolment_id), draft_id=9)
        second = await visits.report(session, world.manager, attended(enrolment_id), draft_id=9)
        rows = await session.rows(select(Visit.id))
    assert first == second
    assert len(rows) == 1


async def test_a_draft_saved_twice_at_once_makes_one_visit(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")

    async def save() -> int | None:
        try:
            async with database.transaction() as session:
                receipt = await visits.report(session, world.manager, attended(enrolment_id), draft_id=9)
                return receipt.record_id
        except Exception:  # the unique draft refuses whoever comes second and did not wait for the chat
            return None

    await asyncio.gather(*(save() for _ in range(5)))
    async with database.transaction() as session:
        assert len(await session.rows(select(Visit.id))) == 1


@pytest.mark.parametrize(
    ("outcome", "status", "state", "paused"),
    [
        (Outcome.DECLINED, ResidentStatus.PRESENT, EnrolmentState.ENDED, False),
        (Outcome.NOT_DUE, ResidentStatus.PRESENT, EnrolmentState.ENDED, False),
        (Outcome.MOVED, ResidentStatus.MOVED, EnrolmentState.ENDED, False),
        (Outcome.DECEASED, ResidentStatus.DECEASED, EnrolmentState.ENDED, False),
        (Outcome.CONSENT_WITHDRAWN, ResidentStatus.PRESENT, EnrolmentState.ENDED, False),
        (Outcome.AWAY, ResidentStatus.AWAY, EnrolmentState.ACTIVE, True),
        (Outcome.NOT_REACHED, ResidentStatus.PRESENT, EnrolmentState.ACTIVE, False),
        (Outcome.OTHER_PROVIDER, ResidentStatus.PRESENT, EnrolmentState.ACTIVE, False),
    ],
)
async def test_outcomes_have_their_effect_and_an_undo_restores_all(
    database: Database,
    world: World,
    outcome: Outcome,
    status: ResidentStatus,
    state: EnrolmentState,
    paused: bool,
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup",))
        enrolment_id = await enrolments.enrol(session, manager, resident_id, "hypertension")
        before = await columns(session, enrolment_id)
        card = await residents.card(session, manager, resident_id)
        receipt = await visits.report(session, manager, attended(enrolment_id, outcome=outcome, measures=Measures()))
        after = await columns(session, enrolment_id)
        undone = await visits.undo(session, manager, receipt.record_id)
        restored = await columns(session, enrolment_id)
        card_again = await residents.card(session, manager, resident_id)
    assert (after["state"], after["paused"]) == (state, paused)
    assert receipt.resident.status is status
    assert (receipt.next is None) == (state is EnrolmentState.ENDED or paused)
    assert undone.voided
    assert restored == before
    assert card_again == card


async def test_moving_ends_every_programme_and_hides_the_person(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup", "hypertension"))
        [first, second] = await enrolments.of_person(session, manager, resident_id)
        report = attended(first.id, outcome=Outcome.MOVED, measures=Measures())
        await visits.report(session, manager, report)
        assert (await columns(session, second.id))["ended_by"] is Outcome.MOVED
        assert await residents.list_village(session, manager) == []
        with pytest.raises(NotFound):
            await enrolments.of_person(session, manager, resident_id)


async def test_withdrawn_consent_restricts_and_forgets_every_consent(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager)
        enrolment_id = await enrolments.enrol(session, manager, resident_id, "hypertension")
        report = attended(enrolment_id, outcome=Outcome.CONSENT_WITHDRAWN, measures=Measures())
        await visits.report(session, manager, report)
        history = await consents.history(session, manager, resident_id)
        assert all(line.withdrawn_at is not None for line in history)
        assert await residents.list_village(session, manager) == []


async def test_times_not_reached_are_counted(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        for _ in range(3):
            report = attended(enrolment_id, outcome=Outcome.NOT_REACHED, measures=Measures())
            await visits.report(session, world.manager, report)
        assert (await columns(session, enrolment_id))["attempts"] == 3


async def test_another_date_moves_the_window(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        report = attended(
            enrolment_id, outcome=Outcome.RESCHEDULED, next_on=TODAY + timedelta(days=5), measures=Measures()
        )
        receipt = await visits.report(session, world.manager, report)
    assert receipt.next is not None
    assert receipt.next.opens_on == TODAY + timedelta(days=5)
    assert receipt.next.closes_on == TODAY + timedelta(days=12)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"visited_on": TODAY + timedelta(days=1)}, "future_date"),
        ({"visited_on": date(1950, 1, 1)}, "before_birth"),
        ({"outcome": Outcome.RESCHEDULED}, "needs_date"),
        ({"outcome": Outcome.ILL}, "needs_date"),
        ({"next_on": TODAY}, "next_before_visit"),
        ({"measures": Measures(sbp=120)}, "half_a_pressure"),
        ({"measures": Measures(sbp=80, dbp=90)}, "measure_order"),
        ({"measures": Measures(weight=2)}, "measure_range"),
    ],
)
async def test_what_can_not_be_is_refused(database: Database, world: World, changes: dict[str, Any], code: str) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        with pytest.raises(Refused) as refused:
            await visits.report(session, world.manager, attended(enrolment_id, **changes))
        assert refused.value.code == code
        assert await session.rows(select(Visit.id)) == []


async def test_without_consent_no_visit_is_stored(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, consents=frozenset({Purpose.CONTACT}))
        with pytest.raises(NoConsent):
            await enrolments.enrol(session, world.manager, resident_id, "hypertension")


async def test_an_ended_programme_takes_no_more_visits(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        await enrolments.stop(session, world.manager, enrolment_id)
        with pytest.raises(Conflict) as conflict:
            await visits.report(session, world.manager, attended(enrolment_id))
    assert conflict.value.code == "ended"


async def test_leaders_report_nothing(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        for actor in (world.leader, world.deputy, world.admin):
            with pytest.raises(AccessDenied):
                await visits.report(session, actor, attended(enrolment_id))


async def test_a_correction_keeps_what_was_said_before(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, manager, "hypertension")
        report = attended(enrolment_id, note="第一次", channel=Channel.PHONE)
        first = await visits.report(session, manager, report)
        better = attended(enrolment_id, visited_on=TODAY - timedelta(days=2), measures=Measures(sbp=150, dbp=95))
        receipt = await visits.correct(session, manager, first.record_id, better, "typo")
        [version] = await visits.versions(session, manager, first.record_id)
        stored = await visits.get(session, manager, first.record_id)
    assert receipt.version == 2
    assert receipt.next is not None
    assert receipt.next.target_on == TODAY - timedelta(days=2) + timedelta(days=14)
    assert (version.version, version.reason, version.replaced_by) == (1, "typo", manager.staff_id)
    assert version.values["note"] == "第一次"
    assert stored.report == better
    assert stored.version == 2


async def test_a_correction_takes_a_grave_outcome_back(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup", "hypertension"))
        lines = await enrolments.of_person(session, manager, resident_id)
        hypertension = next(line.id for line in lines if line.programme == "hypertension")
        grave = attended(hypertension, outcome=Outcome.DECEASED, measures=Measures())
        first = await visits.report(session, manager, grave)
        receipt = await visits.correct(session, manager, first.record_id, attended(hypertension), "person")
        again = await enrolments.of_person(session, manager, resident_id)
    assert receipt.next is not None
    assert receipt.resident.status is ResidentStatus.PRESENT
    assert {line.programme for line in again} == {"checkup", "hypertension"}


async def test_a_grave_outcome_stays_when_the_person_changed_since(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager)
        enrolment_id = await enrolments.enrol(session, manager, resident_id, "hypertension")
        report = attended(enrolment_id, outcome=Outcome.DECLINED, measures=Measures())
        first = await visits.report(session, manager, report)
        await enrolments.enrol(session, manager, resident_id, "hypertension")
        with pytest.raises(Conflict) as conflict:
            await visits.undo(session, manager, first.record_id)
    assert conflict.value.code == "changed_since"


async def test_an_undo_is_for_ten_minutes_and_for_oneself(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        receipt = await visits.report(session, world.manager, attended(enrolment_id))
        with pytest.raises(Conflict) as other:
            await visits.undo(session, world.clinic, receipt.record_id)
        clock.move(timedelta(minutes=10))
        await visits.undo(session, world.manager, receipt.record_id)
        again = await visits.undo(session, world.manager, receipt.record_id)
        late = await visits.report(session, world.manager, attended(enrolment_id))
        clock.move(timedelta(minutes=10, seconds=1))
        with pytest.raises(Conflict) as too_late:
            await visits.undo(session, world.manager, late.record_id)
    assert again.voided
    assert (other.value.code, too_late.value.code) == ("not_yours", "too_late")


async def test_a_voided_visit_is_not_corrected(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        receipt = await visits.report(session, world.manager, attended(enrolment_id))
        await visits.undo(session, world.manager, receipt.record_id)
        with pytest.raises(Conflict) as conflict:
            await visits.correct(session, world.manager, receipt.record_id, attended(enrolment_id), "typo")
    assert conflict.value.code == "voided"


async def test_a_postponed_vaccination_settles_no_dose(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, "李小宝", birth_date=date(2026, 3, 15))
        enrolment_id = await enrolments.enrol(session, world.manager, resident_id, "immunisation")
        before = await columns(session, enrolment_id)
        report = attended(enrolment_id, measures=Measures(), answers={"vaccine_given": "postponed"})
        await visits.report(session, world.manager, report)
        after = await columns(session, enrolment_id)
        given = attended(enrolment_id, measures=Measures(), answers={"vaccine_given": "given"})
        await visits.report(session, world.manager, given)
        settled = await columns(session, enrolment_id)
    assert after["next_item"] == before["next_item"]
    assert settled["next_item"] != before["next_item"]


async def test_a_vaccination_corrected_to_put_off_leaves_its_dose_due(database: Database, world: World) -> None:
    async with database.transaction() as session:
        born = date(2026, 3, 1)
        enrolment_id = await enrolled(session, world.manager, "immunisation", birth_date=born, since=born)
        dose = (await enrolments.get(session, world.manager, enrolment_id)).due.window
        given, put_off = (
            attended(enrolment_id, measures=Measures(), answers={"vaccine_given": code})
            for code in ("given", "postponed")
        )
        stored = await visits.report(session, world.manager, given)
        after = [
            await visits.correct(session, world.manager, stored.record_id, each, "typo") for each in (put_off, given)
        ]
    assert dose is not None
    assert [receipt.next and receipt.next.item for receipt in after] == [dose.item, stored.next and stored.next.item]
    assert stored.next is not None
    assert stored.next.item != dose.item


async def test_a_visit_corrected_to_another_day_settles_what_was_due_then(database: Database, world: World) -> None:
    async with database.transaction() as session:
        born = date(2025, 9, 10)  # six months old on 10 March; its check at three months was open until 9 January
        enrolment_id = await enrolled(session, world.manager, "child_health", birth_date=born, since=born)
        report = attended(enrolment_id, measures=Measures(weight=80))
        stored = await visits.report(session, world.manager, report)
        earlier = attended(enrolment_id, measures=Measures(weight=80), visited_on=date(2025, 12, 20))
        moved = await visits.correct(session, world.manager, stored.record_id, earlier, "late")
    assert stored.next is not None
    assert stored.next.item == "month8"
    assert moved.next is not None
    assert moved.next.item == "month6"


async def test_an_undo_beside_a_correction_takes_back_what_stands(database: Database, world: World) -> None:
    if not database.is_postgres:
        return  # SQLite has one writer
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        stored = await visits.report(session, world.manager, attended(enrolment_id))

    async def undo() -> None:
        async with database.transaction() as session:
            await visits.undo(session, world.manager, stored.record_id)

    async with database.transaction() as session:
        died = attended(enrolment_id, outcome=Outcome.DECEASED, measures=Measures())
        await visits.correct(session, world.clinic, stored.record_id, died, "typo")
        undoing = asyncio.create_task(undo())
        await asyncio.sleep(0.2)
    await undoing
    async with database.transaction() as session:
        card = await residents.card(session, world.manager, stored.resident.id)
    assert card.person.status is ResidentStatus.PRESENT
    assert [line.programme for line in card.enrolments] == ["hypertension"]


async def test_contraception_waits_for_the_clinic(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, birth_date=date(1990, 1, 1))
        start = {Anchor.START: TODAY - timedelta(days=80)}
        enrolment_id = await enrolments.enrol(session, manager, resident_id, "dmpa", anchors=start)
        assert (await columns(session, enrolment_id))["next_due_on"] is None
        with pytest.raises(Refused) as refused:
            await visits.report(session, manager, attended(enrolment_id, measures=Measures()))
        with pytest.raises(AccessDenied):
            await enrolments.approve(session, manager, enrolment_id)
        await enrolments.approve(session, world.clinic, enrolment_id)
        assert (await columns(session, enrolment_id))["next_due_on"] is not None
        await visits.report(session, manager, attended(enrolment_id, measures=Measures()))
    assert refused.value.code == "not_approved"


async def test_a_refusal_leaves_nothing_half_done(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, manager, "hypertension")
        receipt = await visits.report(session, manager, attended(enrolment_id))
        before = await columns(session, enrolment_id)
        broken = attended(enrolment_id, outcome=Outcome.MOVED, measures=Measures(sbp=20, dbp=10))
        with pytest.raises(Refused):
            await visits.correct(session, manager, receipt.record_id, broken, "typo")
    async with database.transaction() as session:
        assert await columns(session, enrolment_id) == before
        assert await visits.versions(session, manager, receipt.record_id) == []
