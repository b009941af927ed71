"""What is said around joint meetings: to whom, when, how often; and what is not said any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar  # type: ignore[import-untyped]

from locales.message import Message
from models.rules.clock import MovableClock
from models.rules.meetings import MeetingAnswer, MeetingReason
from models.store import decisions, meetings, staff
from models.store.database import Database
from models.store.decisions import Wanted
from models.store.meetings import MeetingLine, Minutes
from scheduler.dispatcher import Dispatcher
from scheduler.messenger import Addressee, Sent
from scheduler.planner import Planner, called_for
from scheduler.sources import meetings as source
from tests.factories.world import World
from tests.integration.scheduler.test_dispatcher import FULL_PACE, Spoken
from tests.integration.scheduler.test_planner import at, morning, next_due, rows

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SOURCES = (source.SOURCE,)
HELD = date(2026, 4, 7)
"""5 April is Qingming: the meeting is on Tuesday the 7th at nine."""
MANAGER, NEIGHBOUR, CLINIC, DEPUTY, LEADER = 101, 102, 103, 104, 105
EVERYBODY = [MANAGER, NEIGHBOUR, CLINIC, DEPUTY, LEADER]


@dataclass
class Chats(Spoken):
    """A messenger that keeps messages whole."""

    messages: list[Message] = field(default_factory=list)

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        self.messages.append(message)
        return await super().send(to, message, may_repeat=may_repeat)

    def take(self) -> list[tuple[int, str]]:
        """Return whom what was said since the last time, by chat."""
        found = sorted((chat, key.removeprefix("notices.")) for chat, key, _ in self.said)
        self.said.clear()
        return found


@pytest.fixture
def chats() -> Chats:
    return Chats()


async def until(database: Database, clock: MovableClock, chats: Chats, moment: datetime) -> list[tuple[int, str]]:
    """Plan and send whenever something is due up to `moment`, and then; return what was said."""
    planner, dispatcher = Planner(database, SOURCES), Dispatcher(database, chats, FULL_PACE)
    while True:
        await planner.run()
        await dispatcher.run()
        if clock.now() >= moment:
            return chats.take()
        at(clock, min(await next_due(database), moment))


def to(chats: Sequence[int], key: str) -> list[tuple[int, str]]:
    return [(chat, key) for chat in chats]


def event(message: Message) -> tuple[str, str, int, datetime]:
    """Return method, UID, sequence and beginning of the file that goes with a message."""
    assert message.attachment is not None
    calendar = Calendar.from_ical(message.attachment.content)
    [one] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), str(one["UID"]), int(one["SEQUENCE"]), one["DTSTART"].dt.astimezone(UTC)


async def _next(database: Database, world: World) -> MeetingLine:
    async with database.transaction() as session:
        return await meetings.upcoming(session, world.leader)


async def test_everybody_is_invited_three_times_and_the_leader_asked_for_minutes(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    assert await until(database, clock, chats, morning(date(2026, 4, 4)) - timedelta(minutes=1)) == []
    assert await until(database, clock, chats, morning(date(2026, 4, 4))) == to(EVERYBODY, "meeting.invite.days")
    method, uid, sequence, starts_at = event(chats.messages[-1])
    assert (method, sequence, starts_at) == ("REQUEST", 0, morning(HELD, 9))
    meeting = await _next(database, world)
    async with database.transaction() as session:
        await meetings.answer(session, world.manager, meeting.id, MeetingAnswer.COMING)
        await meetings.answer(session, world.clinic, meeting.id, MeetingAnswer.DEPUTY)
        await meetings.answer(session, world.neighbour, meeting.id, MeetingAnswer.CANT_COME)
    for moment, off in ((morning(date(2026, 4, 6)), "tomorrow"), (morning(HELD, 8), "soon")):
        asked = to([DEPUTY, LEADER], f"meeting.invite.{off}")
        assert await until(database, clock, chats, moment) == [(MANAGER, f"meeting.reminder.{off}"), *asked]
        assert chats.messages[-1].attachment is None
    assert await until(database, clock, chats, morning(HELD, 11)) == [(LEADER, "meeting.minutes")]
    assert await until(database, clock, chats, morning(date(2026, 4, 8))) == [(DEPUTY, "meeting.minutes")]
    async with database.transaction() as session:
        await meetings.write_minutes(session, world.deputy, meeting.id, Minutes(None))
    assert await until(database, clock, chats, morning(date(2026, 5, 2))) == []
    assert uid == meetings_uid(world, "202604")


def meetings_uid(world: World, month: str) -> str:
    return f"{world.township.id}-{month}01@suifang.invalid"


@sqlite
async def test_a_moved_meeting_is_told_with_a_newer_file_and_has_its_own_reminders(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    await until(database, clock, chats, morning(date(2026, 4, 4)))
    meeting = await _next(database, world)
    async with database.transaction() as session:
        await meetings.move(session, world.admin, meeting.id, date(2026, 4, 20), 15, MeetingReason.WEATHER)
    assert await until(database, clock, chats, clock.now()) == to(EVERYBODY, "meeting.moved")
    assert event(chats.messages[-1]) == ("REQUEST", meetings_uid(world, "202604"), 1, morning(date(2026, 4, 20), 15))
    assert await until(database, clock, chats, morning(date(2026, 4, 16), 20)) == []
    assert await until(database, clock, chats, morning(date(2026, 4, 17))) == to(EVERYBODY, "meeting.invite.days")
    async with database.transaction() as session:
        await meetings.cancel(session, world.admin, meeting.id, MeetingReason.DUTY)
    assert await until(database, clock, chats, clock.now()) == to(EVERYBODY, "meeting.cancelled")
    method, uid, sequence, _ = event(chats.messages[-1])
    assert (method, uid, sequence) == ("CANCEL", meetings_uid(world, "202604"), 2)
    assert await until(database, clock, chats, morning(date(2026, 4, 22))) == []


@sqlite
async def test_a_township_that_meets_on_another_day_is_told_and_nothing_is_said_twice(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    await until(database, clock, chats, morning(date(2026, 4, 4)))
    async with database.transaction() as session:
        await meetings.set_habit(session, world.admin, world.township.id, 7, 15)
    assert await until(database, clock, chats, clock.now()) == to(EVERYBODY, "meeting.moved")
    assert event(chats.messages[-1])[2:] == (1, morning(HELD, 15))
    assert await until(database, clock, chats, morning(date(2026, 4, 6))) == to(EVERYBODY, "meeting.invite.tomorrow")


@sqlite
async def test_an_owner_is_told_at_once_unless_it_is_done_by_then(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    meeting = await _next(database, world)
    at(clock, morning(HELD, 12))
    async with database.transaction() as session:
        await meetings.write_minutes(session, world.leader, meeting.id, Minutes(None))
        for owner in (world.manager, world.clinic):
            wanted = Wanted("0", owner.staff_id, date(2026, 4, 20))
            made = await decisions.add(session, world.leader, meeting.id, wanted)
        await decisions.finish(session, world.clinic, made.id)
    assert await until(database, clock, chats, clock.now()) == [(MANAGER, "decision.assigned")]
    assert dict(chats.messages[-1].text.values) == {"due": date(2026, 4, 20)}


@sqlite
async def test_without_a_leader_the_deputy_is_asked_at_once(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    async with database.transaction() as session:
        await staff.remove(session, world.admin, world.leader.staff_id)
    await _next(database, world)
    at(clock, morning(HELD, 11))
    assert (DEPUTY, "meeting.minutes") in await until(database, clock, chats, clock.now())


@sqlite
async def test_what_would_be_said_is_listed_and_nothing_is_made(database: Database, world: World) -> None:
    async with database.reading() as session:
        found = await called_for(session, timedelta(days=60), SOURCES)
    invited = {one.proposal.occurrence for one in found if one.proposal.kind == source.INVITE}
    assert invited == {"0/days_3", "0/days_1", "0/hour_1"}
    assert await rows(database) == []
