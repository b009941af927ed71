"""Whatever happens to a few people in two villages, columns, lists and counts say what the facts say.

The expectation is computed here, in plain Python over the raw rows: nothing of the store's queries is used for it
but the one function of `rules.due`. What is refused must have changed nothing.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from models.rules.access import AccessDenied, Actor
from models.rules.changes import ChangeKind
from models.rules.clock import MovableClock, local_day
from models.rules.consent import Purpose
from models.rules.due import Due, Facts, VisitFact, assess
from models.rules.facts import DueState
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.programmes.catalogue import BUILT_IN
from models.store import changes, checkup_days, checkups, consents, due, enrolments, handovers, merges, status, visits
from models.store.database import AnyRow, Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.handovers import HandoverKind, Wanted
from models.store.keyring import Keyring
from models.store.reports import CheckupReport, Measures, VisitReport
from models.store.vault import Cell
from models.tables.base import Base
from models.tables.checkups import Attendance, CheckupDay
from models.tables.enrolments import Enrolment
from models.tables.handovers import Handover
from models.tables.merges import Merge
from models.tables.places import Place
from models.tables.residents import Consent, Resident
from models.tables.visits import Visit
from tests import stories
from tests.conftest import KEYS, MONDAY
from tests.factories.world import World, build, person

REFUSALS = (AccessDenied, Conflict, NoConsent, NotFound, Refused)
FACTS = (Resident, Consent, Enrolment, Visit, Attendance, CheckupDay, Handover, Merge)
LMP = Cell("enrolments", "lmp_sealed")
AHEAD = 14
SERVED = {"ATTENDED", "DECLINED", "OTHER_PROVIDER"}
PRESSURES = (None, (120, 80), (150, 95), (190, 100))
PEOPLE = 3


@dataclass
class Life:
    """A history as it unfolds.

    Attributes:
        records: what was reported, by kind, newest last, with who did.
        handovers: ids, newest last; changes and merges likewise.
        made_in: the village of each record when it was first seen: it never changes.
    """

    world: World
    people: list[int]
    clock: MovableClock
    records: list[tuple[str, int, Actor]] = field(default_factory=list)
    handovers: list[int] = field(default_factory=list)
    changes: list[tuple[int, Actor]] = field(default_factory=list)
    merges: list[int] = field(default_factory=list)
    made_in: dict[int, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return local_day(self.clock.now())


Step = tuple[Any, ...]
who = st.integers(0, PEOPLE - 1)
by_clinic = st.booleans()
pressure = st.sampled_from(PRESSURES)
visit_outcomes = st.sampled_from([*Outcome])
steps = st.one_of(
    st.tuples(st.just("pass"), st.integers(1, 40)),
    st.tuples(st.just("visit"), who, by_clinic, visit_outcomes, pressure),
    st.tuples(st.just("checkup"), who, by_clinic, visit_outcomes, pressure),
    st.tuples(st.just("correct"), visit_outcomes, pressure),
    st.tuples(st.just("undo")),
    st.tuples(st.just("change"), who, by_clinic, st.sampled_from([*ChangeKind])),
    st.tuples(st.just("unchange")),
    st.tuples(st.just("join"), who, by_clinic, st.sampled_from(["diabetes", "elderly", "blood_pressure"])),
    st.tuples(st.just("stop"), who, by_clinic),
    st.tuples(st.just("withdraw_consent"), who, by_clinic, st.sampled_from([*Purpose])),
    st.tuples(st.just("give_consent"), who, by_clinic),
    st.tuples(st.just("offer"), who, by_clinic, st.sampled_from([*HandoverKind]), st.booleans()),
    st.tuples(st.just("accept"), by_clinic),
    st.tuples(st.just("accept"), by_clinic),
    st.tuples(st.just("merge"), who, who, by_clinic),
    st.tuples(st.just("unmerge")),
    st.tuples(st.just("decline"), by_clinic),
    st.tuples(st.just("take_offer_back"), by_clinic),
    st.tuples(st.just("end_stay"), st.booleans()),
    st.tuples(st.just("move_day"), st.booleans(), st.integers(-9, 30)),
    st.tuples(st.just("cancel_day"), st.booleans()),
    st.tuples(st.just("undo_day"), st.booleans()),
)


async def reacher(session: StoreSession, life: Life, person_id: int, by_clinic: bool) -> Actor:
    """Return who works where the person is now."""
    village = await session.scalar(select(Resident.village_id).where(Resident.id == person_id))
    manager = life.world.manager if village == life.world.north.id else life.world.neighbour
    return life.world.clinic if by_clinic else manager


async def do_visit(
    session: StoreSession, life: Life, number: int, by_clinic: bool, outcome: Outcome, measured: Any
) -> None:
    person_id = life.people[number]
    actor = await reacher(session, life, person_id, by_clinic)
    running = [line for line in await enrolments.of_person(session, actor, person_id) if line.programme != "checkup"]
    if running:
        report = _visit(running[-1].id, life.today, outcome, measured)
        stored = await visits.report(session, actor, report)
        life.records.append(("visit", stored.record_id, actor))


def _visit(enrolment_id: int, today: date, outcome: Outcome, measured: Any) -> VisitReport:
    measures = Measures(*measured) if measured and outcome is Outcome.ATTENDED else Measures()
    return VisitReport(enrolment_id, today, outcome, today + timedelta(days=20), measures=measures)


async def do_checkup(
    session: StoreSession, life: Life, number: int, by_clinic: bool, outcome: Outcome, measured: Any
) -> None:
    actor = await reacher(session, life, life.people[number], by_clinic)
    stored = await checkups.report(session, actor, _checkup(life.people[number], life.today, outcome, measured))
    life.records.append(("checkup", stored.record_id, actor))


def _checkup(person_id: int, today: date, outcome: Outcome, measured: Any) -> CheckupReport:
    measures = Measures(*measured) if measured and outcome is Outcome.ATTENDED else Measures()
    return CheckupReport(person_id, today, outcome, today + timedelta(days=20), measures=measures)


async def do_correct(session: StoreSession, life: Life, outcome: Outcome, measured: Any) -> None:
    if not life.records:
        return
    kind, record_id, actor = life.records[-1]
    if kind == "visit":
        line = (await visits.get(session, actor, record_id)).report
        report = _visit(line.enrolment_id, line.visited_on, outcome, measured)
        await visits.correct(session, actor, record_id, report, "typo")
    else:
        stored = (await checkups.get(session, actor, record_id)).report
        again = _checkup(stored.resident_id, stored.held_on, outcome, measured)
        await checkups.correct(session, actor, record_id, again, "typo")


async def do_undo(session: StoreSession, life: Life) -> None:
    if life.records:
        kind, record_id, actor = life.records[-1]
        await (visits if kind == "visit" else checkups).undo(session, actor, record_id)


async def do_change(session: StoreSession, life: Life, number: int, by_clinic: bool, kind: ChangeKind) -> None:
    actor = await reacher(session, life, life.people[number], by_clinic)
    stored = await changes.record(session, actor, changes.Change(life.people[number], kind, life.today))
    life.changes.append((stored.id, actor))


async def do_unchange(session: StoreSession, life: Life) -> None:
    if life.changes:
        change_id, actor = life.changes[-1]
        await changes.undo(session, actor, change_id)


async def do_join(session: StoreSession, life: Life, number: int, by_clinic: bool, programme: str) -> None:
    actor = await reacher(session, life, life.people[number], by_clinic)
    await enrolments.enrol(session, actor, life.people[number], programme)


async def do_stop(session: StoreSession, life: Life, number: int, by_clinic: bool) -> None:
    actor = await reacher(session, life, life.people[number], by_clinic)
    running = await enrolments.of_person(session, actor, life.people[number])
    if running:
        await enrolments.stop(session, actor, running[0].id)


async def do_withdraw_consent(
    session: StoreSession, life: Life, number: int, by_clinic: bool, purpose: Purpose
) -> None:
    actor = await reacher(session, life, life.people[number], by_clinic)
    await consents.withdraw(session, actor, life.people[number], purpose)


async def do_give_consent(session: StoreSession, life: Life, number: int, by_clinic: bool) -> None:
    actor = await reacher(session, life, life.people[number], by_clinic)
    await consents.give(session, actor, life.people[number], [*Purpose])


async def do_offer(
    session: StoreSession, life: Life, number: int, by_clinic: bool, kind: HandoverKind, at_once: bool
) -> None:
    actor, world = await reacher(session, life, life.people[number], by_clinic), life.world
    village = await session.scalar(select(Resident.village_id).where(Resident.id == life.people[number]))
    target = world.south if village == world.north.id else world.north
    wanted = Wanted(kind, target.id, agrees=at_once, at_once=at_once and by_clinic)
    life.handovers.append((await handovers.offer(session, actor, life.people[number], wanted)).id)


async def do_merge(session: StoreSession, life: Life, kept: int, gone: int, by_clinic: bool) -> None:
    if kept != gone:
        actor = await reacher(session, life, life.people[kept], by_clinic)
        line = await merges.merge(session, actor, life.people[kept], life.people[gone])
        life.merges.append(line.id)


async def do_unmerge(session: StoreSession, life: Life) -> None:
    if life.merges:
        await merges.undo(session, life.world.clinic, life.merges[-1])


async def do_accept(session: StoreSession, life: Life, by_clinic: bool) -> None:
    await _answer(session, life, handovers.accept, "to_village_id", by_clinic)


async def do_decline(session: StoreSession, life: Life, by_clinic: bool) -> None:
    await _answer(session, life, handovers.decline, "to_village_id", by_clinic)


async def do_take_offer_back(session: StoreSession, life: Life, by_clinic: bool) -> None:
    await _answer(session, life, handovers.withdraw, "from_village_id", by_clinic)


async def do_end_stay(session: StoreSession, life: Life, by_home: bool) -> None:
    await _answer(session, life, handovers.end_stay, "from_village_id" if by_home else "to_village_id", False)


async def do_move_day(session: StoreSession, life: Life, in_north: bool, by: int) -> None:
    day = await _next_day(session, life, in_north)
    to = day.held_on + timedelta(days=by)
    await checkup_days.move(session, life.world.admin, day.village.id, day.nominal_on, to, "weather")


async def do_cancel_day(session: StoreSession, life: Life, in_north: bool) -> None:
    day = await _next_day(session, life, in_north)
    await checkup_days.cancel(session, life.world.admin, day.village.id, day.nominal_on, "place")


async def do_undo_day(session: StoreSession, life: Life, in_north: bool) -> None:
    day = await _next_day(session, life, in_north)
    await checkup_days.undo(session, life.world.admin, day.village.id, day.nominal_on)


async def _next_day(session: StoreSession, life: Life, in_north: bool) -> checkup_days.VillageDay:
    manager = life.world.manager if in_north else life.world.neighbour
    days = await checkup_days.between(session, manager, life.today, life.today + timedelta(days=200))
    return days[0]


async def _answer(session: StoreSession, life: Life, use_case: Any, side: str, by_clinic: bool) -> None:
    if not life.handovers:
        return
    row = await session.row(select(Handover.__table__).where(Handover.id == life.handovers[-1]))
    assert row is not None
    manager = life.world.manager if row._mapping[side] == life.world.north.id else life.world.neighbour
    await use_case(session, life.world.clinic if by_clinic else manager, row.id)


async def rows_of(session: StoreSession, model: type[Base]) -> list[AnyRow]:
    table = model.__table__
    return list(await session.rows(select(table).order_by(table.c.id)))


async def snapshot(session: StoreSession) -> list[list[tuple[Any, ...]]]:
    return [[tuple(row) for row in await rows_of(session, model)] for model in FACTS]


async def live(template: Path, started: Life, history: Sequence[Step]) -> None:
    """Live through a history on a copy of the template, and compare after each step."""
    life = replace(started, clock=MovableClock(MONDAY), records=[], handovers=[], changes=[], merges=[], made_in={})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test.db"
        shutil.copyfile(template, path)
        async with opened(path, life.clock) as session:
            for step in history:
                await take(session, life, step)
                await compare(session, life)


@asynccontextmanager
async def opened(path: Path, clock: MovableClock) -> AsyncIterator[StoreSession]:
    """Open one transaction on a database file."""
    database = Database(f"sqlite+aiosqlite:///{path}", Keyring.parse(KEYS), clock)
    try:
        async with database.transaction() as session:
            yield session
    finally:
        await database.close()


async def take(session: StoreSession, life: Life, step: Step) -> None:
    """Take one step; one that is refused changes nothing."""
    name, *arguments = step
    if name == "pass":
        life.clock.move(timedelta(days=arguments[0]))
        return
    before = await snapshot(session)
    try:
        await globals()[f"do_{name}"](session, life, *arguments)
    except REFUSALS:
        assert await snapshot(session) == before, name


async def begin(session: StoreSession, clock: MovableClock) -> Life:
    """Two people in the north, one of them in a programme of the clinic's, and one in the south."""
    world = await build(session)
    both = ("checkup", "hypertension")
    people = [
        await person(session, world.manager, "王秀英", programmes=both),
        await person(session, world.manager, "李红", programmes=both, birth_date=date(1990, 5, 1)),
        await person(session, world.neighbour, "赵邻居", programmes=both),
    ]
    lmp = {Anchor.LMP: date(2025, 12, 20)}
    await enrolments.enrol(session, world.clinic, people[1], "antenatal", anchors=lmp)
    return Life(world, people, clock)


