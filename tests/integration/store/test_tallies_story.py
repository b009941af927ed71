"""Figures are asked for while a village lives on: each is what the rows say, whoever else asks and writes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import func, select

from models.rules import periods
from models.rules.access import Actor
from models.rules.changes import ChangeKind
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.indicators.catalogue import INDICATORS
from models.rules.methods import Method
from models.rules.outcomes import Outcome
from models.rules.periods import month_of
from models.rules.programmes.base import Anchor
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.roles import Role
from models.store import (
    catalogues,
    climbs,
    counsellings,
    enrolments,
    housekeeping,
    refresh,
    residents,
    staff,
)
from models.store.counsellings import CounsellingReport
from models.store.database import Database, StoreSession
from models.store.handovers import HandoverKind
from models.store.indicators import figures, tallies
from models.store.indicators.counting import BY_CODE
from models.tables.tallies import Touch
from scheduler.tallying import Tallier
from tests.factories.township import Township
from tests.factories.world import person
from tests.integration.store import test_histories as histories
from tests.integration.store.test_histories import Life, begin
from tests.integration.store.test_indicators import check, exported

Do = Callable[[StoreSession, Life], Awaitable[object]]
CAME, HIGH = Outcome.ATTENDED, (150, 95)


def done(name: str, *arguments: Any) -> Do:
    """Return a step of the histories; unlike there, it must not be refused."""
    return lambda session, life: getattr(histories, f"do_{name}")(session, life, *arguments)


def passes(**time: int) -> Do:
    async def do(_session: StoreSession, life: Life) -> None:
        life.clock.move(timedelta(**time))

    return do


async def talk(session: StoreSession, life: Life) -> None:
    said = CounsellingReport(life.people[1], life.today, (Method.PATCH, Method.MALE_CONDOM), own=True)
    life.changes.append((await counsellings.report(session, life.world.manager, said)).record_id)  # type: ignore[arg-type]


async def untalk(session: StoreSession, life: Life) -> None:
    await counsellings.undo(session, life.world.manager, cast(int, life.changes.pop()))


async def birth(session: StoreSession, life: Life) -> None:
    (antenatal,) = [
        line.id
        for line in await enrolments.of_person(session, life.world.clinic, life.people[1])
        if line.programme == "antenatal"
    ]
    await enrolments.set_anchor(session, life.world.clinic, antenatal, Anchor.DELIVERY, life.today)
    await enrolments.enrol(
        session, life.world.clinic, life.people[1], "postnatal", anchors={Anchor.DELIVERY: life.today}
    )


async def erased(session: StoreSession, life: Life) -> None:
    gone = await person(session, life.world.manager, "误录", programmes=("checkup", "hypertension"))
    await check_figures(session, life)
    await residents.undo(session, life.world.manager, gone)


async def alerts(session: StoreSession, life: Life) -> None:
    assert await climbs.follow(session, life.world.township.id, life.today)


STORY: tuple[Do, ...] = (
    done("visit", 0, False, CAME, HIGH),
    done("correct", Outcome.DECLINED, None),
    done("undo"),
    done("checkup", 0, False, CAME, None),
    done("undo"),
    done("checkup", 0, False, CAME, HIGH),
    done("checkup", 1, False, Outcome.NOT_REACHED, None),
    talk,
    untalk,
    talk,
    passes(days=57, hours=1),  # to Tuesday 12 May: the north's day was the 11th, its deadline is at 18:00
    passes(hours=7, minutes=59),
    passes(minutes=1),
    passes(hours=6),
    done("visit", 1, False, CAME, HIGH),
    done("checkup", 1, False, Outcome.DECLINED, None),
    alerts,
    passes(days=40),
    alerts,
    done("change", 0, False, ChangeKind.AWAY),
    alerts,
    done("unchange"),
    done("change", 2, False, ChangeKind.MOVED),
    done("unchange"),
    done("join", 0, False, "diabetes"),
    done("stop", 0, False),
    done("withdraw_consent", 2, False, Purpose.HEALTH_RECORD),
    done("give_consent", 2, True),
    birth,
    done("offer", 1, True, HandoverKind.PERMANENT, True),
    done("visit", 1, False, CAME, None),
    done("offer", 0, False, HandoverKind.TEMPORARY, False),
    done("accept", False),
    done("visit", 0, False, CAME, HIGH),
    done("end_stay", True),
    done("merge", 1, 2, True),
    done("unmerge"),
    done("move_day", True, 5),
    done("undo_day", True),
    done("cancel_day", False),
    erased,
    passes(days=100),
)


async def test_figures_follow_whatever_happens(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        life = await begin(session, clock)
        life.clock = clock
    for number, step in enumerate(STORY):
        async with database.transaction() as session:
            await step(session, life)
        if number % (3 if database.is_postgres else 1) == 0 or step is STORY[-1]:
            async with database.transaction() as session:
                await check_figures(session, life, is_year=number % 2 == 0)


async def check_figures(session: StoreSession, life: Life, *, is_year: bool = False) -> None:
    """Hold all figures of this month, or of the year, to an independent count."""
    world, today = life.world, life.today
    found = [await staff.find(session, 101 + number) for number in range(6)]
    manager, _, clinic, _, leader, _ = cast(Any, found)
    who = SimpleNamespace(
        township=world.township, villages=(world.north, world.south), clinic=clinic, leader=leader, managers=[manager]
    )
    await refresh.within(session, clinic, today)  # the rows that are exported are to be up to date as well
    export = await exported(session, world.township.id)
    await check(session, cast(Township, who), export, periods.to_date(today) if is_year else month_of(today), today)


async def test_a_programme_that_is_loaded_changes_what_is_counted(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        life = await begin(session, clock)
        await done("visit", 0, False, CAME, HIGH)(session, life)
        assert await served(session, life, life.world.leader) == 1
    hidden = replace(BUILT_IN["hypertension"], visible_to=frozenset({Role.CLINIC}), source="here")
    async with database.transaction() as session:
        await catalogues.load(session, life.world.township.id, [hidden])
    async with database.transaction() as session:
        # Whoever was asking meanwhile counts and keeps by what was in force before.
        await done("visit", 0, False, CAME, HIGH)(session, life)
        assert await served(session, life, life.world.leader) == 2
        leader, clinic = [cast(Any, await staff.find(session, account)) for account in (105, 103)]
        assert await served(session, life, leader) == 0
        assert await served(session, life, clinic) == 2


async def served(session: StoreSession, life: Life, actor: Actor) -> int:
    found = await tallies.counts(session, actor, ["done"], [life.world.north.id], [month_of(life.today)], life.today)
    return sum(sum(each) for each in found["done"].values())


async def test_a_change_is_never_taken_as_seen(database: Database, clock: MovableClock, monkeypatch: Any) -> None:
    """Two who ask and one who writes, in each order in which they can meet."""
    monkeypatch.setattr(tallies, "_TRIES", 1)
    async with database.transaction() as session:
        life = await begin(session, clock)
        await done("visit", 0, False, CAME, HIGH)(session, life)
    if not database.is_postgres:
        return  # has one writer, and whoever asks is one
    leader = life.world.leader
    async with database.transaction() as first:
        assert await served(first, life, leader) == 1  # counts anew, and holds the lock
        async with database.transaction() as writer:
            await done("visit", 1, False, CAME, HIGH)(writer, life)
            async with database.transaction() as second:
                assert await served(second, life, leader) == 1  # can't keep, nor sees what isn't committed
        async with database.transaction() as third:
            assert await served(third, life, leader) == 2
        assert await served(first, life, leader) == 2
        async with database.transaction() as writer:
            await done("visit", 2, False, CAME, HIGH)(writer, life)
    async with database.transaction() as writer:
        await done("visit", 0, False, CAME, None)(writer, life)
        async with database.transaction() as second:
            assert await served(second, life, leader) == 2
    async with database.transaction() as last:
        assert await served(last, life, leader) == 3


async def test_many_ask_and_write_at_once(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        life = await begin(session, clock)

    async def write(who: int) -> None:
        for _ in range(8):
            async with database.transaction() as session:
                await done("visit", who, False, CAME, None)(session, life)

    async def ask() -> list[int]:
        heard = []
        for _ in range(8):
            async with database.transaction() as session:
                heard.append(await served(session, life, life.world.leader))
        return heard

    *_, one, other = await asyncio.gather(write(0), write(1), ask(), ask())
    for heard in (one, other):
        assert heard == sorted(cast(list[int], heard))
    async with database.transaction() as session:
        assert await served(session, life, life.world.leader) == 16


async def test_what_was_counted_beforehand_is_not_counted_again(
    database: Database, clock: MovableClock, monkeypatch: Any
) -> None:
    async with database.transaction() as session:
        life = await begin(session, clock)
        await done("visit", 0, False, CAME, HIGH)(session, life)
    tallier = Tallier(database)
    assert await tallier.run() == 2
    assert await tallier.run() == 0
    async with database.transaction() as session:
        await done("visit", 2, False, CAME, None)(session, life)
    assert await tallier.run() == 1  # the south's
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Touch)) == 0
        await check_figures(session, life)
    monkeypatch.setattr(tallies.counting, "count", None)
    async with database.transaction() as session:
        for reader in (life.world.leader, life.world.clinic):
            for period in (month_of(life.today), periods.to_date(life.today)):
                codes = [code for code, one in INDICATORS.items() if BY_CODE[one.table.code].lot is not None]
                await figures.trends(session, reader, codes, period, life.today)
    monkeypatch.undo()
    clock.move(timedelta(days=1))
    assert await tallier.run() == 2
    clock.move(timedelta(days=30))
    async with database.transaction() as session:
        assert (await housekeeping.tidy(session))["tallies"] > 0
