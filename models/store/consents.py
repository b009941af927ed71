"""Consents: given and withdrawn purpose by purpose, withdrawn as easily as given, undone within ten minutes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, delete, insert, select, update

from models.rules.access import Actor, Permission, Role
from models.rules.changes import ResidentStatus
from models.rules.consent import Purpose, may_speak, needs_guardian
from models.rules.outcomes import Outcome
from models.store import _accounts, _effects, _facts, _people, _records, audit, persons, scope, staff
from models.store._effects import Before
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.persons import PersonLine
from models.tables.base import new_id
from models.tables.consents import ConsentAct as ConsentAct
from models.tables.consents import ConsentChange
from models.tables.residents import Consent, Resident
from models.tables.staff import Staff

_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person agrees to now.

    Attributes:
        child: a guardian speaks for the person.
        restricted: the consent to a health record was withdrawn; nothing but the name is told.
    """

    resident_id: int
    name: str
    given: frozenset[Purpose]
    child: bool
    restricted: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """Who wrote something down."""

    role: Role
    name: str | None


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent, given or withdrawn since, and who wrote down either."""

    purpose: Purpose
    given_at: datetime
    withdrawn_at: datetime | None
    guardian: bool
    given_to: Signer | None = None
    withdrawn_to: Signer | None = None


@dataclass(frozen=True, slots=True)
class StoredConsent:
    """What was given or withdrawn in one go.

    Attributes:
        restricted: the record is restricted now.
        lifted: it was restricted before.
    """

    id: int
    resident: PersonLine
    act: ConsentAct
    purposes: frozenset[Purpose]
    restricted: bool
    lifted: bool
    voided: bool


async def standing(session: StoreSession, actor: Actor, resident_id: int) -> Standing:
    """Return what a person agrees to now; also of one whose record is restricted.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach, moved or died.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    columns = (Resident.restricted, *persons.COLUMNS)
    row = await session.row(_here(select(*columns), actor).where(Resident.id == resident_id))
    if row is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "resident", resident_id)
    child = needs_guardian(row.person_birth, scope.today(session, actor))
    given = await _people.consents(session, resident_id)
    return Standing(resident_id, persons.read(session, row).name, given, child, row.restricted)


async def history(session: StoreSession, actor: Actor, resident_id: int) -> list[ConsentLine]:
    """Return what the person agreed to, ever, oldest first.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the person is out of reach.
    """
    scope.require(actor, Permission.PERSON_READ)
    person = select(Resident.id).where(Resident.id == resident_id, scope.reach(actor, Resident))
    if await session.row(person) is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "resident", resident_id)
    statement = select(Consent.__table__).where(Consent.resident_id == resident_id)
    found = await session.rows(statement.order_by(Consent.given_at, Consent.id))
    known = await _signers(session, {one for row in found for one in (row.recorded_by, row.withdrawn_by)})
    return [
        ConsentLine(
            row.purpose,
            row.given_at,
            row.withdrawn_at,
            row.guardian,
            known.get(row.recorded_by),
            known.get(row.withdrawn_by),
        )
        for row in found
    ]


@whole
async def give(
    session: StoreSession,
    actor: Actor,
    resident_id: int,
    purposes: Iterable[Purpose],
    *,
    guardian: bool | None = None,
    how: str = "oral",
    draft_id: int | None = None,
) -> StoredConsent:
    """Record that a person agrees to `purposes`; a guardian's word for a child. Lifts a restriction.

    `guardian` tells whether a guardian said so, where that was asked. The same draft saved twice is stored once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach, moved or died.
        Conflict: `as_it_is`: the person agrees to all of that already.
        Refused: `needs_guardian`, `needs_own_word`.
    """
    done = await _by_draft(session, actor, draft_id)
    if done is not None:
        return done
    person = await _locked(session, actor, resident_id)
    _check_speaker(person, guardian, scope.today(session, actor))
    fresh = frozenset(purposes) - await _people.consents(session, resident_id)
    if not fresh:
        raise Conflict("as_it_is")
    return await _give(session, actor, person, fresh, how, draft_id)


@whole
async def withdraw(
    session: StoreSession, actor: Actor, resident_id: int, *purposes: Purpose, draft_id: int | None = None
) -> StoredConsent:
    """Withdraw purposes. Without a health record every programme ends, the record is restricted and nothing of it
    is used any more: so the other consents end with it. The same draft saved twice is stored once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach, moved or died.
        Conflict: `as_it_is`: the person agrees to none of that.
    """
    done = await _by_draft(session, actor, draft_id)
    if done is not None:
        return done
    person = await _locked(session, actor, resident_id)
    return await _withdraw(session, actor, person, frozenset(purposes), draft_id)


