"""How long the leader waits for /status: a township of 40 villages, 60,000 residents, a million visits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from sqlalchemy import delete, func, insert, select, update

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
from models.store.indicators import counting, figures
from models.store.indicators.counting import READINGS, Reading
from models.store.keyring import Keyring
from models.tables.base import new_id, table
from models.tables.checkups import Attendance, CheckupDay
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import PlaceKind
from models.tables.residents import Resident
from models.tables.tallies import Tally
from models.tables.visits import Visit
from tests.benchmarks.databases import KEYS, postgres, sqlite
from tests.benchmarks.filling import fill, without_triggers
from tests.benchmarks.tables import milliseconds
from tests.benchmarks.tables import table as print_table

VILLAGES, RESIDENTS, VISITS = 40, 60_000, 1_000_000
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
_DAYS = 730
"""The visits lie in the two years before."""
_OUTCOMES = (*(Outcome.ATTENDED,) * 16, Outcome.DECLINED, Outcome.AWAY, Outcome.NOT_REACHED, Outcome.OTHER_PROVIDER)
_RUNS, _MANY = 5, 100
Row = dict[str, Any]
_Step = Callable[[StoreSession], Awaitable[object]]


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
    leader, enrolments = await _fill(database, url, residents)
    month, year = periods.month_of(TODAY), periods.to_date(TODAY)
    reports = _reports(enrolments)

    def asks(period: periods.Period) -> _Step:
        return lambda session: figures.trends(session, leader, figures.HEADLINES, period, TODAY)

    async def one(session: StoreSession) -> None:
        await _report(session, next(reports))

    async def five(session: StoreSession) -> None:
        for _ in range(5):
            await one(session)

    async def many(session: StoreSession) -> None:
        for _ in range(_MANY):
            await one(session)

    steps: list[tuple[str, _Step, _Step | None]] = [
        ("bare SQL: visits of the month by village and outcome", _bare, None),
        ("month: nothing counted yet", asks(month), _forget),
        ("month: nothing has changed", asks(month), None),
        ("month: after a report", asks(month), one),
        ("month: after reports in 5 villages", asks(month), five),
        ("year: nothing counted yet", asks(year), _forget),
        ("year: nothing has changed", asks(year), None),
        ("year: after a report", asks(year), one),
        ("picture: figures and drawing, as the bot does it", lambda session: _picture(session, leader), None),
    ]
    steps += [(f"  counted anew: {', '.join(each.codes)}", _counts(each, leader, month), None) for each in READINGS]
    rows = []
    for what, step, before in steps:
        rows.append((name, what, milliseconds(await _median(database, step, before))))
    rows.append((name, "the rows of a report", f"{await _median(database, many) / _MANY:.2f}"))
    await without_triggers(url)
    rows.append((name, "the rows of a report, without triggers", f"{await _median(database, many) / _MANY:.2f}"))
    await database.close()
    return rows


def _counts(reading: Reading, leader: Actor, month: periods.Period) -> _Step:
    async def count(session: StoreSession) -> None:
        villages = [place.id for place in await places.villages(session, leader.township_id)]
        await counting.count(session, leader, reading, villages, [month], TODAY)

    return count


async def _forget(session: StoreSession) -> None:
    await session.execute(delete(Tally))


def _reports(enrolments: Sequence[Row]) -> Iterator[Row]:
    """Yield whose visit is reported next: each in another village than the four before."""
    followed = [row for row in enrolments if row["programme"] != "checkup"]
    return iter(followed[::7])


async def _report(session: StoreSession, enrolment: Row) -> None:
    """Write what a report writes into the tables that are counted."""
    visit = {
        **_record(enrolment, 0),
        "enrolment_id": enrolment["id"],
        "programme": enrolment["programme"],
        "item": enrolment["next_item"],
        "visited_on": TODAY,
        "window_closes_on": enrolment["next_closes_on"],
        "entered_at": NOW,
    }
    await session.execute(insert(table(Visit)), visit)
    t = table(Enrolment)
    later = TODAY + timedelta(days=90)
    moved = {"next_due_on": later, "next_closes_on": later + timedelta(days=28), "last_visit_on": TODAY}
    await session.execute(update(t).where(t.c.id == enrolment["id"]).values(moved))


async def _picture(session: StoreSession, leader: Actor) -> None:
    """Draw this month as `handlers.pictures` does: the process starts while the figures are read."""
    month = periods.month_of(TODAY)
    async with ready(LOADS) as draw:
        trends = await figures.trends(session, leader, figures.HEADLINES, month, TODAY)
        head = Head("大镇", month, NOW.astimezone(CHINA))
        await draw(Words(head, leader.language).township(trends, trends[IndicatorCode.OVERDUE].now))


async def _median(database: Database, step: _Step, before: _Step | None = None) -> float:
    took = []
    for _ in range(_RUNS):
        if before is not None:
            async with database.transaction() as session:
                await before(session)
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


async def _fill(database: Database, url: str, residents: int) -> tuple[Actor, list[Row]]:
    leader, villages = await _places(database)
    people = [_resident(number, villages) for number in range(residents)]
    enrolments = list(_enrolments(people))
    days = [row for village in villages for row in _checkup_days(*village)]
    lots: list[tuple[type[Any], Iterable[Row]]] = [
        (Resident, people),
        (Enrolment, enrolments),
        (CheckupDay, days),
        (Visit, _visits(enrolments, residents * VISITS // RESIDENTS)),
        (Attendance, _attendances(days, enrolments)),
        (Counselling, _talks(people)),
    ]
    await fill(url, lots)
    return leader, enrolments


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