@dataclass(frozen=True)
class Line:
    """An enrolment as the facts have it."""

    row: AnyRow
    due: Due
    resident: AnyRow

    @property
    def is_listed(self) -> bool:
        here = self.resident.status.value in ("present", "away")
        return here and not self.resident.restricted and self.resident.merged_into is None

    @property
    def is_running(self) -> bool:
        return bool(self.row.state.value == "active")


async def facts(session: StoreSession, today: date) -> list[Line]:
    """Return every enrolment with what is due, from the raw rows alone."""
    residents = {row.id: row for row in await rows_of(session, Resident)}
    doms = {row.id: row.checkup_dom for row in await rows_of(session, Place)}
    reported: dict[int, list[tuple[date, Any, VisitFact]]] = {}
    for row in await rows_of(session, Visit):
        if row.voided_at is None:
            fact = _fact(row, row.item, row.visited_on)
            reported.setdefault(row.enrolment_id, []).append((row.visited_on, row.entered_at, fact))
    for row in await rows_of(session, Attendance):
        if row.voided_at is None and row.enrolment_id is not None:
            fact = _fact(row, None, row.held_on)
            reported.setdefault(row.enrolment_id, []).append((row.held_on, row.entered_at, fact))
    moves: dict[int, dict[date, date | None]] = {}
    for row in await rows_of(session, CheckupDay):
        if row.reason is not None:
            to = None if row.state.value == "cancelled" else row.held_on
            moves.setdefault(row.village_id, {})[row.nominal_on] = to
    lines = []
    for row in await rows_of(session, Enrolment):
        resident = residents[row.resident_id]
        programme = BUILT_IN.at(row.programme, row.programme_version)
        anchors = {Anchor(name): date.fromisoformat(day) for name, day in row.anchors.items()}
        anchors[Anchor.BIRTH] = resident.birth_date
        lmp = session.vault.open_text(LMP, row.id, row.lmp_sealed)
        if lmp:
            anchors[Anchor.LMP] = date.fromisoformat(lmp)
        history = sorted(reported.get(row.id, ()), key=lambda one: one[:2])
        known = Facts(
            programme,
            row.enrolled_on,
            anchors,
            tuple(fact for _, _, fact in history),
            row.ended_on,
            row.ended_by,
            row.paused,
            doms[resident.village_id] if programme.calendar else None,
            moves.get(resident.village_id, {}) if programme.calendar else {},
            resident.sex,
        )
        lines.append(Line(row, assess(known, today), resident))
    return lines


