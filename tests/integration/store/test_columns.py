"""The indexed columns say what `rules.due` says of the same facts, whatever is reported, on whatever day."""

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
from models.rules.due import refer_by
from models.rules.outcomes import EFFECTS, Outcome
from models.store import _facts, enrolments, refresh, visits
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.keyring import Keyring
from models.store.reports import Measures, VisitReport
from models.tables.enrolments import Enrolment
from tests import stories
from tests.conftest import KEYS, MONDAY
from tests.factories.world import World, build, person

BUILT_IN = ("hypertension", "blood_pressure", "child_health", "immunisation", "diabetes")
steps = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=200),
        st.sampled_from(list(Outcome)),
        st.integers(min_value=1, max_value=60),
        st.sampled_from([None, (120, 80), (150, 95), (190, 100)]),
        st.booleans(),
    ),
    max_size=5,
)


async def agree(session: StoreSession, enrolment_id: int, today: date) -> None:
    """Hold the columns to the function."""
    row = await session.row(select(Enrolment.__table__).where(Enrolment.id == enrolment_id))
    known = (await _facts.load(session, [enrolment_id]))[enrolment_id]
    due = known.due(today)
    assert row is not None
    window = due.window
    assert row.followup_on == refer_by(known.facts)
    stored = (row.next_item, row.next_due_on, row.next_target_on, row.next_closes_on, row.attempts)
    if window is None:
        assert stored == (None, None, None, None, due.attempts)
    else:
        said = (window.item, window.opens_on, window.target_on, window.closes_on, due.attempts)
        assert stored == said


async def live(url: str, programme: str, events: list[tuple[int, Outcome, int, object, bool]]) -> None:
    """Live through events, a new day each, and compare after each."""
    clock = MovableClock(MONDAY)
    database = Database(url, Keyring.parse(KEYS), clock)
    async with database.transaction() as session:
        world = await build(session)
        born = date(1960, 1, 1) if programme not in ("child_health", "immunisation") else date(2026, 1, 1)
        resident_id = await person(session, world.manager, birth_date=born)
        enrolment_id = await enrolments.enrol(session, world.manager, resident_id, programme)
        for days, outcome, ahead, pressure, undo in events:
            today = local_day(clock.move(timedelta(days=days)))
            await refresh.within(session, world.manager, today)
            await agree(session, enrolment_id, today)
            await act(session, world, enrolment_id, today, outcome, ahead, pressure, undo)
            await agree(session, enrolment_id, today)
    await database.close()


async def act(
    session: StoreSession,
    world: World,
    enrolment_id: int,
    today: date,
    outcome: Outcome,
    ahead: int,
    pressure: object,
    undo: bool,
) -> None:
    next_on = today + timedelta(days=ahead) if EFFECTS[outcome].needs_date else None
    measures = Measures(*pressure) if isinstance(pressure, tuple) else Measures()
    report = VisitReport(enrolment_id, today, outcome, next_on, measures=measures)
    try:
        stored = await visits.report(session, world.manager, report)
        if undo:
            await visits.undo(session, world.manager, stored.record_id)
    except (Conflict, NotFound):
        return  # it had ended, or the person is not listed any more


@stories(12, derandomize=False)
@given(programme=st.sampled_from(BUILT_IN), events=steps)
def test_columns_follow_the_function(
    sqlite_template: Path, programme: str, events: list[tuple[int, Outcome, int, object, bool]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test.db"
        shutil.copyfile(sqlite_template, path)
        asyncio.run(live(f"sqlite+aiosqlite:///{path}", programme, events))
