"""A township's births by year: entered from the county's statistics, pooled, shown without small numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, select, update

from models.rules import birth_totals as rules
from models.rules.access import Actor, Permission
from models.rules.birth_totals import Meaning, YearTotal
from models.rules.intervals import SexRatio
from models.store import audit, scope
from models.store._records import UNDO_WITHIN
from models.store.database import StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.tables.base import new_id
from models.tables.birth_totals import BirthTotal


@dataclass(frozen=True, slots=True)
class Births:
    """What may be shown of a township's births.

    Attributes:
        first, last: the years that are told, or where none is, those that were entered; `None`: none was.
        years: the years that are told, the last one first; `hidden`: how many others there are.
        ratio: of those that are told; `None`: there is none.
        meaning: what the ratio tells.
    """

    first: int | None
    last: int | None
    years: tuple[YearTotal, ...]
    hidden: int
    ratio: SexRatio | None
    meaning: Meaning | None


@whole
async def enter(session: StoreSession, actor: Actor, total: YearTotal, draft_id: int | None = None) -> int:
    """Store a year's totals in place of those entered before, and return the entry; the same draft saved twice does
    no more than once.

    Raises:
        AccessDenied: the role enters none.
        Refused: `birth_totals`: a year that isn't over or is long past, or numbers that can't be.
    """
    scope.require(actor, Permission.BIRTH_ENTER)
    is_likely = all(0 <= number <= rules.LARGEST for number in (total.boys, total.girls))
    if total.year not in rules.years(scope.today(session, actor)) or not is_likely:
        raise Refused("birth_totals")
    done = await session.scalar(select(BirthTotal.id).where(BirthTotal.draft_id == draft_id)) if draft_id else None
    if done is not None:
        return int(done)
    entry_id = new_id()
    numbers = {"year": total.year, "boys": total.boys, "girls": total.girls, "draft_id": draft_id}
    who = {"township_id": actor.township_id, "entered_by": actor.staff_id, "entered_at": session.now()}
    await session.execute(insert(BirthTotal), {"id": entry_id, **numbers, **who})
    await audit.write(session, actor, "birth:enter", "birth_total", entry_id, {"year": total.year})
    return entry_id


@whole
async def undo(session: StoreSession, actor: Actor, entry_id: int) -> None:
    """Take an entry back within ten minutes, by the one who made it. Twice does no more than once.

    Raises:
        AccessDenied: the role enters none.
        NotFound: there is none of that number.
        Conflict: `not_yours`, `too_late`.
    """
    scope.require(actor, Permission.BIRTH_ENTER)
    here = (BirthTotal.id == entry_id, BirthTotal.township_id == actor.township_id)
    row = await session.row(select(BirthTotal.__table__).where(*here))
    if row is None:
        raise NotFound
    if row.voided_at is not None:
        return
    if row.entered_by != actor.staff_id:
        raise Conflict("not_yours")
    if session.now() - row.entered_at > UNDO_WITHIN:
        raise Conflict("too_late")
    await session.execute(update(BirthTotal).where(*here).values(voided_at=session.now()))
    await audit.write(session, actor, "birth:undo", "birth_total", entry_id)


async def get(session: StoreSession, actor: Actor) -> Births:
    """Return what may be shown of the township's births.

    Raises:
        AccessDenied: the role reads none.
    """
    scope.require(actor, Permission.BIRTH_READ)
    standing = {row.year: YearTotal(row.year, row.boys, row.girls) for row in await session.rows(_standing(actor))}
    totals = rules.pooled(standing.values())
    told = rules.told(totals)
    ratio, span = rules.ratio(told), told or totals
    await audit.write(session, actor, "count:read", "birth_total", None, {"count": len(totals)})
    return Births(
        span[-1].year if span else None,
        span[0].year if span else None,
        told,
        len(totals) - len(told),
        ratio,
        rules.meaning(ratio) if ratio is not None else None,
    )


def _standing(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return what stands, in the order in which it was entered, so that the last of a year holds."""
    here = (BirthTotal.township_id == actor.township_id, BirthTotal.voided_at.is_(None))
    return select(BirthTotal.__table__).where(*here).order_by(BirthTotal.entered_at, BirthTotal.id)
