"""The lock on a record that was entered long ago. Private to the store."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, update

from models.rules import locking
from models.rules.access import Actor, Permission
from models.rules.clock import local_day
from models.store import scope
from models.store.audit import Detail
from models.store.database import StoreSession
from models.store.errors import Conflict
from models.tables.grants import CorrectionGrant, GrantState
from models.tables.visits import RecordKind


def is_locked(session: StoreSession, actor: Actor, entered_at: datetime) -> bool:
    """Return whether a record entered then is locked today."""
    return locking.is_locked(local_day(entered_at, ZoneInfo(actor.zone)), scope.today(session, actor))


def may_unlock(actor: Actor) -> bool:
    """Return whether the actor corrects locked records without asking."""
    return actor.may(Permission.CORRECTION_GRANT)


def usable(session: StoreSession, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a grant was given to the actor and can still be used."""
    given = (CorrectionGrant.state == GrantState.GRANTED) & (CorrectionGrant.until >= session.now())
    return given & (CorrectionGrant.asked_by == actor.staff_id)


async def unlock(
    session: StoreSession, actor: Actor, kind: RecordKind, record_id: int, entered_at: datetime
) -> dict[str, Detail]:
    """Let the correction of a record pass, using up the grant that it needs; part of every `correct`.

    Returns what the audit trail notes of it.

    Raises:
        Conflict: `locked`: entered too long ago, and the clinic has given no leave.
    """
    if not is_locked(session, actor, entered_at):
        return {}
    if may_unlock(actor):
        return {"locked": True}
    here = (CorrectionGrant.kind == kind) & (CorrectionGrant.record_id == record_id)
    grant_id = await session.scalar(select(CorrectionGrant.id).where(here, usable(session, actor)).limit(1))
    if grant_id is None:
        raise Conflict("locked")
    used = update(CorrectionGrant).where(CorrectionGrant.id == grant_id).values(state=GrantState.USED)
    await session.execute(used)
    return {"locked": True, "grant": str(grant_id)}