def _fact(row: AnyRow, item: str | None, on: date) -> VisitFact:
    return VisitFact(item, on, row.outcome, row.next_on, row.abnormal, row.uncontrolled, row.urgent, row.reaction)


async def compare(session: StoreSession, life: Life) -> None:
    """Hold columns, lists and counts to the facts."""
    world, today = life.world, life.today
    pages = {
        actor.staff_id: await due.list_due(session, actor, today, limit=500)
        for actor in (world.manager, world.neighbour, world.clinic)
    }
    lines = await facts(session, today)
    for line in lines:
        _columns(line)
    for actor in (world.manager, world.neighbour, world.clinic):
        _list(actor, pages[actor.staff_id], lines, today)
    await _status(session, life, lines)
    await _belong_together(session, life)


def _columns(line: Line) -> None:
    row, window = line.row, line.due.window
    stored = (row.next_item, row.next_due_on, row.next_target_on, row.next_closes_on, row.attempts)
    said = (window.item, window.opens_on, window.target_on, window.closes_on) if window else (None,) * 4
    assert stored == (*said, line.due.attempts), (row.programme, row.state)


def _list(actor: Actor, page: due.DuePage, lines: Sequence[Line], today: date) -> None:
    expected = {}
    for line in lines:
        window = line.due.window
        is_here = actor.village_id in (None, line.resident.village_id)
        is_known = actor.role in BUILT_IN[line.row.programme].visible_to
        is_shown = line.is_listed and line.is_running and is_here and is_known
        if is_shown and window is not None and window.opens_on <= today + timedelta(days=AHEAD):
            expected[line.row.id] = (line.due.state, window)
    assert {line.enrolment_id: (line.state, line.window) for line in page.lines} == expected
    counts = Counter(state for state, _ in expected.values())
    assert {state: n for state, n in page.counts.items() if n} == dict(counts)
    assert page.total == len(expected)


