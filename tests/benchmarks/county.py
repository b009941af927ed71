"""How long planning takes for a county: 20 townships of 20 villages, 400,000 residents, a million enrolments."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import case, func, insert, select

from models.rules.access import Role
from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store import places, plannings, staff
from models.store.database import Database
from models.store.keyring import Keyring
from models.tables.base import new_id, table
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.outbox import OutboxMessage
from models.tables.places import PlaceKind
from models.tables.residents import Resident
from models.tables.visits import Visit
from scheduler.planner import Planner
from tests.benchmarks.databases import KEYS, postgres, sqlite
from tests.benchmarks.tables import milliseconds
from tests.benchmarks.tables import table as print_table

TOWNSHIPS, VILLAGES = 20, 20
RESIDENTS = 400_000
NOW = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
"""06:00 on Tuesday 3 March in China."""
TODAY = date(2026, 3, 3)
_PROGRAMMES = ("hypertension", "diabetes", "bp_screening", "elderly", "dmpa")
_BATCH = 5_000
_QUARTER = 90
Row = dict[str, Any]


def county(residents: int = RESIDENTS) -> None:
    """Print the table."""
    rows: list[Sequence[str]] = []
    with sqlite() as url:
        rows += asyncio.run(_measure("SQLite", url, residents))
    with postgres() as server:
        rows += asyncio.run(_measure("PostgreSQL", server.database(), residents))
    title = f"Planning {TOWNSHIPS} townships, {TOWNSHIPS * VILLAGES} villages, {residents:,} residents, "
    title += f"{residents * 5 // 2:,} enrolments"
    print_table(title, ("database", "what", "ms", "messages in all"), rows)


async def _measure(name: str, url: str, residents: int) -> list[Sequence[str]]:
    clock = MovableClock(NOW)
    database = Database(url, Keyring.parse(KEYS), clock)
    await _fill(database, residents)
    planner = Planner(database)
    rows: list[Sequence[str]] = []

    async def step(what: str, work: Callable[[], Awaitable[object]]) -> None:
        began = time.perf_counter()
        await work()
        took = (time.perf_counter() - began) * 1000
        async with database.reading() as session:
            messages = await session.scalar(select(func.count()).select_from(table(OutboxMessage)))
        rows.append((name, what, milliseconds(took), f"{messages:,}"))

    await step("bare SQL: overdue, due and coming by village", lambda: _bare(database))
    await step("first planning: alerts and messages of everything", planner.run)
    await step("a tick with nothing new", planner.run)
    clock.move(plannings.EVERY)
    await step("planning everything again, nothing changed", planner.run)
    clock.move(timedelta(days=1))
    await step(
        f"the next morning: {residents * 5 // 2 // _QUARTER:,} enrolments reckoned anew, all planned", planner.run
    )
    await step("bare SQL again", lambda: _bare(database))
    await database.close()
    return rows


async def _bare(database: Database) -> None:
    e = table(Enrolment).c
    state = case((e.next_closes_on < TODAY, "overdue"), (e.next_due_on <= TODAY, "due"), else_="coming")
    statement = select(e.village_id, state, func.count()).where(e.state == EnrolmentState.ACTIVE)
    async with database.reading() as session:
        await session.rows(statement.group_by(e.village_id, state))


async def _fill(database: Database, residents: int) -> None:
    villages = await _places(database)
    await _insert(database, Resident, (_resident(number, villages) for number in range(residents)))
    async with database.reading() as session:
        statement = select(Resident.id, Resident.township_id, Resident.village_id).order_by(Resident.id)
        people = [tuple(row) for row in await session.rows(statement)]
    enrolments = list(_enrolments(people))
    await _insert(database, Enrolment, iter(enrolments))
    await _insert(database, Visit, (_visit(row) for row in enrolments))
    async with database.transaction() as session:
        if session.is_postgres:
            for model in (Resident, Enrolment, Visit):
                await session.execute(_analyze(model.__tablename__))


def _analyze(name: str) -> Any:
    from sqlalchemy import text

    return text(f"ANALYZE {name}")


async def _places(database: Database) -> list[tuple[int, int]]:
    found = []
    async with database.transaction() as session:
        for number in range(TOWNSHIPS):
            code = f"4117{number:02}100"
            township = await places.add(session, code, PlaceKind.TOWNSHIP, f"镇{number}", checkup_dom=1 + number)
            accounts = iter(range(100_000 + 100 * number, 100_100 + 100 * number))
            for role in (Role.CLINIC, Role.DEPUTY, Role.LEADER, Role.ADMIN):
                account = next(accounts)
                await staff.add(session, account, account, role, township)
            for village_number in range(VILLAGES):
                village = await places.add(
                    session, f"{code}{201 + village_number}", PlaceKind.VILLAGE, f"村{village_number}", parent=township
                )
                account = next(accounts)
                await staff.add(session, account, account, Role.MANAGER, village)
                found.append((township.id, village.id))
    return found


def _resident(number: int, villages: Sequence[tuple[int, int]]) -> Row:
    township_id, village_id = villages[number % len(villages)]
    return {
        "id": new_id(),
        "township_id": township_id,
        "village_id": village_id,
        "name_sealed": b"x" * 40,
        "name_hash": number.to_bytes(32, "big"),
        "sex": Sex.FEMALE,
        "birth_date": date(1950 + number % 30, 1 + number % 12, 1),
        "created_at": NOW,
        "updated_at": NOW,
    }


def _enrolments(people: Sequence[tuple[Any, ...]]) -> Iterator[Row]:
    """Yield two or three enrolments for each person: seen last within a quarter and a bit, so that some are overdue."""
    for number, (resident_id, township_id, village_id) in enumerate(people):
        for which in range(2 + number % 2):
            age = (number * 7 + which * 31) % (_QUARTER + 24)
            last = TODAY - timedelta(days=age)
            due = last + timedelta(days=_QUARTER - 14)
            yield {
                "id": new_id(),
                "resident_id": resident_id,
                "township_id": township_id,
                "village_id": village_id,
                "programme": _PROGRAMMES[which],
                "programme_version": 1,
                "state": EnrolmentState.ACTIVE,
                "enrolled_on": TODAY - timedelta(days=400),
                "next_item": "quarterly",
                "next_due_on": due,
                "next_target_on": due + timedelta(days=14),
                "next_closes_on": due + timedelta(days=28),
                "refresh_on": TODAY + timedelta(days=1 + (number + which) % _QUARTER),
                "last_visit_on": last,
                "created_at": NOW,
                "updated_at": NOW,
            }


def _visit(enrolment: Row) -> Row:
    row = new_id()
    return {
        "id": row,
        "resident_id": enrolment["resident_id"],
        "enrolment_id": enrolment["id"],
        "township_id": enrolment["township_id"],
        "village_id": enrolment["village_id"],
        "programme": enrolment["programme"],
        "visited_on": enrolment["last_visit_on"],
        "outcome": Outcome.ATTENDED,
        "entered_at": NOW,
    }


async def _insert(database: Database, model: type[Any], rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, _BATCH)):
        async with database.transaction() as session:
            await session.execute(insert(table(model)), batch)
