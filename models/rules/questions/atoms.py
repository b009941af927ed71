"""A question in its smallest parts: a character, a letter of pinyin, an English word, a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from models.rules.names import has_characters
from models.rules.questions.gazetteer import Gazetteer
from models.rules.questions.vocabulary import Vocabulary, sound

_PARTS = re.compile(r"[a-z]+(?:-[a-z]+)*|\d+|[^\sa-z\d]")
_LONG = 6
"""A village's pinyin with a slip is known from so many letters on, even where it could be other syllables."""

_MOST_SYLLABLES = 5


class Kind(Enum):
    """What a part is."""

    CHARACTER = auto()
    LETTER = auto()
    """Of a word that is no English one: pinyin, or initials."""
    WORD = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Atom:
    """A part.

    Attributes:
        text: as it is written; a slip in an English word is mended.
        sound: of a character its pinyin, of a letter itself.
        begins, ends: whether a word of letters begins and ends here.
    """

    kind: Kind
    text: str
    sound: str = ""
    begins: bool = True
    ends: bool = True


def atoms(text: str, words: Vocabulary, places: Gazetteer) -> list[Atom]:
    """Return the parts of a question, blanks left out."""
    english = words if not has_characters(text) else words.without(places.initials)
    return [atom for part in _joined(_PARTS.findall(text), places) for atom in _of(part, english, places)]


def _joined(parts: list[str], places: Gazetteer) -> Iterator[str]:
    """Yield the words, those that spell a village syllable by syllable (`da wang zhuang`) as one."""
    start = 0
    while start < len(parts):
        lengths = range(min(_MOST_SYLLABLES, len(parts) - start), 1, -1)
        length = next((one for one in lengths if "".join(parts[start : start + one]) in places.spelt), 1)
        yield "".join(parts[start : start + length])
        start += length


def _of(part: str, words: Vocabulary, places: Gazetteer) -> Iterator[Atom]:
    if not part[0].isalpha():
        yield Atom(Kind.OTHER, part)
    elif has_characters(part):
        yield Atom(Kind.CHARACTER, part, sound(part))
    else:
        mended = _english(part, words, places)
        if mended:
            yield Atom(Kind.WORD, mended)
        else:
            yield from _letters(part)


def _english(part: str, words: Vocabulary, places: Gazetteer) -> str | None:
    """Return the English word, or `None` for one of other letters."""
    if part in words.words or part in places.spelt or part in places.initials:
        return part if part in words.words else None
    if len(part) >= _LONG and places.near_letters(part):
        return None
    return words.corrected(part)


def _letters(part: str) -> Iterator[Atom]:
    letters = part.replace("-", "")
    for index, letter in enumerate(letters):
        yield Atom(Kind.LETTER, letter, letter, index == 0, index == len(letters) - 1)
