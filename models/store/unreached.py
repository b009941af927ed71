"""Who can't be reached: what was meant for them is told to the next person up the chain of responsibility."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.rules.access import Actor
from models.rules.clock import local_day
from models.rules.roles import NEXT_UP, Role
from models.store import outbox
from models.store.database import StoreSession
from models.store.sending import Claimed
from models.tables.places import Place
from models.tables.staff import Staff

UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Unreached:
    """A member of staff who gets no messages, by role and place."""

    role: Role
    place: str


async def tell_next(session: StoreSession, message: Claimed) -> bool:
    """Tell the next reachable role that `message` can't arrive; `False` when there is nobody to tell.

    Of one person, one kind of message is told of once a day.
    """
    day = local_day(session.now(), ZoneInfo(message.to.zone)).isoformat()
    subject, occurrence, kind = message.to.staff_id, f"{message.kind[:28]}:{day}", message.kind
    if message.kind == UNREACHED:  # it was about somebody below already
        subject, occurrence, kind = message.subject_id, message.occurrence, str(message.details["kind"])
    for role in NEXT_UP.get(message.to.role, ()):
        found = await outbox.reachable(session, message.to.township_id, role)
        others = [one for one in found if one.staff_id not in {message.to.staff_id, subject}]
        if others:
            await outbox.plan(session, others, UNREACHED, subject, occurrence, details={"kind": kind})
            return True
    return False


async def find(session: StoreSession, actor: Actor, staff_id: int) -> Unreached | None:
    """Return who in the actor's township gets no messages; `None` when the person does again, or has left."""
    statement = select(Staff.role, Place.name).join(Place, Place.id == Staff.place_id)
    here = (Staff.id == staff_id, Staff.township_id == actor.township_id, Staff.active)
    row = await session.row(statement.where(*here, Staff.unreachable_since.is_not(None)))
    return Unreached(row.role, row.name) if row is not None else None
