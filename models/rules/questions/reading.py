"""Reading a question: the words that explain most of it at the least cost, and what stays unexplained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.rules.questions.atoms import Atom, Kind, atoms
from models.rules.questions.concepts import Concept
from models.rules.questions.counts import FIRST_MARK as FIRST_FEW
from models.rules.questions.counts import Few, counted
from models.rules.questions.gazetteer import Gazetteer, Villages
from models.rules.questions.periods import dated
from models.rules.questions.plain import tidy
from models.rules.questions.stretches import Stretch
from models.rules.questions.vocabulary import Vocabulary, vocabulary

_EXACT, _PART, _HEARD, _SLIP = 3.0, 3.5, 4.5, 6.0
_LONGER = 0.01
"""Of words that explain as much, the longer ones are meant: 多少 and 了, not 多 and 少了."""
_UNEXPLAINED = {Kind.CHARACTER: 10.0, Kind.LETTER: 4.0, Kind.WORD: 10.0, Kind.OTHER: 3.0}
_LONGEST = 14
"""The longest word in characters."""
_LONGEST_PHRASE = 5
_TYPO_LENGTHS = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Place:
    """A village that is named; several when it may be one or the other.

    Attributes:
        typed: how it was written.
        as_written: not by its sound or with a slip mended.
        by_initials: by first letters, which may be something else.
    """

    villages: Villages
    typed: str
    as_written: bool = True
    by_initials: bool = False


Meaning = Concept | Place | Stretch | Few


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question says, in its order.

    Attributes:
        meanings: words, villages, periods and numbers.
        unexplained: pieces that none of it explains.
    """

    meanings: tuple[Meaning, ...]
    unexplained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """How `length` atoms may be understood, at which cost."""

    length: int
    cost: float
    meaning: Meaning | None


def read(text: str, places: Gazetteer, today: date, *, ahead: bool = False) -> Reading:
    """Return what a question says; with `ahead` a month without its year is the next one."""
    with_marks = dated(tidy(text), today, ahead=ahead)
    without_counts, few = counted(with_marks.text)
    parts = atoms(without_counts, vocabulary(), places)
    marks = [_marked(atom, with_marks.period_of, few) for atom in parts]
    ways = [_ways(parts, start, mark, places) for start, mark in enumerate(marks)]
    found = _cheapest(parts, ways)
    if any(not way.meaning and parts[start].kind is Kind.CHARACTER for start, way in found):
        for start, options in enumerate(ways):
            options.extend(_slips(parts, start, places))
        found = _cheapest(parts, ways)
    return _reading(parts, found, with_marks.impossible)


def _marked(atom: Atom, period_of: object, few: list[Few]) -> Meaning | None:
    if atom.kind is not Kind.OTHER or len(atom.text) != 1:
        return None
    number = ord(atom.text) - FIRST_FEW
    if 0 <= number < len(few):
        return few[number]
    period: Stretch | None = period_of(atom.text)  # type: ignore[operator]
    return period


def _ways(parts: list[Atom], start: int, mark: Meaning | None, places: Gazetteer) -> list[_Way]:
    """Return how the atoms from `start` on may be understood."""
    if mark is not None:
        return [_Way(1, 0.0, mark)]
    kind = parts[start].kind
    if kind is Kind.CHARACTER:
        return list(_characters(parts, start, vocabulary(), places))
    if kind is Kind.LETTER:
        return list(_letters(parts, start, vocabulary(), places))
    return list(_phrases(parts, start, vocabulary()))


def _characters(parts: list[Atom], start: int, words: Vocabulary, places: Gazetteer) -> Iterator[_Way]:
    written = heard = ""
    for length, atom in enumerate(parts[start : start + _LONGEST], 1):
        if atom.kind is not Kind.CHARACTER:
            return
        written, heard = written + atom.text, heard + atom.sound
        if written in words.written:
            yield _Way(length, _EXACT, words.written[written])
        elif heard in words.heard and length > 1:
            yield _Way(length, _HEARD, words.heard[heard])
        if written in places.whole:
            yield _Way(length, _EXACT - 1, Place(places.whole[written], written))
        elif written in places.parts:
            yield _Way(length, _PART, Place(places.parts[written], written))
        elif heard in places.heard and length > 1:
            yield _Way(length, _HEARD, Place(places.heard[heard], written, as_written=False))


