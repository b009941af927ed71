"""Who is in which household and as what: read, written, left, put back.

Private to the store. A state is a list of `[person, household, relation]`, by person: what a change remembers, so
that it is put back only while these people are as it left them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from models.rules.households import Member, Relation, seen_from, successor
from models.store import scope
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict
from models.tables.base import new_id, table
from models.tables.households import Household
from models.tables.residents import Resident

State = list[list[Any]]
_r = table(Resident).c
_SET = (
    update(table(Resident))
    .where(_r.id == bindparam("person"))
    .values(household_id=bindparam("household"), relation=bindparam("is_what"), updated_at=bindparam("now"))
)


async def state(session: StoreSession, households: Collection[int], persons: Collection[int] = ()) -> State:
    """Return the state of everybody in `households`, and of `persons` wherever they are."""
    columns = (Resident.id, Resident.household_id, Resident.relation)
    who = or_(Resident.household_id.in_(households), Resident.id.in_(persons))
    rows = await session.rows(select(*columns).where(who).order_by(Resident.id))
    return [[row.id, row.household_id, row.relation.value if row.relation else None] for row in rows]


async def again(session: StoreSession, known: State) -> State:
    """Return the state now of the people and households of `known`."""
    return await state(session, _households(known), {row[0] for row in known})


async def around(session: StoreSession, *people: AnyRow) -> State:
    """Return the state of `people` and of everybody who lives with one of them."""
    households = {one.household_id for one in people if one.household_id is not None}
    return await state(session, households, {one.id for one in people})


async def write(session: StoreSession, wanted: Iterable[Sequence[Any]]) -> None:
    """Make the people be where `wanted` says."""
    rows = [
        {
            "person": person,
            "household": household,
            "is_what": Relation(relation) if relation else None,
            "now": session.now(),
        }
        for person, household, relation in wanted
    ]
    if rows:
        await session.execute(_SET, rows)


async def make(session: StoreSession, person: AnyRow, entered_by: int | None, household_id: int | None = None) -> int:
    """Make an empty household where the person lives and return its id."""
    values = {
        "id": household_id or new_id(),
        "township_id": person.township_id,
        "village_id": person.village_id,
        "entered_by": entered_by,
        "created_at": session.now(),
    }
    await session.execute(insert(Household), values)
    return int(values["id"])


async def leave(session: StoreSession, person_id: int) -> dict[str, State]:
    """Take a person out of the household, and return what was before and is after; empty when in none.

    When the head leaves, the spouse stands for the household, or the eldest. A household with nobody left goes.
    """
    row = await session.row(select(Resident.household_id, Resident.relation).where(Resident.id == person_id))
    if row is None or row.household_id is None:
        return {}
    before = await state(session, [row.household_id])
    await write(session, [[person_id, None, None]])
    if row.relation is Relation.HEAD:
        await _succeed(session, row.household_id)
    await tidy(session, [row.household_id])
    return {"before": before, "after": await again(session, before)}


async def restore(session: StoreSession, person: AnyRow, before: State, after: State) -> None:
    """Put back `before`, if everybody is still as `after` says.

    Raises:
        Conflict: `changed_since`.
    """
    if await state(session, _households(before + after), {row[0] for row in before + after}) != after:
        raise Conflict("changed_since")
    for household_id in sorted(_households(before) - await _existing(session, before)):
        await make(session, person, None, household_id)
    await write(session, before)
    await tidy(session, _households(after))


async def come_back(session: StoreSession, person: AnyRow, left: dict[str, State] | None) -> None:
    """Put back what `leave` changed; when the household has changed since, the person stays out of it."""
    if not left:
        return
    try:
        await restore(session, person, left["before"], left["after"])
    except Conflict:  # it would have two heads, or somebody who lives elsewhere
        return


async def head(session: StoreSession, household_id: int, person_id: int) -> None:
    """Make a member the head; what the others are to the head follows."""
    everybody = await state(session, [household_id])
    was = Relation(next(row[2] for row in everybody if row[0] == person_id))
    await write(session, [[row[0], household_id, _after(row, person_id, was)] for row in everybody])


async def tidy(session: StoreSession, households: Collection[int]) -> None:
    """Delete those of `households` that nobody is in."""
    used = select(Resident.household_id).where(Resident.household_id.in_(households))
    await session.execute(delete(Household).where(Household.id.in_(households), Household.id.not_in(used)))


def _households(known: State) -> set[int]:
    return {row[1] for row in known if row[1] is not None}


def _after(row: Sequence[Any], head_id: int, head_was: Relation) -> Relation:
    return Relation.HEAD if row[0] == head_id else seen_from(head_was, Relation(row[2]))


async def _existing(session: StoreSession, known: State) -> set[int]:
    rows = await session.rows(select(Household.id).where(Household.id.in_(_households(known))))
    return {row.id for row in rows}


async def _succeed(session: StoreSession, household_id: int) -> None:
    columns = (Resident.id, Resident.relation, Resident.birth_date)
    here = select(*columns).where(Resident.household_id == household_id, scope.listed())
    rows = await session.rows(here)
    next_one = successor([Member(row.id, row.relation, row.birth_date) for row in rows])
    if next_one is not None:
        await head(session, household_id, next_one.person_id)
