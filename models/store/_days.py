"""Check-up days as rows: made by the calendar's rule when they are first asked for. Private to the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from models.rules.calendar import CheckupDate, Moves, last_checkup_day
from models.store import places
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.tables.base import new_id
from models.tables.checkups import CheckupDay, DayState

DEFAULT_CHECKUP_DOM = 10
"""Day of the month of check-ups where neither village nor township has set one (convention)."""


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


_VILLAGES: BindParameter[Any] = bindparam("villages", expanding=True)
_MOVES = select(CheckupDay.village_id, CheckupDay.nominal_on, CheckupDay.held_on, CheckupDay.state).where(
    CheckupDay.village_id.in_(_VILLAGES), CheckupDay.reason.is_not(None)
)


async def moves_of(session: StoreSession, village_ids: Iterable[int]) -> dict[int, Moves]:
    """Return the check-up days that an admin moved or cancelled, of each village that has some."""
    wanted = sorted(set(village_ids))
    found: dict[int, dict[date, date | None]] = {}
    for row in await session.rows(_MOVES, {"villages": wanted}) if wanted else ():
        held_on = None if row.state is DayState.CANCELLED else row.held_on
        found.setdefault(row.village_id, {})[row.nominal_on] = held_on
    return dict(found)


async def rule_of(session: StoreSession, village_id: int, township_id: int) -> tuple[int, Moves]:
    """Return the day of the month of a village's check-ups, and which of them were moved or cancelled."""
    moves = await moves_of(session, [village_id])
    return await dom_of(session, village_id, township_id), moves.get(village_id, {})


async def day_of(session: StoreSession, village_id: int, township_id: int, on: date) -> DayLine:
    """Return the row of the day that `on` belongs to; it is made when first asked for."""
    dom, moves = await rule_of(session, village_id, township_id)
    return await row_of(session, village_id, township_id, last_checkup_day(dom, on, moves))


async def row_of(session: StoreSession, village_id: int, township_id: int, day: CheckupDate) -> DayLine:
    """Return the row of a day; it is made when there is none yet."""
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
    return village.checkup_dom or township.checkup_dom or DEFAULT_CHECKUP_DOM


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
