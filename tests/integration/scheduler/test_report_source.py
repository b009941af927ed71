"""Reports that come regularly: on their working days, once each, in no quiet hours, until somebody ends them."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from models.files.aside import NotDrawn
from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.rules.meetings import MeetingReason
from models.rules.periods import Period
from models.rules.quiet import Quiet
from models.rules.report_files import Occasion, ReportForm
from models.store import meetings, preferences, report_subscriptions, staff
from models.store.database import Database
from models.store.sending import LEASE
from scheduler import dispatcher
from scheduler import report_making as making
from scheduler.dispatcher import Dispatcher
from scheduler.planner import Planner
from scheduler.sources import report_files as source
from tests.factories.world import World
from tests.integration.scheduler.test_dispatcher import FULL_PACE
from tests.integration.scheduler.test_meeting_source import Chats
from tests.integration.scheduler.test_planner import at, morning, next_due

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
uncounted = pytest.mark.usefixtures("nothing_counted")
SOURCES = (source.SOURCE,)
SECOND = date(2026, 4, 2)
"""The second working day of April; on 1 April the first."""


@pytest.fixture
def chats(monkeypatch: pytest.MonkeyPatch) -> Chats:
    async def draw(_sheet: object) -> bytes:
        return b"file"

    monkeypatch.setattr(making, "drawn", draw)
    return Chats()


@pytest.fixture
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count nothing, where a test is only about when reports come: the others count what they say."""

    async def count(_database: Database, _actor: Actor, _period: Period) -> None:
        return

    monkeypatch.setattr(making, "count", count)


async def want(database: Database, actor: Actor, *occasions: Occasion, form: ReportForm = ReportForm.XLSX) -> None:
    async with database.transaction() as session:
        for occasion in occasions:
            await report_subscriptions.begin(session, actor, occasion, form)


async def until(database: Database, clock: MovableClock, chats: Chats, moment: datetime) -> list[str]:
    """Plan and send whenever something is due up to `moment`; return the reports that came, in order."""
    planner, sender = Planner(database, SOURCES), Dispatcher(database, chats, FULL_PACE)
    known = len(chats.messages)
    while True:
        await planner.run()
        await sender.run()
        if clock.now() >= moment:
            chats.said.clear()
            files = [message.attachment for message in chats.messages[known:]]
            return [file.name for file in files if file is not None and "报表" in file.name]
        at(clock, min(await next_due(database), moment, clock.now() + timedelta(hours=20)))


