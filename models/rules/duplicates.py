"""Are two entries the same person? How likely that is, and why.

Families share phones, and namesakes are common, so that neither a phone nor a name alone says much. Two identity
numbers that differ tell two persons apart, whatever else they share.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Certainty(IntEnum):
    """How likely it is that two entries are one person; more is more certain."""

    WEAK = 1
    """Worth a look where the person is registered; never listed by itself."""
    POSSIBLE = 2
    LIKELY = 3
    CERTAIN = 4


class Reason(StrEnum):
    """What two entries have in common, as it is told."""

    IDENTITY = "identity"
    PHONE_AND_NAME = "phone_name"
    NAME_AND_BIRTH = "name_birth"
    NAME_AND_YEAR = "name_year"
    PHONE = "phone"


CERTAINTY: dict[Reason, Certainty] = {
    Reason.IDENTITY: Certainty.CERTAIN,
    Reason.PHONE_AND_NAME: Certainty.LIKELY,
    Reason.NAME_AND_BIRTH: Certainty.LIKELY,
    Reason.NAME_AND_YEAR: Certainty.POSSIBLE,
    Reason.PHONE: Certainty.WEAK,
}


@dataclass(frozen=True, slots=True)
class Shared:
    """What two entries share. What is unknown of either is not shared.

    Attributes:
        identity: the identity number; `None` when it is unknown of either, `False` when there are two.
        birth: the whole date of birth; `year`: at least its year.
        sex: `False` when one is a man and the other a woman.
    """

    identity: bool | None = None
    phone: bool = False
    name: bool = False
    birth: bool = False
    year: bool = False
    sex: bool = True


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two entries look like one person.

    Attributes:
        reasons: why, the strongest first; there is at least one.
    """

    certainty: Certainty
    reasons: tuple[Reason, ...]


def likeness(shared: Shared) -> Likeness | None:
    """Return how likely it is that two entries are one person, `None` when nothing speaks for it."""
    if shared.identity is False:
        return None
    reasons = tuple(_reasons(shared))
    if not reasons:
        return None
    return Likeness(max(CERTAINTY[reason] for reason in reasons), reasons)


def _reasons(shared: Shared) -> Iterator[Reason]:
    if shared.identity:
        yield Reason.IDENTITY
    if shared.phone and shared.name:
        yield Reason.PHONE_AND_NAME
    if shared.name and shared.birth:
        yield Reason.NAME_AND_BIRTH
    elif shared.name and shared.year and shared.sex:
        yield Reason.NAME_AND_YEAR
    if shared.phone and not shared.name:
        yield Reason.PHONE
