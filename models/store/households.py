"""Households: who lives together, and what each is to the head. Made, joined, left, undone within ten minutes.

A household has no name and no address: its head stands for it. One with nobody left is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, select, update

from models.rules.access import Actor, Permission
from models.rules.households import TO_HEAD, Relation
from models.store import _households, _people, _records, audit, persons, scope
from models.store._households import State
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.persons import PersonLine
from models.tables.base import new_id
from models.tables.households import HouseholdAct as HouseholdAct
from models.tables.households import HouseholdChange
from models.tables.residents import Resident


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a household, and what the person is to its head."""

    person: PersonLine
    relation: Relation


@dataclass(frozen=True, slots=True)
class Home:
    """A household as far as its members are listed, the head first."""

    id: int
    members: tuple[Member, ...]

    @property
    def head(self) -> Member | None:
        """The head; `None` when not listed, because the consent was withdrawn."""
        return next((member for member in self.members if member.relation is Relation.HEAD), None)

    @property
    def spouse_of_head(self) -> int | None:
        """The head's spouse, if listed."""
        found = (member.person.id for member in self.members if member.relation is Relation.SPOUSE)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class StoredMove:
    """A change of who lives with whom, and the person's household since; `None` is none."""

    id: int
    resident: PersonLine
    act: HouseholdAct
    home: Home | None
    voided: bool


async def of_person(session: StoreSession, actor: Actor, resident_id: int) -> Home | None:
    """Return the household of a listed person, if the person is in one.

    Raises:
        AccessDenied: the role reads no persons.
        NotFound: the person is out of reach or not listed.
    """
    scope.require(actor, Permission.PERSON_READ)
    person = select(Resident.household_id).where(Resident.id == resident_id)
    row = await session.row(person.where(scope.reach(actor, Resident), scope.listed()))
    if row is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "resident", resident_id)
    return None if row.household_id is None else await _home(session, actor, row.household_id)


@whole
async def join(
    session: StoreSession,
    actor: Actor,
    resident_id: int,
    member_id: int,
    relation: Relation,
    draft_id: int | None = None,
) -> StoredMove:
    """Put a person into the household of `member_id`, as `relation` to its head; out of another one first.

    Whoever is in no household becomes the head of a new one. The same draft saved twice is stored once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: one of the two is out of reach, not listed, or of another village.
        Conflict: `same_household`: they live together already.
        Refused: `other_relation`: a head can't be joined as; `two_spouses`.
    """
    done = await _by_draft(session, actor, draft_id)
    if done is not None:
        return done
    person, other = await _two(session, actor, resident_id, member_id)
    if relation not in TO_HEAD:
        raise Refused("other_relation")
    if person.household_id is not None and person.household_id == other.household_id:
        raise Conflict("same_household")
    before = await _households.around(session, person, other)
    await _households.leave(session, person.id)
    home_id = other.household_id or await _make(session, actor, other)
    await _one_spouse(session, home_id, person.id, relation)
    await _households.write(session, [[person.id, home_id, relation]])
    return await _store(session, actor, person, HouseholdAct.JOINED, before, draft_id)


@whole
async def make(session: StoreSession, actor: Actor, resident_id: int) -> StoredMove:
    """Make a new household with a person as its head; out of another one first.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach or not listed.
        Conflict: `same_household`: the person is the head of a household of one already.
    """
    person = await _one(session, actor, resident_id)
    before = await _households.around(session, person)
    if person.relation is Relation.HEAD and len(before) == 1:
        raise Conflict("same_household")
    await _households.leave(session, person.id)
    await _make(session, actor, person)
    return await _store(session, actor, person, HouseholdAct.MADE, before)


