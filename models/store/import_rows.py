"""The people of a file and the people who are here: compared, stored, and taken away again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, update

from models.rules.access import Actor, Permission
from models.rules.consent import Purpose, needs_guardian
from models.rules.importing.rows import FileRow
from models.store import _accounts, _effects, _facts, scope
from models.store.database import AnyRow, StoreSession
from models.store.persons import IDENTITY, NAME, PHONE
from models.tables.base import Base, new_id, table
from models.tables.imports import ImportFill
from models.tables.residents import Consent, Resident, ResidentStatus

_KNOWN = (
    *(Resident.id, Resident.village_id, Resident.birth_date, Resident.revision),
    *(Resident.name_hash, Resident.phone_hash, Resident.identity_hash),
)
HOW = "file"
"""How a consent was given that stands in a file."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a row stands to the people who are here.

    Attributes:
        resident_id: the person it matches; `None` for somebody new.
        fills: details that the person lacks and the row has: `phone`, `identity`, `birth`.
        conflict: why the row can't be imported: `imports.identity_taken`.
    """

    resident_id: int | None = None
    fills: tuple[str, ...] = ()
    conflict: str | None = None


async def compare(session: StoreSession, actor: Actor, rows: Sequence[FileRow]) -> list[Verdict]:
    """Return for each row who it is: by identity number, name and phone, or name and birth date in the village.

    People who moved, died or withdrew are met too: nobody comes back by a file. Only people within reach are met.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    known = await _known(session, actor, rows)
    met = [_met(session, row, known) for row in rows]
    may_fill = await _fillable(session, actor, [person.id for person, _ in met if person is not None])
    return [_verdict(row, person, conflict, may_fill) for row, (person, conflict) in zip(rows, met, strict=True)]


async def insert_new(session: StoreSession, actor: Actor, import_id: int, rows: Sequence[FileRow]) -> None:
    """Store people as they came with a file; phone and identity number only with the consent that they need.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    people = [(new_id(), row) for row in rows]
    if not people:
        return
    values = [_resident(session, actor, import_id, resident_id, row) for resident_id, row in people]
    await session.execute(insert(table(Resident)), values)
    consents = [one for resident_id, row in people for one in _consents(session, actor, resident_id, row)]
    if consents:
        await session.execute(insert(table(Consent)), consents)


async def fill(
    session: StoreSession, actor: Actor, import_id: int, resident_id: int, row: FileRow, details: Sequence[str]
) -> None:
    """Add details to a person who lacks them.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    values = {name: value for detail in details for name, value in _detail(session, resident_id, row, detail).items()}
    mine = update(Resident).where(Resident.id == resident_id, scope.reach(actor, Resident))
    await session.execute(mine.values(**values))
    await _effects.bump(session, resident_id)
    await _follow(session, actor, resident_id, details)
    revision = await session.scalar(select(Resident.revision).where(Resident.id == resident_id))
    remembered = {"import_id": import_id, "resident_id": resident_id, "details": ",".join(details)}
    await session.execute(insert(ImportFill), {"id": new_id(), "revision": revision, **remembered})


async def take_away(session: StoreSession, actor: Actor, import_id: int, limit: int) -> int:
    """Erase up to `limit` people who came with a file and have not changed since; returns how many.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    found = select(Resident.id).where(_came_with(actor, import_id), *_untouched()).limit(limit)
    rows = await session.rows(found.with_for_update() if session.is_postgres else found)
    ids = [row.id for row in rows]
    if ids:
        await _accounts.forget(session, ids)
        await session.execute(delete(Consent).where(Consent.resident_id.in_(ids)))
        await session.execute(delete(Resident).where(Resident.id.in_(ids)))
    return len(ids)


async def empty_again(session: StoreSession, actor: Actor, import_id: int, limit: int) -> int:
    """Take up to `limit` fillings back, where the person has not changed since; returns how many were looked at.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    found = select(ImportFill).where(ImportFill.import_id == import_id).order_by(ImportFill.id).limit(limit)
    rows = await session.rows(found)
    for row in rows:
        await _empty(session, actor, row)
    await session.execute(delete(ImportFill).where(ImportFill.id.in_([row.id for row in rows])))
    return len(rows)


