"""Random histories: processes plan and send at any time, clocks jump, facts change; the plan depends on none of it."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from models.rules.clock import MovableClock
from models.rules.quiet import next_allowed
from models.rules.roles import Role
from models.store import plannings, staff
from models.store.database import Database
from models.store.keyring import Keyring
from models.store.outbox import key_of
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.places import Place
from models.tables.staff import Staff
from scheduler.dispatcher import Dispatcher
from scheduler.planner import AHEAD, Planner, called_for
from scheduler.sources import SOURCES, troubles
from tests import IS_LONG, LONGER
from tests.conftest import KEYS
from tests.factories.world import World, build
from tests.integration.scheduler.test_dispatcher import FULL_PACE, Spoken
from tests.integration.scheduler.test_planner import HOUR, at, next_due

START = datetime(2028, 2, 26, tzinfo=UTC)
"""A leap year: the days before those of March lie around 29 February."""
PURE = [source for source in SOURCES if source is not troubles.SOURCE]
"""What sending changes nothing in: the line about troubles follows it, but only at the next planning."""
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/London", "America/Santiago")


class History:
    """A township that processes plan for, one after the other."""

    def __init__(self, database: Database, clock: MovableClock, world: World) -> None:
        self.database, self.clock, self.world = database, clock, world
        self.spoken = Spoken()
        self.accounts = iter(range(900, 999))

    async def plan(self, _: int) -> None:
        await Planner(self.database, PURE).run()
        await _holds(self.database, self.clock)

    async def plan_twice_at_once(self, _: int) -> None:
        await asyncio.gather(Planner(self.database, PURE).run(), Planner(self.database, PURE).run())

    async def send(self, _: int) -> None:
        await Dispatcher(self.database, self.spoken, FULL_PACE).run()

    async def wait(self, hours: int) -> None:
        self.clock.move(timedelta(hours=hours % 10))

    async def be_away(self, hours: int) -> None:
        self.clock.move(timedelta(hours=48 + hours))

    async def set_clock_back(self, _: int) -> None:
        self.clock.move(-timedelta(hours=2))

    async def change_day(self, number: int) -> None:
        await self.change_place(self.world.north.id, checkup_dom=1 + number % 3)

    async def change_zone(self, number: int) -> None:
        await self.change_place(self.world.township.id, zone=ZONES[number % len(ZONES)])

    async def hire(self, number: int) -> None:
        place = self.world.north if number % 2 else self.world.south
        account = next(self.accounts)
        async with self.database.transaction() as session:
            await staff.add(session, account, account, Role.MANAGER, place)

    async def remove(self, number: int) -> None:
        async with self.database.transaction() as session:
            there = [one for one in await staff.list_staff(session, self.world.admin) if one.role is Role.MANAGER]
            if there:
                await staff.remove(session, self.world.admin, there[number % len(there)].id)

    async def change_people(self, **values: object) -> None:
        async with self.database.transaction() as session:
            await session.execute(update(Staff).values(**values))
            await plannings.touch(session, self.world.township.id)

    async def change_place(self, place_id: int, **values: object) -> None:
        async with self.database.transaction() as session:
            await session.execute(update(Place).where(Place.id == place_id).values(**values))
            await plannings.touch(session, self.world.township.id)


ACTS: tuple[Callable[[History, int], Coroutine[object, object, None]], ...] = (
    *[History.plan] * 6,
    History.plan_twice_at_once,
    *[History.send] * 2,
    *[History.wait] * 3,
    History.be_away,
    History.set_clock_back,
    *[History.change_day] * 3,
    *[History.change_zone] * 2,
    History.hire,
    History.remove,
)


@pytest.fixture(scope="module")
def township(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A file with the township in it, to be copied for each history."""
    path = tmp_path_factory.mktemp("histories") / "township.db"
    shutil.copyfile(sqlite_template, path)

    async def make() -> World:
        database = _open(path, MovableClock(START))
        async with database.transaction() as session:
            world = await build(session)
        await database.close()
        return world

    return path, asyncio.run(make())


def _open(path: Path, clock: MovableClock) -> Database:
    return Database(f"sqlite+aiosqlite:///{path}", Keyring.parse(KEYS), clock)