@whole
async def undo(session: StoreSession, actor: Actor, change_id: int) -> StoredConsent:
    """Take back within ten minutes what the actor recorded: consents, programmes and lists are as before.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: it is out of reach.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    whose = select(ConsentChange.resident_id).where(ConsentChange.id == change_id)
    resident_id = await session.scalar(whose.where(scope.of_reachable(actor, ConsentChange)))
    if resident_id is None:
        raise NotFound
    person = await _people.locked(session, actor, resident_id, listed=False)
    return await _undo(session, actor, person, change_id)


async def give_own(session: StoreSession, actor: Actor, resident_id: int, purpose: Purpose) -> StoredConsent:
    """Record that the actor, a resident, agrees to a purpose in the chat.

    Raises:
        NotFound: the record is somebody else's.
        Conflict: `as_it_is`.
    """
    person = await _people.locked_own(session, _accounts.own(actor), resident_id)
    if purpose in await _people.consents(session, resident_id):
        raise Conflict("as_it_is")
    return await _give(session, actor, person, frozenset({purpose}), "chat", None)


async def withdraw_own(session: StoreSession, actor: Actor, resident_id: int, purpose: Purpose) -> StoredConsent:
    """Record that the actor, a resident, withdraws a purpose; what follows is as in `withdraw`.

    Raises:
        NotFound: the record is somebody else's.
        Conflict: `as_it_is`.
    """
    person = await _people.locked_own(session, _accounts.own(actor), resident_id)
    return await _withdraw(session, actor, person, frozenset({purpose}), None)


async def undo_own(session: StoreSession, actor: Actor, resident_id: int, change_id: int) -> StoredConsent:
    """Take back within ten minutes what the actor, a resident, agreed to or withdrew.

    Raises:
        NotFound: the record is somebody else's.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    person = await _people.locked_own(session, _accounts.own(actor), resident_id)
    return await _undo(session, actor, person, change_id)


