"""Two people tap on one roster at once: no tap is lost, none is silently overwritten, a late one changes nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import select

from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.rules.rosters import Mark, following, mark_of
from models.store import enrolments, roster_closing, rosters
from models.store.database import Database
from models.store.errors import Conflict
from models.store.keyring import Keyring
from models.store.rosters import Tapped
from models.tables.checkups import Attendance
from models.tables.rosters import RosterEntry
from tests import stories
from tests.conftest import BACKENDS, KEYS, MONDAY
from tests.factories.postgres import Postgres
from tests.factories.world import World, build, person

HELD_ON = date(2026, 3, 10)
NAMES = ("王秀英", "李红", "单国强")
Tap = tuple[int, bool]
"""Whose line, and whether the one who taps has seen what is on it by now."""
taps = st.none() | st.tuples(st.integers(0, len(NAMES) - 1), st.booleans())
rounds = st.lists(st.tuples(taps, taps), min_size=5, max_size=10)
"""What two people do at the same moment, one moment after another."""
MANY = {"sqlite": 12, "postgres": 8}
"""So many examples are tried on each database."""


@dataclass
class Seen:
    """A person with a roster on the phone: the versions that the buttons carry."""

    actor: Actor
    versions: dict[int, int] = field(default_factory=dict)


@dataclass
class Table:
    """The roster of a day in a database, and two people at it."""

    database: Database
    world: World
    day_id: int
    line_ids: list[int]

    async def lines(self) -> dict[int, tuple[Mark | None, int]]:
        """Return what each line says, and its version."""
        async with self.database.reading() as session:
            rows = await session.rows(select(RosterEntry.id, RosterEntry.mark, RosterEntry.version))
        return {row.id: (row.mark, row.version) for row in rows}

    async def tap(self, who: Seen, line_id: int) -> Tapped:
        """Tap as the person's own phone shows the line."""
        async with self.database.transaction() as session:
            return await rosters.tap(session, who.actor, line_id, who.versions[line_id])


@contextmanager
def table(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[asyncio.Runner, Table]]:
    """Open a roster in one database for many examples."""
    with asyncio.Runner() as runner:
        if backend == "postgres":
            server: Postgres = request.getfixturevalue("postgres")
            name = runner.run(server.take())
            url = server.url(name)
        else:
            path = tmp_path / "taps.db"
            shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            url = f"sqlite+aiosqlite:///{path}"
        database = Database(url, Keyring.parse(KEYS), MovableClock(MONDAY))
        try:
            yield runner, runner.run(_set(database))
        finally:
            runner.run(database.close())
            if backend == "postgres":
                runner.run(server.give_back(name))


async def _set(database: Database) -> Table:
    async with database.transaction() as session:
        world = await build(session)
        for name in NAMES:
            resident_id = await person(session, world.manager, name)
            await enrolments.enrol(session, world.manager, resident_id, "checkup", enrolled_on=HELD_ON - timedelta(9))
        day = await rosters.current_day(session, world.manager)
        roster = await rosters.open_day(session, world.manager, day.id)
    return Table(database, world, day.id, [line.id for line in roster.lines])


async def play(at: Table, moments: list[tuple[Tap | None, Tap | None]]) -> None:
    """Let two people tap, and hold each moment to what they were told."""
    now = await at.lines()
    both = [
        Seen(actor, {each: version for each, (_, version) in now.items()})
        for actor in (at.world.manager, at.world.clinic)
    ]
    for moment in moments:
        before = await at.lines()
        acting = [(who, at.line_ids[tap[0]], tap[1]) for who, tap in zip(both, moment, strict=True) if tap is not None]
        for who, line_id, has_looked in acting:
            if has_looked:
                who.versions[line_id] = before[line_id][1]
        told = await asyncio.gather(*(at.tap(who, line_id) for who, line_id, _ in acting))
        _hold(before, await at.lines(), acting, told)


def _hold(
    before: dict[int, tuple[Mark | None, int]],
    after: dict[int, tuple[Mark | None, int]],
    acting: list[tuple[Seen, int, bool]],
    told: list[Tapped],
) -> None:
    for line_id, (mark, version) in before.items():
        here = [(who, one) for (who, tapped, _), one in zip(acting, told, strict=True) if tapped == line_id]
        fresh = [who for who, _ in here if who.versions[line_id] == version]
        won = [(who, one) for who, one in here if one.is_new]
        assert len(won) == min(1, len(fresh)), "of those who saw the line as it was, exactly one has changed it"
        assert all(who in fresh for who, _ in won), "a stale tap changed something"
        assert after[line_id] == ((following(mark), version + 1) if won else (mark, version))
        for who, one in here:
            says = (one.line.mark, one.line.version)
            came_first = not one.is_new and says == (mark, version)  # a stale tap, before the other one's
            assert says == after[line_id] or came_first, "somebody was told what is not so"
            if not one.is_new and won and not came_first:
                assert one.by is not None
                assert one.by.staff_id == won[0][0].actor.staff_id
            who.versions[line_id] = who.versions[line_id] if not one.is_new else one.line.version


@pytest.mark.parametrize("backend", BACKENDS)
def test_hundreds_of_interleavings(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with table(backend, request, tmp_path) as (runner, at):

        @stories(MANY[backend], suppress_health_check=list(HealthCheck))
        @given(moments=rounds)
        def interleave(moments: list[tuple[Tap | None, Tap | None]]) -> None:
            runner.run(play(at, moments))

        interleave()


@pytest.mark.parametrize("backend", BACKENDS)
def test_closing_takes_a_tap_in_or_refuses_it(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Whoever taps while somebody closes is told that the day is closed, or is among the records."""
    with table(backend, request, tmp_path) as (runner, at):
        results = [runner.run(_race(at, number)) for number in range(12)]
    assert set(results) <= {True, False}


async def _race(at: Table, number: int) -> bool:
    """Close and tap at once; return whether the tap was in time."""
    line_id = at.line_ids[number % len(NAMES)]
    who = Seen(at.world.clinic, {each: version for each, (_, version) in (await at.lines()).items()})

    async def close() -> None:
        await asyncio.sleep(0.001 * (number % 4))
        async with at.database.transaction() as session:
            await roster_closing.close(session, at.world.manager, at.day_id)

    done, _ = await asyncio.gather(at.tap(who, line_id), close(), return_exceptions=True)
    in_time = isinstance(done, Tapped)
    assert in_time or (isinstance(done, Conflict) and done.code == "roster_closed"), done
    async with at.database.transaction() as session:
        stands = select(Attendance.resident_id, Attendance.outcome).where(Attendance.voided_at.is_(None))
        recorded = {row.resident_id: mark_of(row.outcome) for row in await session.rows(stands)}
        roster = await roster_closing.reopen(session, at.world.manager, at.day_id)
        assert {line.resident.id: line.mark for line in roster.lines if line.mark is not None} == recorded
    return in_time
