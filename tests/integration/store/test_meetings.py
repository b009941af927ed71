"""Joint meetings: made by the rule, answered, moved, cancelled, told about, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from models.rules.access import AccessDenied, Role
from models.rules.clock import MovableClock
from models.rules.meetings import MeetingAnswer, MeetingReason, MeetingState
from models.store import meetings, places, staff
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.meetings import Minutes
from models.tables.meetings import Meeting
from models.tables.outbox import OutboxMessage
from tests.factories.world import World

APRIL = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)
"""The meeting after the tests' Monday, 16 March: 5 April is Qingming, so it is on the 7th at nine."""
COMING, CANT, DEPUTY = MeetingAnswer.COMING, MeetingAnswer.CANT_COME, MeetingAnswer.DEPUTY


async def _told(session: StoreSession, kind: str) -> list[int]:
    rows = await session.rows(select(OutboxMessage.__table__).where(OutboxMessage.kind == kind))
    assert all(row.details == {} for row in rows)
    return sorted(row.recipient_id for row in rows)


def _invited(world: World) -> list[int]:
    return sorted(one.staff_id for one in world.everybody if one is not world.admin)


async def test_the_next_one_is_made_when_it_is_asked_for(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        first = await meetings.upcoming(session, world.leader)
        assert (first.nominal_on, first.held_on, first.starts_at) == (date(2026, 4, 5), date(2026, 4, 7), APRIL)
        assert str(first.starts_at)[11:16] == "09:00"
        assert (first.state, first.provisional, first.sequence) == (MeetingState.PLANNED, False, 0)
        assert await meetings.upcoming(session, world.manager) == first
        assert await meetings.last(session, world.leader) is None
    clock.move(APRIL - clock.now() + timedelta(minutes=119))
    async with database.transaction() as session:
        assert await meetings.upcoming(session, world.clinic) == first
    clock.move(timedelta(minutes=1))
    async with database.transaction() as session:
        assert (await meetings.upcoming(session, world.clinic)).held_on == date(2026, 5, 6)
        assert await meetings.last(session, world.deputy) == first
        for nobody in (meetings.upcoming, meetings.last):
            with pytest.raises(AccessDenied):
                await nobody(session, world.admin)


async def test_the_last_answer_counts_until_it_begins(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        for given in (COMING, COMING, CANT):
            await meetings.answer(session, world.manager, meeting.id, given)
        await meetings.answer(session, world.clinic, meeting.id, DEPUTY)
        found = await meetings.list_invited(session, world.leader, meeting.id)
        assert [(one.staff_id, one.answer) for one in found] == [
            (world.leader.staff_id, None),
            (world.deputy.staff_id, None),
            (world.clinic.staff_id, DEPUTY),
            (world.manager.staff_id, CANT),
            (world.neighbour.staff_id, None),
        ]
        assert [one.place_name for one in found[3:]] == ["北村", "南村"]
        with pytest.raises(AccessDenied):
            await meetings.answer(session, world.admin, meeting.id, COMING)
    clock.move(APRIL - clock.now())
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="meeting_begun"):
            await meetings.answer(session, world.manager, meeting.id, COMING)


async def test_moved_by_hand_it_stays_there_and_everybody_is_told(database: Database, world: World) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        await meetings.answer(session, world.manager, meeting.id, COMING)
        for _ in range(2):
            moved = await meetings.move(session, world.admin, meeting.id, date(2026, 4, 9), 14, MeetingReason.WEATHER)
        assert (moved.held_on, moved.starts_at) == (date(2026, 4, 9), datetime(2026, 4, 9, 6, 0, tzinfo=UTC))
        assert (moved.sequence, moved.reason) == (1, MeetingReason.WEATHER)
        assert await _told(session, meetings.MOVED) == _invited(world)
        assert await meetings.upcoming(session, world.manager) == moved
        assert {one.answer for one in await meetings.list_invited(session, world.leader, meeting.id)} == {None}
        for on in (date(2026, 3, 15), date(2026, 6, 1)):
            with pytest.raises(Refused, match="meeting_date"):
                await meetings.move(session, world.admin, meeting.id, on, 9, MeetingReason.OTHER)
        with pytest.raises(AccessDenied):
            await meetings.move(session, world.leader, meeting.id, date(2026, 4, 9), 9, MeetingReason.OTHER)


async def test_cancelled_it_is_passed_over(database: Database, world: World) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        for _ in range(2):
            gone = await meetings.cancel(session, world.admin, meeting.id, MeetingReason.DUTY)
        assert (gone.state, gone.sequence, gone.reason) == (MeetingState.CANCELLED, 1, MeetingReason.DUTY)
        assert await _told(session, meetings.CANCELLED) == _invited(world)
        assert (await meetings.upcoming(session, world.leader)).held_on == date(2026, 5, 6)
        with pytest.raises(Conflict, match="meeting_cancelled"):
            await meetings.answer(session, world.leader, meeting.id, COMING)
        with pytest.raises(Conflict, match="meeting_cancelled"):
            await meetings.move(session, world.admin, meeting.id, date(2026, 4, 9), 9, MeetingReason.OTHER)


async def test_it_follows_the_habit_and_the_calendar(database: Database, world: World) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        await meetings.set_habit(session, world.admin, world.township.id, 10, 15)
        assert (await meetings.upcoming(session, world.leader)).id == meeting.id
        found = await meetings.upcoming(session, world.leader)
        assert (found.nominal_on, found.starts_at) == (date(2026, 4, 10), datetime(2026, 4, 10, 7, 0, tzinfo=UTC))
        assert found.sequence == 1
        assert await _told(session, meetings.MOVED) == _invited(world)
        published = update(Meeting).where(Meeting.id == meeting.id).values(provisional=True)
        await session.execute(published)
        found = await meetings.upcoming(session, world.leader)
        assert (found.provisional, found.sequence) == (False, 1)
        with pytest.raises(AccessDenied):
            await meetings.set_habit(session, world.leader, world.township.id, 1, 9)


async def test_minutes_are_told_by_a_chair_once_it_has_begun(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        with pytest.raises(Conflict, match="meeting_not_begun"):
            await meetings.write_minutes(session, world.leader, meeting.id, Minutes("early"))
    clock.move(APRIL - clock.now() + timedelta(hours=3))
    async with database.transaction() as session:
        assert await meetings.minutes(session, world.manager, meeting.id) is None
        for _ in range(2):
            held = await meetings.write_minutes(session, world.leader, meeting.id, Minutes("first"), 7)
        assert (held.state, held.has_minutes) == (MeetingState.HELD, True)
        await meetings.write_minutes(session, world.deputy, meeting.id, Minutes("second"), 8)
        assert await meetings.minutes(session, world.manager, meeting.id) == Minutes("second")
        row = await session.row(select(Meeting.minutes_sealed).where(Meeting.id == meeting.id))
        assert row is not None
        assert b"second" not in row[0]
        await meetings.write_minutes(session, world.deputy, meeting.id, Minutes(None), 9)
        assert await meetings.minutes(session, world.manager, meeting.id) == Minutes(None)
        for nobody in (world.manager, world.clinic, world.admin):
            with pytest.raises(AccessDenied):
                await meetings.write_minutes(session, nobody, meeting.id, Minutes("no"))


async def test_another_townships_meeting_is_not_found(database: Database, world: World) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        other = await places.add(session, "411728107", world.township.kind, "邻镇")
        chair = await staff.add(session, 901, 901, world.leader.role, other)
        theirs = await meetings.upcoming(session, chair)
        assert theirs.id != meeting.id
        for attempt in (meetings.get, meetings.list_invited, meetings.minutes):
            with pytest.raises(NotFound):
                await attempt(session, chair, meeting.id)
        with pytest.raises(NotFound):
            await meetings.answer(session, chair, meeting.id, COMING)
        await meetings.cancel(session, world.admin, meeting.id, MeetingReason.DUTY)
        assert chair.staff_id not in await _told(session, meetings.CANCELLED)


async def test_a_change_is_taken_back_within_ten_minutes(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        with pytest.raises(AccessDenied):
            await meetings.undo(session, world.leader, meeting.id)
        assert await meetings.undo(session, world.admin, meeting.id) == meeting
        await meetings.move(session, world.admin, meeting.id, date(2026, 4, 9), 15, MeetingReason.DUTY)
        await meetings.cancel(session, world.admin, meeting.id, MeetingReason.WEATHER)
        back = await meetings.undo(session, world.admin, meeting.id)
        assert (back.state, back.held_on, back.reason) == (MeetingState.PLANNED, date(2026, 4, 9), MeetingReason.DUTY)
        assert await _told(session, meetings.RESTORED) == _invited(world)
        assert await meetings.undo(session, world.admin, meeting.id) == back
        await meetings.cancel(session, world.admin, meeting.id, MeetingReason.WEATHER)
        assert await _told(session, meetings.CANCELLED) == sorted(2 * _invited(world))
        clock.move(timedelta(minutes=11))
        with pytest.raises(Conflict, match="too_late"):
            await meetings.undo(session, world.admin, meeting.id)


async def test_a_meeting_put_back_follows_the_rule_again(database: Database, world: World) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        await meetings.move(session, world.admin, meeting.id, date(2026, 4, 9), 15, MeetingReason.DUTY)
        other = await staff.add(session, 777, 777, Role.ADMIN, world.township)
        with pytest.raises(Conflict, match="not_yours"):
            await meetings.undo(session, other, meeting.id)
        back = await meetings.undo(session, world.admin, meeting.id)
        assert (back.starts_at, back.reason, back.changed_by, back.sequence) == (APRIL, None, None, 2)
        await meetings.set_habit(session, world.admin, world.township.id, 8, 10)
        assert (await meetings.upcoming(session, world.leader)).held_on == date(2026, 4, 8)


async def test_the_meetings_of_three_months_are_listed(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for actor in (world.manager, world.admin):
            found = await meetings.between(session, actor, date(2026, 3, 1), date(2026, 5, 31))
            assert [one.held_on for one in found] == [date(2026, 4, 7), date(2026, 5, 6)]
        away = await meetings.upcoming(session, world.leader)
        await meetings.cancel(session, world.admin, away.id, MeetingReason.OTHER)
        found = await meetings.between(session, world.admin, date(2026, 4, 1), date(2026, 4, 30))
        assert [one.state for one in found] == [MeetingState.CANCELLED]
