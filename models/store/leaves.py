"""Leave with a substitute: asked, declined, ended; and what a substitute is told meanwhile.

That is no copy of the other's messages: once a day, that there is something to do. Whom it is about the substitute
sees who reaches them anyway, and nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import aliased

from models.rules.access import Actor, Permission, Role
from models.rules.clock import local_day, moment_at
from models.store import audit, outbox, scope, staff
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.sending import Claimed
from models.tables.base import new_id
from models.tables.leaves import Leave
from models.tables.places import Place
from models.tables.staff import Staff

_REMEMBERED = timedelta(days=90)
"""So long it is told what a substitute did (convention)."""
ASKED, DECLINED, ENDED, STANDS_IN = "leave.asked", "leave.declined", "leave.ended", "leave.stands_in"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as colleagues know each other.

    Attributes:
        place: the village or township the person works in; `village_id` of a manager.
        name: as the account called itself at enrolment.
    """

    staff_id: int
    role: Role
    place: str
    name: str | None
    village_id: int | None = None


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """A leave.

    Attributes:
        of: who is away; `substitute`: who stands in, if anybody was asked.
        is_declined: the substitute would rather not.
    """

    id: int
    of: Colleague
    substitute: Colleague | None
    first_on: date
    last_on: date
    is_declined: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """The leave that somebody wishes to take; both days are part of it."""

    first_on: date
    last_on: date
    substitute_id: int | None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody stood in for the actor, both included."""

    substitute_id: int
    first_on: date
    last_on: date

    def covers(self, staff_id: int | None, on: date) -> bool:
        """Return whether what `staff_id` did on a day was done in the actor's place."""
        return staff_id == self.substitute_id and self.first_on <= on <= self.last_on


_who, _other, _place, _other_place = aliased(Staff), aliased(Staff), aliased(Place), aliased(Place)


async def standing(session: StoreSession, actor: Actor) -> LeaveLine | None:
    """Return the actor's leave that is not over yet, if there is one."""
    today = scope.today(session, actor)
    mine = (Leave.staff_id == actor.staff_id, Leave.ended_at.is_(None), Leave.last_on >= today)
    row = await session.row(_select().where(*mine))
    return _read(session, row) if row is not None else None


async def get(session: StoreSession, actor: Actor, leave_id: int) -> LeaveLine:
    """Return a leave of the actor's own, or one in which the actor is asked to stand in.

    Raises:
        NotFound: there is no such leave, or it was taken back.
    """
    theirs = or_(Leave.staff_id == actor.staff_id, Leave.substitute_id == actor.staff_id)
    row = await session.row(_select().where(Leave.id == leave_id, theirs, Leave.ended_at.is_(None)))
    if row is None:
        raise NotFound
    return _read(session, row)


async def colleagues(session: StoreSession, actor: Actor) -> list[Colleague]:
    """Return who can stand in for the actor: the same role and place; for a manager any manager, and the clinic."""
    same = and_(Staff.role == actor.role, Staff.place_id == select(_who.place_id).where(_own(actor)).scalar_subquery())
    more = Staff.role.in_((Role.MANAGER, Role.CLINIC)) if actor.role is Role.MANAGER else same
    statement = select(Staff.id, Staff.role, Place.name.label("place"), Staff.name_sealed)
    statement = statement.join(Place, Place.id == Staff.place_id).where(
        Staff.township_id == actor.township_id, Staff.active, Staff.id != actor.staff_id, or_(same, more)
    )
    rows = await session.rows(statement.order_by(same.desc(), Place.code, Staff.id))
    return [Colleague(row.id, row.role, row.place, _name(session, row.id, row.name_sealed)) for row in rows]


async def absences(session: StoreSession, actor: Actor) -> list[Absence]:
    """Return when somebody stood in for the actor lately, or does now, the latest first; some leaves ended early."""
    mine = (Leave.staff_id == actor.staff_id, Leave.substitute_id.is_not(None), Leave.declined_at.is_(None))
    recent = Leave.last_on >= scope.today(session, actor) - _REMEMBERED
    columns = (Leave.substitute_id, Leave.first_on, Leave.last_on, Leave.ended_at)
    rows = await session.rows(select(*columns).where(*mine, recent).order_by(Leave.last_on.desc(), Leave.id))
    zone = ZoneInfo(actor.zone)
    ended = [row.last_on if row.ended_at is None else min(row.last_on, local_day(row.ended_at, zone)) for row in rows]
    return [
        Absence(row.substitute_id, row.first_on, last_on)
        for row, last_on in zip(rows, ended, strict=True)
        if row.first_on <= last_on
    ]


@whole
async def take(session: StoreSession, actor: Actor, wish: Wish) -> LeaveLine:
    """Store the actor's leave in place of the one before, tell who is to stand in, and return it.

    The same wish twice is stored and told once.

    Raises:
        Refused: `leave_days`: it ends before it begins, or is over; `not_a_colleague`: nobody who can stand in.
    """
    if wish.last_on < wish.first_on or wish.last_on < scope.today(session, actor):
        raise Refused("leave_days")
    if wish.substitute_id is not None:
        able = {one.staff_id for one in await colleagues(session, actor)}
        if wish.substitute_id not in able:
            raise Refused("not_a_colleague")
    before = await standing(session, actor)
    if before is not None and _wish_of(before) == wish:
        return before
    await _end_all(session, actor)
    leave_id = new_id()
    await session.execute(Leave.__table__.insert(), _values(session, actor, leave_id, wish))  # type: ignore[attr-defined]
    if wish.substitute_id is not None:
        asked = await outbox.member(session, wish.substitute_id)
        await outbox.plan(session, asked, ASKED, leave_id)
    details: dict[str, Detail] = {"days": (wish.last_on - wish.first_on).days + 1}
    await audit.write(session, actor, "leave:take", "leave", leave_id, details)
    return await get(session, actor, leave_id)