async def left(session: StoreSession, actor: Actor, import_id: int) -> tuple[int, int]:
    """Return how many people of a file are still here: with something reported of them, and only changed.

    Raises:
        AccessDenied: the role imports nobody.
    """
    scope.require(actor, Permission.PERSON_IMPORT)
    here = select(func.count()).select_from(Resident).where(_came_with(actor, import_id))
    total = int(await session.scalar(here) or 0)
    reported = int(await session.scalar(here.where(or_(*_reported()))) or 0)
    return reported, total - reported


async def _known(
    session: StoreSession, actor: Actor, rows: Sequence[FileRow]
) -> Mapping[tuple[str, bytes], Sequence[AnyRow]]:
    """Return the people that share a name or an identity number with one of `rows`, by these hashes."""
    vault = session.vault
    names = {one for row in rows for one in vault.lookups("name", row.name)}
    numbers = {one for row in rows if row.identity for one in vault.lookups("identity", row.identity)}
    known: dict[tuple[str, bytes], list[AnyRow]] = {}
    for kind, column, hashes in (("name", Resident.name_hash, names), ("identity", Resident.identity_hash, numbers)):
        if hashes:
            statement = select(*_KNOWN).where(scope.reach(actor, Resident), column.in_(hashes)).order_by(Resident.id)
            for person in await session.rows(statement):
                key = person.name_hash if kind == "name" else person.identity_hash
                known.setdefault((kind, bytes(key)), []).append(person)
    return known


def _met(
    session: StoreSession, row: FileRow, known: Mapping[tuple[str, bytes], Sequence[AnyRow]]
) -> tuple[AnyRow | None, str | None]:
    """Return the person that a row is, or why it can't be imported."""
    vault = session.vault
    names = vault.lookups("name", row.name)
    numbers = vault.lookups("identity", row.identity) if row.identity else []
    for person in _all(known, "identity", numbers):
        is_same = bytes(person.name_hash) in names
        return (person, None) if is_same else (None, "imports.identity_taken")
    phones = vault.lookups("phone", row.phone) if row.phone else []
    for person in _all(known, "name", names):
        if numbers and person.identity_hash is not None:
            continue  # another number, so another person
        has_phone = person.phone_hash is not None and bytes(person.phone_hash) in phones
        is_of_age = row.birth is not None and person.birth_date == row.birth and person.village_id == row.village_id
        if has_phone or is_of_age:
            return person, None
    return None, None


def _all(known: Mapping[tuple[str, bytes], Sequence[AnyRow]], kind: str, hashes: Iterable[bytes]) -> Iterable[AnyRow]:
    return (person for one in hashes for person in known.get((kind, one), ()))


async def _fillable(session: StoreSession, actor: Actor, ids: Sequence[int]) -> Mapping[int, frozenset[Purpose]]:
    """Return the consents of those of `ids` who are listed: only to them anything may be added."""
    if not ids:
        return {}
    listed = select(Resident.id).where(Resident.id.in_(ids), scope.reach(actor, Resident), scope.listed())
    found: dict[int, set[Purpose]] = {row.id: set() for row in await session.rows(listed)}
    given = select(Consent.resident_id, Consent.purpose).where(
        Consent.resident_id.in_(found), Consent.withdrawn_at.is_(None)
    )
    for row in await session.rows(given):
        found[row.resident_id].add(row.purpose)
    return {resident_id: frozenset(purposes) for resident_id, purposes in found.items()}


def _verdict(
    row: FileRow, person: AnyRow | None, conflict: str | None, may_fill: Mapping[int, frozenset[Purpose]]
) -> Verdict:
    if person is None:
        return Verdict(conflict=conflict)
    agreed = may_fill.get(person.id)
    if agreed is None:
        return Verdict(person.id)
    lacks = {
        "phone": person.phone_hash is None and row.phone is not None and Purpose.CONTACT in agreed,
        "identity": person.identity_hash is None and row.identity is not None and Purpose.HEALTH_RECORD in agreed,
        "birth": person.birth_date is None and row.birth is not None,
    }
    return Verdict(person.id, tuple(detail for detail, missing in lacks.items() if missing))


