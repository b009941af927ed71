"""All that a leader is told of a township on a day, and a solver that looks in it for a number of 1 to 9 people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, product
from random import Random

import pytest
from sqlalchemy import insert, select, update

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock, local_day
from models.rules.digest import summary_of
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import Outcome
from models.rules.periods import month_of
from models.rules.roles import Role
from models.rules.suppression import LARGEST_SMALL, is_small
from models.store import agendas, alerts, climbs, meetings, places, status, visits, weeklies
from models.store.database import Database, StoreSession
from models.store.indicators import figures
from models.store.places import PlaceRow
from models.store.reports import Measures, VisitReport
from models.tables.base import Base, new_id, table
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import PlaceKind
from models.tables.residents import Resident
from models.tables.visits import Visit
from tests.factories.world import World, enrolled

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
MANY = (0, 0, 1, 2, 5, 8, 9, 10, 11, 14, 18)
FEW = (0, 0, 0, 1, 3)
MOST = 10**6
Atom = tuple[str, int, date | None]
"""People who are in the same answers: what is counted, where, and when it was, or since when."""
Set = frozenset[Atom]
Bounds = tuple[int, int]


@dataclass
class Solver:
    """What can be known of sums of numbers of people: at least and at most how many."""

    known: dict[Set, Bounds] = field(default_factory=dict)

    def tell(self, atoms: Set, bounds: Bounds) -> bool:
        """Take something in; returns whether it was new."""
        low, high = self.known.get(atoms, (0, MOST))
        better = max(low, bounds[0]), min(high, bounds[1])
        assert better[0] <= better[1], (sorted(map(str, atoms)), better)
        self.known[atoms] = better
        return better != (low, high)

    def hear(self, atoms: Set, number: int | None, *, alone: bool = False) -> None:
        """Take an answer in; of a number that is not shown, `alone` tells that it is small."""
        if not atoms:
            return
        if number is not None:
            self.tell(atoms, (number, number))
        elif alone:
            self.tell(atoms, (1, LARGEST_SMALL))

    def think(self, rounds: int = 5) -> None:
        """Subtract what is known from what holds it, and see what is left to each part, until nothing is new."""
        for _ in range(rounds):
            known = list(self.known.items())
            news = [self.tell(atoms, bounds) for atoms, bounds in self._thoughts(known)]
            if not any(news):
                return

    @staticmethod
    def _thoughts(known: Sequence[tuple[Set, Bounds]]) -> Iterator[tuple[Set, Bounds]]:
        for (one, (low, high)), (other, (least, most)) in product(known, known):
            if one < other:
                yield other - one, (max(0, least - high), most - low if most < MOST else MOST)
        for whole, (least, most) in known:
            inside = [(atoms, bounds) for atoms, bounds in known if atoms < whole]
            parts: list[tuple[Set, Bounds]] = []
            for atoms, bounds in sorted(inside, key=lambda each: (each[1][1] - each[1][0], len(each[0]))):
                if all(atoms.isdisjoint(other) for other, _ in parts):
                    parts.append((atoms, bounds))
            for atoms, _ in parts:
                others = [bounds for other, bounds in parts if other is not atoms]
                covered = frozenset[Atom]().union(*(other for other, _ in parts)) == whole
                at_least = least - sum(high for _, high in others) if covered else 0
                yield atoms, (max(0, at_least), max(0, most - sum(low for low, _ in others)))

    def found(self) -> list[tuple[Set, int]]:
        """Return the numbers of 1 to 9 that are certain."""
        return [(atoms, low) for atoms, (low, high) in self.known.items() if low == high and is_small(low)]


@dataclass
class Township:
    """Villages with random numbers of people; `slots` are the stretches of days that no answer parts."""

    villages: list[PlaceRow]
    slots: list[tuple[date, date]]
    counts: dict[Atom, int]

    def atoms(self, what: str, village: PlaceRow | None = None, first: date = date.min, last: date = date.max) -> Set:
        """Return the atoms of one kind, of a village or of all, whose days lie within some days."""
        where = None if village is None else village.id
        return frozenset(
            atom
            for atom in self.counts
            if atom[0] == what and where in (None, atom[1]) and (atom[2] is None or first <= atom[2] <= last)
        )


async def _copies(session: StoreSession, model: type[Base], like: Mapping[str, object], many: int) -> list[int]:
    ids = [new_id() for _ in range(many)]
    if ids:
        await session.execute(insert(table(model)), [dict(like) | {"id": each} for each in ids])
    return ids


async def _row(session: StoreSession, model: type[Base]) -> dict[str, object]:
    row = await session.row(select(table(model)).limit(1))
    assert row is not None
    return dict(row._mapping)


async def _township(session: StoreSession, world: World, today: date, rng: Random) -> Township:
    """Fill four villages: copies of one person whose window is due or overdue, and of one visit."""
    villages = [world.north, world.south]
    for code, name in (("411728106203", "东村"), ("411728106204", "西村")):
        villages.append(await places.add(session, code, PlaceKind.VILLAGE, name, parent=world.township, checkup_dom=10))
    enrolment_id = await enrolled(session, world.manager, "hypertension")
    report = VisitReport(enrolment_id, today, Outcome.ATTENDED, measures=Measures(120, 80))
    await visits.report(session, world.manager, report)
    person, line, visit = [await _row(session, model) for model in (Resident, Enrolment, Visit)]
    await session.execute(table(Visit).delete())
    await session.execute(update(Enrolment).values(state=EnrolmentState.ENDED))
    week = summary_of(today)
    assert week is not None
    month = today.replace(day=1)
    edges = sorted({date(2026, 1, 1), date(2026, 2, 1), month, week.first - 7 * DAY, week.first, today, today + DAY})
    slots = [(first, after - DAY) for first, after in pairwise(edges)]
    counts: dict[Atom, int] = {}
    quiet = {first for first, _ in slots if rng.random() < 0.5}
    for village in villages:
        for what, closes in (("old", week.first - 9 * DAY), ("new", week.first + DAY), ("due", today + 3 * DAY)):
            many = counts[what, village.id, None] = rng.choice(MANY)
            for resident_id in await _copies(session, Resident, person | {"village_id": village.id}, many):
                dates = {"next_due_on": min(closes - 9 * DAY, today), "next_closes_on": closes, "refresh_on": None}
                mine = {"resident_id": resident_id, "village_id": village.id}
                await _copies(session, Enrolment, line | dates | mine, 1)
        for first, _ in slots:
            many = counts["done", village.id, first] = rng.choice(FEW if first in quiet else MANY)
            await _copies(session, Visit, visit | {"village_id": village.id, "visited_on": first}, many)
    return Township(villages, slots, counts)


async def _hear(session: StoreSession, world: World, township: Township, today: date) -> Solver:
    """Ask everything that a leader can ask, and be told the summary of the week."""
    solver, of = Solver(), township.atoms
    for month in (today, date(2026, 2, 1), date(2026, 1, 1)):
        page = await status.by_village(session, world.leader, month, today)
        months = month_of(month)
        served = (await figures.ask(session, world.leader, [IndicatorCode.DONE], months, today))[IndicatorCode.DONE]
        for line, told in zip(page.lines, served.lines, strict=True):
            village = next(one for one in township.villages if one.id == line.place_id)
            solver.hear(of("done", village, months.first, months.last), told.figure and told.figure.n)
            if not page.is_past:
                solver.hear(of("due", village), line.due, alone=True)
                solver.hear(of("old", village) | of("new", village), line.overdue, alone=True)
        solver.hear(of("done", None, months.first, months.last), served.total and served.total.n)
        assert page.done is None  # told by the figures alone
        if not page.is_past:
            solver.hear(of("due"), page.due)
            solver.hear(of("old") | of("new"), page.overdue)
    week = summary_of(today)
    assert week is not None
    found = await weeklies.summary(session, world.leader, week, today)
    solver.hear(of("new"), found.fresh)
    solver.hear(of("done", None, week.first, week.last), found.done)
    solver.hear(of("done", None, week.first - 7 * DAY, week.first - DAY), found.before)
    climbed = {one.place_id for one in await alerts.by_place(session, world.leader, today) if one.visits}
    for village in township.villages:
        solver.tell(of("old", village), (1, MOST) if village.id in climbed else (0, 0))
    return solver


async def _agree(session: StoreSession, world: World, today: date) -> None:
    """Hold what is overdue to be the same number wherever it is told."""
    page = await status.by_village(session, world.leader, today, today)
    numbers = {line.name: line.overdue for line in page.lines if line.overdue != 0}
    week = summary_of(today)
    assert week is not None
    found = await weeklies.summary(session, world.leader, week, today)
    assert ({one.name: one.overdue for one in found.villages}, found.overdue) == (numbers, page.overdue)
    drafted = await agendas.draft(session, world.leader, await meetings.upcoming(session, world.leader))
    assert ({one.name: one.overdue for one in drafted.overdue}, drafted.total) == (numbers, page.overdue)
    assert all(one.missing is None for one in drafted.unreported)
    climbed = await alerts.by_place(session, world.leader, today)
    assert {one.name: one.overdue for one in climbed if one.visits}.items() <= numbers.items()
    with pytest.raises(AccessDenied):
        await alerts.counts(session, world.leader, today)


@sqlite
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 22, 50])
async def test_no_answer_tells_a_small_number_and_no_two_of_them_do(
    database: Database, world: World, clock: MovableClock, seed: int
) -> None:
    today = local_day(clock.now())
    async with database.transaction() as session:
        township = await _township(session, world, today, Random(seed))
        await climbs.set_ladder(session, world.admin, {Role.CLINIC: 1, Role.DEPUTY: 5, Role.LEADER: 6})
        while await climbs.follow(session, world.township.id, today, 100):
            pass
        solver = await _hear(session, world, township, today)
        await _agree(session, world, today)
    solver.think()
    assert any(atoms for atoms, (low, high) in solver.known.items() if low == high and low > LARGEST_SMALL)
    assert solver.found() == []
    truth = {atoms: sum(township.counts[each] for each in atoms) for atoms in solver.known}
    assert all(low <= truth[atoms] <= high for atoms, (low, high) in solver.known.items())


async def test_the_solver_finds_what_a_careless_sum_tells() -> None:
    north, south = (frozenset[Atom]({("due", village, None)}) for village in (1, 2))
    for whole, other, found in ((15, 12, 3), (26, 25, 1)):
        solver = Solver()
        solver.hear(north | south, whole)
        solver.hear(north, other)
        solver.hear(south, None, alone=True)
        solver.think()
        assert solver.found() == [(south, found)]
