"""How long the leader waits for /status: a township of 40 villages, 60,000 residents, a million visits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update

from handlers.figure_words import Head
from handlers.picture_words import Words
from models.files.aside import pack
from models.files.charts import LOADS, Chart
from models.files.easel import Easel
from models.rules import periods
from models.rules.access import Actor
from models.rules.clock import CHINA, MovableClock
from models.rules.indicators.codes import IndicatorCode
from models.store import places
from models.store.database import Database, StoreSession
from models.store.indicators import counting, figures
from models.store.indicators.counting import READINGS, Reading
from models.store.keyring import Keyring
from models.tables.base import table
from models.tables.enrolments import Enrolment
from models.tables.tallies import Tally
from models.tables.visits import Visit
from tests.benchmarks.databases import KEYS, postgres, sqlite
from tests.benchmarks.filling import without_triggers
from tests.benchmarks.tables import milliseconds
from tests.benchmarks.tables import table as print_table
from tests.benchmarks.township import NOW, RESIDENTS, TODAY, VILLAGES, VISITS, Row, fill, record

_RUNS, _MANY = 5, 100
_LOOKED_FOR = 2.0
"""Seconds for which the figures are looked at before their picture is asked for, at least."""
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
    leader, enrolments = await fill(database, url, residents)
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
    ]
    steps += [(f"  counted anew: {', '.join(each.codes)}", _counts(each, leader, month), None) for each in READINGS]
    rows = []
    for what, step, before in steps:
        rows.append((name, what, milliseconds(await _median(database, step, before))))
    for what, wait in (("picture, asked for below the figures", _LOOKED_FOR), ("picture, asked for much later", 0.0)):
        rows.append((name, f"{what}: figures and drawing", milliseconds(await _pictures(database, leader, wait))))
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
        **record(enrolment, 0),
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


async def _pictures(database: Database, leader: Actor, looked_for: float) -> float:
    """Return how long a picture takes from the tap to the file, in milliseconds, as the bot makes it."""
    took = []
    for _ in range(_RUNS):
        easel = Easel(LOADS)
        if looked_for:
            easel.warm()
            await asyncio.sleep(looked_for)
        began = time.perf_counter()
        easel.warm()
        async with database.transaction() as session:
            sheet = await _chart(session, leader)
        await easel.draw(pack(sheet))
        took.append((time.perf_counter() - began) * 1000)
        await easel.close()
    return sorted(took)[_RUNS // 2]


async def _chart(session: StoreSession, leader: Actor) -> Chart:
    """Return this month's picture as `handlers.pictures` does."""
    month = periods.month_of(TODAY)
    trends = await figures.trends(session, leader, figures.HEADLINES, month, TODAY)
    head = Head("大镇", month, NOW.astimezone(CHINA))
    return Words(head, leader.language).township(trends, trends[IndicatorCode.OVERDUE].now)


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
