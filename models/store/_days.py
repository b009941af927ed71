"""Check-up days as rows: made by the calendar's rule when they are first asked for. Private to the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.rules.calendar import CHECKUP_MONTHS, CheckupDate, checkup_day
from models.store import _facts, places
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.tables.base import new_id
from models.tables.checkups import CheckupDay


@dataclass(frozen=True, slots=True)
class DayLine:
    """A village's check-up day: the fixed day, and when it is held.

    Attributes:
        provisional: no holiday calendar was published for it yet.
    """

    id: int
    village_id: int
    nominal_on: date
    held_on: date
    provisional: bool


_DAYS = select(
    CheckupDay.id,
    CheckupDay.village_id,
    CheckupDay.nominal_on,
    CheckupDay.held_on,
    CheckupDay.provisional,
)


def last_day(day_of_month: int, on: date) -> CheckupDate:
    """Return the last check-up day that is held not after `on`."""
    year, month = on.year, on.month if on.month in CHECKUP_MONTHS else on.month - 1
    while True:
        found = checkup_day(day_of_month, year, month)
        if found.held_on <= on:
            return found
        month -= 2
        if month < 1:
            year, month = year - 1, 11


async def day_of(session: StoreSession, village_id: int, township_id: int, on: date) -> DayLine:
    """Return the row of the day that `on` belongs to; it is made when first asked for."""
    day = last_day(await dom_of(session, village_id, township_id), on)
    here = _DAYS.where(CheckupDay.village_id == village_id, CheckupDay.nominal_on == day.nominal)
    row = await session.row(here)
    if row is None:
        await _make_day(session, village_id, township_id, day)
        row = await session.row(here)
    return _line(row)


async def get(session: StoreSession, day_id: int) -> DayLine:
    """Return a day by its id; whoever asks holds a record of it."""
    return _line(await session.row(_DAYS.where(CheckupDay.id == day_id)))


async def dom_of(session: StoreSession, village_id: int, township_id: int) -> int:
    """Return the day of the month of a village's check-ups."""
    village = await places.get(session, village_id)
    township = await places.get(session, township_id)
    return village.checkup_dom or township.checkup_dom or _facts.DEFAULT_CHECKUP_DOM


async def _make_day(session: StoreSession, village_id: int, township_id: int, day: CheckupDate) -> None:
    values = {
        "id": new_id(),
        "township_id": township_id,
        "village_id": village_id,
        "nominal_on": day.nominal,
        "held_on": day.held_on,
        "provisional": day.provisional,
    }
    statement = session.insert_or_ignore(CheckupDay, ["village_id", "nominal_on"])
    await session.execute(statement, values)


def _line(row: AnyRow | None) -> DayLine:
    if row is None:
        raise NotFound
    return DayLine(row.id, row.village_id, row.nominal_on, row.held_on, row.provisional)
