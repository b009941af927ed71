"""Whatever was reported of two rows: merged, the columns say what `rules.due` says; taken apart, all is as before."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.rules.clock import MovableClock, local_day
from models.rules.consent import Purpose
from models.rules.outcomes import EFFECTS, Outcome
from models.store import checkups, consents, enrolments, merges, refresh, visits
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.keyring import Keyring
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.enrolments import Enrolment
from models.tables.residents import Resident
from tests import stories
from tests.conftest import KEYS, MONDAY
from tests.factories.world import World, build, person
from tests.integration.store.test_columns import agree
from tests.integration.store.test_merges import snapshot

PROGRAMMES = ("hypertension", "diabetes", "blood_pressure")
OUTCOMES = sorted(set(Outcome) - {Outcome.DECEASED, Outcome.CONSENT_WITHDRAWN, Outcome.MOVED})
"""What leaves a person listed: nobody else is merged."""
Event = tuple[int, int, str, str, Outcome, tuple[int, int] | None]
events = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(0, 70),
        st.sampled_from(["enrol", "visit", "visit", "checkup", "checkup", "stop", "withdraw", "undo"]),
        st.sampled_from(PROGRAMMES),
        st.sampled_from(OUTCOMES),
        st.sampled_from([None, (120, 80), (190, 100)]),
    ),
    max_size=12,
)


async def act(session: StoreSession, world: World, resident_id: int, today: date, event: Event) -> None:
    """Do one thing to one of the two, if it can be done."""
    _, _, what, programme, outcome, pressure = event
    manager = world.manager
    next_on = today + timedelta(days=20) if EFFECTS[outcome].needs_date else None
    measures = Measures(*pressure) if pressure else Measures()
    running = {line.programme: line.id for line in await enrolments.of_person(session, manager, resident_id)}
    if what == "enrol":
        await enrolments.enrol(session, manager, resident_id, programme)
    elif what == "checkup":
        await checkups.report(session, manager, CheckupReport(resident_id, today, outcome, next_on, measures))
    elif what == "withdraw":
        await consents.withdraw(session, manager, resident_id, Purpose.CONTACT)
    elif programme in running and what == "stop":
        await enrolments.stop(session, manager, running[programme])
    elif programme in running:
        report = VisitReport(running[programme], today, outcome, next_on, measures=measures)
        stored = await visits.report(session, manager, report)
        if what == "undo":
            await visits.undo(session, manager, stored.record_id)


async def live(url: str, history: list[Event], keeps_first: bool) -> None:
    """Live through a history of two rows, make one person of them, and two again."""
    clock = MovableClock(MONDAY)
    database = Database(url, Keyring.parse(KEYS), clock)
    try:
        async with database.transaction() as session:
            await _live(session, clock, history, keeps_first)
    finally:
        await database.close()


async def _live(session: StoreSession, clock: MovableClock, history: list[Event], keeps_first: bool) -> None:
    world = await build(session)
    two = [
        await person(session, world.manager, programmes=("checkup", programme), birth_date=born)
        for programme, born in (("hypertension", date(1960, 5, 1)), ("diabetes", None))
    ]
    for event in history:
        today = local_day(clock.move(timedelta(days=event[1])))
        try:
            async with session.savepoint():
                await act(session, world, two[event[0]], today, event)
        except (Conflict, NotFound, NoConsent, Refused):
            continue  # it had ended, was reported already, or needs what is not known
    today = local_day(clock.move(timedelta(minutes=1)))
    await refresh.within(session, world.manager, today)
    before = await snapshot(session)
    kept, gone = two if keeps_first else reversed(two)
    line = await merges.merge(session, world.manager, kept, gone)
    await hold(session, today, kept)
    await merges.undo(session, world.manager, line.id)
    await hold(session, today, None)
    assert await snapshot(session) == before


async def hold(session: StoreSession, today: date, kept: int | None) -> None:
    """Hold every enrolment to the function; merged, all that runs belongs to the kept row."""
    rows = await session.rows(select(Enrolment.id, Enrolment.resident_id, Enrolment.state))
    for row in rows:
        await agree(session, row.id, today)
    if kept is not None:
        assert {row.resident_id for row in rows if row.state == "active"} <= {kept}
        assert await session.scalar(select(Resident.merged_into).where(Resident.merged_into.is_not(None))) == kept


@stories(8)
@given(history=events, keeps_first=st.booleans())
def test_merged_and_taken_apart(sqlite_template: Path, history: list[Event], keeps_first: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test.db"
        shutil.copyfile(sqlite_template, path)
        asyncio.run(live(f"sqlite+aiosqlite:///{path}", history, keeps_first))
