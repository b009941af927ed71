"""Staff: who works here, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, insert, select, update
from sqlalchemy.orm import aliased

from models.rules.access import AccessDenied, Actor, Permission, Role
from models.store import _accounts, audit, catalogues, drafts, outbox, plannings, report_subscriptions
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound
from models.store.places import PlaceRow
from models.store.vault import Cell
from models.tables.accounts import ResidentAccount
from models.tables.base import new_id
from models.tables.places import Place, PlaceKind
from models.tables.staff import Staff

NAME = Cell("staff", "name_sealed")
LANGUAGES = ("zh-CN", "en")
_WORKS = Staff.role != Role.RESIDENT
"""Residents have accounts of their own, which are nobody's business here."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff.

    Attributes:
        user_id: the chat account; `chat_id` is the private chat with it.
        place_name: the village or township the person works in.
        name: as the account called itself at enrolment.
    """

    id: int
    user_id: int
    chat_id: int
    role: Role
    place_id: int
    place_name: str
    village_id: int | None
    name: str | None
    language: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff, as others at work may know.

    Attributes:
        place_name: the village or township the person works in.
        is_active: whether that person still works here.
    """

    staff_id: int
    role: Role
    place_name: str
    name: str | None
    is_active: bool


async def find(session: StoreSession, user_id: int) -> Actor | None:
    """Return who acts from chat account `user_id`, or `None`."""
    township = aliased(Place)
    columns = (Staff.id, Staff.role, Staff.township_id, Staff.village_id, Staff.language, township.zone)
    statement = select(*columns, township.programmes_revision).join(township, township.id == Staff.township_id)
    row = await session.row(statement.where(Staff.telegram_user_id == user_id, Staff.active))
    if row is None:
        return None
    catalogue = await catalogues.at_revision(session, row.township_id, row.programmes_revision)
    return Actor(row[0], row[1], row[2], row[3], row[4], row[5], catalogue)


async def profile(session: StoreSession, actor: Actor) -> StaffRow:
    """Return the actor's own row.

    Raises:
        NotFound: the actor was removed meanwhile.
    """
    return _one(session, await session.row(_select().where(Staff.id == actor.staff_id, Staff.active)))


async def list_staff(session: StoreSession, actor: Actor) -> list[StaffRow]:
    """Return everybody who works in the actor's township, by role and place.

    Raises:
        AccessDenied: for anybody but an admin.
    """
    _require(actor, Permission.STAFF_REMOVE)
    statement = _select().where(Staff.township_id == actor.township_id, Staff.active, _WORKS)
    found = await session.rows(statement.order_by(Staff.role, Place.code, Staff.id))
    return [_read(session, row) for row in found]


async def add(
    session: StoreSession,
    user_id: int,
    chat_id: int,
    role: Role,
    place: PlaceRow,
    *,
    name: str | None = None,
    language: str = LANGUAGES[0],
    is_demo: bool = False,
) -> Actor:
    """Add a member of staff; one who acts from the same account already is removed first."""
    await _remove_where(session, Staff.telegram_user_id == user_id)
    staff_id = new_id()
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    village_id = place.id if place.kind == PlaceKind.VILLAGE else None
    values = {
        "id": staff_id,
        "telegram_user_id": user_id,
        "chat_id": chat_id,
        "role": role,
        "place_id": place.id,
        "township_id": place.township_id,
        "village_id": village_id,
        "name_sealed": session.vault.seal_text(NAME, staff_id, name),
        "language": spoken,
        "is_demo": is_demo,
        "created_at": session.now(),
    }
    await session.execute(insert(Staff), values)
    await plannings.touch(session, place.township_id)
    catalogue = await catalogues.of(session, place.township_id)
    return Actor(staff_id, role, place.township_id, village_id, spoken, place.zone, catalogue)


@whole
async def remove(session: StoreSession, actor: Actor | None, staff_id: int) -> StaffRow:
    """Remove a member of staff of the actor's township; drafts end, buttons stop working. Returns who it was.

    `actor` is an admin, or `None` for the command line on the host.

    Raises:
        AccessDenied: the actor is no admin.
        NotFound: there is no such active person in the township.
        Conflict: `yourself`.
    """
    statement = _select().where(Staff.id == staff_id, Staff.active, _WORKS)
    if actor is not None:
        _require(actor, Permission.STAFF_REMOVE)
        if actor.staff_id == staff_id:
            raise Conflict("yourself")
        statement = statement.where(Staff.township_id == actor.township_id)
    removed = _one(session, await session.row(statement))
    told = await outbox.member(session, staff_id)
    await _remove_where(session, Staff.id == staff_id)
    await outbox.plan(session, told, "staff.removed", staff_id)
    await audit.write(session, actor, "staff:remove", "staff", staff_id, {"role": removed.role.value})
    return removed


async def set_language(session: StoreSession, actor: Actor, language: str) -> None:
    """Answer the actor in `language` from now on.

    Raises:
        ValueError: for a language that is not spoken here.
    """
    if language not in LANGUAGES:
        raise ValueError(f"not one of {LANGUAGES}")
    await session.execute(update(Staff).where(Staff.id == actor.staff_id).values(language=language))


async def retire(session: StoreSession, actor: Actor) -> None:
    """Let the actor be a stranger from now on."""
    await _remove_where(session, Staff.id == actor.staff_id)


async def _remove_where(session: StoreSession, condition: ColumnElement[bool]) -> None:
    found = await session.rows(select(Staff.id, Staff.township_id).where(condition, Staff.active))
    for row in found:
        gone = update(Staff).where(Staff.id == row.id)
        await session.execute(gone.values(active=False, removed_at=session.now()))
        await drafts.end_of_staff(session, row.id)
        await report_subscriptions.forget(session, row.id)
        await _accounts.end(session, ResidentAccount.staff_id == row.id)
        await plannings.touch(session, row.township_id)


def _require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise AccessDenied(permission)


def _select() -> Select[*tuple[object, ...]]:
    return select(
        Staff.id,
        Staff.telegram_user_id,
        Staff.chat_id,
        Staff.role,
        Staff.place_id,
        Place.name.label("place_name"),
        Staff.village_id,
        Staff.name_sealed,
        Staff.language,
        Staff.created_at,
    ).join(Place, Place.id == Staff.place_id)


def _one(session: StoreSession, row: AnyRow | None) -> StaffRow:
    if row is None:
        raise NotFound
    return _read(session, row)


def _read(session: StoreSession, row: AnyRow) -> StaffRow:
    return StaffRow(
        row.id,
        row.telegram_user_id,
        row.chat_id,
        row.role,
        row.place_id,
        row.place_name,
        row.village_id,
        session.vault.open_text(NAME, row.id, row.name_sealed),
        row.language,
        row.created_at,
    )
