"""Counts that are kept: what a question reads instead of the records, as long as nothing has changed.

Triggers note which villages, and which days, a change concerns (`touches`). Whoever asks while there are such notes
takes them away, forgets what they concern, counts that anew and keeps it; all in one transaction, and only one of these
at a time in a township. The notes are read before the records are: what changes in between leaves a note of its own,
which stays for the next. What hangs on the day is kept with the day, and counted again when another has come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, func, insert, select

from models.rules import periods
from models.rules.access import Actor, Role
from models.rules.clock import local_day
from models.rules.disclosure import Counts
from models.rules.indicators import reporting
from models.rules.indicators.base import Nature
from models.rules.periods import Period, PeriodKind, month_of
from models.rules.stages import last_overdue_report
from models.store import catalogues, refresh
from models.store.database import StoreSession
from models.store.indicators import checkups, counting
from models.store.indicators._basis import basis
from models.store.indicators.counting import READINGS, TABLES, Counted, Reading
from models.tables.base import table
from models.tables.tallies import Lot, Tally, Touch

_t = table(Tally).c
_LOCK = 7_305_002
"""With a township's id, names the lock of whoever counts anew there."""
_TRIES, _PAUSE_S = 50, 0.02
"""So often, and so far apart, the lock is tried; then the counts are made for the one question alone."""
_DAY = timedelta(days=1)
_BY_COLUMNS = frozenset({Lot.WAITING, Lot.FOLLOWUP})
"""What is counted from columns that have to be brought up to the day."""
_READERS = (Role.LEADER, Role.CLINIC)
"""Whose counts are made beforehand; those of managers are the leader's."""
_FOR_GOOD = frozenset({Lot.DONE, Lot.CHOICE, Lot.BIRTH, Lot.BENEFIT})
"""What the passing of days does not change."""
_Cells = dict[tuple[str, int, date], Counts]
"""By table, village and first day of the month."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked for.

    Attributes:
        villages: ids of those within the actor's reach that are asked about.
        readings: what has to be read, and the months of each, in order.
    """

    actor: Actor
    villages: Sequence[int]
    readings: Mapping[Reading, Sequence[Period]]
    today: date
    now: datetime

    def as_of(self, reading: Reading, code: str) -> date:
        """Return the day as of which a table's counts would be made now."""
        if reading.lot in _FOR_GOOD:
            return date.max
        if code == reporting.TABLE.code:
            return last_overdue_report(self.now, ZoneInfo(self.actor.zone))
        return self.today - _DAY if reading.lot is Lot.FOLLOWUP else self.today


@dataclass(frozen=True, slots=True)
class _Gap:
    """What is to be counted: months, one after the other, of some villages."""

    reading: Reading
    villages: Sequence[int]
    months: Sequence[Period]


@dataclass(frozen=True, slots=True)
class Piece:
    """Villages and months that can be counted by themselves: a month of many, or as many months as are asked of one."""

    villages: Sequence[int]
    months: Sequence[Period]


async def counts(
    session: StoreSession,
    actor: Actor,
    codes: Collection[str],
    villages: Sequence[int],
    months: Sequence[Period],
    today: date,
) -> dict[str, Counted]:
    """Return the counts of tables by village and month; of what is no flow, of the last month only."""
    found: dict[str, Counted] = {}
    asked = [each for each in READINGS if not set(codes).isdisjoint(each.codes)]
    for reading in asked:
        if reading.lot is None:
            found |= await counting.count(session, actor, reading, villages, months, today)
    kept = {each: _kept_months(each, months, today) for each in asked if each.lot is not None}
    if not kept:
        return found
    cells = await _cells(session, _Question(actor, villages, kept, today, session.now()))
    for reading, dated in kept.items():
        told = dated if TABLES[reading.codes[0]].nature is Nature.FLOW else months[-1:]
        for code in reading.codes:
            found[code] = {
                (village, shown): cells[code, village, month.first]
                for month, shown in zip(dated, told, strict=True)
                for village in villages
            }
    return found


async def _cells(session: StoreSession, question: _Question) -> _Cells:
    """Return the counts of a question: those that are kept, and hold; the others are counted."""
    if any(each.lot in _BY_COLUMNS for each in question.readings):
        await refresh.within(session, question.actor, question.today)
    cells = {} if await _is_touched(session, question.actor.township_id) else await _read(session, question)
    return await _renewed(session, question) if any(_gaps(question, cells)) else cells


