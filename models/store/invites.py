"""Invites: a code that enrols whoever enters it first. Only its keyed hash is kept.

After a change of the secret keys an open invite works as long as the key that made it is in the keyring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from models.rules.access import AccessDenied, Actor, Permission, Role
from models.store import audit, codes, lockout, places, staff
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Refused
from models.store.lockout import Locked
from models.store.places import PlaceRow
from models.tables.base import new_id
from models.tables.places import PlaceKind
from models.tables.staff import Invite

VALID_FOR = timedelta(days=7)
"""How long a code works unless said otherwise (convention)."""

_PURPOSE = "invite"
_WORKS_AT = {
    Role.MANAGER: PlaceKind.VILLAGE,
    Role.CLINIC: PlaceKind.TOWNSHIP,
    Role.DEPUTY: PlaceKind.TOWNSHIP,
    Role.LEADER: PlaceKind.TOWNSHIP,
    Role.ADMIN: PlaceKind.TOWNSHIP,
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A fresh invite; the code is shown this once and can't be read again."""

    code: str
    role: Role
    place: PlaceRow
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """A code that enrols nobody.

    Attributes:
        reason: `wrong`, `used`, `expired` or `locked`.
        locked_until: set when no further code is looked at before.
    """

    reason: str
    locked_until: datetime | None = None


@whole
async def create(
    session: StoreSession,
    actor: Actor | None,
    role: Role,
    place_code: str,
    *,
    valid_for: timedelta = VALID_FOR,
) -> Invitation:
    """Make an invite for `role` at a place: a village for a manager, else the township.

    Residents are not invited to a place: an account of their own is opened from their card.

    `actor` is an admin, who invites into the own township only; `None` is the command line on the host.

    Raises:
        AccessDenied: the actor may not invite, or not there.
        NotFound: there is no such place.
        Refused: `wrong_kind_of_place`, `resident_by_card`.
    """
    if role is Role.RESIDENT:
        raise Refused("resident_by_card")
    if actor is not None and not actor.may(Permission.STAFF_INVITE):
        raise AccessDenied(Permission.STAFF_INVITE)
    place = await places.by_code(session, place_code)
    if actor is not None and place.township_id != actor.township_id:
        raise AccessDenied(Permission.STAFF_INVITE)
    if place.kind != _WORKS_AT[role]:
        raise Refused("wrong_kind_of_place")
    code = codes.fresh()
    expires_at = session.now() + valid_for
    await _insert(session, actor, role, place, code, expires_at)
    return Invitation(code, role, place, expires_at)


async def accept(
    session: StoreSession, user_id: int, chat_id: int, code: str, *, name: str | None, language: str
) -> Actor | Rejected:
    """Enrol the owner of chat account `user_id` by a code, or say why not; wrong codes are counted.

    A person who is enrolled already changes to the invite's role and place. The count of wrong codes is part
    of the transaction, so a rejection is returned, not raised.
    """
    locked = await lockout.check(session, user_id)
    if locked is not None:
        return Rejected("locked", locked.until)
    invite = await _find(session, code)
    reason = _why_not(invite, session.now())
    if invite is None or reason is not None:
        after: Locked | None = await lockout.count(session, user_id)
        return Rejected(reason or "wrong", after.until if after else None)
    return await _enrol(session, invite, user_id, chat_id, name, language)


async def _insert(
    session: StoreSession, actor: Actor | None, role: Role, place: PlaceRow, code: str, until: datetime
) -> None:
    invite_id = new_id()
    values = {
        "id": invite_id,
        "code_hash": session.vault.keyring.sign(_PURPOSE, codes.normal(code)),
        "role": role,
        "place_id": place.id,
        "created_by": actor.staff_id if actor else None,
        "created_at": session.now(),
        "expires_at": until,
    }
    await session.execute(insert(Invite), values)
    details = {"role": role.value, "place": place.code}
    await audit.write(session, actor, "staff:invite", "invite", invite_id, details, township_id=place.township_id)


async def _find(session: StoreSession, code: str) -> AnyRow | None:
    hashes = session.vault.keyring.signatures(_PURPOSE, codes.normal(code))
    columns = (Invite.id, Invite.role, Invite.place_id, Invite.expires_at, Invite.used_at)
    return await session.row(select(*columns).where(Invite.code_hash.in_(hashes)))


def _why_not(invite: AnyRow | None, now: datetime) -> str | None:
    if invite is None:
        return "wrong"
    if invite.used_at is not None:
        return "used"
    return "expired" if invite.expires_at <= now else None


async def _enrol(
    session: StoreSession, invite: AnyRow, user_id: int, chat_id: int, name: str | None, language: str
) -> Actor | Rejected:
    taken = update(Invite).where(Invite.id == invite.id, Invite.used_at.is_(None))
    if await session.changed(taken.values(used_at=session.now())) != 1:
        return Rejected("used")
    place = await places.get(session, invite.place_id)
    actor = await staff.add(session, user_id, chat_id, invite.role, place, name=name, language=language)
    await session.execute(update(Invite).where(Invite.id == invite.id).values(used_by=actor.staff_id))
    await lockout.clear(session, user_id)
    await audit.write(session, actor, "staff:enrol", "staff", actor.staff_id, {"role": actor.role.value})
    return actor
