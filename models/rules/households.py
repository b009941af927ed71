"""Who lives together, and what each is to the head; what that becomes when another one is the head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Relation(StrEnum):
    """What a person is to the head of the household."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDCHILD = "grandchild"
    OTHER = "other"


TO_HEAD = tuple(relation for relation in Relation if relation is not Relation.HEAD)
"""What one can be to somebody else."""
_INVERSE = {
    Relation.SPOUSE: Relation.SPOUSE,
    Relation.CHILD: Relation.PARENT,
    Relation.PARENT: Relation.CHILD,
}
_SEEN_FROM = {
    Relation.SPOUSE: {Relation.CHILD: Relation.CHILD, Relation.GRANDCHILD: Relation.GRANDCHILD},
    Relation.CHILD: {Relation.SPOUSE: Relation.PARENT},
    Relation.PARENT: {Relation.CHILD: Relation.GRANDCHILD, Relation.PARENT: Relation.SPOUSE},
}
"""By what the new head was to the old one, what the others are to the new head, where that can be told."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a household, as far as the rules look."""

    person_id: int
    relation: Relation
    birth_date: date | None = None


def seen_from(head: Relation, other: Relation) -> Relation:
    """Return what somebody is to a new head; `head` and `other`: what the two were to the head before.

    What can't be told (a head's other child may be a sibling or a cousin of the new head's) is `OTHER`.
    """
    if head is Relation.HEAD:
        return other
    if other is Relation.HEAD:
        return _INVERSE.get(head, Relation.OTHER)
    return _SEEN_FROM.get(head, {}).get(other, Relation.OTHER)


def successor(members: Sequence[Member]) -> Member | None:
    """Return who stands for the household when its head has left: the spouse, else the eldest."""
    rank = {Relation.SPOUSE: 0}
    order = sorted(members, key=lambda one: (rank.get(one.relation, 1), one.birth_date or date.max, one.person_id))
    return order[0] if order else None


def odd_relations(birth_date: date | None, head_birth: date | None) -> tuple[Relation, ...]:
    """Return the relations that ages speak against: older than the parent, younger than the child."""
    if birth_date is None or head_birth is None:
        return ()
    if birth_date <= head_birth:
        return (Relation.CHILD, Relation.GRANDCHILD)
    return (Relation.PARENT,)
