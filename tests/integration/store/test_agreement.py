"""Whatever is reported, corrected and taken back: columns, the due list and the counts say what the facts say."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.rules.clock import MovableClock, local_day
from models.rules.facts import DueState
from models.rules.outcomes import EFFECTS, Outcome
from models.store import _facts, checkups, due, enrolments, refresh, scope, status, visits
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound
from models.store.keyring import Keyring
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.base import table
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident
from models.tables.visits import Visit
from tests import stories
from tests.conftest import KEYS, MONDAY
from tests.factories.world import World, build, person
from tests.integration.store.test_columns import agree

PEOPLE = 3
PROGRAMMES = ("hypertension", "diabetes", "blood_pressure")
SERVED = tuple(outcome for outcome, effect in EFFECTS.items() if effect.served)
REFUSALS = (Conflict, NoConsent, NotFound)
"""Ended, locked, too late, changed since, restricted, or not listed any more."""
VOLATILE = {"updated_at", "revision"}
steps = st.lists(
    st.tuples(
        st.sampled_from(["report", "report", "correct", "undo", "nothing"]),
        st.integers(min_value=0, max_value=PEOPLE - 1),
        st.booleans(),
        st.sampled_from(list(Outcome)),
        st.sampled_from([None, (120, 80), (150, 95), (190, 100)]),
        st.integers(min_value=0, max_value=75),
    ),
    min_size=3,
    max_size=8,
)
Step = tuple[str, int, bool, Outcome, tuple[int, int] | None, int]


@dataclass
class Life:
    """A village and what was reported in it; a record is told by whether it is a visit, and its id."""

    session: StoreSession
    world: World
    clock: MovableClock
    people: list[int] = field(default_factory=list)
    enrolled: list[int] = field(default_factory=list)
    reported: list[tuple[bool, int, Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        return local_day(self.clock.now())

    async def begin(self) -> None:
        """Bring the people in, each into a programme and the check-ups."""
        for programme in PROGRAMMES:
            one = await person(self.session, self.world.manager, programme, programmes=("checkup",))
            self.people.append(one)
            self.enrolled.append(await enrolments.enrol(self.session, self.world.manager, one, programme))

    async def step(self, step: Step) -> None:
        """Do one thing, as far as it can be done, a while after the one before."""
        action, who, is_visit, outcome, pressure, wait = step
        self.clock.move(timedelta(days=wait) if action == "report" else timedelta(minutes=wait % 8))
        if action == "report":
            await self.report(who, outcome, pressure, is_visit=is_visit)
        elif action == "correct" and self.reported:
            await self.correct(self.reported[who % len(self.reported)], outcome, pressure)
        elif action == "undo" and self.reported:
            await self.undo(self.reported[-1])

    async def report(self, who: int, outcome: Outcome, pressure: tuple[int, int] | None, *, is_visit: bool) -> None:
        """Report, take it back at once, see that nothing is left of it, and report again."""
        made = self._said(self.enrolled[who] if is_visit else self.people[who], self.today, outcome, pressure, is_visit)
        store: Any = visits if is_visit else checkups
        await refresh.within(self.session, self.world.manager, self.today)
        before = await self.rows()
        try:
            first = await store.report(self.session, self.world.manager, made)
        except REFUSALS:
            return
        await store.undo(self.session, self.world.manager, first.record_id)
        assert await self.rows() == before
        again = await store.report(self.session, self.world.manager, made)
        self.reported.append((is_visit, again.record_id, made))

    async def correct(self, known: tuple[bool, int, Any], outcome: Outcome, pressure: tuple[int, int] | None) -> None:
        """Say something else of a record, of the same day."""
        is_visit, record_id, was = known
        about = was.enrolment_id if is_visit else was.resident_id
        said = self._said(about, was.visited_on if is_visit else was.held_on, outcome, pressure, is_visit)
        store: Any = visits if is_visit else checkups
        with suppress(*REFUSALS):
            await store.correct(self.session, self.world.manager, record_id, said, "typo")

    async def undo(self, known: tuple[bool, int, Any]) -> None:
        """Take the last record back, if that can be done still."""
        is_visit, record_id, _ = known
        store: Any = visits if is_visit else checkups
        with suppress(*REFUSALS):
            await store.undo(self.session, self.world.manager, record_id)
            self.reported.remove(known)

    def _said(
        self, about: int, on: date, outcome: Outcome, pressure: tuple[int, int] | None, is_visit: bool
    ) -> VisitReport | CheckupReport:
        next_on = on + timedelta(days=9) if EFFECTS[outcome].needs_date else None
        measures = Measures(*pressure) if pressure and outcome is Outcome.ATTENDED else Measures()
        kind: Any = VisitReport if is_visit else CheckupReport
        said: VisitReport | CheckupReport = kind(about, on, outcome, next_on, measures=measures)
        return said

    async def rows(self) -> list[dict[str, Any]]:
        """All people and enrolments, but for when they were touched."""
        found = [
            *await self.session.rows(select(table(Resident)).order_by(Resident.id)),
            *await self.session.rows(select(table(Enrolment)).order_by(Enrolment.id)),
        ]
        return [{name: value for name, value in row._mapping.items() if name not in VOLATILE} for row in found]

    async def check(self) -> None:
        """Hold columns, list and counts to a recomputation from the facts."""
        manager, today = self.world.manager, self.today
        page = await due.list_due(self.session, manager, today, limit=100)
        for row in await self.session.rows(select(Enrolment.id)):
            await agree(self.session, row.id, today)
        windows = await self.windows()
        soon = {key: state for key, (state, opens) in windows.items() if opens <= today + due.AHEAD}
        assert {line.enrolment_id: line.state for line in page.lines} == soon
        assert page.total == len(soon)
        assert page.counts == {state: list(soon.values()).count(state) for state in due.STATES}
        await self.check_counts(windows)

    async def check_counts(self, windows: dict[int, tuple[DueState, date]]) -> None:
        """Hold the month's counts to the facts and to the records that stand."""
        last = (self.today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        month = [state for state, opens in windows.values() if opens <= last]
        counted = await status.by_village(self.session, self.world.manager, self.today, self.today)
        assert counted.overdue == month.count(DueState.OVERDUE)
        assert counted.due == len(month) - counted.overdue
        assert counted.done == await self.served(self.today.replace(day=1), last)

    async def windows(self) -> dict[int, tuple[DueState, date]]:
        """State and first day of what is due of each running enrolment of a listed person, from the facts."""
        running = select(Enrolment.id).join(Resident, Resident.id == Enrolment.resident_id)
        running = running.where(Enrolment.state == EnrolmentState.ACTIVE, scope.listed())
        known = await _facts.load(self.session, [row.id for row in await self.session.rows(running)])
        dues = {key: one.due(self.today) for key, one in known.items()}
        return {key: (one.state, one.window.opens_on) for key, one in dues.items() if one.window is not None}

    async def served(self, first: date, last: date) -> int:
        """How many records of those days stand by which somebody was served."""
        found = 0
        for model, day in ((Visit, Visit.visited_on), (Attendance, Attendance.held_on)):
            stands = (day.between(first, last), model.voided_at.is_(None), model.outcome.in_(SERVED))
            found += await self.session.scalar(select(func.count()).select_from(model).where(*stands))
        return found


async def live(url: str, events: list[Step]) -> None:
    """Live through events and compare after each."""
    clock = MovableClock(MONDAY)
    database = Database(url, Keyring.parse(KEYS), clock)
    try:
        async with database.transaction() as session:
            life = Life(session, await build(session), clock)
            await life.begin()
            for event in events:
                await life.step(event)
                await life.check()
    finally:
        await database.close()


@stories(5)
@given(events=steps)
def test_lists_and_counts_follow_the_facts(sqlite_template: Path, events: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test.db"
        shutil.copyfile(sqlite_template, path)
        asyncio.run(live(f"sqlite+aiosqlite:///{path}", events))
