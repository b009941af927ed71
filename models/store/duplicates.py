"""Persons entered twice: noticed when somebody is registered, and listed as pairs.

They are compared by keyed hashes over the whole township. Of a person beyond the actor's reach no more is told
than that there is one. While keys are being changed, two rows whose hashes are of different keys are not yet
listed as a pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, extract, or_, select
from sqlalchemy.orm import aliased

from models.rules.access import Actor, Permission
from models.rules.duplicates import Certainty, Likeness, Shared, likeness
from models.rules.sex import Sex
from models.store import audit, persons, scope
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.persons import PersonLine
from models.tables.base import new_id
from models.tables.merges import NotDuplicate
from models.tables.residents import Resident

LISTED = Certainty.POSSIBLE
"""Less likely pairs are not listed."""
_one, _other = aliased(Resident), aliased(Resident)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of somebody who is about to be registered, as a registration takes it."""

    name: str
    birth_date: date | None = None
    sex: Sex | None = None
    phone: str | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A registered person who may be the same."""

    person: PersonLine
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Alike:
    """Who looks like the same person.

    Attributes:
        here: within the actor's reach, the most likely first.
        elsewhere: how the most likely one in another village looks alike; no more is told of that person.
    """

    here: tuple[Match, ...] = ()
    elsewhere: Likeness | None = None


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two rows that may be one person; `one` was registered first."""

    one: PersonLine
    other: PersonLine
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class PairPage:
    """Some of the pairs, and how many there are."""

    lines: tuple[PairLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Hashes:
    name: Sequence[bytes]
    phone: Sequence[bytes] = field(default_factory=list)
    identity: Sequence[bytes] = field(default_factory=list)


async def alike(session: StoreSession, actor: Actor, seen: Particulars, *, but: int | None = None) -> Alike:
    """Return who in the township looks like the person of `seen`; `but` is that person's own row.

    A phone alone is told within reach only: families share phones across villages.

    Raises:
        AccessDenied: the role registers no persons.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    hashes = _hashes(session, seen)
    columns = (Resident.name_hash, Resident.phone_hash, Resident.identity_hash)
    within = scope.reach(actor, Resident).label("within")
    statement = select(*persons.COLUMNS, *columns, within).where(
        Resident.township_id == actor.township_id,
        scope.listed(),
        Resident.id != (but or 0),
        or_(*(column.in_(known) for column, known in zip(columns, _parts(hashes), strict=True) if known)),
    )
    rows = await session.rows(statement)
    found = [(row, like) for row in rows if (like := likeness(_shared(row, seen, hashes))) is not None]
    found.sort(key=lambda one: (-one[1].certainty, one[0].person_id))
    here = tuple(Match(persons.read(session, row), like) for row, like in found if row.within)
    there = (like for row, like in found if not row.within and like.certainty >= LISTED)
    elsewhere = next(there, None)
    counted = {"here": len(here), "elsewhere": elsewhere is not None}
    await audit.write(session, actor, "person:match", "township", actor.township_id, counted)
    return Alike(here, elsewhere)


async def refuse_known(session: StoreSession, actor: Actor, identity: str | None, *, but: int | None = None) -> None:
    """Refuse an identity number that another listed person within reach has.

    Raises:
        Conflict: `identity_known`.
    """
    if identity is None:
        return
    same = Resident.identity_hash.in_(session.vault.lookups("identity", identity))
    here = (Resident.township_id == actor.township_id, scope.reach(actor, Resident), scope.listed())
    if await session.row(select(Resident.id).where(same, *here, Resident.id != (but or 0))) is not None:
        raise Conflict("identity_known")


async def pairs(session: StoreSession, actor: Actor, *, limit: int, offset: int = 0) -> PairPage:
    """Return likely pairs within reach, the most certain first: a manager's village, the clinic's township.

    Raises:
        AccessDenied: the role merges no persons.
    """
    scope.require(actor, Permission.PERSON_MERGE)
    found: dict[tuple[int, int], Likeness] = {}
    for condition in (_same_identity(), _same_name()):
        for row in await session.rows(_pairs(actor).where(condition)):
            like = likeness(_shared_by(row))
            if like is not None and like.certainty >= LISTED:
                found[row.one_id, row.other_id] = like
    ranked = sorted(found.items(), key=lambda item: (-item[1].certainty, -len(item[1].reasons), item[0]))
    page = ranked[offset : offset + limit]
    people = await _people_of(session, actor, (person for pair, _ in page for person in pair))
    await audit.write(session, actor, "person:read", "duplicates", None, {"count": len(people)})
    lines = tuple(PairLine(people[one], people[other], like) for (one, other), like in page)
    return PairPage(lines, len(ranked))


async def dismiss(session: StoreSession, actor: Actor, one_id: int, other_id: int) -> None:
    """Note that two rows are two persons: they are not listed as a pair again.

    Raises:
        AccessDenied: the role merges no persons.
        NotFound: one of them is out of reach or not listed.
    """
    scope.require(actor, Permission.PERSON_MERGE)
    first, second = sorted((one_id, other_id))
    if first == second or len(await _people_of(session, actor, (first, second))) != 2:
        raise NotFound
    values = {
        "id": new_id(),
        "township_id": actor.township_id,
        "one_id": first,
        "other_id": second,
        "said_by": actor.staff_id,
        "said_at": session.now(),
    }
    if await session.changed(session.insert_or_ignore(NotDuplicate, ("one_id", "other_id")), values):
        await audit.write(session, actor, "person:tell_apart", "resident", first)


def _hashes(session: StoreSession, seen: Particulars) -> _Hashes:
    lookups = session.vault.lookups
    return _Hashes(
        lookups("name", " ".join(seen.name.split())),
        lookups("phone", seen.phone) if seen.phone else [],
        lookups("identity", seen.identity) if seen.identity else [],
    )


def _parts(hashes: _Hashes) -> tuple[Sequence[bytes], ...]:
    return hashes.name, hashes.phone, hashes.identity


def _shared(row: AnyRow, seen: Particulars, hashes: _Hashes) -> Shared:
    born, birth = row.person_birth, seen.birth_date
    return Shared(
        identity=row.identity_hash in hashes.identity if hashes.identity and row.identity_hash else None,
        phone=row.phone_hash in hashes.phone,
        name=row.name_hash in hashes.name,
        birth=birth is not None and birth == born,
        year=birth is not None and born is not None and birth.year == born.year,
        sex=seen.sex is None or seen.sex is row.person_sex,
    )


def _pairs(actor: Actor) -> Any:
    known = exists().where(NotDuplicate.one_id == _one.id, NotDuplicate.other_id == _other.id)
    return (
        select(
            _one.id.label("one_id"),
            _other.id.label("other_id"),
            (_one.identity_hash == _other.identity_hash).label("identity"),
            (_one.phone_hash == _other.phone_hash).label("phone"),
            (_one.name_hash == _other.name_hash).label("name"),
            (_one.birth_date == _other.birth_date).label("birth"),
            _same_year().label("year"),
            (_one.sex == _other.sex).label("sex"),
        )
        .join(_other, and_(_one.township_id == _other.township_id, _one.id < _other.id))
        .where(*(part for model in (_one, _other) for part in (scope.reach(actor, model), scope.listed(model))))
        .where(~known)
    )


def _same_identity() -> ColumnElement[bool]:
    return _one.identity_hash == _other.identity_hash


def _same_name() -> ColumnElement[bool]:
    like = or_(_one.phone_hash == _other.phone_hash, _one.birth_date == _other.birth_date, _same_year())
    return and_(_one.name_hash == _other.name_hash, like)


def _same_year() -> ColumnElement[bool]:
    return extract("year", _one.birth_date) == extract("year", _other.birth_date)


def _shared_by(row: AnyRow) -> Shared:
    identity = None if row.identity is None else bool(row.identity)
    return Shared(identity, bool(row.phone), bool(row.name), bool(row.birth), bool(row.year), bool(row.sex))


async def _people_of(session: StoreSession, actor: Actor, ids: Iterable[int]) -> dict[int, PersonLine]:
    statement = select(*persons.COLUMNS).where(Resident.id.in_(set(ids)), scope.reach(actor, Resident), scope.listed())
    return {row.person_id: persons.read(session, row) for row in await session.rows(statement)}
