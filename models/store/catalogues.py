"""Townships' programmes: what came with the service, changed and added to by what was loaded for a township.

Every process keeps what it has read until the township's revision says that there is more: the revision comes
with what is read anyway, so a load is seen by the next update everywhere, and costs nothing before. What reads and
writes definitions is loaded with the first one: most townships have none, and it brings a YAML reader along.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import insert, select, update

from models.rules.programmes.base import Programme
from models.rules.programmes.catalogue import BUILT_IN, Catalogue
from models.store import audit
from models.store.database import StoreSession
from models.tables.base import new_id
from models.tables.places import Place
from models.tables.programmes import ProgrammeDefinition


@dataclass(frozen=True, slots=True)
class Loaded:
    """A programme that was loaded: the version that was in force before, if there was one, and the new one."""

    before: Programme | None
    after: Programme


async def of(session: StoreSession, township_id: int) -> Catalogue:
    """Return the programmes of a township, as they are now."""
    revision = await session.scalar(select(Place.programmes_revision).where(Place.id == township_id))
    return await at_revision(session, township_id, revision or 0)


async def at_revision(session: StoreSession, township_id: int, revision: int) -> Catalogue:
    """Return the programmes of a township whose revision was just read; they are read only when it is new here."""
    if not revision:
        return BUILT_IN
    known = session.catalogues.get(township_id)
    if known is not None and known[0] == revision:
        return known[1]
    catalogue = await _read(session, township_id)
    session.catalogues[township_id] = (revision, catalogue)
    return catalogue


async def load(session: StoreSession, township_id: int, programmes: Iterable[Programme]) -> list[Loaded]:
    """Store a new version of each programme that says something else than the one in force; for the command line.

    Who is in a programme keeps the version that was joined; whoever joins from now on gets the new one. A
    transaction that loads must not ask for the catalogue afterwards: what is kept has to be committed.
    """
    from models.rules.programmes.files.differences import is_same

    await session.lock(township_id)
    present = await _read(session, township_id)
    changed = [each for each in programmes if each.code not in present or not is_same(present[each.code], each)]
    if not changed:
        return []
    loaded = [await _store(session, township_id, present, each) for each in changed]
    raised = update(Place).where(Place.id == township_id)
    await session.execute(raised.values(programmes_revision=Place.programmes_revision + 1))
    return loaded


async def _store(session: StoreSession, township_id: int, present: Catalogue, programme: Programme) -> Loaded:
    from models.rules.programmes.files.writing import body

    before = present.get(programme.code)
    after = replace(programme, version=before.version + 1 if before is not None else 1)
    row_id = new_id()
    values = {
        "id": row_id,
        "township_id": township_id,
        "code": after.code,
        "version": after.version,
        "body": body(after),
        "retired": after.retired,
        "loaded_at": session.now(),
    }
    await session.execute(insert(ProgrammeDefinition), values)
    details: dict[str, audit.Detail] = {"programme": after.code, "version": after.version}
    await audit.write(session, None, "programme:load", "programme", row_id, details, township_id=township_id)
    return Loaded(before, after)


async def _read(session: StoreSession, township_id: int) -> Catalogue:
    from models.rules.programmes.files.reading import of_body

    columns = (ProgrammeDefinition.body, ProgrammeDefinition.version)
    statement = select(*columns).where(ProgrammeDefinition.township_id == township_id)
    rows = await session.rows(statement.order_by(ProgrammeDefinition.version, ProgrammeDefinition.id))
    return BUILT_IN.extended(of_body(row.body, row.version) for row in rows) if rows else BUILT_IN