async def _status(session: StoreSession, life: Life, lines: Sequence[Line]) -> None:
    today = life.today
    first = today.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    waiting: Counter[tuple[int, bool]] = Counter()
    for line in lines:
        window = line.due.window
        if line.is_listed and line.is_running and window is not None and window.opens_on <= last:
            waiting[line.resident.village_id, line.due.state is DueState.OVERDUE] += 1
    done: Counter[int] = Counter()
    for model, on in ((Visit, "visited_on"), (Attendance, "held_on")):
        for row in await rows_of(session, model):
            assert life.made_in.setdefault(row.id, row.village_id) == row.village_id
            if row.voided_at is None and row.outcome.value in SERVED and first <= row._mapping[on] <= last:
                done[row.village_id] += 1
    page = await status.by_village(session, life.world.clinic, today, today)
    stored = {line.place_id: (line.due, line.done, line.overdue) for line in page.lines}
    assert stored == {
        village.id: (waiting[village.id, False], done[village.id], waiting[village.id, True])
        for village in (life.world.north, life.world.south)
    }


async def _belong_together(session: StoreSession, life: Life) -> None:
    """What is a person's lies where the person is; a stay names its home; one offer at most is open."""
    residents = {row.id: row for row in await rows_of(session, Resident)}
    for model in (Enrolment, Consent):
        for row in await rows_of(session, model):
            assert row.village_id == residents[row.resident_id].village_id
    offers = await rows_of(session, Handover)
    stays = {row.resident_id: row for row in offers if (row.state, row.kind) == ("accepted", "temporary")}
    for person_id, row in residents.items():
        stay = stays.get(person_id)
        assert row.home_village_id == (stay.from_village_id if stay else None)
        assert stay is None or row.village_id == stay.to_village_id
        assert sum(1 for each in offers if each.resident_id == person_id and each.state == "offered") <= 1
    assert {row.id for row in offers} == set(life.handovers)


