"""Locking a person for a change, and what the person agreed to.

Private to the store. The person's row is what changes of the same person wait for, on PostgreSQL; SQLite has
one writer anyway.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, select

from models.rules.access import Actor
from models.rules.consent import Purpose
from models.store import scope
from models.store.database import AnyRow, StoreSession
from models.store.errors import Merged, NoConsent, NotFound
from models.tables.residents import Consent, Resident

_PERSON = select(
    Resident.id,
    Resident.township_id,
    Resident.village_id,
    Resident.sex,
    Resident.birth_date,
    Resident.status,
    Resident.restricted,
    Resident.revision,
    Resident.version,
    Resident.entered_by,
    Resident.created_at,
).where(Resident.id == bindparam("person"))
_MERGED = select(Resident.merged_into).where(Resident.id == bindparam("person"))
_CONSENTS = select(Consent.purpose).where(Consent.resident_id == bindparam("person"), Consent.withdrawn_at.is_(None))


async def locked(
    session: StoreSession, actor: Actor, person_id: int, *, listed: bool = True, gone: bool = False
) -> AnyRow:
    """Return the person's row, locked until the transaction ends.

    Raises:
        NotFound: out of reach; or, with `listed`, restricted, moved or deceased; with `gone` these two are found.
        Merged: with `listed`, another row has everything of this person now.
    """
    statement = _PERSON.where(scope.reach(actor, Resident))
    if listed:
        statement = statement.where(scope.listed(gone=gone))
    if session.is_postgres:
        statement = statement.with_for_update()
    row = await session.row(statement, {"person": person_id})
    if row is None:
        raise await missing(session, actor, person_id)
    return row


async def locked_own(session: StoreSession, own: ColumnElement[bool], person_id: int) -> AnyRow:
    """Return the row of a resident who acts for themselves, locked; `own` is the condition that it is they.

    Raises:
        NotFound: it is somebody else.
    """
    statement = _PERSON.where(own)
    row = await session.row(statement.with_for_update() if session.is_postgres else statement, {"person": person_id})
    if row is None:
        raise NotFound
    return row


async def missing(session: StoreSession, actor: Actor, person_id: int) -> NotFound:
    """Return what to raise of a person who isn't there; one who was merged leads on to who has everything now."""
    kept = await session.scalar(_MERGED.where(scope.reach(actor, Resident)), {"person": person_id})
    if kept is None:
        return NotFound()
    while (later := await session.scalar(_MERGED, {"person": kept})) is not None:
        kept = later
    within = await session.row(_PERSON.where(scope.reach(actor, Resident)), {"person": kept})
    return Merged(None if within is None else kept)


async def consents(session: StoreSession, person_id: int) -> frozenset[Purpose]:
    """Return the purposes to which the person consents now."""
    return frozenset(row.purpose for row in await session.rows(_CONSENTS, {"person": person_id}))


async def need_health_consent(session: StoreSession, person_id: int) -> None:
    """Raise `NoConsent` when the person does not consent to a health record."""
    if Purpose.HEALTH_RECORD not in await consents(session, person_id):
        raise NoConsent(Purpose.HEALTH_RECORD)
