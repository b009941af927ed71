"""Which reports come to somebody by themselves; ended with the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select, update

from models.rules.access import Actor, Permission
from models.rules.report_files import EXCLUDES, Occasion, ReportForm
from models.store import audit, plannings, scope
from models.store.database import StoreSession
from models.tables.base import new_id, table
from models.tables.report_files import ReportSubscription

_s = table(ReportSubscription).c


@dataclass(frozen=True, slots=True)
class Subscription:
    """A report that comes by itself.

    Attributes:
        since: nothing is sent for an occasion before it.
    """

    staff_id: int
    occasion: Occasion
    form: ReportForm
    since: datetime


async def of_township(session: StoreSession, township_id: int) -> list[Subscription]:
    """Return every subscription of a township, for the planner; whoever left is not among its posts."""
    rows = await session.rows(_select().where(_s.township_id == township_id).order_by(_s.staff_id, _s.id))
    return [Subscription(row.staff_id, row.occasion, row.form, row.created_at) for row in rows]


async def mine(session: StoreSession, actor: Actor) -> dict[Occasion, ReportForm]:
    """Return what comes to the actor by itself, and in which form.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    rows = await session.rows(_select().where(_s.staff_id == actor.staff_id))
    return {row.occasion: row.form for row in rows}


async def begin(session: StoreSession, actor: Actor, occasion: Occasion, form: ReportForm) -> None:
    """Let a report come to the actor by itself from now on, in this form and no other.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    await session.lock(actor.staff_id)
    if occasion in EXCLUDES:
        await _delete(session, actor, EXCLUDES[occasion])
    own = update(table(ReportSubscription)).where(_s.staff_id == actor.staff_id, _s.occasion == occasion)
    if not await session.changed(own.values(form=form)):
        values = {
            "id": new_id(),
            "township_id": actor.township_id,
            "staff_id": actor.staff_id,
            "occasion": occasion,
            "form": form,
            "created_at": session.now(),
        }
        await session.execute(insert(ReportSubscription), values)
    details = {"occasion": occasion.value, "form": form.value}
    await audit.write(session, actor, "report:subscribe", "staff", actor.staff_id, details)
    await plannings.touch(session, actor.township_id)


async def end(session: StoreSession, actor: Actor, occasion: Occasion | None = None) -> int:
    """Let a report, or all of them, come no more; what is planned is withdrawn. Returns how many came until now.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    ended = await _delete(session, actor, occasion)
    if ended:
        await audit.write(session, actor, "report:unsubscribe", "staff", actor.staff_id, {"count": ended})
        await plannings.touch(session, actor.township_id)
    return ended


async def forget(session: StoreSession, staff_id: int) -> None:
    """Forget what came to somebody whose account ends."""
    await session.execute(delete(table(ReportSubscription)).where(_s.staff_id == staff_id))


async def _delete(session: StoreSession, actor: Actor, occasion: Occasion | None) -> int:
    of = (_s.staff_id == actor.staff_id, *(() if occasion is None else (_s.occasion == occasion,)))
    return await session.changed(delete(table(ReportSubscription)).where(*of))


def _select() -> Select[*tuple[Any, ...]]:
    return select(_s.staff_id, _s.occasion, _s.form, _s.created_at)