async def forget(session: StoreSession, township_id: int) -> None:
    """Forget what has changed since it was counted, unless somebody else is at it."""
    if await _is_touched(session, township_id) and await _is_alone(session, township_id):
        await _forget(session, township_id)


async def lacking(
    session: StoreSession,
    actor: Actor,
    codes: Collection[str],
    villages: Sequence[int],
    months: Sequence[Period],
    today: date,
) -> list[Piece]:
    """Return what `counts` would have to count anew, in pieces that are quickly counted: months follow each other."""
    asked = [each for each in READINGS if each.lot is not None and not set(codes).isdisjoint(each.codes)]
    kept = {each: _kept_months(each, months, today) for each in asked}
    question = _Question(actor, villages, kept, today, session.now())
    gaps = list(_gaps(question, await _read(session, question)))
    of_months = [gap for gap in gaps if TABLES[gap.reading.codes[0]].nature is Nature.FLOW]
    lacks = {month: {one for gap in of_months if month in gap.months for one in gap.villages} for month in months}
    others = dict.fromkeys(one for gap in gaps if gap not in of_months for one in gap.villages)
    return [
        *(Piece(sorted(some), (month,)) for month, some in lacks.items() if some),
        *(Piece((one,), months) for one in others),
    ]


async def touched(session: StoreSession) -> dict[int, set[int | None]]:
    """Return the villages in which something has changed since it was counted, by township; `None` is all of them."""
    found: dict[int, set[int | None]] = {}
    for row in await session.rows(select(Touch.township_id, Touch.village_id).distinct()):
        found.setdefault(row.township_id, set()).add(row.village_id)
    return found


def stamp(now: datetime, zone: str) -> tuple[date, date]:
    """Return what the counts of the present month hang on: they are others as soon as this is."""
    there = ZoneInfo(zone)
    return local_day(now, there), last_overdue_report(now, there)


async def renew(session: StoreSession, township_id: int, village_id: int, zone: str) -> None:
    """Count what is not kept of what is asked most: this month, this year, and what both are compared with.

    For the scheduler, so that the first who asks in the morning need not wait.
    """
    today, _ = stamp(session.now(), zone)
    catalogue = await catalogues.of(session, township_id)
    year = periods.to_date(today)
    months = (*periods.of(PeriodKind.YEAR, year.before.first).months, *year.months)
    stocks = [code for code, one in TABLES.items() if one.nature is Nature.STOCK]
    kept = [code for reading in READINGS if reading.lot is not None for code in reading.codes]
    for role in _READERS:
        actor = Actor(0, role, township_id, village_id, zone=zone, catalogue=catalogue)
        await counts(session, actor, kept, [village_id], months, today)
        for end in (months[-2], year.before.months[-1]):
            await counts(session, actor, stocks, [village_id], [end], today)


async def prune(session: StoreSession, before: datetime) -> int:
    """Delete the counts that were made before a moment; returns how many. Those that are asked for are made anew."""
    return await session.changed(delete(table(Tally)).where(_t.counted_at < before))


def _kept_months(reading: Reading, months: Sequence[Period], today: date) -> Sequence[Period]:
    """Return the months of which counts are kept: how things stand now belongs to the present one."""
    match TABLES[reading.codes[0]].nature:
        case Nature.FLOW:
            return months
        case Nature.STOCK:
            return months[-1:]
        case _:
            return [month_of(today)]


async def _is_touched(session: StoreSession, township_id: int) -> bool:
    return bool(await session.scalar(select(exists().where(Touch.township_id == township_id))))


async def _read(session: StoreSession, question: _Question) -> _Cells:
    """Return the counts that are kept, and hold."""
    readings = {code: reading for reading in question.readings for code in reading.codes}
    bases = {code: basis(question.actor, reading.lot) for code, reading in readings.items() if reading.lot is not None}
    last = {month.first: month.last for months in question.readings.values() for month in months}
    as_of = {code: question.as_of(reading, code) for code, reading in readings.items()}
    statement = select(_t.code, _t.village_id, _t.month, _t.counts, _t.counted_on, _t.basis).where(
        _t.township_id == question.actor.township_id,
        _t.code.in_(readings),
        _t.month.in_(last),
        _t.village_id.in_(question.villages),
        _t.basis.in_(set(bases.values())),
    )
    rows: Sequence[Any] = await session.rows(statement)
    return {
        (code, village, month): tuple(map(int, counts.split(",")))
        for code, village, month, counts, counted_on, name in rows
        if name == bases[code] and _holds(counted_on, as_of[code], last[month])
    }


