"""Whatever is done about what is overdue, on whatever days: each rung hears of it once, on the day of the rule.

What the queries say is held to `rules.escalation` over the same holds, on each day on which anything is done or
changes, and on every fourth of the others; the planner sleeps on some days.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.rules.access import Actor, Role
from models.rules.alerts import SnoozeReason
from models.rules.clock import MovableClock
from models.rules.escalation import Hold, HoldKind, climb
from models.rules.outcomes import Outcome
from models.store import alert_holds, alerts, climbs, refresh, visits
from models.store.database import Database, StoreSession
from models.store.keyring import Keyring
from models.store.reports import Measures, VisitReport
from models.tables.alerts import Alert
from models.tables.enrolments import Enrolment
from tests import stories
from tests.conftest import KEYS, MONDAY
from tests.factories.world import World, build, enrolled

FIRST = date(2026, 1, 5)
PEOPLE = 2
DAYS = 34
ENDS = (Outcome.ATTENDED, Outcome.DECLINED, Outcome.AWAY, Outcome.DECEASED, Outcome.MOVED)

who, hold_days = st.integers(0, PEOPLE - 1), st.integers(1, 12)
acts = st.one_of(
    st.tuples(st.just("sleep"), who),
    st.tuples(st.just("see_to"), who, st.booleans(), hold_days),
    st.tuples(st.just("put_off"), who, st.booleans(), hold_days),
    st.tuples(st.just("give"), who),
    st.tuples(st.just("end"), who, st.sampled_from(ENDS)),
)
histories = st.dictionaries(st.integers(0, DAYS), st.lists(acts, min_size=1, max_size=2), max_size=9)


@dataclass
class Overdue:
    """What should be known of one thing."""

    enrolment_id: int
    since: date
    holds: list[Hold] = field(default_factory=list)
    given_on: date | None = None
    is_over: bool = False

    def reached(self, role: Role, today: date) -> date | None:
        found = {rung.role: rung.on for rung in climb(self.since, today, holds=self.holds)}
        days = [found.get(role), self.given_on if role is Role.CLINIC else None]
        known = [day for day in days if day is not None and day <= today and not self.is_over]
        return min(known, default=None)

    def is_held(self, today: date, told_on: date) -> bool:
        """Return whether it waits for who was told on a day: who was told since it was held has not held it."""
        waits = any(hold.until is not None and today < hold.until for hold in self.holds)
        return waits and told_on <= max(hold.on for hold in self.holds)


async def _begin(session: StoreSession, world: World, days: int) -> Overdue:
    visited = FIRST + timedelta(days=days)
    enrolment_id = await enrolled(session, world.manager, "hypertension", name=f"人{days}", since=visited)
    report = VisitReport(enrolment_id, visited, Outcome.ATTENDED, measures=Measures(120, 80))
    await visits.report(session, world.manager, report)
    closes = await session.scalar(select(Enrolment.next_closes_on).where(Enrolment.id == enrolment_id))
    return Overdue(enrolment_id, closes + timedelta(days=1))


async def _follow(session: StoreSession, world: World, today: date) -> None:
    while await refresh.step(session, world.township.id, today):
        pass
    while await climbs.follow(session, world.township.id, today, 1):
        pass


async def _act(session: StoreSession, world: World, one: Overdue, act: tuple[Any, ...], today: date) -> None:
    """Do something, if the one who does it can see the thing by now."""
    by = world.clinic if act[0] in {"see_to", "put_off"} and act[2] else world.manager
    if one.reached(by.role, today) is None:
        return
    alert_id = await session.scalar(select(Alert.id).where(Alert.subject_id == one.enrolment_id))
    if act[0] == "see_to":
        await alert_holds.acknowledge(session, by, alert_id, today, today + timedelta(days=act[3]))
        one.holds.append(Hold(HoldKind.ACKNOWLEDGED, today, today + timedelta(days=act[3])))
    elif act[0] == "put_off":
        until = today + timedelta(days=act[3])
        await alert_holds.snooze(session, by, alert_id, today, until, SnoozeReason.BUSY)
        one.holds.append(Hold(HoldKind.SNOOZED, today, until))
    elif act[0] == "give" and one.given_on is None:
        await alert_holds.assign(session, by, alert_id, today, world.clinic.staff_id)
        one.holds.append(Hold(HoldKind.ASSIGNED, today))
        one.given_on = today
    elif act[0] == "end":
        await visits.report(session, by, VisitReport(one.enrolment_id, today, act[2], measures=_measured(act[2])))
        one.is_over = True


def _measured(outcome: Outcome) -> Measures:
    return Measures(120, 80) if outcome is Outcome.ATTENDED else Measures()


def _expected(reader: Actor, known: list[Overdue], today: date) -> tuple[list[date], list[date]]:
    """Return since when the reader knows of what is free, and of what is held."""
    days = [(one, one.reached(reader.role, today)) for one in known]
    free = [day for one, day in days if day is not None and not one.is_held(today, day)]
    held = [day for one, day in days if day is not None and one.is_held(today, day)]
    return free, held


async def _hold_to(session: StoreSession, reader: Actor, known: list[Overdue], today: date) -> None:
    free, held = _expected(reader, known, today)
    if not reader.is_of_team:  # one village, one kind: whether there is any
        places = await alerts.by_place(session, reader, today)
        said = [(one.visits, one.is_new, one.is_held) for one in places]
        assert said == [(bool(free), today in free, bool(held))] * bool(free or held), (reader.role, today)
        return
    found = await alerts.counts(session, reader, today)
    assert (found.open, found.new, found.held) == (len(free), free.count(today), len(held)), (reader.role, today)


async def _unfold(url: str, gap: int, history: dict[int, list[tuple[Any, ...]]]) -> None:
    clock = MovableClock(MONDAY)
    database = Database(url, Keyring.parse(KEYS), clock)
    async with database.transaction() as session:
        world = await build(session)
        known = [await _begin(session, world, days) for days in (0, gap)]
    told = []
    before: dict[Role, object] = {}
    for day in range(DAYS + 1):
        today = known[0].since + timedelta(days=day)
        clock.move(datetime.combine(today, time(1), UTC) - clock.now())
        todo = history.get(day, [])
        async with database.transaction() as session:
            if day <= gap or ("sleep", 0) not in todo:
                await _follow(session, world, today)
            for act in todo:
                one = known[act[1]]
                if act[0] != "sleep" and one.since <= today:
                    await _act(session, world, one, act, today)
            for reader in (world.manager, world.clinic, world.deputy, world.leader):
                expected = _expected(reader, known, today)
                if todo or before.get(reader.role) != expected or (day + len(reader.role)) % 4 == 0:
                    await _hold_to(session, reader, known, today)
                before[reader.role] = expected
                told += [(reader.role, one.since) for one in known if one.reached(reader.role, today) == today]
    assert len(told) == len(set(told))
    await database.close()


@stories(2)
@given(st.integers(1, 4), histories)
def test_each_rung_is_told_once_on_its_day(
    sqlite_template: Path, gap: int, history: dict[int, list[tuple[Any, ...]]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "one.db"
        shutil.copyfile(sqlite_template, path)
        asyncio.run(_unfold(f"sqlite+aiosqlite:///{path}", gap, history))