@whole
async def relate(
    session: StoreSession, actor: Actor, resident_id: int, relation: Relation, draft_id: int | None = None
) -> StoredMove:
    """Say anew what a person is to the head. The same draft saved twice is stored once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach or not listed.
        Conflict: `no_household`: the person is in none.
        Refused: `other_relation`: the head stays the head; `two_spouses`.
    """
    done = await _by_draft(session, actor, draft_id)
    if done is not None:
        return done
    person = await _one(session, actor, resident_id)
    _need_home(person)
    if relation not in TO_HEAD or person.relation is Relation.HEAD:
        raise Refused("other_relation")
    before = await _households.around(session, person)
    await _one_spouse(session, person.household_id, person.id, relation)
    await _households.write(session, [[person.id, person.household_id, relation]])
    return await _store(session, actor, person, HouseholdAct.RELATED, before, draft_id)


@whole
async def make_head(session: StoreSession, actor: Actor, resident_id: int) -> StoredMove:
    """Make a member the head of the household; what the others are to the head follows, where it can be told.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach or not listed.
        Conflict: `no_household`; `same_household`: the person is the head already.
    """
    person = await _one(session, actor, resident_id)
    _need_home(person)
    if person.relation is Relation.HEAD:
        raise Conflict("same_household")
    before = await _households.around(session, person)
    await _households.head(session, person.household_id, person.id)
    return await _store(session, actor, person, HouseholdAct.HEADED, before)


@whole
async def leave(session: StoreSession, actor: Actor, resident_id: int) -> StoredMove:
    """Take a person out of the household; when it was the head, the spouse or the eldest follows.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the person is out of reach or not listed.
        Conflict: `no_household`: the person is in none.
    """
    person = await _one(session, actor, resident_id)
    _need_home(person)
    before = await _households.around(session, person)
    await _households.leave(session, person.id)
    return await _store(session, actor, person, HouseholdAct.LEFT, before)


async def leave_for(session: StoreSession, person_id: int) -> dict[str, State]:
    """Take somebody who moves or is handed over out of the household; the caller holds the person locked.

    Returns what `restore_for` needs to put it back; empty when the person was in none.
    """
    return await _households.leave(session, person_id)


async def restore_for(session: StoreSession, person: AnyRow, left: dict[str, State]) -> None:
    """Put back what `leave_for` changed.

    Raises:
        Conflict: `changed_since`: somebody of the household is elsewhere, or somebody else there, since.
    """
    if left:
        await _households.restore(session, person, left["before"], left["after"])


@whole
async def undo(session: StoreSession, actor: Actor, move_id: int) -> StoredMove:
    """Take back a change within ten minutes, by the one who made it: everybody is where and what they were.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role registers no persons.
        NotFound: the change is out of reach.
        Conflict: `not_yours`, `too_late` or `changed_since`.
    """
    scope.require(actor, Permission.PERSON_REGISTER)
    whose = select(HouseholdChange.resident_id).where(HouseholdChange.id == move_id)
    resident_id = await session.scalar(whose.where(scope.of_reachable(actor, HouseholdChange)))
    if resident_id is None:
        raise NotFound
    await session.lock(actor.township_id)
    person = await _people.locked(session, actor, resident_id, listed=False)
    row = await session.row(select(HouseholdChange.__table__).where(HouseholdChange.id == move_id))
    if row is not None and row.voided_at is None:
        _records.may_undo(session, actor, row)
        await _households.restore(session, person, row.before, row.after)
        voided = update(HouseholdChange).where(HouseholdChange.id == move_id)
        await session.execute(voided.values(voided_at=session.now()))
        await audit.write(session, actor, "household:undo", "resident", resident_id, {"act": row.act.value})
    return await _stored(session, actor, HouseholdChange.id == move_id)


async def _one(session: StoreSession, actor: Actor, resident_id: int) -> AnyRow:
    scope.require(actor, Permission.PERSON_REGISTER)
    await session.lock(actor.township_id)  # one change of households at a time, or two could wait for each other
    await _people.locked(session, actor, resident_id)
    return await _placed(session, resident_id)


