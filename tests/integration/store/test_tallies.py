"""Counts that are kept are those that would be made anew: whatever changes, for whoever asks, at whatever time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.rules import periods
from models.rules.access import Actor
from models.rules.alerts import AlertKind, CloseReason
from models.rules.benefits import BenefitState
from models.rules.changes import ResidentStatus
from models.rules.clock import MovableClock, local_day
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.rules.periods import Period
from models.store import refresh
from models.store.database import AnyRow, Database, StoreSession
from models.store.indicators import counting, tallies
from models.store.indicators.counting import READINGS, TABLES, Counted
from models.store.places import PlaceRow
from models.tables.alerts import Alert
from models.tables.base import new_id, table
from models.tables.benefits import BenefitApplication, BenefitDecision, BenefitPayment
from models.tables.checkups import Attendance, CheckupDay, DayState
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import Place
from models.tables.residents import Consent, Resident
from models.tables.tallies import Tally
from models.tables.visits import Visit
from tests.factories.township import Township

SEED = 1
INSERT, DELETE = "insert", "delete"
DAY = timedelta(days=1)
Draw = Callable[[Random, "Chance"], Any]
Change = tuple[type[Any], str]
"""A table, and its column, or what happens to a row."""


class Chance:
    """Changes the rows of a village in ways that no form knows, one at a time."""

    def __init__(
        self, session: StoreSession, township: Township, village: PlaceRow, random: Random, today: date
    ) -> None:
        self.session, self.township, self.village, self.random, self.today = session, township, village, random, today

    async def change(self, model: type[Any], what: str) -> None:
        """Alter a row's column, add a row or delete one; what the database refuses does not happen."""
        row = await self.row(model)
        if row is None:
            return
        t = table(model)
        with suppress(IntegrityError):
            async with self.session.savepoint():
                if what == INSERT:
                    values = await self.values(model, *ONLY_ONCE.get(model, ()))
                    await self.session.execute(insert(t).values(dict(row._mapping) | {"id": new_id()} | values))
                elif what == DELETE:
                    await self.session.execute(delete(t).where(t.c.id == row.id))
                else:
                    values = await self.values(model, what)
                    await self.session.execute(update(t).where(t.c.id == row.id).values(values))

    async def row(self, model: type[Any]) -> AnyRow | None:
        t = table(model)
        here = (t.c.id if model is Place else t.c.village_id) == self.village.id
        many = await self.session.scalar(select(func.count()).select_from(t).where(here))
        if not many:
            return None
        statement = select(t).where(here).order_by(t.c.id).offset(self.random.randrange(many)).limit(1)
        return await self.session.row(statement)

    async def values(self, model: type[Any], *columns: str) -> dict[str, Any]:
        found = {}
        for column in columns:
            of = COLUMNS[model][column]
            found[column] = await self.other(of) if isinstance(of, type) else of(self.random, self)
        return found

    async def other(self, model: type[Any]) -> int | None:
        row = await self.row(model)
        return None if row is None else row.id

    def day(self) -> date:
        return self.today - DAY * self.random.randrange(-20, 230)


def _day(_random: Random, chance: Chance) -> date:
    return chance.day()


def _perhaps(_random: Random, chance: Chance) -> date | None:
    return chance.random.choice([None, chance.day()])


def _moment(_random: Random, chance: Chance) -> Any:
    return chance.session.now() - DAY * chance.random.randrange(400)


def _perhaps_moment(_random: Random, chance: Chance) -> Any:
    return chance.random.choice([None, _moment(_random, chance)])


def _village(random: Random, chance: Chance) -> int:
    return random.choice(chance.township.villages).id


def _one_of(*values: Any) -> Draw:
    return lambda random, _: random.choice(values)


