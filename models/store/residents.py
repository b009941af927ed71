"""Residents: register, correct, undo; found by name, phone or identity number; shown as a list or a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Delete, delete, insert, or_, select, update

from models.rules.access import Actor, Permission
from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import (
    _accounts,
    _effects,
    _facts,
    _households,
    _locks,
    _people,
    _records,
    audit,
    consents,
    duplicates,
    enrolments,
    persons,
    places,
    scope,
)
from models.store._records import UNDO_WITHIN
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.enrolments import EnrolmentLine
from models.store.errors import Conflict, NotFound
from models.store.persons import IDENTITY, NAME, PHONE, PersonLine
from models.store.reports import NextDue
from models.tables.base import new_id
from models.tables.benefits import BenefitApplication
from models.tables.changes import StatusChange
from models.tables.checkups import Attendance
from models.tables.consents import ConsentChange
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment
from models.tables.examinations import Examination
from models.tables.handovers import Handover
from models.tables.households import HouseholdChange
from models.tables.merges import Merge, NotDuplicate
from models.tables.referrals import Referral
from models.tables.residents import Channel, Consent, Resident
from models.tables.rosters import RosterEntry
from models.tables.visits import RecordKind, RecordVersion, Visit

REPORTED: tuple[Any, ...] = (
    *(Visit, Attendance, StatusChange, Handover, Counselling, Examination, Referral),
    BenefitApplication,
)
"""What was reported of a person: while there is any of it, the registration stands."""
PUT_ASIDE: tuple[Any, ...] = (HouseholdChange, ConsentChange, Enrolment, Consent, RosterEntry)
"""What goes with a registration that is taken back."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A person as registered or corrected.

    Attributes:
        group_id: the village group; it decides the village for township staff who name none.
        phone: 11 digits; identity: 18 characters. Both as `models.rules` returns them.
        consents: the purposes agreed to; without `HEALTH_RECORD` the person is stored, but joins no programme.
        channel: how the person likes to be reached.
        programmes: programmes to join at once; those that need further dates are joined later.
        village_id: where, for township staff; a manager's own village if not said.
    """

    name: str
    sex: Sex
    birth_date: date | None = None
    group_id: int | None = None
    phone: str | None = None
    identity: str | None = None
    consents: frozenset[Purpose] = frozenset()
    channel: Channel | None = None
    programmes: tuple[str, ...] = ()
    village_id: int | None = None


@dataclass(frozen=True, slots=True)
class StoredRegistration:
    """A person's details as they are stored now; `version` counts corrections, 1 is as first entered."""

    registration: Registration
    version: int


@dataclass(frozen=True, slots=True)
class Registered:
    """What was stored of a person.

    Attributes:
        programmes: programmes joined.
        next: what is due first in these; `None` when nothing is.
    """

    person: PersonLine
    village_name: str
    programmes: tuple[str, ...]
    next: NextDue | None


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person in full, as far as the actor's role may see.

    Attributes:
        identity_last4: the last four characters; the whole number is never shown.
        may_undo: the actor registered the person within the last ten minutes.
        today: the day on which this was read.
    """

    person: PersonLine
    group_id: int | None
    phone: str | None
    identity_last4: str | None
    consents: frozenset[Purpose]
    channel: Channel | None
    enrolments: tuple[EnrolmentLine, ...]
    may_undo: bool
    today: date

    @property
    def has_health_consent(self) -> bool:
        """Whether anything of health may be stored."""
        return Purpose.HEALTH_RECORD in self.consents


@dataclass(frozen=True, slots=True)
class Brief:
    """Whom a report is about, and whether anything of health may be stored."""

    person: PersonLine
    has_health_consent: bool


@whole
async def register(
    session: StoreSession, actor: Actor, registration: Registration, draft_id: int | None = None
) -> Registered:
    """Register a person with consents and programmes. The same draft saved twice makes one person.

    Raises:
        AccessDenied: the role registers no persons, or does not report one of the programmes.
        NotFound: village or group are out of reach.
        Refused: `unknown_programme`, `not_eligible`, `missing_anchor`.
        Conflict: `identity_known`: somebody else within reach has that identity number.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    known = select(Resident.id).where(Resident.draft_id == draft_id, scope.reach(actor, Resident))
    resident_id: int | None = None if draft_id is None else await session.scalar(known)
    if resident_id is None:
        await duplicates.refuse_known(session, actor, registration.identity)
        resident_id = await _insert(session, actor, registration, draft_id)
        person = await _people.locked(session, actor, resident_id)
        await consents.insert_for(session, actor, person, registration.consents)
        if Purpose.HEALTH_RECORD in registration.consents:
            for programme in registration.programmes:
                await enrolments.insert_for(session, actor, person, programme, {}, None)
        await audit.write(session, actor, "person:register", "resident", resident_id)
    return await _registered(session, actor, resident_id)