async def _two(session: StoreSession, actor: Actor, resident_id: int, member_id: int) -> tuple[AnyRow, AnyRow]:
    scope.require(actor, Permission.PERSON_REGISTER)
    await session.lock(actor.township_id)
    for person_id in sorted({resident_id, member_id}):
        await _people.locked(session, actor, person_id)
    person, other = await _placed(session, resident_id), await _placed(session, member_id)
    if person.id == other.id or person.village_id != other.village_id:
        raise NotFound
    return person, other


async def _placed(session: StoreSession, person_id: int) -> AnyRow:
    columns = (Resident.id, Resident.township_id, Resident.village_id, Resident.household_id, Resident.relation)
    row = await session.row(select(*columns).where(Resident.id == person_id))
    if row is None:
        raise NotFound
    return row


def _need_home(person: AnyRow) -> None:
    if person.household_id is None:
        raise Conflict("no_household")


async def _make(session: StoreSession, actor: Actor, head: AnyRow) -> int:
    home_id = await _households.make(session, head, actor.staff_id)
    await _households.write(session, [[head.id, home_id, Relation.HEAD]])
    return home_id


async def _one_spouse(session: StoreSession, home_id: int, person_id: int, relation: Relation) -> None:
    """Raise `Refused` when the head of a household would have two spouses."""
    if relation is not Relation.SPOUSE:
        return
    here = (Resident.household_id == home_id, Resident.relation == Relation.SPOUSE, Resident.id != person_id)
    if await session.row(select(Resident.id).where(*here, scope.listed())) is not None:
        raise Refused("two_spouses")


async def _store(
    session: StoreSession,
    actor: Actor,
    person: AnyRow,
    act: HouseholdAct,
    before: State,
    draft_id: int | None = None,
) -> StoredMove:
    placed = await _placed(session, person.id)
    known = before if placed.household_id is None else [*before, [person.id, placed.household_id, None]]
    move_id = new_id()
    values = {
        "id": move_id,
        "resident_id": person.id,
        "township_id": person.township_id,
        "village_id": person.village_id,
        "act": act,
        "before": before,
        "after": await _households.again(session, known),
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
        "draft_id": draft_id,
    }
    await session.execute(insert(HouseholdChange), values)
    await audit.write(session, actor, "household:change", "resident", person.id, {"act": act.value})
    return await _stored(session, actor, HouseholdChange.id == move_id)


async def _by_draft(session: StoreSession, actor: Actor, draft_id: int | None) -> StoredMove | None:
    scope.require(actor, Permission.PERSON_REGISTER)
    known = select(HouseholdChange.id).where(HouseholdChange.draft_id == draft_id)
    if draft_id is None or await session.row(known) is None:
        return None
    return await _stored(session, actor, HouseholdChange.draft_id == draft_id)


async def _stored(session: StoreSession, actor: Actor, which: Any) -> StoredMove:
    columns = (HouseholdChange.id, HouseholdChange.act, HouseholdChange.voided_at, Resident.household_id)
    statement = select(*columns, *persons.COLUMNS).join(Resident, Resident.id == HouseholdChange.resident_id)
    row = await session.row(statement.where(which, scope.reach(actor, Resident)))
    if row is None:
        raise NotFound
    home = None if row.household_id is None else await _home(session, actor, row.household_id)
    return StoredMove(row.id, persons.read(session, row), row.act, home, row.voided_at is not None)


async def _home(session: StoreSession, actor: Actor, home_id: int) -> Home:
    rows = await session.rows(_members(actor).where(Resident.household_id == home_id))
    members = [Member(persons.read(session, row), row.relation) for row in rows]
    order = list(Relation)
    members.sort(key=lambda one: (order.index(one.relation), str(one.person.birth_date or "9"), one.person.id))
    return Home(home_id, tuple(members))


def _members(actor: Actor) -> Select[*tuple[Any, ...]]:
    return select(Resident.relation, *persons.COLUMNS).where(scope.reach(actor, Resident), scope.listed())
