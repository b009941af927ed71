"""How long the leader waits for /status: a township of 40 villages, 60,000 residents, a million visits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select, text

from handlers.figure_words import Head
from handlers.picture_words import Words
from models.files.aside import ready
from models.files.charts import LOADS
from models.rules import periods
from models.rules.access import Actor, Role
from models.rules.calendar import CHECKUP_MONTHS, checkup_day
from models.rules.clock import CHINA, MovableClock
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store import places, staff
from models.store.database import Database, StoreSession
from models.store.indicators import figures
from models.store.keyring import Keyring
from models.tables.base import new_id, table
from models.tables.checkups import Attendance, CheckupDay
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import PlaceKind
from models.tables.residents import Resident
from models.tables.visits import Visit
from tests.benchmarks.databases import KEYS, postgres, sqlite
from tests.benchmarks.tables import milliseconds
from tests.benchmarks.tables import table as print_table

VILLAGES, RESIDENTS, VISITS = 40, 60_000, 1_000_000
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
_DAYS = 730
"""The visits lie in the two years before."""
_OUTCOMES = (*(Outcome.ATTENDED,) * 16, Outcome.DECLINED, Outcome.AWAY, Outcome.NOT_REACHED, Outcome.OTHER_PROVIDER)
_RUNS = 5
_BATCH = 5_000
Row = dict[str, Any]


def status(residents: int = RESIDENTS) -> None:
    """Print the table."""
    rows: list[Sequence[str]] = []
    with sqlite() as url:
        rows += asyncio.run(_measure("SQLite", url, residents))
    with postgres() as server:
        rows += asyncio.run(_measure("PostgreSQL", server.database(), residents))
    visits = residents * VISITS // RESIDENTS
    print_table(
        f"/status: {VILLAGES} villages, {residents:,} residents, {visits:,} visits, median of {_RUNS}",
        ("database", "what", "ms"),
        rows,
    )


async def _measure(name: str, url: str, residents: int) -> list[Sequence[str]]:
    database = Database(url, Keyring.parse(KEYS), MovableClock(NOW))
    leader = await _fill(database, residents)
    month, year = periods.month_of(TODAY), periods.to_date(TODAY)

    def asks(period: periods.Period, *codes: IndicatorCode) -> Callable[[StoreSession], Awaitable[object]]:
        return lambda session: figures.trends(session, leader, codes, period, TODAY)

    steps: list[tuple[str, Callable[[StoreSession], Awaitable[object]]]] = [
        ("bare SQL: visits of the month by village and outcome", _bare),
        ("all of /status: this month and the one before", asks(month, *figures.HEADLINES)),
        ("all of /status: this year and last", asks(year, *figures.HEADLINES)),
    ]
    steps.append(("picture: figures and drawing, as the bot does it", lambda session: _picture(session, leader)))
    steps += [(f"  {code}", asks(month, code)) for code in IndicatorCode]
    rows = []
    for what, step in steps:
        rows.append((name, what, milliseconds(await _median(database, step))))
    await database.close()
    return rows


async def _picture(session: StoreSession, leader: Actor) -> None:
    """Draw this month as `handlers.pictures` does: the process starts while the figures are read."""
    month = periods.month_of(TODAY)
    async with ready(LOADS) as draw:
        trends = await figures.trends(session, leader, figures.HEADLINES, month, TODAY)
        head = Head("大镇", month, NOW.astimezone(CHINA))
        await draw(Words(head, leader.language).township(trends, trends[IndicatorCode.OVERDUE].now))


async def _median(database: Database, step: Callable[[StoreSession], Awaitable[object]]) -> float:
    took = []
    for _ in range(_RUNS):
        async with database.transaction() as session:
            began = time.perf_counter()
            await step(session)
            took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[_RUNS // 2]


async def _bare(session: StoreSession) -> None:
    v = table(Visit).c
    month = periods.month_of(TODAY)
    statement = select(v.village_id, v.outcome, func.count()).where(v.visited_on.between(month.first, month.last))
    statement = statement.where(
        v.township_id == select(v.township_id).limit(1).scalar_subquery(), v.voided_at.is_(None)
    )
    await session.rows(statement.group_by(v.village_id, v.outcome))


async def _fill(database: Database, residents: int) -> Actor:
    leader, villages = await _places(database)
    people = [_resident(number, villages) for number in range(residents)]
    enrolments = list(_enrolments(people))
    days = [row for village in villages for row in _checkup_days(*village)]
    await _insert(database, Resident, iter(people))
    await _insert(database, Enrolment, iter(enrolments))
    await _insert(database, CheckupDay, iter(days))
    await _insert(database, Visit, _visits(enrolments, residents * VISITS // RESIDENTS))
    await _insert(database, Attendance, _attendances(days, enrolments))
    await _insert(database, Counselling, _talks(people))
    async with database.transaction() as session:
        if session.is_postgres:
            await session.execute(text("ANALYZE"))
    return leader


async def _insert(database: Database, model: type[Any], rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, _BATCH)):
        async with database.transaction() as session:
            await session.execute(insert(table(model)), batch)


async def _places(database: Database) -> tuple[Actor, list[tuple[int, int]]]:
    async with database.transaction() as session:
        township = await places.add(session, "411728200", PlaceKind.TOWNSHIP, "大镇", checkup_dom=10)
        leader = await staff.add(session, 90_001, 90_001, Role.LEADER, township)
        villages = []
        for number in range(VILLAGES):
            code = f"411728200{201 + number}"
            village = await places.add(session, code, PlaceKind.VILLAGE, f"村{number}", parent=township)
            villages.append((township.id, village.id))
    return leader, villages


def _resident(number: int, villages: Sequence[tuple[int, int]]) -> Row:
    township_id, village_id = villages[number % len(villages)]
    return {
        "id": new_id(),
        "township_id": township_id,
        "village_id": village_id,
        "name_sealed": b"x" * 40,
        "name_hash": number.to_bytes(32, "big"),
        "sex": Sex.FEMALE,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _enrolments(people: Sequence[Row]) -> Iterator[Row]:
    """Yield two enrolments a person: a third in check-ups, the rest in programmes with visits; a few overdue."""
    for number, person in enumerate(people):
        first = "checkup" if number % 3 == 0 else "bp_screening"
        for which, programme in enumerate((first, ("hypertension", "diabetes", "elderly")[number % 3])):
            closes = TODAY + timedelta(days=(number * 7 + which) % 110 - 4)
            yield {
                "id": new_id(),
                "resident_id": person["id"],
                "township_id": person["township_id"],
                "village_id": person["village_id"],
                "programme": programme,
                "programme_version": 1,
                "state": EnrolmentState.ACTIVE,
                "enrolled_on": TODAY - timedelta(days=900),
                "next_item": "checkup" if programme == "checkup" else "quarterly",
                "next_due_on": closes - timedelta(days=28),
                "next_target_on": closes - timedelta(days=14),
                "next_closes_on": closes,
                "created_at": NOW,
                "updated_at": NOW,
            }


def _visits(enrolments: Sequence[Row], many: int) -> Iterator[Row]:
    followed = [row for row in enrolments if row["programme"] != "checkup"]
    for number in range(many):
        enrolment = followed[number * 7 % len(followed)]
        on = TODAY - timedelta(days=number % _DAYS)
        yield {
            **_record(enrolment, number),
            "enrolment_id": enrolment["id"],
            "programme": enrolment["programme"],
            "item": "quarterly",
            "visited_on": on,
            "window_opens_on": on - timedelta(days=14),
            "window_closes_on": on + timedelta(days=number % 20 - 3),
            "sbp": 130,
            "dbp": 80,
            "glucose": 60,
            "uncontrolled": number % 4 == 0,
            "entered_at": NOW - timedelta(days=number % _DAYS),
        }


def _checkup_days(township_id: int, village_id: int) -> Iterator[Row]:
    for year, month in ((year, month) for year in (2025, 2026) for month in CHECKUP_MONTHS):
        day = checkup_day(10, year, month)
        yield {
            "id": new_id(),
            "township_id": township_id,
            "village_id": village_id,
            "nominal_on": day.nominal,
            "held_on": day.held_on,
        }


def _attendances(days: Sequence[Row], enrolments: Sequence[Row]) -> Iterator[Row]:
    """Yield what was reported of nine in ten places."""
    at: dict[int, list[Row]] = {}
    for enrolment in enrolments:
        if enrolment["programme"] == "checkup":
            at.setdefault(enrolment["village_id"], []).append(enrolment)
    for day in days:
        for number, enrolment in enumerate(at[day["village_id"]]):
            if number % 10:
                yield {
                    **_record(enrolment, number),
                    "day_id": day["id"],
                    "enrolment_id": enrolment["id"],
                    "held_on": day["held_on"],
                    "entered_at": datetime.combine(day["held_on"], clock_time(17), CHINA),
                }


def _record(enrolment: Row, number: int) -> Row:
    return {
        "id": new_id(),
        "resident_id": enrolment["resident_id"],
        "township_id": enrolment["township_id"],
        "village_id": enrolment["village_id"],
        "outcome": _OUTCOMES[number % len(_OUTCOMES)],
    }


def _talks(people: Sequence[Row]) -> Iterator[Row]:
    for number, person in enumerate(people[::4]):
        yield {
            "id": new_id(),
            "resident_id": person["id"],
            "township_id": person["township_id"],
            "village_id": person["village_id"],
            "counselled_on": TODAY - timedelta(days=number % _DAYS),
            "explained": 1 + number % 4,
            "decision_own": number % 20 > 0,
            "content_sealed": b"x" * 60,
            "entered_at": NOW,
        }
