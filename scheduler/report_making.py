"""Reports made: counted lot by lot as their reader may see them, then drawn in a process of their own.

Nothing is kept: a report is made when it is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from zoneinfo import ZoneInfo

from models.files.aside import drawn
from models.files.report_content import Report
from models.files.report_pages import ReportPages
from models.files.report_sheets import ReportSheets
from models.rules.access import Actor, Permission
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.rules.report_files import FileForm
from models.store import decisions, places, refresh, scope
from models.store.database import Database
from models.store.indicators import figures, tallies
from models.store.indicators.figures import Trend
from scheduler.report_content import Found, codes, laid_out

SHORT_S = 0.2
"""So many seconds a transaction that counts may take, about: SQLite has one writer."""
_FEW = 50
"""Of so many enrolments at a time the columns are brought up to the day."""
Progress = Callable[[int, int], Awaitable[None]]
"""Told how many indicators of how many are counted."""


async def _silent(_done: int, _all: int) -> None:
    return


async def count(database: Database, actor: Actor, period: Period, progress: Progress = _silent) -> Report:
    """Return what a report says to its reader, counted in short transactions: others write in between.

    Raises:
        AccessDenied: the role reads no counts.
    """
    trends: dict[IndicatorCode, Trend] = {}
    every = codes()
    await _follow(database, actor)
    for lot in figures.lots(every):
        await progress(len(trends), len(every))
        await _warm(database, actor, lot, period)
        async with database.transaction() as session:
            trends |= await figures.trends(session, actor, lot, period, scope.today(session, actor))
    await progress(len(trends), len(every))
    return laid_out(actor, await _found(database, actor, period, trends))


async def _warm(database: Database, actor: Actor, lot: Collection[IndicatorCode], period: Period) -> None:
    """Count anew what has to be, as many pieces at a time as make a short transaction."""
    async with database.reading() as session:
        found = await figures.uncounted(session, actor, lot, period, scope.today(session, actor))
    for one in found:
        clock, left, many = asyncio.get_running_loop().time, one.pieces, 1
        while left:
            some, left = left[:many], left[many:]
            async with database.transaction() as session:
                began = clock()
                await figures.warm(session, actor, one.tables, some, scope.today(session, actor))
                took = clock() - began
            many = many * 2 if took < SHORT_S / 2 else max(1, many // 2) if took > SHORT_S else many


async def _follow(database: Database, actor: Actor) -> None:
    """Take in what has changed, and what changes by the passing of days: the planner has, as a rule."""
    more = 1
    while more:
        async with database.transaction() as session:
            more = await refresh.step(session, actor.township_id, scope.today(session, actor), _FEW)
    async with database.transaction() as session:
        await tallies.forget(session, actor.township_id)


async def make(report: Report, form: FileForm) -> bytes:
    """Return a report as a file.

    Raises:
        NotDrawn: the process that draws failed.
    """
    return await drawn(ReportPages(report) if form is FileForm.PDF else ReportSheets(report))


async def place_of(database: Database, actor: Actor) -> str:
    """Return what the reader's place is called: the village, or the township."""
    async with database.reading() as session:
        return (await places.get(session, actor.village_id or actor.township_id)).name


async def _found(database: Database, actor: Actor, period: Period, trends: dict[IndicatorCode, Trend]) -> Found:
    async with database.reading() as session:
        place = await places.get(session, actor.village_id or actor.township_id)
        at = session.now().astimezone(ZoneInfo(actor.zone))
        may = actor.may(Permission.MEETING_ATTEND)
        waiting = await decisions.count_open(session, actor, scope.today(session, actor)) if may else None
    return Found(place.name, period, trends, waiting, at)