async def agreed_at(session: StoreSession, actor: Actor, resident_id: int, purpose: Purpose) -> datetime | None:
    """Return since when the actor, a resident, agrees to a purpose; `None`: not."""
    mine = select(Consent.given_at).join(Resident, Resident.id == Consent.resident_id).where(_accounts.own(actor))
    one = (Consent.resident_id == resident_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    found: datetime | None = await session.scalar(mine.where(*one))
    return found


async def insert_for(
    session: StoreSession, actor: Actor, person: AnyRow, purposes: Iterable[Purpose], how: str = "oral"
) -> list[int]:
    """Insert consents for a locked person, and return their ids; part of `give` and of registration."""
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
    return [int(row["id"]) for row in rows]


async def _give(
    session: StoreSession, actor: Actor, person: AnyRow, fresh: frozenset[Purpose], how: str, draft_id: int | None
) -> StoredConsent:
    given = await insert_for(session, actor, person, fresh, how)
    lifts = person.restricted and Purpose.HEALTH_RECORD in fresh
    if lifts:
        await _restricted(session, person.id, restricted=False)
    await _effects.bump(session, person.id)
    before = {"given": given, "lifted": lifts, "revision": person.revision + 1}
    return await _store(session, actor, person, ConsentAct.GIVEN, fresh, before, draft_id)


async def _withdraw(
    session: StoreSession, actor: Actor, person: AnyRow, purposes: frozenset[Purpose], draft_id: int | None
) -> StoredConsent:
    standing_ones = await _people.consents(session, person.id)
    ended = standing_ones & purposes
    if not ended:
        raise Conflict("as_it_is")
    if Purpose.HEALTH_RECORD in ended:
        before, ended = await _restrict(session, actor, person), standing_ones
    else:
        ids = await _effects.withdraw(session, person.id, *sorted(ended))
        await _effects.bump(session, person.id)
        before = {"consents": ids, "revision": person.revision + 1}
    signed = update(Consent).where(Consent.id.in_(before["consents"]))
    await session.execute(signed.values(withdrawn_by=actor.staff_id))
    return await _store(session, actor, person, ConsentAct.WITHDRAWN, ended, before, draft_id)


async def _undo(session: StoreSession, actor: Actor, person: AnyRow, change_id: int) -> StoredConsent:
    mine = (ConsentChange.id == change_id, ConsentChange.resident_id == person.id)
    row = await session.row(select(ConsentChange.__table__).where(*mine))
    if row is not None and row.voided_at is None:
        _records.may_undo(session, actor, row)
        await _put_back(session, actor, person, row)
        voided = update(ConsentChange).where(ConsentChange.id == change_id)
        await session.execute(voided.values(voided_at=session.now()))
        await audit.write(session, actor, "consent:undo", "resident", person.id, {"act": row.act.value})
    return await _stored(session, actor, and_(*mine))


def _here(statement: Select[*tuple[Any, ...]], actor: Actor) -> Select[*tuple[Any, ...]]:
    """Narrow to those who live within reach, listed or restricted."""
    one = Resident.merged_into.is_(None)
    return statement.where(scope.reach(actor, Resident), Resident.status.in_(_HERE), one)


async def _locked(session: StoreSession, actor: Actor, resident_id: int) -> AnyRow:
    scope.require(actor, Permission.PERSON_REGISTER)
    if await session.row(_here(select(Resident.id), actor).where(Resident.id == resident_id)) is None:
        raise NotFound
    return await _people.locked(session, actor, resident_id, listed=False)


def _check_speaker(person: AnyRow, guardian: bool | None, today: date) -> None:
    if guardian is not None and not may_speak(person.birth_date, today, guardian=guardian):
        raise Refused("needs_own_word" if guardian else "needs_guardian")


async def _restrict(session: StoreSession, actor: Actor, person: AnyRow) -> Before:
    day = scope.today(session, actor)
    applied = await _effects.apply(session, person, None, Outcome.CONSENT_WITHDRAWN, day)
    await _facts.recompute(session, applied.touched, day)
    return applied.before


async def _restricted(session: StoreSession, resident_id: int, *, restricted: bool) -> None:
    changed = update(Resident).where(Resident.id == resident_id)
    await session.execute(changed.values(restricted=restricted, updated_at=session.now()))


async def _put_back(session: StoreSession, actor: Actor, person: AnyRow, row: AnyRow) -> None:
    """Put back what a change altered, unless something else changed the person or the programmes since."""
    before = row.before
    touched = await _effects.restore(session, person, before)
    if row.act is ConsentAct.GIVEN:
        await session.execute(delete(Consent).where(Consent.id.in_(before["given"])))
        if before["lifted"]:
            await _restricted(session, person.id, restricted=True)
        await _effects.bump(session, person.id)
    else:
        again = update(Consent).where(Consent.id.in_(before["consents"]))
        await session.execute(again.values(withdrawn_at=None, withdrawn_by=None))
        await _effects.bump(session, person.id)
    await _facts.recompute(session, touched, scope.today(session, actor))


async def _store(
    session: StoreSession,
    actor: Actor,
    person: AnyRow,
    act: ConsentAct,
    purposes: Collection[Purpose],
    before: Before,
    draft_id: int | None,
) -> StoredConsent:
    change_id = new_id()
    values = {
        "id": change_id,
        "resident_id": person.id,
        "township_id": person.township_id,
        "village_id": person.village_id,
        "act": act,
        "purposes": [purpose.value for purpose in sorted(purposes)],
        "before": before,
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
        "draft_id": draft_id,
    }
    await session.execute(insert(ConsentChange), values)
    action = "consent:give" if act is ConsentAct.GIVEN else "consent:withdraw"
    details = {purpose.value: True for purpose in sorted(purposes)}
    await audit.write(session, actor, action, "resident", person.id, details)
    return await _stored(session, actor, ConsentChange.id == change_id)


async def _by_draft(session: StoreSession, actor: Actor, draft_id: int | None) -> StoredConsent | None:
    scope.require(actor, Permission.PERSON_REGISTER)
    known = select(ConsentChange.id).where(ConsentChange.draft_id == draft_id)
    if draft_id is None or await session.row(known) is None:
        return None
    return await _stored(session, actor, ConsentChange.draft_id == draft_id)


async def _stored(session: StoreSession, actor: Actor, which: Any) -> StoredConsent:
    columns = (
        ConsentChange.id,
        ConsentChange.act,
        ConsentChange.purposes,
        ConsentChange.before,
        ConsentChange.voided_at,
        Resident.restricted,
        *persons.COLUMNS,
    )
    statement = select(*columns).join(Resident, Resident.id == ConsentChange.resident_id)
    theirs = _accounts.own(actor) if actor.role is Role.RESIDENT else scope.reach(actor, Resident)
    row = await session.row(statement.where(which, theirs))
    if row is None:
        raise NotFound
    purposes = frozenset(map(Purpose, row.purposes))
    lifted, voided = bool(row.before.get("lifted")), row.voided_at is not None
    return StoredConsent(row.id, persons.read(session, row), row.act, purposes, row.restricted, lifted, voided)


async def _signers(session: StoreSession, staff_ids: Collection[int | None]) -> dict[int | None, Signer]:
    columns = (Staff.id, Staff.role, Staff.name_sealed)
    rows = await session.rows(select(*columns).where(Staff.id.in_([one for one in staff_ids if one is not None])))
    return {row.id: Signer(row.role, session.vault.open_text(staff.NAME, row.id, row.name_sealed)) for row in rows}
