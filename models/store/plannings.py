"""Which townships have to be planned anew: something changed there, or it was some time ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select, update

from models.store.database import AnyRow, StoreSession
from models.tables.base import table
from models.tables.places import Place, PlaceKind
from models.tables.plannings import Planning

EVERY = timedelta(minutes=15)
"""So often a township is planned even if nothing said that it changed."""
_p, _l = table(Planning).c, table(Place).c


@dataclass(frozen=True, slots=True)
class Site:
    """A township to be planned.

    Attributes:
        zone: its IANA time zone.
        checkup_dom: day of the month of its villages' check-ups, where it has set one.
        revision: how far it has changed; for `done`.
    """

    township_id: int
    zone: str
    checkup_dom: int | None
    revision: int


async def touch(session: StoreSession, township_id: int) -> None:
    """Have a township planned anew at the next tick: for every change that a source of the planner goes by."""
    mine = update(table(Place)).where(_l.id == township_id)
    await session.execute(mine.values(plan_revision=_l.plan_revision + 1))


async def stale(session: StoreSession) -> list[Site]:
    """Return the townships that changed since they were planned, or were planned some time ago.

    A planning in the future was made before the clock was set back: it counts as long ago.
    """
    now = session.now()
    old = or_(_p.planned_at.is_(None), _p.planned_at <= now - EVERY, _p.planned_at > now)
    statement = _sites().where(or_(old, _p.revision != _l.plan_revision))
    return [_site(row) for row in await session.rows(statement.order_by(_l.id))]


async def sites(session: StoreSession) -> list[Site]:
    """Return every township."""
    return [_site(row) for row in await session.rows(_sites().order_by(_l.id))]


async def done(session: StoreSession, site: Site) -> None:
    """Note that a township is planned as it was when `site` was read."""
    values = {"township_id": site.township_id, "revision": site.revision, "planned_at": session.now()}
    await session.execute(session.insert_or_ignore(Planning, ["township_id"]), values)
    mine = update(table(Planning)).where(_p.township_id == site.township_id)
    await session.execute(mine.values(revision=site.revision, planned_at=session.now()))


def _sites() -> Select[*tuple[Any, ...]]:
    columns = (_l.id, _l.zone, _l.checkup_dom, _l.plan_revision)
    there = table(Place).outerjoin(table(Planning), _p.township_id == _l.id)
    return select(*columns).select_from(there).where(_l.kind == PlaceKind.TOWNSHIP)


def _site(row: AnyRow) -> Site:
    return Site(row.id, row.zone, row.checkup_dom, row.plan_revision)
