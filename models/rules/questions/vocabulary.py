"""All words of questions, by how they are written, how they sound, and how they are spelt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from models.rules.names import reading
from models.rules.questions import words_en, words_zh
from models.rules.questions.concepts import Concept

_FORGIVEN_FROM = 5
"""From so many letters on a slip is forgiven."""
_TWO_SLIPS_FROM = 8


@dataclass(frozen=True)
class Vocabulary:
    """Words and what they stand for.

    Attributes:
        written: Chinese words.
        heard: Chinese words of two characters or more, without fillers, by their pinyin.
        spelt: all Chinese words by their pinyin.
        phrases: English words and phrases.
        words: the words that English phrases are made of.
    """

    written: Mapping[str, Concept]
    heard: Mapping[str, Concept]
    spelt: Mapping[str, Concept]
    phrases: Mapping[tuple[str, ...], Concept]
    words: frozenset[str]

    @property
    def longest(self) -> int:
        """The letters of the longest word in pinyin."""
        return max(map(len, self.spelt))

    def without(self, words: Collection[str]) -> Vocabulary:
        """Return the vocabulary without those English words."""
        return replace(self, words=self.words.difference(words))

    def corrected(self, word: str) -> str | None:
        """Return the English word that `word` is a slip of, or `None`."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(word) < _FORGIVEN_FROM - 1:
            return None
        allowed = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        near = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=allowed, limit=5)
        likely = [found for found, _, _ in near if found[0] == word[0] and len(found) >= _FORGIVEN_FROM]
        return likely[0] if likely else None


@lru_cache(maxsize=4096)
def sound(char: str) -> str:
    """Return a character's usual reading without its tone; a letter stands for itself."""
    return reading(char) or char


def sounds(word: str) -> str:
    """Return a Chinese word in pinyin, without blanks."""
    return "".join(map(sound, word))


@cache
def vocabulary() -> Vocabulary:
    """Return all words; made at the first question."""
    written: dict[str, Concept] = {}
    heard: dict[str, Concept] = {}
    spelt: dict[str, Concept] = {}
    for concept, words in words_zh.WORDS.items():
        for word in words.split():
            written.setdefault(word, concept)
            spelt.setdefault(sounds(word), concept)
            if len(word) > 1 and concept is not Concept.FILLER:
                heard.setdefault(sounds(word), concept)
    phrases: dict[tuple[str, ...], Concept] = {}
    for concept, words in words_en.WORDS.items():
        for phrase in words.split(","):
            phrases.setdefault(tuple(phrase.split()), concept)
    return Vocabulary(written, heard, spelt, phrases, frozenset(word for phrase in phrases for word in phrase))