async def test_a_month_comes_on_its_second_working_day_and_once(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    await want(database, world.leader, Occasion.MONTH, Occasion.MEETING)
    await want(database, world.manager, Occasion.MONTH, form=ReportForm.BOTH)
    assert await until(database, clock, chats, morning(SECOND) - timedelta(minutes=1)) == []
    assert sorted(await until(database, clock, chats, morning(SECOND))) == [
        "北村-2026-03-报表.pdf",
        "北村-2026-03-报表.xlsx",
        "沈寨镇-2026-03-报表.xlsx",
    ]
    [[stop]] = chats.messages[0].buttons
    assert stop.tap.action == "report.stop"
    assert await until(database, clock, chats, morning(date(2026, 4, 10))) == [], "the meeting's is the same report"


@sqlite
@uncounted
async def test_before_a_meeting_wherever_it_is_moved_and_each_quarter(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    """The meeting of 5 April is on Tuesday the 7th, after three days off: the working day before is Friday the 3rd."""
    await want(database, world.deputy, Occasion.MEETING)
    await want(database, world.leader, Occasion.QUARTER, Occasion.YEAR, Occasion.MONTH_EARLY)
    assert await until(database, clock, chats, morning(date(2026, 4, 1))) == ["沈寨镇-2026-03-报表.xlsx"]
    assert await until(database, clock, chats, morning(SECOND)) == ["沈寨镇-2026-Q1-报表.xlsx"]
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
        await meetings.move(session, world.admin, meeting.id, date(2026, 4, 9), 9, MeetingReason.DUTY)
    assert await until(database, clock, chats, morning(date(2026, 4, 8)) - timedelta(minutes=1)) == []
    assert await until(database, clock, chats, morning(date(2026, 4, 8))) == ["沈寨镇-2026-03-报表.xlsx"]


@sqlite
@uncounted
async def test_quiet_hours_are_kept_and_it_ends_with_a_tap_or_the_account(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    for actor in (world.leader, world.deputy, world.clinic):
        await want(database, actor, Occasion.MONTH_EARLY, Occasion.MONTH)
    async with database.transaction() as session:
        await preferences.set_quiet(
            session, world.clinic, Quiet(datetime(2026, 1, 1, 20).time(), datetime(2026, 1, 1, 9).time())
        )
    await until(database, clock, chats, morning(SECOND) - timedelta(hours=30))
    async with database.transaction() as session:
        assert await report_subscriptions.end(session, world.leader) == 1, "one takes the place of the other"
        await staff.retire(session, world.deputy)
        assert await report_subscriptions.of_township(session, world.township.id) != []
    assert await until(database, clock, chats, morning(SECOND) + timedelta(minutes=59)) == []
    assert await until(database, clock, chats, morning(SECOND) + timedelta(minutes=61)) == ["沈寨镇-2026-03-报表.xlsx"]


@sqlite
@uncounted
async def test_nothing_comes_for_an_occasion_before_it_was_wanted(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    at(clock, morning(SECOND) + timedelta(hours=1))
    await want(database, world.leader, Occasion.MONTH)
    assert await until(database, clock, chats, morning(date(2026, 4, 20))) == []


@sqlite
@uncounted
async def test_many_at_once_wait_for_each_other_and_one_that_fails_comes_later(
    database: Database, world: World, clock: MovableClock, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter((NotDrawn(1),))

    async def draw(_sheet: object) -> bytes:
        await asyncio.sleep(0.01)
        if (error := next(left, None)) is not None:
            raise error
        return b"file"

    monkeypatch.setattr(making, "drawn", draw)
    monkeypatch.setattr(dispatcher, "_MOST_FILES", 1)
    for actor in (world.leader, world.deputy, world.clinic, world.manager):
        await want(database, actor, Occasion.MONTH)
    with capture_logs():
        assert len(await until(database, clock, chats, morning(SECOND))) < 4
        await until(database, clock, chats, clock.now() + timedelta(minutes=5))
    names = [message.attachment.name for message in chats.messages if message.attachment is not None]
    assert sorted(names) == ["北村-2026-03-报表.xlsx", *["沈寨镇-2026-03-报表.xlsx"] * 3]


@sqlite
async def test_a_clock_that_is_moved_while_files_are_made_loses_none_and_repeats_none(
    database: Database, world: World, clock: MovableClock, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As somebody does who tries local mode: leases end on the moved clock, and so does the time of a report."""

    async def draw(_sheet: object) -> bytes:
        clock.move(timedelta(days=4))
        return b"file"

    monkeypatch.setattr(making, "drawn", draw)
    assert await sent_to_three(database, world, clock, chats) == ["沈寨镇-2026-03-报表.xlsx"] * 3


@sqlite
async def test_what_waits_for_other_files_is_made_by_nobody_else_meanwhile(
    database: Database, world: World, clock: MovableClock, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    another, made, is_inside = Dispatcher(database, chats, FULL_PACE), 0, False

    async def draw(_sheet: object) -> bytes:
        nonlocal made, is_inside
        made += 1
        if not is_inside:
            is_inside = True
            clock.move(LEASE * 0.8)
            await another.run()
            is_inside = False
        return b"file"

    monkeypatch.setattr(making, "drawn", draw)
    assert await sent_to_three(database, world, clock, chats) == ["沈寨镇-2026-03-报表.xlsx"] * 3
    assert made == 3


async def sent_to_three(database: Database, world: World, clock: MovableClock, chats: Chats) -> list[str]:
    """Let three people want a month's report; return the files that have come by the morning of the second day."""
    for actor in (world.leader, world.deputy, world.clinic):
        await want(database, actor, Occasion.MONTH)
    await until(database, clock, chats, morning(SECOND))
    return [message.attachment.name for message in chats.messages if message.attachment is not None]