def _resident(session: StoreSession, actor: Actor, import_id: int, resident_id: int, row: FileRow) -> dict[str, object]:
    vault, phone, identity, now = session.vault, row.kept_phone, row.kept_identity, session.now()
    return {
        "id": resident_id,
        "township_id": actor.township_id,
        "village_id": row.village_id,
        "group_id": row.group_id,
        "name_sealed": vault.seal_text(NAME, resident_id, row.name),
        "name_hash": vault.lookup("name", row.name),
        "phone_sealed": vault.seal_text(PHONE, resident_id, phone),
        "phone_hash": vault.lookup("phone", phone) if phone else None,
        "identity_sealed": vault.seal_text(IDENTITY, resident_id, identity),
        "identity_hash": vault.lookup("identity", identity) if identity else None,
        "sex": row.sex,
        "birth_date": row.birth,
        "import_id": import_id,
        "entered_by": actor.staff_id or None,
        "created_at": now,
        "updated_at": now,
    }


def _consents(session: StoreSession, actor: Actor, resident_id: int, row: FileRow) -> list[dict[str, object]]:
    day = scope.today(session, actor)
    return [
        {
            "id": new_id(),
            "resident_id": resident_id,
            "township_id": actor.township_id,
            "village_id": row.village_id,
            "purpose": purpose,
            "given_at": session.now(),
            "recorded_by": actor.staff_id or None,
            "how": HOW,
            "guardian": needs_guardian(row.birth, day),
        }
        for purpose in sorted(row.purposes)
    ]


def _detail(session: StoreSession, resident_id: int, row: FileRow, detail: str) -> dict[str, Any]:
    vault = session.vault
    if detail == "birth":
        return {"birth_date": row.birth}
    cell, value = (PHONE, row.phone) if detail == "phone" else (IDENTITY, row.identity)
    assert value is not None  # noqa: S101 - a row fills with what it has
    return {
        f"{detail}_sealed": vault.seal_text(cell, resident_id, value),
        f"{detail}_hash": vault.lookup(detail, value),
    }


async def _follow(session: StoreSession, actor: Actor, resident_id: int, details: Sequence[str]) -> None:
    """Bring what is due in line with a birth date that came or went."""
    if "birth" in details:
        running = [row.id for row in await _effects.active(session, resident_id)]
        today: date = scope.today(session, actor)
        await _facts.recompute(session, running, today)


async def _empty(session: StoreSession, actor: Actor, filled: AnyRow) -> None:
    details = filled.details.split(",")
    columns = [
        name for one in details for name in (["birth_date"] if one == "birth" else [f"{one}_sealed", f"{one}_hash"])
    ]
    unchanged = update(Resident).where(
        Resident.id == filled.resident_id, Resident.revision == filled.revision, scope.reach(actor, Resident)
    )
    if await session.changed(unchanged.values(dict.fromkeys(columns))):
        await _effects.bump(session, filled.resident_id)
        await _follow(session, actor, filled.resident_id, details)


def _came_with(actor: Actor, import_id: int) -> ColumnElement[bool]:
    return (Resident.import_id == import_id) & scope.reach(actor, Resident)


def _untouched() -> tuple[ColumnElement[bool], ...]:
    return (
        *(Resident.revision == 1, Resident.version == 1, Resident.household_id.is_(None)),
        *(Resident.status == ResidentStatus.PRESENT, Resident.restricted.is_(False), Resident.merged_into.is_(None)),
        *(~one for one in _reported()),
    )


def _reported() -> list[ColumnElement[bool]]:
    """Return the conditions that something names the person, in whatever table: only consents came with the file."""
    own = (table(Resident), table(Consent), table(ImportFill))
    return [
        exists().where(key.parent == Resident.id)
        for other in Base.metadata.sorted_tables
        if other not in own
        for key in other.foreign_keys
        if key.references(own[0])
    ]
