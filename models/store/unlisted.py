"""Residents who are kept but not listed, found by the exact name alone: to bring them back, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select

from models.rules.access import Actor, Permission
from models.rules.changes import RESULTS, ResidentStatus
from models.store import audit, changes, persons, scope
from models.store.changes import StoredChange
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.tables.residents import Resident

_GONE = (ResidentStatus.MOVED, ResidentStatus.DECEASED)


class Why(StrEnum):
    """Why somebody is not listed."""

    RESTRICTED = "restricted"
    MOVED = "moved"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A person who is not listed; of one whose record is restricted nothing but the name that was typed.

    Attributes:
        birth_year: only where several of one name are not listed, to tell them apart.
        change: what was reported of one who moved or died, unless a visit or check-up said it.
    """

    resident_id: int
    name: str
    why: Why
    birth_year: int | None = None
    change: StoredChange | None = None


async def by_name(session: StoreSession, actor: Actor, name: str) -> list[Unlisted]:
    """Return those within reach whose name is exactly `name` and who are not listed.

    Raises:
        AccessDenied: the role registers no persons.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    plain = " ".join(name.split())
    hidden = Resident.restricted | Resident.status.in_(_GONE)
    named = Resident.name_hash.in_(session.vault.lookups("name", plain))
    statement = _statement(actor).where(named, hidden).order_by(Resident.birth_date, Resident.id)
    rows = await session.rows(statement)
    if rows:
        await audit.write(session, actor, "person:read", "township", None, {"unlisted": len(rows)})
    return [_read(session, row, several=len(rows) > 1) for row in rows]


async def get(session: StoreSession, actor: Actor, resident_id: int) -> Unlisted:
    """Return one who is not listed, with what was reported of who moved or died.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach, or listed.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    row = await session.row(_statement(actor).where(Resident.id == resident_id))
    if row is None or not (row.restricted or row.person_status in _GONE):
        raise NotFound
    await audit.write(session, actor, "person:read", "resident", resident_id)
    found = _read(session, row, several=False)
    if found.why is Why.RESTRICTED:
        return found
    last = await changes.standing(session, actor, resident_id)
    told = last if last is not None and RESULTS[last.kind] is row.person_status else None
    return replace(found, change=told)


def _statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    one = Resident.merged_into.is_(None)
    return select(Resident.restricted, *persons.COLUMNS).where(scope.reach(actor, Resident), one)


def _read(session: StoreSession, row: AnyRow, *, several: bool) -> Unlisted:
    person = persons.read(session, row)
    why = Why.RESTRICTED if row.restricted else Why(person.status)
    year = person.birth_date.year if several and person.birth_date else None
    return Unlisted(person.id, person.name, why, year)
