"""The due list and the status: order, reasons, counts, and that time alone moves them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.due import DueState, ReasonCode
from models.rules.outcomes import Outcome
from models.store import checkups, due, enrolments, refresh, status, visits
from models.store.database import Database
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.enrolments import Enrolment
from tests.factories.world import World, enrolled, person

TODAY = date(2026, 3, 16)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


async def test_the_most_urgent_comes_first(database: Database, world: World, clock: MovableClock) -> None:
    manager = world.manager
    async with database.transaction() as session:
        names = ("甲", "乙", "丙", "丁")
        since = day(-400)
        ids = [await enrolled(session, manager, "hypertension", name=name, since=since) for name in names]
        # 甲 overdue for long, 乙 overdue for less, 丙 due, 丁 upcoming; the quarterly window is ±14 days.
        for enrolment_id, ago in zip(ids, (300, 150, 90, 70), strict=True):
            report = VisitReport(enrolment_id, day(-ago), Outcome.ATTENDED, measures=Measures(120, 80))
            await visits.report(session, manager, report)
        page = await due.list_due(session, manager, TODAY)
    assert [line.resident.name for line in page.lines] == list(names)
    assert [line.state for line in page.lines] == [
        DueState.OVERDUE,
        DueState.OVERDUE,
        DueState.DUE,
        DueState.UPCOMING,
    ]
    assert page.counts == {DueState.OVERDUE: 2, DueState.DUE: 1, DueState.UPCOMING: 1}
    assert page.total == 4
    assert {line.reason.code for line in page.lines} == {ReasonCode.RECURRING}
    for line in page.lines:
        ends = line.window.opens_on if line.state is DueState.UPCOMING else line.window.closes_on
        assert line.days == abs((ends - TODAY).days)


async def test_pages_follow_each_other(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for number in range(7):
            await enrolled(session, world.manager, "hypertension", name=f"人{number}")
        pages = [await due.list_due(session, world.manager, TODAY, limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [len(page.lines) for page in pages] == [3, 3, 1]
    assert len({line.enrolment_id for page in pages for line in page.lines}) == 7
    assert {page.total for page in pages} == {7}


async def test_what_is_done_leaves_the_list(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        assert (await due.list_due(session, world.manager, TODAY)).total == 1
        report = VisitReport(enrolment_id, TODAY, Outcome.ATTENDED, measures=Measures(120, 80))
        await visits.report(session, world.manager, report)
        assert (await due.list_due(session, world.manager, TODAY)).total == 0


@pytest.mark.parametrize(
    "outcome", [Outcome.DECLINED, Outcome.DECEASED, Outcome.MOVED, Outcome.AWAY, Outcome.CONSENT_WITHDRAWN]
)
async def test_who_is_not_to_be_seen_leaves_the_list(database: Database, world: World, outcome: Outcome) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        await visits.report(session, world.manager, VisitReport(enrolment_id, TODAY, outcome))
        page = await due.list_due(session, world.manager, day(400))
        counts = await status.by_village(session, world.leader, TODAY, day(400))
    assert page.total == 0
    assert counts.overdue == 0


async def test_time_alone_moves_the_columns(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, "李小宝", birth_date=day(-3))
        await enrolments.enrol(session, world.manager, resident_id, "child_health")
        first = await session.scalar(select(Enrolment.next_item))
        clock.move(timedelta(days=31))
        page = await due.list_due(session, world.manager, day(31))
        second = await session.scalar(select(Enrolment.next_item))
        assert await refresh.step(session, world.township.id, day(31)) == 0
    assert first != second
    assert page.lines[0].item == second


async def test_the_list_of_a_village_for_the_clinic(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await enrolled(session, world.manager, "hypertension", name="北")
        await enrolled(session, world.neighbour, "hypertension", name="南")
        whole = await due.list_due(session, world.clinic, TODAY)
        north = await due.list_due(session, world.clinic, TODAY, village_id=world.north.id)
        villages = await due.by_village(session, world.clinic, TODAY)
        mine = await due.by_village(session, world.manager, TODAY)
    assert whole.total == 2
    assert [line.resident.name for line in north.lines] == ["北"]
    assert [(each.name, each.due, each.overdue) for each in villages] == [("北村", 1, 0), ("南村", 1, 0)]
    assert [each.name for each in mine] == ["北村"]


async def test_status_counts_by_village(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        done = await enrolled(session, manager, "hypertension", name="甲")
        late = await enrolled(session, manager, "hypertension", name="乙", since=day(-200))
        await enrolled(session, world.neighbour, "hypertension", name="丙")
        calm = Measures(120, 80)
        await visits.report(session, manager, VisitReport(done, TODAY, Outcome.ATTENDED, measures=calm))
        await visits.report(session, manager, VisitReport(late, day(-150), Outcome.ATTENDED, measures=calm))
        resident_id = await person(session, manager, "丁", programmes=("checkup",))
        await checkups.report(session, manager, CheckupReport(resident_id, TODAY, Outcome.ATTENDED))
        declined = await enrolled(session, manager, "hypertension", name="戊")
        await visits.report(session, manager, VisitReport(declined, TODAY, Outcome.DECLINED))
        unseen = await enrolled(session, manager, "hypertension", name="己")
        await visits.report(session, manager, VisitReport(unseen, TODAY, Outcome.NOT_REACHED))
        page = await status.by_village(session, world.clinic, TODAY, TODAY)
        before = await status.by_village(session, world.leader, date(2026, 2, 1), TODAY)
        small = await status.by_village(session, world.leader, TODAY, TODAY)
        aloud = await status.by_village(session, world.clinic, TODAY, TODAY, aloud=True)
    assert [(line.name, line.due, line.done, line.overdue) for line in page.lines] == [
        ("北村", 1, 3, 1),
        ("南村", 1, 0, 0),
    ]
    assert (page.due, page.done, page.overdue) == (2, 3, 1)
    assert (before.done, before.is_past) == (None, True)  # the figures tell it
    assert [(line.due, line.done, line.overdue) for line in small.lines] == [(None, None, None), (None, None, 0)]
    assert (small.due, small.done, small.overdue) == (None, None, None)
    assert aloud == small


async def test_a_voided_record_is_not_counted(database: Database, world: World) -> None:
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "hypertension")
        report = VisitReport(enrolment_id, TODAY, Outcome.ATTENDED, measures=Measures(120, 80))
        stored = await visits.report(session, world.manager, report)
        await visits.undo(session, world.manager, stored.record_id)
        page = await status.by_village(session, world.clinic, TODAY, TODAY)
    assert (page.done, page.due) == (0, 1)


async def test_lists_and_counts_ask_for_the_right_role(database: Database, world: World) -> None:
    async with database.transaction() as session:
        with pytest.raises(AccessDenied):
            await due.list_due(session, world.leader, TODAY)
        with pytest.raises(AccessDenied):
            await status.by_village(session, world.admin, TODAY, TODAY)
        assert [line.name for line in (await status.by_village(session, world.manager, TODAY, TODAY)).lines] == ["北村"]
