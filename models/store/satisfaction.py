"""Asking residents how a visit was: whom to ask is known by a mark on the account, an answer by nothing."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from sqlalchemy import false, func, insert, select, update

from models.rules import satisfaction as rules
from models.rules.access import Actor, Permission
from models.rules.outcomes import Outcome
from models.rules.satisfaction import Satisfaction
from models.store import own, scope
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict
from models.tables.accounts import ResidentAccount
from models.tables.checkups import Attendance
from models.tables.satisfaction import SatisfactionAnswer, SatisfactionAsked
from models.tables.staff import Staff
from models.tables.visits import Visit

_ID_BITS = 62


@whole
async def ask(session: StoreSession, actor: Actor, today: date) -> bool:
    """Return whether the actor is to be asked now, and note that they were. Twice on end counts them once.

    Only those are asked who want to hear from the bot and were seen in the last days, at most once a quarter.

    Raises:
        AccessDenied: the actor is no resident.
    """
    scope.require(actor, Permission.OWN_READ)
    account = await _account(session, actor)
    if account is None or account.reminders_since is None:
        return False
    if account.may_rate and account.asked_on is not None and rules.is_open(account.asked_on, today):
        return True
    if not rules.may_be_asked(account.asked_on, today) or not await _was_seen(session, account.resident_id, today):
        return False
    if not await own.is_reminded(session, actor):
        return False
    mine = update(ResidentAccount).where(ResidentAccount.id == account.id)
    await session.execute(mine.values(asked_on=today, may_rate=True))
    await _count(session, actor, today.replace(day=1))
    return True


@whole
async def rate(session: StoreSession, actor: Actor, answer: Satisfaction | None, today: date) -> None:
    """Store an answer without whose it is; `None`: the actor would rather not say, and nothing is stored.

    Raises:
        AccessDenied: the actor is no resident.
        Conflict: `rated`: answered before, or not asked.
    """
    scope.require(actor, Permission.OWN_READ)
    asked = (ResidentAccount.staff_id == actor.staff_id, ResidentAccount.may_rate.is_not(false()))
    if await session.changed(update(ResidentAccount).where(*asked).values(may_rate=False)) != 1:
        raise Conflict("rated")
    if answer is None:
        return
    values = {"township_id": actor.township_id, "village_id": await _village(session, actor), "answer": answer}
    row: dict[str, Any] = {"id": secrets.randbits(_ID_BITS), "month": today.replace(day=1), **values}
    await session.execute(insert(SatisfactionAnswer), row)


async def _account(session: StoreSession, actor: Actor) -> AnyRow | None:
    return await session.row(select(ResidentAccount.__table__).where(ResidentAccount.staff_id == actor.staff_id))


async def _was_seen(session: StoreSession, resident_id: int, today: date) -> bool:
    for model, day in ((Visit, Visit.visited_on), (Attendance, Attendance.held_on)):
        here = (model.resident_id == resident_id, model.voided_at.is_(None), model.outcome == Outcome.ATTENDED)
        seen = select(model.id).where(*here, day.between(today - rules.WITHIN, today))
        if await session.row(seen.limit(1)) is not None:
            return True
    return False


async def _count(session: StoreSession, actor: Actor, month: date) -> None:
    key = {"township_id": actor.township_id, "month": month}
    await session.execute(session.insert_or_ignore(SatisfactionAsked, list(key)), {**key, "asked": 0})
    here = (SatisfactionAsked.township_id == actor.township_id, SatisfactionAsked.month == month)
    await session.execute(update(SatisfactionAsked).where(*here).values(asked=SatisfactionAsked.asked + 1))


async def _village(session: StoreSession, actor: Actor) -> int | None:
    """Return the actor's village, if enough others there could have given the answer."""
    place = await own.village(session, actor)
    if place is None:
        return None
    others = select(func.count()).select_from(ResidentAccount).join(Staff, Staff.id == ResidentAccount.staff_id)
    here = (Staff.village_id == place.id, Staff.active, ResidentAccount.reminders_since.is_not(None))
    return place.id if int(await session.scalar(others.where(*here))) >= rules.FEWEST_ACCOUNTS else None