_PROGRAMMES = _one_of("checkup", "hypertension", "diabetes", "antenatal", "postnatal", "dmpa")
_ITEMS = _one_of("quarterly", "extra", "checkup")
_BOTH = _one_of(True, False)
COLUMNS: Mapping[type[Any], Mapping[str, Draw | type[Any]]] = {
    Resident: {
        "village_id": _village,
        "status": _one_of(*ResidentStatus),
        "restricted": _BOTH,
        "merged_into": Resident,
    },
    Enrolment: {
        "village_id": _village,
        "resident_id": Resident,
        "programme": _PROGRAMMES,
        "state": _one_of(*EnrolmentState),
        "enrolled_on": _day,
        "ended_on": _perhaps,
        "paused": _BOTH,
        "anchors": lambda _, chance: {"delivery": chance.day().isoformat()},
        "lmp_sealed": _one_of(None),
        "next_item": _ITEMS,
        "next_due_on": _perhaps,
        "next_closes_on": _perhaps,
    },
    Visit: {
        "village_id": _village,
        "enrolment_id": Enrolment,
        "programme": _PROGRAMMES,
        "item": _ITEMS,
        "visited_on": _day,
        "window_closes_on": _perhaps,
        "outcome": _one_of(*Outcome),
        "voided_at": _perhaps_moment,
        "uncontrolled": _BOTH,
        "sbp": _one_of(None, 130),
        "glucose": _one_of(None, 70),
        "entered_at": _moment,
    },
    CheckupDay: {"held_on": _day, "nominal_on": _day, "state": _one_of(*DayState), "village_id": _village},
    Attendance: {
        "day_id": CheckupDay,
        "resident_id": Resident,
        "enrolment_id": Enrolment,
        "village_id": _village,
        "held_on": _day,
        "outcome": _one_of(*Outcome),
        "voided_at": _perhaps_moment,
        "entered_at": _moment,
    },
    Counselling: {
        "village_id": _village,
        "counselled_on": _day,
        "explained": _one_of(0, 1, 2, 3),
        "decision_own": _BOTH,
        "voided_at": _perhaps_moment,
    },
    Alert: {
        "kind": _one_of(AlertKind.VISIT, AlertKind.DECISION),
        "subject_id": Enrolment,
        "due_on": _day,
        "village_id": _village,
        "closed_on": _perhaps,
        "closed_why": _one_of(*CloseReason),
    },
    Consent: {
        "resident_id": Resident,
        "purpose": _one_of(Purpose.BENEFITS, Purpose.CONTACT),
        "withdrawn_at": _perhaps_moment,
    },
    BenefitApplication: {
        "village_id": _village,
        "resident_id": Resident,
        "state": _one_of(*BenefitState),
        "voided_at": _perhaps_moment,
    },
    BenefitDecision: {
        "application_id": BenefitApplication,
        "village_id": _village,
        "is_confirmed": _BOTH,
        "decided_on": _day,
        "voided_at": _perhaps_moment,
    },
    BenefitPayment: {"decision_id": BenefitDecision, "voided_at": _perhaps_moment, "batch_id": lambda *_: new_id()},
    Place: {"checkup_dom": _one_of(None, 5, 10, 20, 31)},
}
"""What may be changed by chance: a column, and what it becomes; a class: another row's id."""


ONLY_ONCE: Mapping[type[Any], tuple[str, ...]] = {
    Enrolment: ("resident_id", "programme", "lmp_sealed"),
    CheckupDay: ("nominal_on", "held_on"),
    Alert: ("due_on",),
    Consent: ("withdrawn_at",),
    BenefitPayment: ("batch_id",),
}
"""What an added row can't have in common with the one that it is a copy of."""
CHANGES = [(model, column) for model, columns in COLUMNS.items() for column in columns]
CHANGES += [(model, what) for model in COLUMNS for what in (INSERT, DELETE) if model not in (Resident, Place)]
FEW = list({(model, what in (INSERT, DELETE) and what): (model, what) for model, what in CHANGES}.values())
"""Of each table a row more, a row less, and a row that changes: as many triggers there are."""


def changed_together(changes: Sequence[Change], random: Random, many: int) -> Iterator[tuple[Change, ...]]:
    """Yield all changes, as many at once as there are villages, each of another table: one does not hide another."""
    left = random.sample(changes, len(changes))
    while left:
        together: dict[type[Any], Change] = {}
        for change in left:
            together.setdefault(change[0], change)
        # The tables with most left come first, so that none is left over for the end.
        tables = sorted(together, key=lambda model: -sum(change[0] is model for change in left))[:many]
        for model in tables:
            left.remove(together[model])
        yield tuple(together[model] for model in tables)


async def test_what_changes_by_chance_is_counted_anew(database: Database, clock: MovableClock) -> None:
    clock.move(timedelta(days=156, hours=5))  # Wednesday 19 August 2026
    random = Random(SEED)
    township = Township(1, local_day(clock.now()))
    async with database.transaction() as session:
        await township.build(session)
    async with database.transaction() as session:
        await agree(session, township, township.clinic, periods.to_date(local_day(clock.now())), local_day(clock.now()))
    kept = 0
    rounds = list(changed_together(FEW if database.is_postgres else CHANGES, random, len(township.villages)))
    for number, together in enumerate(rounds):
        if random.random() < 0.4:
            clock.move(timedelta(hours=random.choice([2, 5, 9, 24, 24 * 9])))
        today = local_day(clock.now())
        async with database.transaction() as session:
            for (model, what), village in zip(together, random.sample(township.villages, len(together)), strict=True):
                chance = Chance(session, township, village, random, today)
                for _ in range(14):
                    await chance.change(model, what)
        async with database.transaction() as session:
            await agree(session, township, township.clinic, periods.to_date(today), today)
            if number % 2:
                reader = random.choice([township.leader, township.managers[0]])
                await agree(session, township, reader, periods.month_of(today), today)
            before = select(func.count()).select_from(Tally).where(Tally.counted_at < session.now())
            kept += await session.scalar(before)
    assert kept > len(rounds) * 50, kept  # most of it was not counted anew


async def agree(session: StoreSession, township: Township, reader: Actor, period: Period, today: date) -> None:
    """Hold all tables to what is counted anew."""
    villages = [each.id for each in township.villages if reader.village_id in (None, each.id)]
    months = [month for month in period.months if month.first <= today]
    found = await tallies.counts(session, reader, TABLES, villages, months, today)
    expected: dict[str, Counted] = {}
    assert not await refresh.within(session, reader, today)
    for reading in READINGS:
        expected |= await counting.count(session, reader, reading, villages, months, today)
    for code, of in expected.items():
        assert found[code] == of, (code, period)