@whole
async def correct(
    session: StoreSession,
    actor: Actor,
    resident_id: int,
    registration: Registration,
    reason: str,
    *,
    version: int | None = None,
) -> Registered:
    """Write a person's details anew, keeping what they were before and why; consents and programmes stay.

    A phone or identity number of `None` is erased. A changed birth date or sex changes what is due.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person or the group is out of reach.
        Conflict: `corrected_since`: the details are at another version than `version`; `locked`: name, sex, birth
            date or identity number would change, the person was registered too long ago, and the clinic has given
            no leave; `identity_known`: somebody else within reach has that
            identity number.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    person = await _people.locked(session, actor, resident_id)
    _records.need_version(person, version)
    if not await _has_identity(session, resident_id, registration.identity):
        await duplicates.refuse_known(session, actor, registration.identity, but=resident_id)
    await _check_group(session, person.village_id, registration.group_id)
    before = await _details(session, resident_id)
    lock = await _unlock(session, actor, person, before, registration)
    await _records.keep_version(session, actor, RecordKind.REGISTRATION, person, before, reason)
    changed = update(Resident).where(Resident.id == resident_id)
    await session.execute(changed.values(**_columns(session, resident_id, registration), version=person.version + 1))
    await _effects.bump(session, resident_id)
    running = [row.id for row in await _effects.active(session, resident_id)]
    await _facts.recompute(session, running, scope.today(session, actor))
    await audit.write(session, actor, "person:correct", "resident", resident_id, lock)
    return await _registered(session, actor, resident_id)


async def _unlock(
    session: StoreSession, actor: Actor, person: AnyRow, before: Mapping[str, object], registration: Registration
) -> Mapping[str, Detail]:
    """Let a correction pass; who the person is can be locked, how to reach them changes at any time."""
    born = registration.birth_date.isoformat() if registration.birth_date else None
    now = (_plain(registration.name), registration.sex.value, born, registration.identity)
    if now == tuple(before[each] for each in ("name", "sex", "birth_date", "identity")):
        return {}
    return await _locks.unlock(session, actor, RecordKind.REGISTRATION, person.id, person.created_at)


async def registered_as(session: StoreSession, actor: Actor, resident_id: int) -> StoredRegistration:
    """Return a listed person's details as `correct` takes them, with their version, to be corrected.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach or not listed.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    shown = await card(session, actor, resident_id)
    row = await session.row(select(Resident.identity_sealed, Resident.version).where(Resident.id == resident_id))
    if row is None:
        raise NotFound
    registration = Registration(
        name=shown.person.name,
        sex=shown.person.sex,
        birth_date=shown.person.birth_date,
        group_id=shown.group_id,
        phone=shown.phone,
        identity=session.vault.open_text(IDENTITY, resident_id, row.identity_sealed),
        consents=shown.consents,
        channel=shown.channel,
        programmes=tuple(line.programme for line in shown.enrolments),
        village_id=shown.person.village_id,
    )
    return StoredRegistration(registration, row.version)


