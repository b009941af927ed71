"""Targets of a township: who set which when; never for what is each person's own to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import aliased

from models.rules import targets as rules
from models.rules.access import Actor, Permission, Role
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.rules.targets import Target
from models.store import audit, scope
from models.store._records import UNDO_WITHIN
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.tables.base import new_id
from models.tables.staff import Staff
from models.tables.targets import Target as Row

_by = aliased(Staff)


@dataclass(frozen=True, slots=True)
class SetTarget:
    """A target as it was set.

    Attributes:
        by: the role of who set it.
    """

    id: int
    target: Target
    by: Role
    set_at: datetime


async def history(session: StoreSession, actor: Actor, years: Sequence[int]) -> list[SetTarget]:
    """Return everything that was set for some years, the first first.

    Raises:
        AccessDenied: the role reads no targets.
    """
    scope.require(actor, Permission.TARGET_READ)
    rows = await _rows(session, actor, years)
    return [_read(row) for row in rows if row.indicator in set(rules.SETTABLE)]


async def in_force(session: StoreSession, actor: Actor, period: Period, today: date) -> dict[IndicatorCode, int]:
    """Return the targets that figures of a period are measured by, in percent.

    Raises:
        AccessDenied: as in `history`.
    """
    found = await history(session, actor, [period.last.year])
    return rules.in_force([one.target for one in found], period, today)


@whole
async def set_for_year(
    session: StoreSession,
    actor: Actor,
    code: IndicatorCode,
    year: int,
    percent: int | None,
    today: date,
    draft_id: int | None = None,
) -> SetTarget:
    """Set a target for this year or the next, from today on; `None` takes it away. The same draft sets once.

    Raises:
        AccessDenied: the actor is neither deputy nor admin.
        Refused: `target_never`: on this none may be set; `target_year`: what is over can't be changed.
    """
    scope.require(actor, Permission.TARGET_SET)
    if not rules.may_be_set(code):
        raise Refused("target_never")
    if year not in (today.year, today.year + 1):
        raise Refused("target_year")
    await session.lock(actor.township_id)
    rows = await _rows(session, actor, [year])
    done = next((row for row in rows if draft_id is not None and row.draft_id == draft_id), None)
    last = next((row for row in reversed(rows) if row.indicator == code), None)
    if done is None and (last.percent if last is not None else None) == percent and last is not None:
        done = last
    if done is not None:
        return _read(done)
    return await _insert(session, actor, code, year, percent, today, draft_id)


@whole
async def undo(session: StoreSession, actor: Actor, target_id: int, today: date) -> SetTarget:
    """Put back, within ten minutes, what was there before the actor's last change. Twice does no more than once.

    Raises:
        AccessDenied: as in `set_for_year`.
        NotFound: there is no such change here.
        Conflict: `not_yours`, `too_late`, `changed_since`.
    """
    scope.require(actor, Permission.TARGET_SET)
    await session.lock(actor.township_id)
    mine = await session.row(_select().where(Row.id == target_id, Row.township_id == actor.township_id))
    if mine is None:
        raise NotFound
    rows = [row for row in await _rows(session, actor, [mine.year]) if row.indicator == mine.indicator]
    at = next(index for index, row in enumerate(rows) if row.id == target_id)
    before = rows[at - 1].percent if at else None
    if mine.set_by != actor.staff_id:
        raise Conflict("not_yours")
    if len(rows) == at + 2 and rows[-1].draft_id is None and rows[-1].percent == before:
        return _read(rows[-1])
    if rows[-1].id != target_id:
        raise Conflict("changed_since")
    if session.now() - mine.set_at > UNDO_WITHIN:
        raise Conflict("too_late")
    return await _insert(session, actor, IndicatorCode(mine.indicator), mine.year, before, today, None)


async def _insert(
    session: StoreSession,
    actor: Actor,
    code: IndicatorCode,
    year: int,
    percent: int | None,
    today: date,
    draft_id: int | None,
) -> SetTarget:
    target_id = new_id()
    values = {
        "id": target_id,
        "township_id": actor.township_id,
        "year": year,
        "indicator": code.value,
        "percent": percent,
        "set_on": today,
        "set_by": actor.staff_id,
        "set_at": session.now(),
        "draft_id": draft_id,
    }
    await session.execute(insert(Row), values)
    details: dict[str, Detail] = {"indicator": code.value, "year": year, "percent": percent}
    await audit.write(session, actor, "target:set", "target", target_id, details)
    return SetTarget(target_id, Target(code, year, percent, today), actor.role, session.now())


async def _rows(session: StoreSession, actor: Actor, years: Sequence[int]) -> Sequence[AnyRow]:
    here = (Row.township_id == actor.township_id, Row.year.in_(years))
    return await session.rows(_select().where(*here).order_by(Row.set_at, Row.id))


def _select() -> Any:
    return select(Row.__table__, _by.role.label("role")).join(_by, _by.id == Row.set_by)


def _read(row: AnyRow) -> SetTarget:
    target = Target(IndicatorCode(row.indicator), row.year, row.percent, row.set_on)
    return SetTarget(row.id, target, row.role, row.set_at)
