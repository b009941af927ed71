"""The dispatcher: what is due goes out once, what is senseless does not, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from locales.message import Message
from models.rules.clock import MovableClock
from models.rules.programmes.base import Anchor
from models.store import enrolments, outbox, staff
from models.store.database import Database
from models.store.outbox import Recipient
from models.tables.outbox import OutboxMessage, OutboxState
from scheduler.dispatcher import Dispatcher
from scheduler.messenger import Addressee, Fate, Sent
from scheduler.pace import Pace
from tests.factories.world import World, person

SENT = Sent(Fate.SENT, 1)
FULL_PACE = Pace(per_chat=0, overall=0)
sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@dataclass
class Spoken:
    """A messenger that keeps what it is given.

    Attributes:
        said: chat, text key, and whether it was flagged as a possible repeat.
        fates: what comes of the next messages; then all arrive.
        before: awaited before a message leaves.
    """

    said: list[tuple[int, str, bool]] = field(default_factory=list)
    fates: list[Sent] = field(default_factory=list)
    before: Callable[[], Awaitable[object]] | None = None

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        if self.before is not None:
            await self.before()
        self.said.append((to.chat_id, message.text.key, may_repeat))
        return self.fates.pop(0) if self.fates else SENT

    async def edit(self, to: Addressee, message_id: int, message: Message) -> Sent:
        raise NotImplementedError

    async def fetch(self, file_id: str, most: int) -> bytes:
        raise NotImplementedError


@pytest.fixture
def spoken() -> Spoken:
    return Spoken()


@pytest.fixture
def dispatcher(database: Database, spoken: Spoken) -> Dispatcher:
    return Dispatcher(database, spoken, FULL_PACE)


async def plan(database: Database, world: World, count: int = 1, kind: str = "handover.decided") -> None:
    async with database.transaction() as session:
        for number in range(count):
            await outbox.plan(session, [Recipient(world.clinic.staff_id, world.township.id)], kind, number)


async def states(database: Database) -> list[OutboxState]:
    async with database.reading() as session:
        statement = select(OutboxMessage.state).order_by(OutboxMessage.subject_id)
        return [row.state for row in await session.rows(statement)]


async def test_what_is_due_goes_out_once(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    async def others_may_write() -> None:
        async with asyncio.timeout(5), database.transaction() as session:
            await session.lock(1)

    spoken.before = others_may_write  # nothing is open while a request is under way
    await plan(database, world)
    assert await dispatcher.run() == 1
    assert await dispatcher.run() == 0
    assert spoken.said == [(103, "notices.handover.decided", False)]
    assert await states(database) == [OutboxState.SENT]


@sqlite
async def test_more_than_a_batch_goes_out_in_order(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    for number in range(3):
        await plan(database, world, 40 * (number + 1))
        clock.move(timedelta(seconds=1))
    assert await dispatcher.run() == 120
    assert len(spoken.said) == 120


async def test_two_dispatchers_say_nothing_twice(database: Database, world: World, spoken: Spoken) -> None:
    await plan(database, world, 120)
    both = (Dispatcher(database, spoken, FULL_PACE), Dispatcher(database, spoken, FULL_PACE))
    assert sum(await asyncio.gather(*(each.run() for each in both))) == 120
    assert len(spoken.said) == 120


@sqlite
async def test_who_was_removed_hears_of_the_removal_only(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    await plan(database, world)
    async with database.transaction() as session:
        await staff.remove(session, world.admin, world.clinic.staff_id)
    await dispatcher.run()
    assert spoken.said == [(103, "notices.staff.removed", False)]
    assert sorted(await states(database)) == [OutboxState.DEAD, OutboxState.SENT]


@sqlite
async def test_who_came_back_is_not_told_of_the_removal(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        await staff.remove(session, world.admin, world.clinic.staff_id)
        await staff.add(session, 103, 103, world.clinic.role, world.township)
    await dispatcher.run()
    assert spoken.said == []
    assert await states(database) == [OutboxState.EXPIRED]


@sqlite
async def test_what_is_done_meanwhile_is_not_said(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        for name in ("甲", "乙"):
            resident_id = await person(session, world.manager, name)
            start = {Anchor.START: date(2026, 3, 1)}
            last = await enrolments.enrol(session, world.manager, resident_id, "dmpa", anchors=start)
        await enrolments.approve(session, world.clinic, last)
    await dispatcher.run()
    assert spoken.said == [(103, "notices.approval.waits", False)]
    assert sorted(await states(database)) == [OutboxState.EXPIRED, OutboxState.SENT]


@sqlite
async def test_what_is_too_late_is_not_said(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    await plan(database, world)
    clock.move(outbox.KEPT)
    await dispatcher.run()
    assert spoken.said == []
    assert await states(database) == [OutboxState.EXPIRED]


@sqlite
@pytest.mark.parametrize(
    ("sent", "wait", "flagged"),
    [
        (Sent(Fate.NOT_SENT, error="NotSent"), 5, False),
        (Sent(Fate.IN_DOUBT, error="InDoubt"), 5, True),
        (Sent(Fate.TOO_MANY, retry_after=40, error="TooMany"), 40, False),
    ],
)
async def test_what_fails_for_now_goes_out_later(
    database: Database,
    world: World,
    dispatcher: Dispatcher,
    spoken: Spoken,
    clock: MovableClock,
    sent: Sent,
    wait: int,
    flagged: bool,
) -> None:
    spoken.fates = [sent]
    await plan(database, world)
    assert await dispatcher.run() == 0
    clock.move(timedelta(seconds=wait - 1))
    assert await dispatcher.run() == 0
    clock.move(timedelta(seconds=1))
    assert await dispatcher.run() == 1
    assert [flag for _, _, flag in spoken.said] == [False, flagged]


@sqlite
@pytest.mark.parametrize("fate", [Fate.GONE, Fate.REFUSED])
async def test_what_can_never_arrive_is_not_tried_again(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock, fate: Fate
) -> None:
    spoken.fates = [Sent(fate, error="Forbidden")]
    await plan(database, world)
    await dispatcher.run()
    clock.move(timedelta(hours=1))
    await dispatcher.run()
    assert len(spoken.said) == 1
    assert await states(database) == [OutboxState.DEAD]


@sqlite
async def test_what_another_version_planned_waits_for_it(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    await plan(database, world, kind="unheard.of")
    await plan(database, world)
    await dispatcher.run()
    assert [key for _, key, _ in spoken.said] == ["notices.handover.decided"]
    assert sorted(await states(database)) == [OutboxState.PLANNED, OutboxState.SENT]


async def test_a_stop_lets_the_one_under_way_finish_and_gives_back_the_others(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    leaves, may_leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        leaves.set()
        await may_leave.wait()

    spoken.before = hold
    await plan(database, world, 3)
    dispatcher.start()
    async with asyncio.timeout(10):
        await leaves.wait()  # the commit of what was planned has woken it
        stopping = asyncio.create_task(dispatcher.stop(10))
        await asyncio.sleep(0)
        may_leave.set()
        assert await stopping
    assert len(spoken.said) == 1
    assert sorted(await states(database)) == [OutboxState.PLANNED, OutboxState.PLANNED, OutboxState.SENT]


@sqlite
async def test_one_that_never_ends_is_cut_off_and_may_be_a_repeat_later(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    leaves = asyncio.Event()

    async def hang() -> None:
        leaves.set()
        await asyncio.sleep(60)

    spoken.before = hang
    await plan(database, world)
    dispatcher.start()
    await leaves.wait()
    assert not await dispatcher.stop(0)
    spoken.before = None
    clock.move(outbox.LEASE + timedelta(seconds=1))
    await Dispatcher(database, spoken, FULL_PACE).run()
    assert spoken.said == [(103, "notices.handover.decided", True)]


def test_messages_to_one_chat_keep_their_distance() -> None:
    pace = Pace(per_chat=1.0, overall=0.25)
    left = [(chat_id, pace.book(chat_id, 10.0)) for chat_id in (1, 2, 1, 3, 2)]
    assert left == [(1, 10.0), (2, 10.25), (1, 11.0), (3, 10.75), (2, 11.25)]
    assert pace.book(1, 20.0) == 20.0