def _holds(counted_on: date, as_of: date, last: date) -> bool:
    """Return whether a month's counts as of a day are the same as of another: from its last day on, for good."""
    return counted_on == as_of or min(counted_on, as_of) >= last


def _gaps(question: _Question, cells: _Cells) -> Iterator[_Gap]:
    """Yield what is missing; villages that lack the same months together."""
    for reading, months in question.readings.items():
        spans: dict[tuple[int, int], list[int]] = {}
        for village in question.villages:
            lacking = [
                number
                for number, month in enumerate(months)
                if any((code, village, month.first) not in cells for code in reading.codes)
            ]
            if lacking:
                spans.setdefault((lacking[0], lacking[-1] + 1), []).append(village)
        for (first, end), villages in spans.items():
            yield _Gap(reading, villages, months[first:end])


async def _renewed(session: StoreSession, question: _Question) -> _Cells:
    """Return what is asked for, counting what is not kept, or does not hold any more."""
    for reading, months in question.readings.items():
        if reading.lot is Lot.ROUND:
            await checkups.make_days(session, question.actor, question.villages, months, question.today)
    is_kept = await _is_alone(session, question.actor.township_id)
    cells: _Cells = {}
    if is_kept:
        await _forget(session, question.actor.township_id)
        cells = await _read(session, question)
    for gap in list(_gaps(question, cells)):
        counted = await counting.count(session, question.actor, gap.reading, gap.villages, gap.months, question.today)
        fresh = {(code, village, month.first): n for code, of in counted.items() for (village, month), n in of.items()}
        cells |= fresh
        if is_kept and gap.reading.lot is not None:
            await _keep(session, question, gap, fresh)
    return cells


async def _is_alone(session: StoreSession, township_id: int) -> bool:
    """Return whether nobody else counts a township anew: nobody does until this transaction ends.

    It is tried, not waited for: whoever has locked something else could be waited for by the one who counts.
    """
    if not session.is_postgres:
        return True
    statement = select(func.pg_try_advisory_xact_lock(township_id ^ _LOCK))
    for _ in range(_TRIES):
        if await session.scalar(statement):
            return True
        await asyncio.sleep(_PAUSE_S)
    return False


async def _forget(session: StoreSession, township_id: int) -> None:
    """Take the notes of changes away, with the counts that they concern."""
    taken = delete(table(Touch)).where(Touch.township_id == township_id)
    rows = (await session.execute(taken.returning(Touch.village_id, Touch.lot, Touch.since, Touch.until))).all()
    concerned: dict[tuple[Lot, date | None, date | None], set[int | None]] = {}
    for row in rows:
        days = (day and day.replace(day=1) for day in (row.since, row.until))
        concerned.setdefault((row.lot, *days), set()).add(row.village_id)
    for (lot, first, last), villages in concerned.items():
        gone = delete(table(Tally)).where(_t.township_id == township_id, _t.code.in_(_codes(lot)))
        gone = gone if None in villages else gone.where(_t.village_id.in_(villages))
        gone = gone if first is None else gone.where(_t.month >= first)
        gone = gone if last is None else gone.where(_t.month <= last)
        await session.execute(gone)


def _codes(lot: Lot) -> list[str]:
    return [code for reading in READINGS if reading.lot is lot for code in reading.codes]


async def _keep(session: StoreSession, question: _Question, gap: _Gap, cells: _Cells) -> None:
    assert gap.reading.lot is not None  # noqa: S101 - the caller has looked
    name = basis(question.actor, gap.reading.lot)
    old = delete(table(Tally)).where(
        _t.village_id.in_(gap.villages),
        _t.code.in_(gap.reading.codes),
        _t.month.in_([month.first for month in gap.months]),
        _t.basis == name,
    )
    await session.execute(old)
    rows: list[dict[str, Any]] = [
        {
            "township_id": question.actor.township_id,
            "village_id": village,
            "code": code,
            "month": month,
            "basis": name,
            "counts": ",".join(map(str, found)),
            "counted_on": question.as_of(gap.reading, code),
            "counted_at": question.now,
        }
        for (code, village, month), found in cells.items()
    ]
    await session.execute(insert(table(Tally)), rows)
