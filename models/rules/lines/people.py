"""Who is meant by a name, initials, a number on the list, and what tells namesakes apart. Never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.rules.name_index import Hit, Named, NameIndex
from models.rules.names import bare, has_characters

WHOLE, SPELT, GIVEN, SHORTENED = 100, (96, 90), 85, 78
"""Scores of `names.match`: the name itself; its whole pinyin or initials; a part; every syllable begun (`wangxy`)."""
SHOWN = 6
"""So many people are offered when it is not clear who is meant."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody who may be meant.

    Attributes:
        number: on the roster; `None` for somebody who is not on it.
        group: name of the village group.
        village: where the person is on the list.
    """

    person_id: int
    name: str
    number: int | None = None
    group: str | None = None
    birth_year: int | None = None
    village: int | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant.

    Attributes:
        person: the one who is, beyond doubt.
        code: why there is none, at `input.<code>`: `lines.who_several`, `lines.who_like` (nobody quite so),
            `lines.who_nobody`, `lines.who_number` (no such number), `lines.who_other` (the number is somebody
            else's), `lines.who_missing` (nobody is named).
        choices: who may be meant, likeliest first.
    """

    person: Listed | None = None
    code: str = ""
    choices: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """How a line says who it is about.

    Attributes:
        name: letters or characters of the name.
        groups: further words, of which some may name the group.
        number: on the list.
        born: year of birth; `age`: in years.
    """

    name: str = ""
    groups: tuple[str, ...] = ()
    number: int | None = None
    born: int | None = None
    age: int | None = None


class People:
    """Those who may be meant."""

    def __init__(self, people: Iterable[Listed], year: int) -> None:
        """Know `people` in the `year` in which ages are told."""
        self._people = tuple(people)
        self._by_id = {person.person_id: person for person in self._people}
        self._by_number = {person.number: person for person in self._people if person.number is not None}
        self._groups = {person.group for person in self._people if person.group}
        self._index = NameIndex(Named(person.person_id, 0, person.name) for person in self._people)
        self._year = year

    def has_number(self, number: int) -> bool:
        """Return whether somebody on the roster has this number."""
        return number in self._by_number

    def is_group(self, word: str) -> bool:
        """Return whether a village group is called so."""
        return word in self._groups

    def is_named(self, words: str) -> bool:
        """Return whether somebody has exactly this name, in characters, pinyin or initials."""
        hits = self._index.search(words).hits
        return bool(hits) and hits[0].score in (WHOLE, *SPELT)

    def meant(self, described: Described) -> Meant:
        """Return who is meant."""
        if described.name:
            return self._by_name(described)
        if described.number is None:
            return Meant(code="lines.who_missing")
        person = self._by_number.get(described.number)
        return Meant(person) if person is not None else Meant(code="lines.who_number")

    def _by_name(self, described: Described) -> Meant:
        hits = self._index.search(described.name).hits
        certain = [self._by_id[hit.person_id] for hit in _certain(described.name, hits)]
        fitting = [person for person in certain if self._fits(person, described)]
        if len(fitting) == 1:
            return self._agreeing(fitting[0], described.number)
        offered = fitting or certain or [self._by_id[hit.person_id] for hit in hits]
        if not offered:
            return Meant(code="lines.who_nobody")
        return Meant(code="lines.who_several" if len(certain) > 1 else "lines.who_like", choices=_first(offered))

    def _agreeing(self, person: Listed, number: int | None) -> Meant:
        """Return the person, unless a number was given too and it is somebody else's."""
        if number is None or number == person.number:
            return Meant(person)
        other = self._by_number.get(number)
        return Meant(code="lines.who_other", choices=_first([person, *([other] if other is not None else [])]))

    def _fits(self, person: Listed, described: Described) -> bool:
        if described.born is not None and person.birth_year != described.born:
            return False
        if described.age is not None and (
            person.birth_year is None or self._year - person.birth_year - described.age not in {0, 1}
        ):
            return False
        return not described.groups or person.group in described.groups


def _first(people: Sequence[Listed]) -> tuple[Listed, ...]:
    return tuple(people[:SHOWN])


def _certain(typed: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits that somebody who types so means: the best kind of match there is, if it is one of the good."""
    for kind in ((WHOLE,), SPELT):
        found = [hit for hit in hits if hit.score in kind]
        if found:
            return found
    short = bare(typed)
    good = GIVEN if has_characters(short) else SHORTENED
    return [hit for hit in hits if hit.score >= good] if _is_enough(short, hits, good) else []


def _is_enough(short: str, hits: Sequence[Hit], good: int) -> bool:
    """Return whether part of a name is enough: a given name of two characters, or every syllable of several begun."""
    return len(short) >= 2 and bool(hits) and hits[0].score == good
