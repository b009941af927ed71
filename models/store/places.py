"""Places. They are public knowledge, so no actor is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, select

from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.tables.base import new_id
from models.tables.places import Place, PlaceKind


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place.

    Attributes:
        code: division code.
        township_id: the township it belongs to (itself, for one).
        checkup_dom: day of the month of its check-ups, if it has one of its own.
    """

    id: int
    code: str
    kind: PlaceKind
    name: str
    parent_id: int | None
    township_id: int
    is_community: bool
    checkup_dom: int | None
    zone: str


async def by_code(session: StoreSession, code: str) -> PlaceRow:
    """Return the place with that division code.

    Raises:
        NotFound: there is none.
    """
    return _one(await session.row(_select().where(Place.code == code)))


async def get(session: StoreSession, place_id: int) -> PlaceRow:
    """Return a place by its id.

    Raises:
        NotFound: there is none.
    """
    return _one(await session.row(_select().where(Place.id == place_id)))


async def children(session: StoreSession, place_id: int) -> list[PlaceRow]:
    """Return the places directly under one, by code."""
    statement = _select().where(Place.parent_id == place_id).order_by(Place.code)
    return [_read(row) for row in await session.rows(statement)]


async def villages(session: StoreSession, township_id: int, only: int | None = None) -> list[PlaceRow]:
    """Return the villages and communities of a township, by code; with `only`, just that one."""
    statement = _select().where(Place.township_id == township_id, Place.kind == PlaceKind.VILLAGE)
    if only is not None:
        statement = statement.where(Place.id == only)
    return [_read(row) for row in await session.rows(statement.order_by(Place.code))]


async def townships(session: StoreSession) -> list[PlaceRow]:
    """Return all townships, by code."""
    statement = _select().where(Place.kind == PlaceKind.TOWNSHIP).order_by(Place.code)
    return [_read(row) for row in await session.rows(statement)]


async def path(session: StoreSession, place_id: int) -> list[PlaceRow]:
    """Return township, village, group down to the place itself.

    Raises:
        NotFound: there is no such place.
    """
    found = [await get(session, place_id)]
    while found[0].parent_id is not None:
        found.insert(0, await get(session, found[0].parent_id))
    return found


async def add(
    session: StoreSession,
    code: str,
    kind: PlaceKind,
    name: str,
    *,
    parent: PlaceRow | None = None,
    name_pinyin: str = "",
    is_community: bool = False,
    checkup_dom: int | None = None,
    zone: str = "Asia/Shanghai",
    is_demo: bool = False,
) -> PlaceRow:
    """Add a place under `parent`; a township has none.

    Raises:
        sqlalchemy.exc.IntegrityError: the code is taken.
    """
    place_id = new_id()
    township_id = parent.township_id if parent else place_id
    parent_id = parent.id if parent else None
    values = {
        "id": place_id,
        "code": code,
        "kind": kind,
        "is_community": is_community,
        "parent_id": parent_id,
        "township_id": township_id,
        "name": name,
        "name_pinyin": name_pinyin,
        "zone": zone,
        "checkup_dom": checkup_dom,
        "is_demo": is_demo,
    }
    await session.execute(insert(Place), values)
    return PlaceRow(place_id, code, kind, name, parent_id, township_id, is_community, checkup_dom, zone)


def _select() -> Select[*tuple[Any, ...]]:
    return select(
        Place.id,
        Place.code,
        Place.kind,
        Place.name,
        Place.parent_id,
        Place.township_id,
        Place.is_community,
        Place.checkup_dom,
        Place.zone,
    )


def _read(row: Sequence[Any]) -> PlaceRow:
    return PlaceRow(*row)


def _one(row: AnyRow | None) -> PlaceRow:
    if row is None:
        raise NotFound
    return _read(row)
