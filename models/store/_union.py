"""What two rows of one person add up to: their facts, asked of `rules.merging`. Private to the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.rules import merging
from models.rules.access import Actor
from models.rules.merging import Consents, Given, Joined, Programmes
from models.rules.outcomes import Outcome
from models.store import _people, scope
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.persons import IDENTITY, PHONE
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Consent, Resident

_DECLINED = frozenset({Outcome.DECLINED, Outcome.CONSENT_WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Union:
    """What the kept row will have.

    Attributes:
        filled: details that it takes over from the gone row.
        enrolments: the enrolments of both rows, by id.
    """

    consents: Consents
    programmes: Programmes
    filled: tuple[str, ...]
    enrolments: Mapping[int, AnyRow]


async def row_of(session: StoreSession, actor: Actor, person_id: int) -> AnyRow:
    """Return all columns of a listed person.

    Raises:
        NotFound: out of reach or not listed; `Merged` when another row has everything.
    """
    statement = select(Resident.__table__).where(Resident.id == person_id, scope.reach(actor, Resident))
    row = await session.row(statement.where(scope.listed()))
    if row is None:
        raise await _people.missing(session, actor, person_id)
    return row


async def both(session: StoreSession, actor: Actor, kept_id: int, gone_id: int) -> tuple[AnyRow, AnyRow]:
    """Return all columns of two different listed persons.

    Raises:
        NotFound: as in `row_of`, or it is one person.
    """
    if kept_id == gone_id:
        raise NotFound
    return await row_of(session, actor, kept_id), await row_of(session, actor, gone_id)


async def of(session: StoreSession, kept: AnyRow, gone: AnyRow) -> Union:
    """Return what the two rows add up to."""
    consents = merging.consents(await _given(session, kept.id), await _given(session, gone.id))
    ours, theirs = await _enrolments(session, kept.id), await _enrolments(session, gone.id)
    programmes = merging.programmes([_joined(row) for row in ours], [_joined(row) for row in theirs])
    found = details(session, gone)
    if kept.village_id != gone.village_id:
        found |= {"group_id": None, "household_id": None}
    filled = merging.filled(details(session, kept), found, consents.standing)
    return Union(consents, programmes, tuple(filled), {row.id: row for row in (*ours, *theirs)})


def details(session: StoreSession, row: AnyRow) -> dict[str, Any]:
    """Return the details of a person that may be taken over, by the names of `rules.merging`."""
    return {
        "birth_date": row.birth_date,
        "group_id": row.group_id,
        "phone": session.vault.open_text(PHONE, row.id, row.phone_sealed),
        "preferred_channel": row.preferred_channel,
        "identity": session.vault.open_text(IDENTITY, row.id, row.identity_sealed),
        "household_id": row.household_id,
    }


async def _given(session: StoreSession, person_id: int) -> list[Given]:
    columns = (Consent.id, Consent.purpose, Consent.given_at, Consent.withdrawn_at)
    rows = await session.rows(select(*columns).where(Consent.resident_id == person_id).order_by(Consent.id))
    return [Given(row.id, row.purpose, row.given_at, row.withdrawn_at) for row in rows]


async def _enrolments(session: StoreSession, person_id: int) -> list[AnyRow]:
    statement = select(Enrolment.__table__).where(Enrolment.resident_id == person_id)
    return list(await session.rows(statement.order_by(Enrolment.id)))


def _joined(row: AnyRow) -> Joined:
    declined_on = row.ended_on if row.ended_by in _DECLINED else None
    return Joined(row.id, row.programme, row.state is EnrolmentState.ACTIVE, row.enrolled_on, declined_on)
