"""What meetings decided: entered once, told, done, dropped, overdue, in the next agenda; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.meetings import DecisionState, DropReason
from models.rules.outcomes import Outcome
from models.store import agendas, checkups, decisions, meetings, staff, unreported
from models.store.database import Database, StoreSession
from models.store.decisions import Wanted
from models.store.errors import Conflict, NotFound, Refused
from models.store.reports import CheckupReport
from models.tables.meetings import Decision
from models.tables.outbox import OutboxMessage
from tests.factories.world import World, enrolled, person

AFTER = datetime(2026, 4, 7, 4, 0, tzinfo=UTC)
"""Noon on 7 April, an hour after the meeting."""
DUE = date(2026, 4, 20)


async def _held(database: Database, world: World, clock: MovableClock) -> int:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
    clock.move(AFTER - clock.now())
    return meeting.id


async def _told(session: StoreSession, kind: str) -> list[tuple[int, str]]:
    rows = await session.rows(select(OutboxMessage.__table__).where(OutboxMessage.kind == kind))
    assert all(row.details == {} for row in rows)
    return [(row.recipient_id, row.occurrence) for row in rows]


async def test_a_decision_is_stored_once_sealed_and_told_to_its_owner(
    database: Database, world: World, clock: MovableClock
) -> None:
    meeting_id = await _held(database, world, clock)
    wanted = Wanted("修好血压计", world.manager.staff_id, DUE)
    async with database.transaction() as session:
        with pytest.raises(AccessDenied):
            await decisions.add(session, world.manager, meeting_id, wanted)
        first = await decisions.add(session, world.leader, meeting_id, wanted, 7)
        assert await decisions.add(session, world.leader, meeting_id, wanted, 7) == first
        assert (first.text, first.owner.place_name, first.met_on) == ("修好血压计", "北村", date(2026, 4, 7))
        assert await _told(session, decisions.ASSIGNED) == [(world.manager.staff_id, "1")]
        row = await session.row(select(Decision.text_sealed))
        assert row is not None
        assert "修好".encode() not in row[0]
        own = await decisions.add(session, world.leader, meeting_id, replace(wanted, owner_id=world.leader.staff_id))
        assert len(await _told(session, decisions.ASSIGNED)) == 1
        assert await decisions.list_open(session, world.clinic) == [
            replace(one, may_undo=False) for one in (first, own)
        ]
        for wrong in (replace(wanted, owner_id=world.admin.staff_id), replace(wanted, owner_id=1)):
            with pytest.raises(NotFound):
                await decisions.add(session, world.leader, meeting_id, wrong)
        with pytest.raises(Refused, match="decision_due"):
            await decisions.add(session, world.leader, meeting_id, replace(wanted, due_on=date(2026, 4, 6)))
        upcoming = await meetings.upcoming(session, world.leader)
        with pytest.raises(Conflict, match="meeting_not_begun"):
            await decisions.add(session, world.leader, upcoming.id, wanted)


async def test_its_owner_says_done_and_not_yet(database: Database, world: World, clock: MovableClock) -> None:
    meeting_id = await _held(database, world, clock)
    async with database.transaction() as session:
        made = await decisions.add(session, world.leader, meeting_id, Wanted("a", world.manager.staff_id, DUE))
        assert await decisions.count_mine(session, world.manager) == 1
        with pytest.raises(AccessDenied):
            await decisions.finish(session, world.neighbour, made.id)
        for _ in range(2):
            done = await decisions.finish(session, world.manager, made.id)
        assert (done.state, done.closed_on) == (DecisionState.DONE, date(2026, 4, 7))
        assert await decisions.count_mine(session, world.manager) == 0
        assert [one.state for one in await decisions.list_mine(session, world.manager)] == [DecisionState.DONE]
        assert await decisions.list_open(session, world.leader) == []
        back = await decisions.reopen(session, world.manager, made.id)
        assert (back.state, back.closed_on) == (DecisionState.OPEN, None)
        await decisions.finish(session, world.deputy, made.id)
    clock.move(timedelta(days=32))
    async with database.transaction() as session:
        assert await decisions.list_mine(session, world.manager) == []
        assert len(await decisions.of_meeting(session, world.clinic, meeting_id)) == 1


async def test_a_chair_drops_it_with_a_reason(database: Database, world: World, clock: MovableClock) -> None:
    meeting_id = await _held(database, world, clock)
    async with database.transaction() as session:
        made = await decisions.add(session, world.leader, meeting_id, Wanted("a", world.manager.staff_id, DUE))
        with pytest.raises(AccessDenied):
            await decisions.drop(session, world.manager, made.id, DropReason.MERGED)
        for _ in range(2):
            dropped = await decisions.drop(session, world.deputy, made.id, DropReason.MERGED)
        assert (dropped.state, dropped.reason) == (DecisionState.DROPPED, DropReason.MERGED)
        with pytest.raises(Conflict, match="decision_closed"):
            await decisions.finish(session, world.manager, made.id)
        with pytest.raises(AccessDenied):
            await decisions.reopen(session, world.manager, made.id)
        assert (await decisions.reopen(session, world.leader, made.id)).reason is None


async def test_it_is_corrected_and_taken_back(database: Database, world: World, clock: MovableClock) -> None:
    meeting_id = await _held(database, world, clock)
    async with database.transaction() as session:
        made = await decisions.add(session, world.leader, meeting_id, Wanted("a", world.manager.staff_id, DUE))
        other = Wanted("b", world.neighbour.staff_id, DUE)
        mended = await decisions.correct(session, world.deputy, made.id, other, version=1)
        assert (mended.text, mended.owner.place_name, mended.version) == ("b", "南村", 2)
        assert await _told(session, decisions.ASSIGNED) == [
            (world.manager.staff_id, "1"),
            (world.neighbour.staff_id, "2"),
        ]
        with pytest.raises(Conflict, match="corrected_since"):
            await decisions.correct(session, world.leader, made.id, other, version=1)
        with pytest.raises(Conflict, match="not_yours"):
            await decisions.undo(session, world.deputy, made.id)
        for _ in range(2):
            assert (await decisions.undo(session, world.leader, made.id)).voided
        assert await decisions.list_open(session, world.leader) == []
        with pytest.raises(Conflict, match="voided"):
            await decisions.finish(session, world.neighbour, made.id)
        late = await decisions.add(session, world.leader, meeting_id, other)
    clock.move(timedelta(days=20))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await decisions.undo(session, world.leader, late.id)
        # What is overdue keeps its day while something else is corrected, and its owner, who left.
        await staff.remove(session, world.admin, world.neighbour.staff_id)
        kept = await decisions.correct(session, world.leader, late.id, replace(other, text="c"))
        assert (kept.text, kept.owner.is_active, kept.is_overdue(date(2026, 4, 27))) == ("c", False, True)


async def test_the_next_agenda_has_what_is_open_overdue_and_unreported(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        await enrolled(session, world.manager, "hypertension")
        seen = await person(session, world.manager, "李红", programmes=("checkup",))
        await person(session, world.manager, "张三", programmes=("checkup",))
        await person(session, world.neighbour, "赵六", programmes=("checkup",))
        report = CheckupReport(seen, date(2026, 3, 16), Outcome.ATTENDED)
        await checkups.report(session, world.manager, report)
        assert await unreported.by_village(session, world.leader) == []
    meeting_id = await _held(database, world, clock)
    async with database.transaction() as session:
        wanted = Wanted("a", world.manager.staff_id, DUE)
        made = await decisions.add(session, world.leader, meeting_id, wanted)
        this = await agendas.draft(session, world.leader, await meetings.get(session, world.leader, meeting_id))
        # North meets on the 10th, before anybody had joined; the south's day was 25 March.
        assert [(one.name, one.missing, one.expected) for one in this.unreported] == [("南村", None, None)]
        assert (this.decisions, this.days) == ((), ())
        north = await unreported.by_village(session, world.manager)
        assert north == []
    clock.move(datetime(2026, 6, 1, 1, 0, tzinfo=UTC) - clock.now())
    async with database.transaction() as session:
        june = await agendas.draft(session, world.leader, await meetings.upcoming(session, world.leader))
        assert [one.name for one in june.unreported] == ["北村", "南村"]
        team = await agendas.draft(session, world.clinic, await meetings.upcoming(session, world.clinic))
        assert [(one.name, one.missing, one.expected) for one in team.unreported] == [("北村", 2, 2), ("南村", 1, 1)]
        assert [one.id for one in june.decisions] == [made.id]
        assert june.decisions[0].is_overdue(date(2026, 6, 1))
        assert [one.name for one in june.overdue] == ["北村"]
        mine = await agendas.draft(session, world.neighbour, await meetings.upcoming(session, world.neighbour))
        assert {one.name for one in (*mine.overdue, *mine.unreported)} == {"南村"}
        with pytest.raises(AccessDenied):
            await agendas.draft(session, world.admin, await meetings.get(session, world.admin, meeting_id))
    clock.move(timedelta(days=20))
    async with database.transaction() as session:
        july = await agendas.draft(session, world.leader, await meetings.upcoming(session, world.leader))
        assert [(one.held_on, one.villages) for one in july.days] == [
            (date(2026, 7, 10), ("北村",)),
            (date(2026, 7, 27), ("南村",)),
        ]
