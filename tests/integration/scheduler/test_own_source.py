"""Reminders to residents who asked for them: when, how often, in which words; and what ends them, sent or planned."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from locales.message import Message
from locales.translator import LANGUAGES, translator
from models.rules.access import Actor
from models.rules.clock import CHINA, MovableClock
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.rules.quiet import Quiet
from models.store import accounts, checkup_days, checkups, consents, merges, own, preferences
from models.store.database import Database, StoreSession
from models.store.reports import CheckupReport
from models.tables.outbox import OutboxMessage, OutboxState
from scheduler.dispatcher import Dispatcher
from scheduler.planner import Planner
from scheduler.sources import own as source
from tests.factories.world import World, person
from tests.integration.scheduler.test_dispatcher import FULL_PACE
from tests.integration.scheduler.test_meeting_source import Chats
from tests.integration.store.test_accounts import HERS, tied

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SOURCES = (source.SOURCE,)
NOMINAL, HELD = date(2026, 5, 10), date(2026, 5, 11)
"""10 May is a Sunday: the day is held on Monday."""
NAME = "鸢尾金"
TELLING = (NAME, "康检", "check-up", "血压", "血糖", "健康", "health")
"""What no reminder says, to whomever else reads the screen."""


@pytest.fixture
def chats() -> Chats:
    return Chats()


async def _asked(database: Database, world: World) -> tuple[int, Actor]:
    async with database.transaction() as session:
        resident_id, actor = await tied(session, world, name=NAME)
        await own.remind(session, actor, on=True)
    return resident_id, actor


async def _at(database: Database, clock: MovableClock, chats: Chats, on: date, hour: int = 8) -> list[tuple[int, str]]:
    """Let it be that hour in China, plan twice, send; return what was said."""
    clock.move(datetime.combine(on, time(hour), CHINA) - clock.now())
    planner = Planner(database, SOURCES)
    await planner.run()
    assert await planner.run() == 0
    await Dispatcher(database, chats, FULL_PACE).run()
    return chats.take()


def _days_before(count: int) -> date:
    return HELD - timedelta(days=count)


@sqlite
async def test_three_days_and_a_day_before_in_words_that_tell_nothing(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    await _asked(database, world)
    async with database.transaction() as session:
        await person(session, world.manager, "不想要", programmes=("checkup",))
    told = {days: await _at(database, clock, chats, _days_before(days)) for days in (7, 4, 3, 2, 1, 0)}
    first, second = [(HERS, "own.before.days_3")], [(HERS, "own.before.days_1")]
    assert told == {7: [], 4: [], 3: first, 2: [], 1: second, 0: []}
    _search(chats.messages)
    assert [[button.tap.action for row in message.buttons for button in row] for message in chats.messages] == [
        ["own", "own.remind"],
        ["own", "own.remind"],
    ]


def _search(messages: list[Message]) -> None:
    for message in messages:
        for language in LANGUAGES:
            words = translator(language).render(message.text).lower()
            assert not [one for one in TELLING if one in words], words


@sqlite
async def test_quiet_hours_are_the_residents_own(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    _, actor = await _asked(database, world)
    async with database.transaction() as session:
        await preferences.set_quiet(session, actor, Quiet(time(20), time(10)))
    assert await _at(database, clock, chats, _days_before(3)) == []
    assert await _at(database, clock, chats, _days_before(3), 10) == [(HERS, "own.before.days_3")]


@sqlite
async def test_a_day_that_moves_is_reminded_of_anew_and_whoever_was_told_hears_of_it(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    await _asked(database, world)
    moved = date(2026, 5, 15)
    async with database.transaction() as session:
        await tied(session, world, 701, name="后来的")
    await _at(database, clock, chats, _days_before(3))
    async with database.transaction() as session:
        await checkup_days.move(session, world.admin, world.north.id, NOMINAL, moved, "weather")
    assert (HERS, "own.moved") in await _at(database, clock, chats, _days_before(3), 9)
    assert await _at(database, clock, chats, _days_before(1)) == []
    assert await _at(database, clock, chats, moved - timedelta(days=3)) == [(HERS, "own.before.days_3")]
    async with database.transaction() as session:
        await checkup_days.cancel(session, world.admin, world.north.id, NOMINAL, "staff")
    told = await _at(database, clock, chats, moved - timedelta(days=3), 9)
    assert [one for one in told if one[0] in {HERS, 701}] == [(HERS, "own.cancelled")]
    assert await _at(database, clock, chats, moved - timedelta(days=1)) == []
    _search([message for message in chats.messages if message.text.key.startswith("notices.own.")])


@sqlite
async def test_whoever_hears_of_the_change_is_not_reminded_within_a_day(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    await _asked(database, world)
    await _at(database, clock, chats, _days_before(3))
    later = HELD + timedelta(days=1)
    async with database.transaction() as session:
        await tied(session, world, 701, name="后来的")
        await checkup_days.move(session, world.admin, world.north.id, NOMINAL, later, "weather")
    hers = {hour: await _at(database, clock, chats, _days_before(3), hour) for hour in (9, 10)}
    assert [one for told in hers.values() for one in told if one[0] == HERS] == [(HERS, "own.moved")]
    assert await _at(database, clock, chats, _days_before(2)) == []
    assert await _at(database, clock, chats, _days_before(0)) == [(HERS, "own.before.days_1")]


async def _outcome(session: StoreSession, world: World, resident_id: int, outcome: Outcome) -> None:
    day = session.now().astimezone(CHINA).date()
    await checkups.report(session, world.manager, CheckupReport(resident_id, day, outcome))


Ending = Callable[[StoreSession, World, int, Actor], Awaitable[object]]
ENDINGS: dict[str, Ending] = {
    "declined": lambda session, world, her, _: _outcome(session, world, her, Outcome.DECLINED),
    "away": lambda session, world, her, _: _outcome(session, world, her, Outcome.AWAY),
    "moved": lambda session, world, her, _: _outcome(session, world, her, Outcome.MOVED),
    "deceased": lambda session, world, her, _: _outcome(session, world, her, Outcome.DECEASED),
    "withdrawn by the manager": lambda session, world, her, _: consents.withdraw(
        session, world.manager, her, Purpose.REMINDERS
    ),
    "withdrawn in the chat": lambda session, _, __, actor: own.withdraw(session, actor, Purpose.HEALTH_RECORD),
    "switched off": lambda session, _, __, actor: own.remind(session, actor, on=False),
    "untied": lambda session, _, __, actor: accounts.untie(session, actor),
    "ended by the manager": lambda session, world, her, _: accounts.end(session, world.manager, her),
}


@sqlite
@pytest.mark.parametrize("ending", ENDINGS)
async def test_what_ends_it_ends_what_is_planned_at_once(
    database: Database, world: World, clock: MovableClock, chats: Chats, ending: str
) -> None:
    """Planned, and due, it is not sent even if the planner has not looked again."""
    resident_id, actor = await _asked(database, world)
    await _at(database, clock, chats, _days_before(4))
    async with database.reading() as session:
        planned = await session.rows(select(OutboxMessage.state))
    assert [row.state for row in planned] == [OutboxState.PLANNED]
    async with database.transaction() as session:
        await ENDINGS[ending](session, world, resident_id, actor)
    clock.move(datetime.combine(_days_before(3), time(8), CHINA) - clock.now())
    await Dispatcher(database, chats, FULL_PACE).run()
    assert chats.take() == ([(HERS, "account.ended")] if ending == "ended by the manager" else [])
    assert await _at(database, clock, chats, _days_before(1)) == []


@sqlite
async def test_merged_it_goes_on_for_the_kept_row(
    database: Database, world: World, clock: MovableClock, chats: Chats
) -> None:
    resident_id, _ = await _asked(database, world)
    await _at(database, clock, chats, _days_before(4))
    async with database.transaction() as session:
        kept = await person(session, world.manager, NAME, programmes=("checkup",))
        await merges.merge(session, world.manager, kept, resident_id)
    assert await _at(database, clock, chats, _days_before(3)) == [(HERS, "own.before.days_3")]
