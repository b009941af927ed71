"""The rungs of an alert: reckoned by `rules`, kept in its columns. Private to the store."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from models.rules.access import Role
from models.rules.alerts import Reached, reckon, reckon_again
from models.rules.escalation import Hold, Ladder
from models.store._alerts import RUNGS
from models.store.database import StoreSession
from models.tables.alerts import Alert, AlertHold

_COLUMNS = tuple(RUNGS.values())


async def again(session: StoreSession, alert_id: int, today: date, steps: Ladder) -> bool:
    """Reckon one alert's climb from what was done about it by now; returns whether that changed anything."""
    row = await session.row(select(Alert.since, *_COLUMNS).where(Alert.id == alert_id))
    if row is None:
        return False
    before = reached(row)
    after = reckon_again(before, reckon(row.since, steps, await holds(session, alert_id)), today)
    if before != after:
        await session.execute(update(Alert).where(Alert.id == alert_id).values(**columns(after)))
    return before != after


def reached(row: Any) -> dict[Role, date]:
    """Return the rungs of a row of alerts."""
    found = {role: getattr(row, column.key) for role, column in RUNGS.items()}
    return {role: on for role, on in found.items() if on is not None}


async def holds(session: StoreSession, alert_id: int) -> list[Hold]:
    """Return what was done about an alert and not taken back, in order."""
    mine = (AlertHold.alert_id == alert_id, AlertHold.voided_at.is_(None))
    statement = select(AlertHold.kind, AlertHold.on, AlertHold.until, AlertHold.entered_by).where(*mine)
    rows = await session.rows(statement.order_by(AlertHold.entered_at, AlertHold.id))
    return [Hold(row.kind, row.on, row.until, row.entered_by is not None) for row in rows]


def columns(found: Reached) -> dict[str, date | None]:
    """Return rungs as values of columns."""
    return {column.key: found.get(role) for role, column in RUNGS.items()}
