"""Residents' own accounts: a code made at the resident's wish, opened, agreed to or declined; and untied at once.

The account is a row of `staff` with the role of a resident: no name, no more than the chat it is in. It belongs to one
resident, and a resident has one; the newest stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, or_, select, update

from models.rules.access import Actor, Permission, Role
from models.rules.consent import needs_guardian
from models.store import _accounts, audit, codes, lockout, persons, places, scope, staff
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.tables.accounts import ResidentAccount, ResidentLink
from models.tables.base import new_id
from models.tables.residents import Resident
from models.tables.staff import Staff

VALID_FOR = timedelta(days=2)
"""How long a code works: the resident usually stands beside whoever makes it (convention)."""
FAREWELL = _accounts.FAREWELL
"""What is said to somebody whose account others have ended."""
_PURPOSE = "resident_link"


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh code; it is shown this once and can't be read again."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody who opened a code is asked about.

    Attributes:
        surname: of the resident for whom it was made; no more is told before the answer.
    """

    link_id: int
    village: str
    surname: str


async def is_tied(session: StoreSession, actor: Actor, resident_id: int) -> bool:
    """Return whether a resident has an account of their own.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach or not listed.
    """
    await _reached(session, actor, resident_id)
    await audit.write(session, actor, "person:read", "resident", resident_id)
    return await session.row(select(ResidentAccount.id).where(ResidentAccount.resident_id == resident_id)) is not None


@whole
async def offer(session: StoreSession, actor: Actor, resident_id: int) -> Link:
    """Make a code with which a resident, who asks for it, opens an account; an earlier one stops working.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach or not listed.
        Refused: `account_child`: a guardian speaks for the person.
    """
    person = await _reached(session, actor, resident_id)
    if needs_guardian(person.birth_date, scope.today(session, actor)):
        raise Refused("account_child")
    await session.execute(delete(ResidentLink).where(ResidentLink.resident_id == resident_id))
    link = Link(codes.fresh(), session.now() + VALID_FOR)
    values = {
        "id": new_id(),
        "code_hash": session.vault.keyring.sign(_PURPOSE, codes.normal(link.code)),
        "resident_id": resident_id,
        "made_by": actor.staff_id,
        "made_at": session.now(),
        "expires_at": link.expires_at,
    }
    await session.execute(insert(ResidentLink), values)
    await audit.write(session, actor, "account:offer", "resident", resident_id)
    return link


@whole
async def end(session: StoreSession, actor: Actor, resident_id: int) -> None:
    """Untie a resident's account at the resident's wish (a lost phone); a code that was made stops working.

    Raises:
        AccessDenied, NotFound: as in `offer`.
    """
    await _reached(session, actor, resident_id)
    await _accounts.forget(session, [resident_id])
    await audit.write(session, actor, "account:end", "resident", resident_id)


async def open_link(session: StoreSession, user_id: int, code: str) -> Offer | None:
    """Return what the owner of a chat account is asked who enters a resident's code; `None` if it is none that works.

    From now on only that account can use it. A wrong code is counted where invites are.
    """
    if await lockout.check(session, user_id) is not None:
        return None
    hashes = session.vault.keyring.signatures(_PURPOSE, codes.normal(code))
    row = await session.row(_select().where(ResidentLink.code_hash.in_(hashes), *_usable(session, user_id)))
    if row is None:
        return None
    await session.execute(update(ResidentLink).where(ResidentLink.id == row.id).values(opened_by=user_id))
    place = await places.get(session, row.village_id)
    await audit.write(session, None, "account:open", "resident", row.resident_id, township_id=row.township_id)
    name = session.vault.open_text(persons.NAME, row.resident_id, row.name_sealed)
    return Offer(row.id, place.name, name[:1])


async def close_link(session: StoreSession, user_id: int, link_id: int) -> None:
    """Let a code be opened by another account than the one that has opened it just now."""
    mine = (ResidentLink.id == link_id, ResidentLink.opened_by == user_id)
    await session.execute(update(ResidentLink).where(*mine).values(opened_by=None))


@whole
async def tie(session: StoreSession, user_id: int, chat_id: int, link_id: int, *, language: str) -> Actor:
    """Let the chat account be the resident's own, who has just said yes; an account before this one is untied.

    Raises:
        NotFound: no such code was opened by this account, or it works no more.
        Conflict: `account_of_staff`: whoever works here uses another account as a resident.
    """
    row = await session.row(_select().where(ResidentLink.id == link_id, ResidentLink.opened_by == user_id))
    if row is None or row.expires_at <= session.now():
        raise NotFound
    known = await staff.find(session, user_id)
    if known is not None and known.role is not Role.RESIDENT:
        raise Conflict("account_of_staff")
    await _accounts.forget(session, [row.resident_id])
    village = await places.get(session, row.village_id)
    actor = await staff.add(session, user_id, chat_id, Role.RESIDENT, village, language=language)
    values = {"id": new_id(), "staff_id": actor.staff_id, "resident_id": row.resident_id, "tied_at": session.now()}
    await session.execute(insert(ResidentAccount), values)
    await lockout.clear(session, user_id)
    await audit.write(session, actor, "account:tie", "resident", row.resident_id)
    return actor


async def decline(session: StoreSession, user_id: int, link_id: int) -> None:
    """Delete a code whose opener would rather not; no reason is asked.

    Raises:
        NotFound: no such code was opened by this account.
    """
    mine = (ResidentLink.id == link_id, ResidentLink.opened_by == user_id)
    if await session.changed(delete(ResidentLink).where(*mine)) != 1:
        raise NotFound


@whole
async def untie(session: StoreSession, actor: Actor) -> None:
    """Untie the actor's own account at once: it is a stranger's from now on, and nothing of it is kept.

    Raises:
        AccessDenied: the actor is no resident.
    """
    scope.require(actor, Permission.OWN_READ)
    await audit.write(session, actor, "account:untie", "staff", actor.staff_id)
    await staff.retire(session, actor)


async def prune(session: StoreSession) -> int:
    """Delete codes that work no more, and the chats of ended accounts that were told so; returns how many codes."""
    await _accounts.forget_chats(session)
    return await session.changed(delete(ResidentLink).where(ResidentLink.expires_at <= session.now()))


async def is_chat_used(session: StoreSession, chat_id: int) -> bool:
    """Return whether somebody acts from a private chat."""
    return await session.row(select(Staff.id).where(Staff.chat_id == chat_id, Staff.active).limit(1)) is not None


async def _reached(session: StoreSession, actor: Actor, resident_id: int) -> AnyRow:
    scope.require(actor, Permission.PERSON_REGISTER)
    person = select(Resident.id, Resident.birth_date).where(Resident.id == resident_id)
    row = await session.row(person.where(scope.reach(actor, Resident), scope.listed()))
    if row is None:
        raise NotFound
    return row


def _select() -> Select[*tuple[Any, ...]]:
    """Return codes of people who are listed."""
    columns = (ResidentLink.id, ResidentLink.resident_id, ResidentLink.opened_by, ResidentLink.expires_at)
    person = (Resident.village_id, Resident.township_id, Resident.name_sealed)
    return select(*columns, *person).join(Resident, Resident.id == ResidentLink.resident_id).where(scope.listed())


def _usable(session: StoreSession, user_id: int) -> tuple[ColumnElement[bool], ...]:
    free = or_(ResidentLink.opened_by.is_(None), ResidentLink.opened_by == user_id)
    return ResidentLink.expires_at > session.now(), free
