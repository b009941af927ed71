"""The dispatcher: what is due goes out once, what is senseless does not, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf
from typing import Any

import pytest
from sqlalchemy import select

from locales.message import Message, Text
from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.rules.programmes.base import Anchor
from models.store import enrolments, outbox, pacing, sending, staff
from models.store.database import Database
from models.store.outbox import Recipient
from models.tables.outbox import OutboxMessage, OutboxState, SendingGate
from scheduler.dispatcher import MOST, Dispatcher
from scheduler.messenger import Addressee, Fate, Sent
from scheduler.pace import Pace
from tests.factories.messenger import SendsOnly
from tests.factories.world import World, person

SENT = Sent(Fate.SENT, 1)
GONE = Sent(Fate.GONE, error="Forbidden")
FULL_PACE = Pace(inf, per_chat=0)
sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
POSTGRES = pytest.mark.parametrize("backend", ["postgres"], indirect=True)


@dataclass
class Spoken(SendsOnly):
    """A messenger that keeps what it is given.

    Attributes:
        said: chat, text key, and whether it was flagged as a possible repeat; `texts`: what was said.
        fates: what comes of the next messages; then all arrive.
        before, before_to: awaited before a message leaves, the latter with whom it is for.
    """

    said: list[tuple[int, str, bool]] = field(default_factory=list)
    fates: list[Sent] = field(default_factory=list)
    before: Callable[[], Awaitable[object]] | None = None
    before_to: Callable[[Addressee], Awaitable[object]] | None = None
    texts: list[Text] = field(default_factory=list)

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        if self.before is not None:
            await self.before()
        if self.before_to is not None:
            await self.before_to(to)
        self.texts.append(message.text)
        self.said.append((to.chat_id, message.text.key, may_repeat))
        return self.fates.pop(0) if self.fates else SENT


@pytest.fixture
def spoken() -> Spoken:
    return Spoken()


@pytest.fixture
def dispatcher(database: Database, spoken: Spoken) -> Dispatcher:
    return Dispatcher(database, spoken, FULL_PACE)


async def plan(
    database: Database,
    world: World,
    count: int = 1,
    kind: str = "handover.decided",
    *,
    to: Actor | None = None,
    urgent: bool = False,
) -> None:
    recipient = Recipient((to or world.clinic).staff_id, world.township.id)
    async with database.transaction() as session:
        for number in range(count):
            await outbox.plan(session, [recipient], kind, number, urgent=urgent)


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
        (Sent(Fate.TOO_MANY, retry_after=40, error="TooMany"), 41, False),
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
async def test_what_is_refused_is_not_tried_again(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    spoken.fates = [Sent(Fate.REFUSED, error="BadRequest")]
    await plan(database, world)
    await dispatcher.run()
    clock.move(timedelta(hours=1))
    await dispatcher.run()
    assert len(spoken.said) == 1
    assert await states(database) == [OutboxState.DEAD]


async def test_who_blocked_the_bot_is_tried_once_and_the_next_person_is_told(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    spoken.fates = [GONE]
    await plan(database, world, to=world.manager)
    assert await dispatcher.run() == 1
    assert spoken.said == [(101, "notices.handover.decided", False), (103, "notices.unreached", False)]
    assert sorted(await states(database)) == [OutboxState.DEAD, OutboxState.SENT]
    text = spoken.texts[-1]
    assert (text.values["place"], text.values["about"]) == ("北村", Text.of("notices.about.handover.decided"))
    await plan(database, world, 3, to=world.manager)  # the same kind on the same day: told of once
    spoken.fates = [GONE] * 2
    assert await dispatcher.run() == 0
    assert len(spoken.said) == 4


@sqlite
async def test_what_nobody_below_can_read_climbs_until_somebody_can(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    spoken.fates = [GONE, GONE, GONE]
    await plan(database, world, to=world.manager)
    await dispatcher.run()
    assert [chat_id for chat_id, _, _ in spoken.said] == [101, 103, 104, 105]
    assert {text.values["place"] for text in spoken.texts[1:]} == {"北村"}


@sqlite
async def test_who_is_reached_again_is_no_longer_said_to_be_unreached(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    spoken.fates = [GONE, Sent(Fate.NOT_SENT)]
    await plan(database, world, to=world.manager)
    await dispatcher.run()  # the clinic's message about it waits for another attempt
    await plan(database, world, 2, to=world.manager)
    assert await dispatcher.run() == 1
    clock.move(timedelta(minutes=1))
    assert await dispatcher.run() == 0
    assert sorted(await states(database)) == [OutboxState.DEAD, OutboxState.EXPIRED, OutboxState.SENT]


@sqlite
async def test_what_is_not_worth_a_repeat_is_held(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    spoken.fates = [Sent(Fate.IN_DOUBT, error="InDoubt")]
    await plan(database, world, kind="handover.moved")
    await dispatcher.run()
    clock.move(timedelta(hours=1))
    await dispatcher.run()
    assert len(spoken.said) == 1
    assert await states(database) == [OutboxState.IN_DOUBT]


@sqlite
async def test_what_was_leaving_when_its_process_died_is_held_where_a_repeat_is_not_worth_it(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    await plan(database, world, kind="handover.moved")
    await plan(database, world)
    async with database.transaction() as session:
        claimed, _ = await sending.claim(session, "dead process", 10)
        for message in claimed:
            await sending.mark_sending(session, message.id, "dead process")
    clock.move(sending.LEASE + timedelta(seconds=1))
    await dispatcher.run()
    assert spoken.said == [(103, "notices.handover.decided", True)]
    assert sorted(await states(database)) == [OutboxState.IN_DOUBT, OutboxState.SENT]


async def test_a_pause_that_was_asked_for_holds_every_process(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    spoken.fates = [Sent(Fate.TOO_MANY, retry_after=40, error="TooMany")]
    await plan(database, world)
    await dispatcher.run()
    await plan(database, world, to=world.manager)
    other = Dispatcher(database, spoken, FULL_PACE)
    for _ in range(2):
        assert await other.run() == 0
        clock.move(timedelta(seconds=20))
    clock.move(timedelta(seconds=1))
    assert await other.run() == 2


@sqlite
async def test_a_pause_that_a_reply_has_met_holds_every_process(
    database: Database, world: World, spoken: Spoken, clock: MovableClock
) -> None:
    pace = Pace(inf, per_chat=0)
    pace.hold(0.001)
    await plan(database, world)
    async with asyncio.timeout(5):
        await Dispatcher(database, spoken, pace).run()
    async with database.reading() as session:
        assert await session.scalar(select(SendingGate.chat_id)) == 0


@sqlite
async def test_quiet_hours_are_kept_and_what_is_urgent_is_not_held(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    clock.move(timedelta(hours=14))  # 23:00
    await plan(database, world)
    await plan(database, world, kind="grant.decided", urgent=True)
    assert await dispatcher.run() == 1
    assert [key for _, key, _ in spoken.said] == ["notices.grant.decided"]
    clock.move(timedelta(hours=8, minutes=29))
    assert await dispatcher.run() == 0
    clock.move(timedelta(minutes=1))
    assert await dispatcher.run() == 1


@sqlite
async def test_what_is_urgent_goes_first(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    await plan(database, world, 3)
    await plan(database, world, kind="grant.decided", urgent=True)
    await dispatcher.run()
    assert spoken.said[0] == (103, "notices.grant.decided", False)


@sqlite
async def test_a_chat_that_hangs_does_not_hold_up_the_others(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken
) -> None:
    may_leave, others = asyncio.Event(), 2 * MOST

    async def hang(to: Addressee) -> None:
        if to.chat_id == 101:
            await may_leave.wait()
        elif len(spoken.said) == others - 1:
            may_leave.set()

    spoken.before_to = hang
    await plan(database, world, to=world.manager)
    await plan(database, world, others)
    async with asyncio.timeout(20):
        assert await dispatcher.run() == others + 1
    assert spoken.said[-1][0] == 101


@POSTGRES
async def test_what_came_of_a_message_is_written_down_when_the_database_is_back(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, tries = sending.mark_sent, iter((ConnectionResetError(), ConnectionResetError()))

    async def lost(*args: Any) -> bool:
        for error in tries:
            raise error
        return await mark(*args)

    monkeypatch.setattr(sending, "mark_sent", lost)
    await plan(database, world)
    assert await dispatcher.run() == 1
    assert await states(database) == [OutboxState.SENT]


@sqlite
async def test_a_clock_that_is_set_back_holds_nothing_for_longer_than_a_lease(
    database: Database, world: World, dispatcher: Dispatcher, spoken: Spoken, clock: MovableClock
) -> None:
    clock.move(timedelta(hours=3))
    await plan(database, world, 2)
    async with database.transaction() as session:
        await sending.claim(session, "dead process", 1, every=timedelta(minutes=5))
        await pacing.close(session, 999, 30)
    clock.move(-timedelta(hours=2))
    async with database.transaction() as session:
        assert await sending.claim(session, "one", 5) == ([], timedelta(0))  # the same person's is on its way still
        assert await pacing.opens_in(session, 999) == 30
    clock.move(sending.LEASE + timedelta(seconds=1))
    async with database.transaction() as session:
        claimed, ahead = await sending.claim(session, "one", 5)
        assert (len(claimed), ahead) == (1, timedelta(0))
        assert await pacing.opens_in(session, 999) == 0


@sqlite
async def test_two_processes_book_their_moments_one_behind_the_other(database: Database, world: World) -> None:
    for actor in world.everybody:
        await plan(database, world, to=actor)
    aheads = []
    for number in range(3):
        async with database.transaction() as session:
            aheads.append((await sending.claim(session, f"{number}", 2, every=timedelta(seconds=1)))[1])
    assert aheads == [timedelta(0), timedelta(seconds=2), timedelta(seconds=4)]


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
    clock.move(sending.LEASE + timedelta(seconds=1))
    await Dispatcher(database, spoken, FULL_PACE).run()
    assert spoken.said == [(103, "notices.handover.decided", True)]


def test_messages_to_one_chat_keep_their_distance() -> None:
    pace = Pace(4, per_chat=1.0)
    left = [(chat_id, pace.book(chat_id, 10.0)) for chat_id in (1, 2, 1, 3, 2)]
    assert left == [(1, 10.0), (2, 10.25), (1, 11.0), (3, 10.75), (2, 11.25)]
    assert pace.book(1, 20.0) == 20.0