@pytest.mark.parametrize("seed", range(4 * LONGER if IS_LONG else 4))
def test_whatever_has_happened_the_same_facts_give_the_same_plan(township: tuple[Path, World], seed: int) -> None:
    """Histories of one length each: what hypothesis makes up is mostly too short for anything to happen."""
    made, world = township
    chance = random.Random(seed)
    acts = [(chance.choice(ACTS), chance.randrange(40)) for _ in range(30)]

    async def play(folder: str) -> None:
        path, clock = Path(folder) / "history.db", MovableClock(START)
        shutil.copyfile(made, path)
        database = _open(path, clock)
        history = History(database, clock, world)
        await history.change_day(0)
        for act, number in acts:
            await act(history, number)
        await history.plan(0)
        clock.move(timedelta(days=30))
        await history.send(0)
        _nothing_was_said_twice(history.spoken)
        await database.close()

    with TemporaryDirectory() as folder:
        asyncio.run(play(folder))


async def _holds(database: Database, clock: MovableClock) -> None:
    """What is planned, and was not sent, is what the rules call for, no more and no less, at the right moments."""
    o = OutboxMessage
    async with database.reading() as session:
        until = clock.now() + AHEAD
        columns = (o.kind, o.subject_id, o.occurrence, o.recipient_id, o.planned_for)
        rows = await session.rows(select(*columns).where(o.state == OutboxState.PLANNED, o.source.is_not(None)))
        planned = {tuple(row[:4]): row[4] for row in rows if clock.now() - timedelta(days=8) <= row[4] <= until}
        called = [one.proposal for one in await called_for(session, timedelta(days=5), PURE)]
    wanted = {key_of(one): one.due_at for one in called if one.due_at <= until}
    stale = {key for key in planned if key not in wanted}
    assert {key: planned[key] for key in planned if key not in stale} == wanted
    async with database.reading() as session:  # what is planned beyond that is too late when quiet hours end
        expires = await session.rows(select(*columns, o.expires_at).where(o.state == OutboxState.PLANNED))
        [site] = await plannings.sites(session)
    for row in expires:
        if tuple(row[:4]) in stale:
            assert row.expires_at <= next_allowed(max(clock.now(), row.planned_for), ZoneInfo(site.zone))


def _nothing_was_said_twice(spoken: Spoken) -> None:
    said = Counter(
        (chat_id, text.key, str(text.values)) for (chat_id, _, _), text in zip(spoken.said, spoken.texts, strict=True)
    )
    assert [what for what, times in said.items() if times > 1] == []
    assert not any(flagged for _, _, flagged in spoken.said)


@pytest.mark.parametrize(
    ("zone", "start", "digest_at"),
    [
        ("America/New_York", date(2026, 3, 5), time(2, 30)),  # held on the 9th; on the 8th there is no 02:30
        ("America/New_York", date(2026, 10, 29), time(1, 30)),  # held on 2 November; on the 1st 01:30 comes twice
        ("America/Santiago", date(2026, 9, 3), time(0, 30)),  # held on the 7th; on the 6th there is no 00:30
    ],
)
def test_an_hour_that_clocks_skip_or_repeat_is_said_once(
    township: tuple[Path, World], tmp_path: Path, zone: str, start: date, digest_at: time
) -> None:
    made, world = township

    async def play() -> list[str]:
        path = shutil.copyfile(made, tmp_path / "zone.db")
        clock = MovableClock(datetime.combine(start, time(), ZoneInfo(zone)).astimezone(UTC))
        database = _open(path, clock)
        history = History(database, clock, world)
        dom = (start + timedelta(days=4)).day
        await history.change_people(digest_at=digest_at, quiet_from=time(), quiet_until=time())
        await history.change_place(world.township.id, zone=zone)
        await history.change_place(world.north.id, checkup_dom=dom)
        now = clock.now()
        end, moments = now + timedelta(days=5), [now]
        while clock.now() < end:
            for moment in moments:
                at(clock, max(moment, clock.now()))
                await Planner(database, PURE).run()
                await history.send(0)
            await _holds(database, clock)
            due = await next_due(database)
            moments = [due, due + HOUR]  # clocks that were set back show the same hour then
        await database.close()
        return [text.key.rpartition(".")[2] for text in history.spoken.texts if "before" in text.key]

    found = asyncio.run(play())
    assert found == ["days_7", "days_3", "days_1", "same_day"]
