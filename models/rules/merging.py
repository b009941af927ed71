"""What becomes of two entries of one person: whose details stay, which programmes run, what is consented to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from models.rules.consent import Purpose

_D = TypeVar("_D")

FILLABLE: Mapping[str, Purpose | None] = {
    "birth_date": None,
    "group_id": None,
    "phone": Purpose.CONTACT,
    "preferred_channel": Purpose.CONTACT,
    "identity": Purpose.HEALTH_RECORD,
    "household_id": None,
}
"""Details that are taken over where the kept entry lacks them, and the consent without which they are not."""


@dataclass(frozen=True, slots=True)
class Given:
    """One consent of one entry, given and perhaps withdrawn."""

    id: int
    purpose: Purpose
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Consents:
    """What becomes of the consents.

    Attributes:
        standing: what the person consents to.
        doubled: consents of the gone entry that the kept one has as well: they stay where they are.
        withdrawn: consents that a later withdrawal in the other entry ends, with its moment.
    """

    standing: frozenset[Purpose]
    doubled: frozenset[int]
    withdrawn: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Joined:
    """One programme of one entry.

    Attributes:
        declined_on: the person did not want it any more since that day.
    """

    id: int
    programme: str
    active: bool
    enrolled_on: date
    declined_on: date | None = None


@dataclass(frozen=True, slots=True)
class Programmes:
    """What becomes of the programmes.

    Attributes:
        absorbed: running enrolments of the gone entry, with those of the kept one that take their records.
        declined: running enrolments that the person declined in the other entry, with that day.
        running: enrolments that run on.
    """

    absorbed: Mapping[int, int]
    declined: Mapping[int, date]
    running: tuple[int, ...]


def filled(kept: Mapping[str, _D | None], gone: Mapping[str, _D | None], consents: frozenset[Purpose]) -> list[str]:
    """Return the details that the kept entry takes over from the gone one: those it lacks and may have."""
    return [
        name
        for name, needed in FILLABLE.items()
        if kept.get(name) is None and gone.get(name) is not None and (needed is None or needed in consents)
    ]


def consents(kept: Sequence[Given], gone: Sequence[Given]) -> Consents:
    """Return what is consented to: whatever either entry says, unless it was withdrawn later in the other."""
    withdrawn = {**_withdrawn(kept, gone), **_withdrawn(gone, kept)}
    stand = [one for one in (*kept, *gone) if one.withdrawn_at is None and one.id not in withdrawn]
    mine = {one.purpose for one in kept if one in stand}
    doubled = frozenset(one.id for one in gone if one in stand and one.purpose in mine)
    return Consents(frozenset(one.purpose for one in stand), doubled, withdrawn)


def _withdrawn(ours: Iterable[Given], theirs: Iterable[Given]) -> dict[int, datetime]:
    last: dict[Purpose, datetime] = {}
    for one in theirs:
        if one.withdrawn_at is not None:
            last[one.purpose] = max(one.withdrawn_at, last.get(one.purpose, one.withdrawn_at))
    return {
        one.id: last[one.purpose]
        for one in ours
        if one.withdrawn_at is None and one.purpose in last and one.given_at <= last[one.purpose]
    }


def programmes(kept: Sequence[Joined], gone: Sequence[Joined]) -> Programmes:
    """Return which programmes run on: declining one in either entry ends it in both, unless joined again later."""
    declined = {**_declined(kept, gone), **_declined(gone, kept)}
    mine = {one.programme: one.id for one in kept if one.active and one.id not in declined}
    theirs = [one for one in gone if one.active and one.id not in declined]
    absorbed = {one.id: mine[one.programme] for one in theirs if one.programme in mine}
    running = (*mine.values(), *(one.id for one in theirs if one.id not in absorbed))
    return Programmes(absorbed, declined, running)


def _declined(ours: Iterable[Joined], theirs: Iterable[Joined]) -> dict[int, date]:
    last: dict[str, date] = {}
    for one in theirs:
        if one.declined_on is not None:
            last[one.programme] = max(one.declined_on, last.get(one.programme, one.declined_on))
    return {
        one.id: last[one.programme]
        for one in ours
        if one.active and one.programme in last and one.enrolled_on <= last[one.programme]
    }