@whole
async def undo(session: StoreSession, actor: Actor, resident_id: int) -> None:
    """Erase a registration within ten minutes, by the one who entered it, while nothing was reported.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach, or erased already.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    person = await _people.locked(session, actor, resident_id)
    if person.entered_by != actor.staff_id:
        raise Conflict("not_yours")
    if session.now() - person.created_at > UNDO_WITHIN:
        raise Conflict("too_late")
    for model in REPORTED:
        if await session.row(select(model.id).where(model.resident_id == resident_id)) is not None:
            raise Conflict("changed_since")
    if await session.row(select(Merge.id).where(or_(Merge.kept_id == resident_id, Merge.gone_id == resident_id))):
        raise Conflict("changed_since")
    told_apart = or_(NotDuplicate.one_id == resident_id, NotDuplicate.other_id == resident_id)
    await session.execute(delete(NotDuplicate).where(told_apart))
    await session.execute(_forget_versions(resident_id))
    await _households.leave(session, resident_id)
    await _accounts.forget(session, [resident_id])
    for model in PUT_ASIDE:
        await session.execute(delete(model).where(model.resident_id == resident_id))
    await session.execute(delete(Resident).where(Resident.id == resident_id))
    await audit.write(session, actor, "person:unregister", "resident", resident_id)


async def list_village(session: StoreSession, actor: Actor, village_id: int | None = None) -> list[PersonLine]:
    """Return everybody listed in a village: the manager's own, or the one that township staff name.

    Names are sealed, so searching by characters, pinyin or initials happens over this list.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the village is out of reach, or none was named.
    """
    scope.require(actor, Permission.PERSON_READ)
    village = await scope.village(session, actor, village_id)
    statement = select(*persons.COLUMNS).where(
        Resident.village_id == village.id, scope.reach(actor, Resident), scope.listed()
    )
    lines = [persons.read(session, row) for row in await session.rows(statement)]
    await audit.write(session, actor, "person:read", "village", village.id, {"count": len(lines)})
    return lines


async def find(
    session: StoreSession,
    actor: Actor,
    *,
    name: str | None = None,
    phone: str | None = None,
    identity: str | None = None,
) -> list[PersonLine]:
    """Return listed people within reach whose given parts all match exactly, by keyed hash.

    It tells namesakes before a person is registered twice, and finds one person in a whole township.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    statement = select(*persons.COLUMNS).where(scope.reach(actor, Resident), scope.listed())
    vault = session.vault
    if name is not None:
        statement = statement.where(Resident.name_hash.in_(vault.lookups("name", _plain(name))))
    if phone is not None:
        statement = statement.where(Resident.phone_hash.in_(vault.lookups("phone", phone)))
    if identity is not None:
        statement = statement.where(Resident.identity_hash.in_(vault.lookups("identity", identity)))
    if name is None and phone is None and identity is None:
        return []
    found = [persons.read(session, row) for row in await session.rows(statement)]
    await audit.write(session, actor, "person:read", "township", None, {"count": len(found)})
    return found


async def brief(session: StoreSession, actor: Actor, resident_id: int, *, gone: bool = False) -> Brief:
    """Return what a report needs to know of a listed person; with `gone` also of one who moved or died.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the person is out of reach or not listed.
    """
    scope.require(actor, Permission.PERSON_READ)
    statement = select(*persons.COLUMNS).where(Resident.id == resident_id, scope.reach(actor, Resident))
    row = await session.row(statement.where(scope.listed(gone=gone)))
    if row is None:
        raise await _people.missing(session, actor, resident_id)
    await audit.write(session, actor, "person:read", "resident", resident_id)
    consents_now = await _people.consents(session, resident_id)
    return Brief(persons.read(session, row), Purpose.HEALTH_RECORD in consents_now)


async def card(session: StoreSession, actor: Actor, resident_id: int) -> PersonCard:
    """Return a listed person in full.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the person is out of reach or not listed.
    """
    scope.require(actor, Permission.PERSON_READ)
    row = await session.row(
        select(
            Resident.id,
            Resident.group_id,
            Resident.phone_sealed,
            Resident.identity_sealed,
            Resident.preferred_channel,
            Resident.entered_by,
            Resident.created_at,
            *persons.COLUMNS,
        ).where(Resident.id == resident_id, scope.reach(actor, Resident), scope.listed())
    )
    if row is None:
        raise await _people.missing(session, actor, resident_id)
    vault = session.vault
    identity = vault.open_text(IDENTITY, resident_id, row.identity_sealed)
    return PersonCard(
        persons.read(session, row),
        row.group_id,
        vault.open_text(PHONE, resident_id, row.phone_sealed),
        identity[-4:] if identity else None,
        await _people.consents(session, resident_id),
        row.preferred_channel,
        tuple(await enrolments.of_person(session, actor, resident_id)),
        row.entered_by == actor.staff_id and session.now() - row.created_at <= UNDO_WITHIN,
        scope.today(session, actor),
    )