THERE_AND_BACK = (
    ("visit", 0, False, Outcome.ATTENDED, (190, 100)),
    ("offer", 0, False, HandoverKind.TEMPORARY, False),
    ("accept", False),
    ("visit", 0, False, Outcome.ATTENDED, (120, 80)),
    ("pass", 30),
    ("end_stay", True),
    ("checkup", 0, True, Outcome.AWAY, None),
    ("offer", 0, True, HandoverKind.PERMANENT, True),
    ("undo",),
)


TWICE_THERE = (
    ("visit", 1, False, Outcome.ATTENDED, (150, 95)),
    ("merge", 0, 1, False),
    ("offer", 0, False, HandoverKind.TEMPORARY, False),
    ("accept", False),
    ("unmerge",),
    ("visit", 0, False, Outcome.NOT_REACHED, None),
    ("end_stay", False),
    ("unmerge",),
)


MOVED_DAYS = (
    ("move_day", True, 5),
    ("checkup", 0, False, Outcome.NOT_REACHED, None),
    ("cancel_day", True),
    ("undo_day", True),
    ("offer", 2, True, HandoverKind.PERMANENT, True),
    ("pass", 40),
    ("cancel_day", True),
    ("pass", 30),
    ("move_day", True, -9),
    ("checkup", 1, False, Outcome.ATTENDED, (120, 80)),
)


@pytest.fixture(scope="module")
def begun(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Life]:
    """The villages and people that every history begins with."""
    path = tmp_path_factory.mktemp("histories") / "begun.db"
    shutil.copyfile(sqlite_template, path)

    async def run() -> Life:
        async with opened(path, MovableClock(MONDAY)) as session:
            return await begin(session, MovableClock(MONDAY))

    return path, asyncio.run(run())


@stories(6)
@given(history=st.lists(steps, min_size=4, max_size=12))
@example(history=THERE_AND_BACK)
@example(history=TWICE_THERE)
@example(history=MOVED_DAYS)
def test_lists_and_counts_follow_the_facts(begun: tuple[Path, Life], history: Sequence[Step]) -> None:
    asyncio.run(live(*begun, history))
