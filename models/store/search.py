"""Finding people by any part of the name, the phone's last four digits, or the group."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from models.rules.access import Actor, Permission
from models.rules.name_index import Named
from models.rules.typed import plain
from models.store import audit, persons, residents, scope
from models.store.database import AnyRow, StoreSession
from models.store.directories import OVERLAP, Directory
from models.store.persons import NAME, PHONE, PersonLine
from models.tables.places import Place, PlaceKind
from models.tables.residents import Resident

MOST = 40
"""So many people are returned at most."""
ALIKE = 6
"""So many people are looked at for one of several names."""
LARGE = 5_000
"""From so many people on names are read before anybody asks, and beside everything else."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Who was found, best first.

    Attributes:
        total: how many matched; at least so many when there are `more`.
    """

    lines: tuple[PersonLine, ...]
    total: int
    more: bool


async def find(session: StoreSession, actor: Actor, query: str, most: int = MOST) -> FoundPeople:
    """Return listed people within reach who match `query`: `王秀英`, `wxy`, `xiuying`, `5678`, `一组`, `一组 王`.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    words, groups = await _without_groups(session, actor, plain(query))
    if words:
        found = await _by_name(session, actor, words, groups, most)
    else:
        found = await _of_groups(session, actor, groups, most)
    await audit.write(session, actor, "person:read", "township", actor.township_id, {"count": len(found.lines)})
    return found


async def named(session: StoreSession, actor: Actor, names: Sequence[str], village_id: int) -> list[PersonLine]:
    """Return the listed people of a village who may be meant by one of `names`, a few for each.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    directory = await _directory(session, actor.township_id)
    hits = [hit for name in names for hit in directory.search(name, village_id).hits[:ALIKE]]
    lines = await _lines(session, actor, list(dict.fromkeys(hit.person_id for hit in hits)), ())
    await audit.write(session, actor, "person:read", "township", actor.township_id, {"count": len(lines)})
    return [line for line in lines if line.village_id == village_id]


async def prepare(session: StoreSession, township_id: int) -> None:
    """Build the directory of a large township, unless there is one, so that the first search needn't. For the start."""
    people = await session.scalar(select(func.count()).where(Resident.township_id == township_id))
    if int(people or 0) > LARGE and session.directories.get(township_id) is None:
        session.directories.keep(township_id, await _built(session, township_id))


async def _by_name(session: StoreSession, actor: Actor, words: str, groups: Sequence[int], most: int) -> FoundPeople:
    directory = await _directory(session, actor.township_id)
    found = directory.search(words, actor.village_id)
    ids = [hit.person_id for hit in found.hits]
    lines = await _lines(session, actor, ids[:most] if not groups else ids, groups)
    if not ids:  # a name that no directory has heard of yet
        lines = await residents.find(session, actor, name=words)
    total = len(lines) if groups or len(ids) <= most else len(ids)  # some may have left the township since
    return FoundPeople(tuple(lines[:most]), total, found.more)


async def _of_groups(session: StoreSession, actor: Actor, groups: Sequence[int], most: int) -> FoundPeople:
    if not groups:
        return FoundPeople((), 0, more=False)
    lines = await _read(session, actor, Resident.group_id.in_(groups))
    lines.sort(key=lambda line: (line.village_id, line.name))
    return FoundPeople(tuple(lines[:most]), len(lines), more=False)


async def _without_groups(session: StoreSession, actor: Actor, query: str) -> tuple[str, list[int]]:
    """Split the names of groups off what was typed; returns the rest and the ids of the groups."""
    known: dict[str, list[int]] = {}
    statement = select(Place.id, Place.name).where(Place.kind == PlaceKind.GROUP, _group_here(actor))
    for row in await session.rows(statement):
        known.setdefault(row.name, []).append(row.id)
    rest, groups = [], []
    for word in query.split():
        if word in known:
            groups += known[word]
        else:
            rest.append(word)
    return " ".join(rest), groups


def _group_here(actor: Actor) -> ColumnElement[bool]:
    if actor.village_id is not None:
        return Place.parent_id == actor.village_id
    return Place.township_id == actor.township_id


async def _lines(session: StoreSession, actor: Actor, ids: Sequence[int], groups: Sequence[int]) -> list[PersonLine]:
    """Return the people `ids` in that order, as far as they are still there for the actor."""
    if not ids:
        return []
    condition: ColumnElement[bool] = Resident.id.in_(ids)
    if groups:
        condition &= Resident.group_id.in_(groups)
    found = {line.id: line for line in await _read(session, actor, condition)}
    return [found[each] for each in ids if each in found]


async def _read(session: StoreSession, actor: Actor, condition: ColumnElement[bool]) -> list[PersonLine]:
    statement = select(*persons.COLUMNS).where(condition, scope.reach(actor, Resident), scope.listed())
    return [persons.read(session, row) for row in await session.rows(statement)]


_CHANGES = select(Resident.id, Resident.updated_at)
_COLUMNS = select(
    Resident.id,
    Resident.village_id,
    Resident.name_sealed,
    Resident.phone_sealed,
    Resident.updated_at,
    scope.listed().label("listed"),
)


async def _directory(session: StoreSession, township_id: int) -> Directory:
    """Return a township's directory as of now."""
    directory = session.directories.get(township_id)
    if directory is not None:
        await _follow(session, township_id, directory)
        if not directory.is_full:
            return directory
    built = await _built(session, township_id)
    session.directories.keep(township_id, built)
    return built


async def _follow(session: StoreSession, township_id: int, directory: Directory) -> None:
    now = session.now()
    changed = Resident.updated_at >= directory.since(now)
    rows = await session.rows(_CHANGES.where(Resident.township_id == township_id, changed))
    unseen = directory.unseen({row.id: row.updated_at for row in rows}, now)
    changes: dict[int, Named | None] = {}
    for at in range(0, len(unseen), _BATCH):
        read = await session.rows(_COLUMNS.where(Resident.id.in_(unseen[at : at + _BATCH])))
        changes |= {row.id: _named(session, row) if row.listed else None for row in read}
    directory.follow(changes)


async def _built(session: StoreSession, township_id: int) -> Directory:
    rows = await session.rows(_COLUMNS.where(Resident.township_id == township_id))
    if len(rows) <= LARGE:
        return _open(session, rows, session.now())
    return await asyncio.to_thread(_open, session, rows, session.now())


def _open(session: StoreSession, rows: Sequence[AnyRow], now: datetime) -> Directory:
    recent = {row.id: row.updated_at for row in rows if row.updated_at >= now - OVERLAP}
    return Directory((_named(session, row) for row in rows if row.listed), recent, now)


def _named(session: StoreSession, row: AnyRow) -> Named:
    name = session.vault.open_text(NAME, row.id, row.name_sealed)
    phone = session.vault.open_text(PHONE, row.id, row.phone_sealed)
    return Named(row.id, row.village_id, name, phone[-4:] if phone else None)
