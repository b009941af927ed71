"""Hand-overs: what is asked before, what moves, what the sender keeps, and how everything comes home again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from models.rules.access import AccessDenied, Actor
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.handover import ANSWER_DAYS
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor, Family
from models.store import (
    checkups,
    consents,
    drafts,
    due,
    enrolments,
    handover_lines,
    handovers,
    housekeeping,
    places,
    residents,
    search,
    staff,
    status,
    visits,
)
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.handovers import Done, HandoverKind, HandoverState, Wanted
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.households import Household
from models.tables.outbox import OutboxMessage
from models.tables.places import PlaceKind
from models.tables.residents import Consent, Relation, Resident, ResidentStatus
from tests.factories.world import ALL, World, person

TODAY = date(2026, 3, 16)
HEALTH = frozenset({Purpose.HEALTH_RECORD})


def moving(world: World, **changes: Any) -> Wanted:
    return Wanted(**{"kind": HandoverKind.PERMANENT, "to_village_id": world.south.id, **changes})


def for_a_time(world: World, **changes: Any) -> Wanted:
    return moving(world, **{"kind": HandoverKind.TEMPORARY, "until": TODAY + timedelta(days=30), **changes})


async def resident(session: StoreSession, world: World, **changes: Any) -> int:
    return await person(session, world.manager, **{"programmes": ("checkup", "hypertension"), **changes})


async def visited(session: StoreSession, actor: Actor, resident_id: int, outcome: Outcome = Outcome.ATTENDED) -> int:
    line = await in_programme(session, actor, resident_id, "hypertension")
    measures = Measures(sbp=128, dbp=82) if outcome is Outcome.ATTENDED else Measures()
    report = VisitReport(line.id, TODAY, outcome, measures=measures)
    return (await visits.report(session, actor, report)).record_id


async def in_programme(session: StoreSession, actor: Actor, resident_id: int, code: str) -> enrolments.EnrolmentLine:
    return next(line for line in await enrolments.of_person(session, actor, resident_id) if line.programme == code)


async def handed(session: StoreSession, world: World, resident_id: int, wanted: Wanted | None = None) -> Done:
    offered = await handovers.offer(session, world.manager, resident_id, wanted or moving(world))
    return await handovers.accept(session, world.neighbour, offered.id)


async def told(session: StoreSession) -> list[tuple[str, str, int]]:
    columns = (OutboxMessage.kind, OutboxMessage.occurrence, OutboxMessage.recipient_id)
    return [tuple(row) for row in await session.rows(select(*columns).order_by(OutboxMessage.id))]  # type: ignore[misc]


async def test_an_offer_moves_nobody(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        before = await residents.card(session, world.manager, resident_id)
        offered = await handovers.offer(session, world.manager, resident_id, moving(world), draft_id=7)
        again = await handovers.offer(session, world.manager, resident_id, moving(world), draft_id=7)
        assert again == offered
        assert offered.answer_by == TODAY + timedelta(days=ANSWER_DAYS)
        assert await residents.card(session, world.manager, resident_id) == before
        with pytest.raises(NotFound):
            await residents.card(session, world.neighbour, resident_id)
        with pytest.raises(Conflict, match="already_offered"):
            await handovers.offer(session, world.manager, resident_id, for_a_time(world))
        shown = await handover_lines.of_person(session, world.manager, resident_id)
        assert shown is not None
        assert (shown.id, shown.state) == (offered.id, HandoverState.OFFERED)
        assert await told(session) == [("handover.offered", "", world.neighbour.staff_id)]


async def test_the_other_side_sees_the_least_needed(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world, birth_date=date(1990, 5, 1))
        lmp = {Anchor.LMP: TODAY - timedelta(days=130)}
        await enrolments.enrol(session, world.clinic, resident_id, "antenatal", anchors=lmp)
        await handovers.offer(session, world.manager, resident_id, for_a_time(world))
        [line] = await handover_lines.overview(session, world.neighbour)
        assert line.who is not None
        assert (line.who.name, line.who.birth_year, line.from_village) == ("王秀英", 1990, "北村")
        assert line.families == (Family.CHECKUP, Family.CHRONIC)
        assert (line.is_received, line.is_sent, line.until) == (True, False, TODAY + timedelta(days=30))
        assert await handovers.offered_count(session, world.neighbour) == 1
        assert await handovers.offered_count(session, world.manager) == 0
        clinic = await handover_lines.get(session, world.clinic, line.id)
        assert Family.ANTENATAL in clinic.families


async def test_without_the_persons_yes_nothing_is_offered(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world, consents=HEALTH, birth_date=date(2016, 1, 1), programmes=())
        with pytest.raises(Refused, match="no_handover_consent"):
            await handovers.offer(session, world.manager, resident_id, moving(world))
        assert await handover_lines.overview(session, world.neighbour) == []
        await handovers.offer(session, world.manager, resident_id, moving(world, agrees=True))
        given = await consents.history(session, world.manager, resident_id)
        assert [(line.purpose, line.guardian) for line in given][-1] == (Purpose.HANDOVER, True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"until": TODAY}, "back_before_today"),
        ({"to_village_id": 0}, "same_village"),
        ({"at_once": True}, "not_both_villages"),
    ],
)
async def test_what_cant_be_offered(database: Database, world: World, changes: dict[str, Any], code: str) -> None:
    wanted = for_a_time(world, **({"to_village_id": world.north.id} if "to_village_id" in changes else changes))
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        with pytest.raises(Refused, match=code):
            await handovers.offer(session, world.manager, resident_id, wanted)


async def test_accepting_moves_everything_but_the_counts_of_the_past(database: Database, world: World) -> None:
    manager, neighbour = world.manager, world.neighbour
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        visit_id = await visited(session, manager, resident_id)
        report = CheckupReport(resident_id, TODAY, Outcome.ATTENDED, measures=Measures(sbp=120, dbp=80))
        checkup_id = (await checkups.report(session, manager, report)).record_id
        counts = await status.by_village(session, world.clinic, TODAY, TODAY)
        done = await handed(session, world, resident_id)
        assert (done.state, done.from_village, done.to_village, done.ended) == (
            HandoverState.ACCEPTED,
            "北村",
            "南村",
            (),
        )
        shown = await residents.card(session, neighbour, resident_id)
        assert shown.consents == ALL
        assert {line.programme for line in shown.enrolments} == {"checkup", "hypertension"}
        assert (await visits.get(session, neighbour, visit_id)).report.measures.sbp == 128
        assert (await checkups.get(session, neighbour, checkup_id)).report.measures.sbp == 120
        assert len(await consents.history(session, neighbour, resident_id)) == len(ALL)
        line = await in_programme(session, neighbour, resident_id, "checkup")
        assert line.due.window is not None
        assert line.due.window.target_on.day in (25, 26, 27)  # the south's day, not the north's tenth
        after = await status.by_village(session, world.clinic, TODAY, TODAY)
        assert [each.done for each in after.lines] == [each.done for each in counts.lines] == [2, 0]
        assert ("handover.decided", "accepted", manager.staff_id) in await told(session)


async def test_the_sender_keeps_a_line_without_a_name(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        visit_id = await visited(session, manager, resident_id)
        enrolment = (await in_programme(session, manager, resident_id, "checkup")).id
        await handed(session, world, resident_id)
        attempts: tuple[Callable[[], Awaitable[Any]], ...] = (
            lambda: residents.card(session, manager, resident_id),
            lambda: visits.get(session, manager, visit_id),
            lambda: visits.undo(session, manager, visit_id),
            lambda: enrolments.get(session, manager, enrolment),
            lambda: consents.history(session, manager, resident_id),
        )
        for attempt in attempts:
            with pytest.raises(NotFound):
                await attempt()
        assert (await due.list_due(session, manager, TODAY)).total == 0
        assert await residents.find(session, manager, name="王秀英") == []
        [line] = await handover_lines.overview(session, manager)
        assert (line.who, line.to_village, line.on, line.state) == (None, "南村", TODAY, HandoverState.ACCEPTED)
        assert await handover_lines.of_person(session, manager, resident_id) is None


async def test_drafts_of_the_sender_end(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        enrolment = (await in_programme(session, manager, resident_id, "checkup")).id
        account = {"chat_id": 101, "user_id": 101, "staff_id": manager.staff_id, "form": "visit", "form_version": 1}
        bodies = ({"facts": {"enrolment": str(enrolment)}}, {"answers": {"person": str(resident_id)}}, {"facts": {}})
        made = [await drafts.open_draft(session, **account, body=body) for body in bodies]  # type: ignore[arg-type]
        about = await drafts.open_draft(session, **account, subject=f"person:{resident_id}")  # type: ignore[arg-type]
        await handed(session, world, resident_id)
        assert [draft.id for draft in await drafts.list_open(session, 101, 101)] == [made[2].id]
        assert await drafts.reopen(session, 101, 101, about.id) is None


async def test_who_was_away_is_here_again(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        await visited(session, world.manager, resident_id, Outcome.AWAY)
        await handed(session, world, resident_id)
        shown = await residents.card(session, world.neighbour, resident_id)
        assert shown.person.status is ResidentStatus.PRESENT
        assert [line.paused for line in shown.enrolments] == [False, False]


async def test_a_clinics_programme_moves_unseen(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world, birth_date=date(1990, 5, 1))
        lmp = {Anchor.LMP: TODAY - timedelta(days=130)}
        enrolment = await enrolments.enrol(session, world.clinic, resident_id, "antenatal", anchors=lmp)
        due_before = (await enrolments.get(session, world.clinic, enrolment)).due
        await handed(session, world, resident_id)
        assert (await enrolments.get(session, world.clinic, enrolment)).due == due_before
        with pytest.raises(NotFound):
            await enrolments.get(session, world.neighbour, enrolment)
        assert (await due.list_due(session, world.clinic, TODAY, village_id=world.south.id)).total >= 1


async def test_declined_withdrawn_or_late_the_person_stays(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager, neighbour = world.manager, world.neighbour
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        first = await handovers.offer(session, manager, resident_id, moving(world))
        assert (await handovers.decline(session, neighbour, first.id)).state is HandoverState.DECLINED
        second = await handovers.offer(session, manager, resident_id, moving(world))
        assert (await handovers.withdraw(session, manager, second.id)).state is HandoverState.WITHDRAWN
        third = await handovers.offer(session, manager, resident_id, moving(world))
    clock.move(timedelta(days=ANSWER_DAYS, hours=14, minutes=59))
    async with database.transaction() as session:
        assert await handovers.offered_count(session, neighbour) == 1
    clock.move(timedelta(minutes=1))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="offer_over"):
            await handovers.accept(session, neighbour, third.id)
        assert (await housekeeping.tidy(session))["handovers"] == 1
        assert await handovers.expire(session) == 0
        lines = await handover_lines.overview(session, neighbour)
        assert {line.who for line in lines} == {None}
        states = {line.id: line.state for line in lines}
        assert states == {
            first.id: HandoverState.DECLINED,
            second.id: HandoverState.WITHDRAWN,
            third.id: HandoverState.EXPIRED,
        }
        assert (await residents.card(session, manager, resident_id)).person.village_id == world.north.id
        decided = [each for each in await told(session) if each[0] == "handover.decided"]
        assert decided == [
            ("handover.decided", "declined", manager.staff_id),
            ("handover.decided", "expired", manager.staff_id),
        ]


async def test_the_list_itself_ends_what_is_late(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await handovers.offer(session, world.manager, await resident(session, world), moving(world))
    clock.move(timedelta(days=ANSWER_DAYS + 1))
    async with database.transaction() as session:
        [line] = await handover_lines.overview(session, world.manager)
        assert line.state is HandoverState.EXPIRED
        assert line.who is not None  # the person is theirs still
        assert ("handover.decided", "expired", world.manager.staff_id) in await told(session)


async def test_a_withdrawn_consent_ends_the_offer(database: Database, world: World) -> None:
    manager, neighbour = world.manager, world.neighbour
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        offered = await handovers.offer(session, manager, resident_id, moving(world))
        await consents.withdraw(session, manager, resident_id, Purpose.HANDOVER)
        with pytest.raises(Conflict, match="offer_over"):
            await handovers.accept(session, neighbour, offered.id)
        [line] = await handover_lines.overview(session, neighbour)
        assert (line.state, line.who) == (HandoverState.WITHDRAWN, None)


async def test_for_a_time_and_home_again(database: Database, world: World, clock: MovableClock) -> None:
    manager, neighbour = world.manager, world.neighbour
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        registered = await residents.registered_as(session, manager, resident_id)
        before = await residents.card(session, manager, resident_id)
        done = await handed(session, world, resident_id, for_a_time(world))
        visit_id = await visited(session, neighbour, resident_id)
        [mine] = await handover_lines.overview(session, manager)
        assert mine.who is not None
        assert (mine.who.name, mine.families, mine.due_back) == ("王秀英", (), False)
        with pytest.raises(Conflict, match="cared_for_here"):
            await handovers.offer(session, neighbour, resident_id, moving(world, to_village_id=world.north.id))
    clock.move(timedelta(days=31))
    async with database.transaction() as session:
        for actor in (manager, neighbour, world.clinic):
            assert await handovers.due_back_count(session, actor) == 1
        [mine] = await handover_lines.overview(session, manager)
        assert mine.due_back
        await handovers.end_stay(session, manager, done.id)
        with pytest.raises(Conflict, match="offer_over"):
            await handovers.end_stay(session, neighbour, done.id)
        after = await residents.card(session, manager, resident_id)
        assert (after.person, after.group_id, after.consents) == (before.person, before.group_id, before.consents)
        assert await residents.registered_as(session, manager, resident_id) == registered
        assert (await visits.get(session, manager, visit_id)).report.measures.sbp == 128
        with pytest.raises(NotFound):
            await residents.card(session, neighbour, resident_id)
        assert ("handover.returned", "", neighbour.staff_id) in await told(session)
        [line] = await handover_lines.overview(session, neighbour)
        assert (line.who, line.state) == (None, HandoverState.RETURNED)


async def _household(session: StoreSession, head: int, other: int, world: World) -> None:
    values = {"id": 77, "township_id": world.township.id, "village_id": world.north.id, "created_at": session.now()}
    await session.execute(insert(Household), values)
    for one, relation in ((head, Relation.HEAD), (other, Relation.SPOUSE)):
        row = update(Resident).where(Resident.id == one)
        await session.execute(row.values(household_id=77, relation=relation))


async def _relations(session: StoreSession, *people: int) -> list[tuple[int | None, Relation | None]]:
    columns = select(Resident.household_id, Resident.relation)
    return [tuple((await session.rows(columns.where(Resident.id == one)))[0]) for one in people]  # type: ignore[misc]


async def test_the_household_stays_behind_and_takes_back(database: Database, world: World) -> None:
    async with database.transaction() as session:
        head, spouse = await resident(session, world), await person(session, world.manager, "李四")
        await _household(session, head, spouse, world)
        before = await _relations(session, head, spouse)
        done = await handed(session, world, head, for_a_time(world))
        assert await _relations(session, head, spouse) == [(None, None), (77, Relation.HEAD)]
        await handovers.end_stay(session, world.neighbour, done.id)
        assert await _relations(session, head, spouse) == before


async def test_a_household_that_changed_meanwhile_is_left_alone(database: Database, world: World) -> None:
    async with database.transaction() as session:
        head, spouse = await resident(session, world), await person(session, world.manager, "李四")
        await _household(session, head, spouse, world)
        done = await handed(session, world, head, for_a_time(world))
        again = await handovers.offer(session, world.manager, spouse, moving(world))
        await handovers.accept(session, world.neighbour, again.id)
        await handovers.end_stay(session, world.neighbour, done.id)
        assert await _relations(session, head, spouse) == [(None, None), (None, None)]
        assert (await residents.card(session, world.manager, head)).person.village_id == world.north.id


async def test_the_clinic_carries_it_out_at_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        done = await handovers.offer(session, world.clinic, resident_id, moving(world, at_once=True), draft_id=3)
        assert done.state is HandoverState.ACCEPTED
        again = await handovers.offer(session, world.clinic, resident_id, moving(world, at_once=True), draft_id=3)
        assert again == done
        assert (await residents.card(session, world.neighbour, resident_id)).person.village_id == world.south.id
        both = {world.manager.staff_id, world.neighbour.staff_id}
        assert {each[2] for each in await told(session) if each[0] == "handover.moved"} == both


async def test_to_another_township(database: Database, world: World) -> None:
    async with database.transaction() as session:
        other = await places.add(session, "411728107", PlaceKind.TOWNSHIP, "阳丰镇", checkup_dom=5)
        village = await places.add(session, "411728107201", PlaceKind.VILLAGE, "东村", parent=other)
        clinic = await staff.add(session, 901, 901, world.clinic.role, other)
        resident_id = await resident(session, world)
        assert [each.name for each in await handover_lines.townships(session, world.manager)] == ["沈寨镇", "阳丰镇"]
        wanted = moving(world, to_village_id=village.id)
        offered = await handovers.offer(session, world.manager, resident_id, wanted)
        assert await told(session) == [("handover.offered", "", clinic.staff_id)]  # the village has no manager
        with pytest.raises(NotFound):
            await handovers.accept(session, world.clinic, offered.id)
        assert (await search.find(session, world.clinic, "wxy")).total == 1
        await handovers.accept(session, clinic, offered.id)
        with pytest.raises(NotFound):
            await residents.card(session, world.clinic, resident_id)
        assert (await search.find(session, world.clinic, "wxy")).total == 0
        assert (await search.find(session, clinic, "wxy")).total == 1
        line = await in_programme(session, clinic, resident_id, "checkup")
        assert line.due.window is not None
        assert line.due.window.target_on.day in (5, 6, 7)
        assert (await session.scalar(select(Consent.township_id).where(Consent.resident_id == resident_id))) == other.id


async def test_only_one_of_accepting_and_withdrawing_wins(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        offered = await handovers.offer(session, world.manager, resident_id, moving(world))
        second = await staff.add(session, 902, 902, world.neighbour.role, world.south)

    async def step(use_case: Any, actor: Actor) -> str:
        try:
            async with database.transaction() as session:
                await use_case(session, actor, offered.id)
        except Conflict as conflict:
            return conflict.code
        return "won"

    came = await asyncio.gather(
        step(handovers.accept, world.neighbour),
        step(handovers.withdraw, world.manager),
        step(handovers.accept, second),
        step(handovers.decline, second),
    )
    assert sorted(came) == ["offer_over", "offer_over", "offer_over", "won"]
    won = [came[0], came[2]].count("won")
    async with database.transaction() as session:
        reached = await residents.find(session, world.neighbour, name="王秀英")
        assert len(reached) == won


async def test_two_offers_at_once_make_one(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world)

    async def step(actor: Actor) -> str:
        try:
            async with database.transaction() as session:
                await handovers.offer(session, actor, resident_id, moving(world))
        except Conflict as conflict:
            return conflict.code
        return "won"

    assert sorted(await asyncio.gather(step(world.manager), step(world.clinic))) == ["already_offered", "won"]


async def test_who_is_on_neither_side_finds_nothing(database: Database, world: World) -> None:
    async with database.transaction() as session:
        offered = await handovers.offer(session, world.manager, await resident(session, world), moving(world))
        west = await places.add(session, "411728106203", PlaceKind.VILLAGE, "西村", parent=world.township)
        stranger = await staff.add(session, 903, 903, world.manager.role, west)
        for step in (handovers.accept, handovers.decline, handovers.withdraw, handovers.end_stay, handover_lines.get):
            with pytest.raises(NotFound):
                await step(session, stranger, offered.id)
        with pytest.raises(NotFound):
            await handovers.accept(session, world.manager, offered.id)
        with pytest.raises(NotFound):
            await handovers.withdraw(session, world.neighbour, offered.id)
        for actor in (world.leader, world.deputy, world.admin):
            with pytest.raises(AccessDenied):
                await handover_lines.overview(session, actor)


async def test_a_group_of_another_village_is_refused(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await resident(session, world)
        offered = await handovers.offer(session, world.manager, resident_id, moving(world))
        with pytest.raises(NotFound):
            await handovers.accept(session, world.neighbour, offered.id, world.north_group.id)
        await handovers.accept(session, world.neighbour, offered.id, world.south_group.id)
        assert (await residents.card(session, world.neighbour, resident_id)).group_id == world.south_group.id