@whole
async def end(session: StoreSession, actor: Actor, leave_id: int) -> LeaveLine:
    """Take the actor's own leave back, or end it early, and tell who stands in. Returns what it was.

    Raises:
        NotFound: the actor has no such leave, or it was taken back before.
    """
    line = await get(session, actor, leave_id)
    if line.of.staff_id != actor.staff_id:
        raise NotFound
    await _end_all(session, actor)
    await audit.write(session, actor, "leave:end", "leave", leave_id)
    return line


@whole
async def decline(session: StoreSession, actor: Actor, leave_id: int) -> LeaveLine:
    """Say that the actor would rather not stand in; no reason is asked. Twice does no more than once.

    Raises:
        NotFound: the actor was not asked, or the leave was taken back.
        Conflict: `leave_over`.
    """
    line = await get(session, actor, leave_id)
    if line.substitute is None or line.substitute.staff_id != actor.staff_id:
        raise NotFound
    if line.last_on < scope.today(session, actor):
        raise Conflict("leave_over")
    if not line.is_declined:
        here = update(Leave).where(Leave.id == leave_id)
        await session.execute(here.values(declined_at=session.now()))
        await outbox.plan(session, await outbox.member(session, line.of.staff_id), DECLINED, leave_id)
        await audit.write(session, actor, "leave:decline", "leave", leave_id)
    return await get(session, actor, leave_id)


async def tell_substitute(session: StoreSession, message: Claimed) -> None:
    """Tell who stands in for somebody on leave that a message is just leaving for that person.

    It is told once a day, an urgent one besides, and not at all where the substitute gets the same message anyway.
    """
    if message.kind in {ASKED, DECLINED}:
        return  # between the two of them
    zone = ZoneInfo(message.to.zone)
    today = local_day(session.now(), zone)
    here = (Leave.staff_id == message.to.staff_id, Leave.ended_at.is_(None), Leave.declined_at.is_(None))
    during = (Leave.first_on <= today, Leave.last_on >= today)
    statement = select(Leave.id, Leave.substitute_id, Leave.township_id).join(Staff, Staff.id == Leave.substitute_id)
    row = await session.row(statement.where(*here, *during, Staff.active))
    same = (message.kind, message.subject_id, message.occurrence)
    if row is None or await outbox.is_planned(session, *same, recipient_id=row.substitute_id):
        return
    occurrence = f"{today.isoformat()}{'/urgent' if message.urgent else ''}"
    to = [outbox.Recipient(row.substitute_id, row.township_id)]
    over = moment_at(today + timedelta(days=1), time(), zone)
    await outbox.plan(session, to, STANDS_IN, row.id, occurrence, expires_at=over, urgent=message.urgent)


def reaches(actor: Actor, line: LeaveLine) -> bool:
    """Return whether the actor reaches the people for whom the one on leave is responsible."""
    return actor.may(Permission.DUE_READ) and actor.village_id in (None, line.of.village_id)


async def _end_all(session: StoreSession, actor: Actor) -> None:
    """End the actor's leaves, and tell who was to stand in on a day yet to come."""
    mine = (Leave.staff_id == actor.staff_id, Leave.ended_at.is_(None))
    rows = await session.rows(select(Leave.id, Leave.substitute_id, Leave.last_on, Leave.declined_at).where(*mine))
    await session.execute(update(Leave).where(*mine).values(ended_at=session.now()))
    today = scope.today(session, actor)
    for row in rows:
        if row.substitute_id is not None and row.declined_at is None and row.last_on >= today:
            await outbox.plan(session, await outbox.member(session, row.substitute_id), ENDED, row.id)


def _values(session: StoreSession, actor: Actor, leave_id: int, wish: Wish) -> dict[str, object]:
    return {
        "id": leave_id,
        "township_id": actor.township_id,
        "staff_id": actor.staff_id,
        "substitute_id": wish.substitute_id,
        "first_on": wish.first_on,
        "last_on": wish.last_on,
        "created_at": session.now(),
    }


def _wish_of(line: LeaveLine) -> Wish:
    return Wish(line.first_on, line.last_on, line.substitute.staff_id if line.substitute else None)


def _own(actor: Actor) -> ColumnElement[bool]:
    return _who.id == actor.staff_id


def _select() -> Select[*tuple[object, ...]]:
    return (
        select(
            *(Leave.id, Leave.first_on, Leave.last_on, Leave.declined_at),
            *(_who.id.label("who_id"), _who.role, _who.name_sealed, _who.village_id, _place.name.label("place")),
            *(_other.id.label("other_id"), _other.role.label("other_role")),
            *(_other.name_sealed.label("other_name"), _other_place.name.label("other_place")),
        )
        .join(_who, _who.id == Leave.staff_id)
        .join(_place, _place.id == _who.place_id)
        .outerjoin(_other, _other.id == Leave.substitute_id)
        .outerjoin(_other_place, _other_place.id == _other.place_id)
    )


def _read(session: StoreSession, row: AnyRow) -> LeaveLine:
    substitute = None
    if row.other_id is not None:
        name = _name(session, row.other_id, row.other_name)
        substitute = Colleague(row.other_id, row.other_role, row.other_place, name)
    of = Colleague(row.who_id, row.role, row.place, _name(session, row.who_id, row.name_sealed), row.village_id)
    return LeaveLine(row.id, of, substitute, row.first_on, row.last_on, row.declined_at is not None)


def _name(session: StoreSession, staff_id: int, sealed: bytes | None) -> str | None:
    return session.vault.open_text(staff.NAME, staff_id, sealed)
