"""Two rows side by side, and what they would be as one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from models.rules.access import Actor, Permission
from models.rules.clock import local_day
from models.rules.consent import Purpose
from models.rules.merging import FILLABLE
from models.store import _people, _union, audit, persons, places, scope
from models.store._union import Union
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.persons import PersonLine
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident
from models.tables.visits import Visit


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two rows, as far as the actor's role may see.

    Attributes:
        identity_last4: the last four characters of the identity number.
        checkups: how many check-ups were reported; likewise `visits`.
        programmes: programmes that run.
        revision: changes of the row; a merge names the one that its preview was made of.
    """

    person: PersonLine
    village: str
    identity_last4: str | None
    registered_on: date
    checkups: int
    visits: int
    programmes: tuple[str, ...]
    consents: frozenset[Purpose]
    revision: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What two rows would be as one person.

    Attributes:
        kept: the row that stays, as it is now.
        birth_date, group, phone_last4, identity_last4: as they would be.
        filled: details that come from the other row.
        seen: the revisions of both.
    """

    kept: Side
    gone: Side
    birth_date: date | None
    group: str | None
    phone_last4: str | None
    identity_last4: str | None
    filled: tuple[str, ...]
    programmes: tuple[str, ...]
    consents: frozenset[Purpose]
    seen: tuple[int, int]

    @property
    def checkups(self) -> int:
        """How many check-ups there would be."""
        return self.kept.checkups + self.gone.checkups

    @property
    def visits(self) -> int:
        """How many visits there would be."""
        return self.kept.visits + self.gone.visits


async def compare(session: StoreSession, actor: Actor, one_id: int, other_id: int) -> tuple[Side, Side]:
    """Return two listed persons side by side.

    Raises:
        AccessDenied: the role merges no persons.
        NotFound: one of them is out of reach or not listed; `Merged` when they were merged already.
    """
    scope.require(actor, Permission.PERSON_MERGE)
    one, other = await _union.both(session, actor, one_id, other_id)
    return await _side(session, actor, one), await _side(session, actor, other)


async def preview(session: StoreSession, actor: Actor, kept_id: int, gone_id: int) -> Preview:
    """Return what a merge of the two would make.

    Raises:
        AccessDenied, NotFound: as in `compare`.
    """
    scope.require(actor, Permission.PERSON_MERGE)
    one, other = await _union.both(session, actor, kept_id, gone_id)
    union = await _union.of(session, one, other)
    kept, gone = await _side(session, actor, one), await _side(session, actor, other)
    source = {name: gone if name in union.filled else kept for name in FILLABLE}
    return Preview(
        kept,
        gone,
        source["birth_date"].person.birth_date,
        source["group_id"].person.group,
        source["phone"].person.phone_last4,
        source["identity"].identity_last4,
        union.filled,
        _running(actor, union),
        union.consents.standing,
        (kept.revision, gone.revision),
    )


def _running(actor: Actor, union: Union) -> tuple[str, ...]:
    programmes = {union.enrolments[each].programme for each in union.programmes.running}
    return tuple(code for code in scope.visible(actor) if code in programmes)


async def _side(session: StoreSession, actor: Actor, row: AnyRow) -> Side:
    line = await session.row(select(*persons.COLUMNS).where(Resident.id == row.id, scope.reach(actor, Resident)))
    if line is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "resident", row.id)
    visible = scope.visible(actor)
    active = select(Enrolment.programme).where(
        Enrolment.resident_id == row.id, Enrolment.state == EnrolmentState.ACTIVE, Enrolment.programme.in_(visible)
    )
    running = {each.programme for each in await session.rows(active)}
    identity = _union.details(session, row)["identity"]
    return Side(
        persons.read(session, line),
        (await places.get(session, row.village_id)).name,
        identity[-4:] if identity else None,
        local_day(row.created_at, ZoneInfo(actor.zone)),
        await _count(session, Attendance, Attendance.resident_id == row.id),
        await _count(session, Visit, Visit.resident_id == row.id, Visit.programme.in_(visible)),
        tuple(code for code in visible if code in running),
        await _people.consents(session, row.id),
        row.revision,
    )


async def _count(session: StoreSession, model: Any, *conditions: ColumnElement[bool]) -> int:
    statement = select(func.count()).select_from(model).where(*conditions, model.voided_at.is_(None))
    return int(await session.scalar(statement))
