"""Consents: given and withdrawn purpose by purpose, withdrawn as easily as given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, update

from models.rules.access import Actor, Permission
from models.rules.consent import Purpose, needs_guardian
from models.rules.outcomes import Outcome
from models.store import _effects, _facts, _people, audit, scope
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import NotFound
from models.tables.base import new_id
from models.tables.residents import Consent, Resident


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent, given or withdrawn since."""

    purpose: Purpose
    given_at: datetime
    withdrawn_at: datetime | None
    guardian: bool


async def history(session: StoreSession, actor: Actor, resident_id: int) -> list[ConsentLine]:
    """Return what the person agreed to, ever, oldest first.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the person is out of reach.
    """
    scope.require(actor, Permission.PERSON_READ)
    columns = (Consent.purpose, Consent.given_at, Consent.withdrawn_at, Consent.guardian)
    statement = select(*columns).where(Consent.resident_id == resident_id, scope.of_reachable(actor, Consent))
    person = select(Resident.id).where(Resident.id == resident_id, scope.reach(actor, Resident))
    if await session.row(person) is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "resident", resident_id)
    found = await session.rows(statement.order_by(Consent.given_at, Consent.id))
    return [ConsentLine(row.purpose, row.given_at, row.withdrawn_at, row.guardian) for row in found]


@whole
async def give(
    session: StoreSession, actor: Actor, resident_id: int, purposes: Iterable[Purpose], *, how: str = "oral"
) -> None:
    """Record that a person agrees to `purposes`; a guardian's word for a child. Lifts a restriction.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    person = await _people.locked(session, actor, resident_id, listed=False)
    fresh = frozenset(purposes) - await _people.consents(session, resident_id)
    await insert_for(session, actor, person, fresh, how)
    if person.restricted and Purpose.HEALTH_RECORD in fresh:
        await session.execute(update(Resident).where(Resident.id == resident_id).values(restricted=False))
    await _effects.bump(session, resident_id)
    details = {purpose.value: True for purpose in sorted(fresh)}
    await audit.write(session, actor, "consent:give", "resident", resident_id, details)


@whole
async def withdraw(session: StoreSession, actor: Actor, resident_id: int, purpose: Purpose) -> None:
    """Withdraw one purpose. Without a health record every programme ends and the record is restricted.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    person = await _people.locked(session, actor, resident_id, listed=False)
    if purpose is Purpose.HEALTH_RECORD:
        await _restrict(session, actor, person)
    else:
        await _effects.withdraw(session, resident_id, purpose)
        await _effects.bump(session, resident_id)
    await audit.write(session, actor, "consent:withdraw", "resident", resident_id, {"purpose": purpose.value})


async def insert_for(
    session: StoreSession, actor: Actor, person: AnyRow, purposes: Iterable[Purpose], how: str = "oral"
) -> None:
    """Insert consents for a locked person; part of `give` and of registration."""
    day: date = scope.today(session, actor)
    rows = [
        {
            "id": new_id(),
            "resident_id": person.id,
            "township_id": person.township_id,
            "village_id": person.village_id,
            "purpose": purpose,
            "given_at": session.now(),
            "recorded_by": actor.staff_id,
            "how": how,
            "guardian": needs_guardian(person.birth_date, day),
        }
        for purpose in sorted(purposes)
    ]
    if rows:
        await session.execute(insert(Consent), rows)


async def _restrict(session: StoreSession, actor: Actor, person: AnyRow) -> None:
    day = scope.today(session, actor)
    applied = await _effects.apply(session, person, None, Outcome.CONSENT_WITHDRAWN, day)
    await _facts.recompute(session, applied.touched, day)