async def _insert(session: StoreSession, actor: Actor, registration: Registration, draft_id: int | None) -> int:
    village_id = registration.village_id
    if village_id is None and actor.village_id is None and registration.group_id is not None:
        village_id = (await places.get(session, registration.group_id)).parent_id
    village = await scope.village(session, actor, village_id)
    await _check_group(session, village.id, registration.group_id)
    resident_id = new_id()
    values = {
        "id": resident_id,
        "township_id": village.township_id,
        "village_id": village.id,
        "entered_by": actor.staff_id,
        "draft_id": draft_id,
        "created_at": session.now(),
        "updated_at": session.now(),
        **_columns(session, resident_id, registration),
    }
    await session.execute(insert(Resident), values)
    return resident_id


def _forget_versions(resident_id: int) -> Delete:
    """Return the statement that erases what was kept of a registration's corrections."""
    kept = (RecordVersion.kind == RecordKind.REGISTRATION, RecordVersion.record_id == resident_id)
    return delete(RecordVersion).where(*kept)


async def _details(session: StoreSession, resident_id: int) -> dict[str, object]:
    """Return a person's details as JSON, as versions keep them."""
    columns = (
        Resident.name_sealed,
        Resident.sex,
        Resident.birth_date,
        Resident.group_id,
        Resident.phone_sealed,
        Resident.identity_sealed,
        Resident.preferred_channel,
    )
    row = await session.row(select(*columns).where(Resident.id == resident_id))
    assert row is not None  # noqa: S101 - the caller has locked it
    vault = session.vault
    return {
        "name": vault.open_text(NAME, resident_id, row.name_sealed),
        "sex": row.sex.value,
        "birth_date": row.birth_date.isoformat() if row.birth_date else None,
        "group_id": row.group_id,
        "phone": vault.open_text(PHONE, resident_id, row.phone_sealed),
        "identity": vault.open_text(IDENTITY, resident_id, row.identity_sealed),
        "channel": row.preferred_channel.value if row.preferred_channel else None,
    }


async def _check_group(session: StoreSession, village_id: int, group_id: int | None) -> None:
    if group_id is not None and (await places.get(session, group_id)).parent_id != village_id:
        raise NotFound


async def _has_identity(session: StoreSession, resident_id: int, identity: str | None) -> bool:
    known = await session.scalar(select(Resident.identity_hash).where(Resident.id == resident_id))
    return identity is not None and known in session.vault.lookups("identity", identity)


def _columns(session: StoreSession, resident_id: int, registration: Registration) -> dict[str, object]:
    vault, phone, identity = session.vault, registration.phone, registration.identity
    name = _plain(registration.name)
    return {
        "group_id": registration.group_id,
        "name_sealed": vault.seal_text(NAME, resident_id, name),
        "name_hash": vault.lookup("name", name),
        "phone_sealed": vault.seal_text(PHONE, resident_id, phone),
        "phone_hash": vault.lookup("phone", phone) if phone else None,
        "identity_sealed": vault.seal_text(IDENTITY, resident_id, identity),
        "identity_hash": vault.lookup("identity", identity) if identity else None,
        "sex": registration.sex,
        "birth_date": registration.birth_date,
        "preferred_channel": registration.channel,
    }


def _plain(name: str) -> str:
    """Return the name without the spaces that people put between characters at the ends."""
    return " ".join(name.split())


async def _registered(session: StoreSession, actor: Actor, resident_id: int) -> Registered:
    row = await session.row(select(*persons.COLUMNS).where(Resident.id == resident_id, scope.reach(actor, Resident)))
    if row is None:
        raise NotFound
    village = await places.get(session, row.person_village)
    programmes, due = await _programmes(session, actor, resident_id)
    return Registered(persons.read(session, row), village.name, programmes, due)


async def _programmes(session: StoreSession, actor: Actor, resident_id: int) -> tuple[tuple[str, ...], NextDue | None]:
    statement = (
        select(
            Enrolment.programme,
            Enrolment.next_item,
            Enrolment.next_due_on,
            Enrolment.next_target_on,
            Enrolment.next_closes_on,
        )
        .where(Enrolment.resident_id == resident_id, Enrolment.ended_on.is_(None))
        .where(Enrolment.programme.in_(scope.visible(actor)))
        .order_by(Enrolment.next_due_on, Enrolment.id)
    )
    rows = await session.rows(statement)
    due = [NextDue(*_window(row)) for row in rows if row.next_item is not None]
    return tuple(row.programme for row in rows), due[0] if due else None


def _window(row: AnyRow) -> tuple[str, date, date, date]:
    return row.next_item, row.next_due_on, row.next_target_on, row.next_closes_on