def _letters(parts: list[Atom], start: int, words: Vocabulary, places: Gazetteer) -> Iterator[_Way]:
    spelt = ""
    if not parts[start].begins:
        yield from _syllables(parts, start, words)
        return
    for length, atom in enumerate(parts[start : start + words.longest], 1):
        if atom.kind is not Kind.LETTER:
            break
        spelt += atom.text
        if atom.ends and spelt in places.spelt:
            yield _Way(length, _EXACT - 1, Place(places.spelt[spelt], spelt))
        if atom.ends and length > 1 and spelt in words.spelt:
            yield _Way(length, _EXACT, words.spelt[spelt])
    yield from _one_word(parts, start, places)
    yield from _syllables(parts, start, words)


def _one_word(parts: list[Atom], start: int, places: Gazetteer) -> Iterator[_Way]:
    """Yield villages by initials, or with a slip, that a whole word of letters means."""
    end = next(index for index in range(start, len(parts)) if parts[index].ends)
    word = "".join(atom.text for atom in parts[start : end + 1])
    if word in places.initials:
        yield _Way(len(word), _PART, Place(places.initials[word], word, by_initials=True))
    near = places.near_letters(word)
    if near:
        yield _Way(len(word), _SLIP, Place(near, word, as_written=False))


def _syllables(parts: list[Atom], start: int, words: Vocabulary) -> Iterator[_Way]:
    """Yield longer words in pinyin, which may be written together with others."""
    spelt = ""
    for length, atom in enumerate(parts[start : start + words.longest], 1):
        if atom.kind is not Kind.LETTER:
            return
        spelt += atom.text
        if length > 3 and spelt in words.heard:
            yield _Way(length, _HEARD, words.heard[spelt])
        elif length > 1 and spelt in words.spelt:
            yield _Way(length, _HEARD + 1, words.spelt[spelt])


def _phrases(parts: list[Atom], start: int, words: Vocabulary) -> Iterator[_Way]:
    phrase: tuple[str, ...] = ()
    for length, atom in enumerate(parts[start : start + _LONGEST_PHRASE], 1):
        phrase = (*phrase, atom.text)
        if phrase in words.phrases:
            yield _Way(length, _EXACT, words.phrases[phrase])


def _slips(parts: list[Atom], start: int, places: Gazetteer) -> Iterator[_Way]:
    """Yield villages whose name in characters has one slip."""
    for length in _TYPO_LENGTHS:
        window = parts[start : start + length]
        if len(window) == length and all(atom.kind is Kind.CHARACTER for atom in window):
            word = "".join(atom.text for atom in window)
            near = places.near_characters(word)
            if near:
                yield _Way(length, _SLIP, Place(near, word, as_written=False))


def _cheapest(parts: list[Atom], ways: list[list[_Way]]) -> list[tuple[int, _Way]]:
    """Return the ways, with where each begins, that together cost least."""
    count = len(parts)
    best = [0.0] * (count + 1)
    chosen: list[_Way] = [_Way(1, 0.0, None)] * count
    for start in reversed(range(count)):
        skip = _Way(1, _UNEXPLAINED[parts[start].kind], None)
        for way in (skip, *ways[start]):
            cost = way.cost - _LONGER * way.length**2 + best[start + way.length]
            if way is skip or cost <= best[start]:  # the longer first word of ways that cost the same
                best[start], chosen[start] = cost, way
    found, start = [], 0
    while start < count:
        found.append((start, chosen[start]))
        start += chosen[start].length
    return found


def _reading(parts: list[Atom], found: list[tuple[int, _Way]], impossible: list[str]) -> Reading:
    meanings = tuple(way.meaning for _, way in found if way.meaning is not None)
    pieces: list[str] = []
    last = -1
    for start, way in found:
        atom = parts[start]
        if way.meaning is not None or (atom.kind is Kind.OTHER and not atom.text.isalnum()):
            continue
        joins = (
            bool(pieces)
            and start == last + 1
            and atom.kind is not Kind.WORD
            and not (atom.kind is Kind.LETTER and atom.begins)
        )
        pieces[-1:] = [pieces[-1] + atom.text] if joins else [*pieces[-1:], atom.text]
        last = start
    return Reading(meanings, (*pieces, *impossible))
