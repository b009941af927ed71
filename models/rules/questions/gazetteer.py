"""The villages of a township as they are called: in characters, whole or in part, by sound, pinyin or initials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from models.rules.names import name_keys, slips_allowed
from models.rules.questions.vocabulary import sounds

_ENDINGS = ("社区居委会", "居委会", "村委会", "社区", "行政村", "村")
_SHORTEST_INITIALS = 2
_SHORTEST_TYPO = 3


@dataclass(frozen=True, slots=True, order=True)
class Village:
    """A village that may be asked about."""

    id: int
    name: str


Villages = tuple[Village, ...]


@dataclass(frozen=True)
class Gazetteer:
    """What a township's villages may be called, each name with those it may mean.

    Attributes:
        whole: their names, with and without 村.
        parts: the ends and beginnings of names (李庄, 马村), where no whole name is the same.
        heard: both by their pinyin.
        spelt: whole names in pinyin, every reading.
        initials: first letters.
    """

    whole: Mapping[str, Villages]
    parts: Mapping[str, Villages]
    heard: Mapping[str, Villages]
    spelt: Mapping[str, Villages]
    initials: Mapping[str, Villages]

    def near_letters(self, word: str) -> Villages:
        """Return whose pinyin `word` is a slip of: those with the fewest wrong letters."""
        return _nearest(word, self.spelt, slips_allowed(word))

    def near_characters(self, word: str) -> Villages:
        """Return whose name `word` has one wrong, missing or added character of."""
        if len(word) < _SHORTEST_TYPO:
            return ()
        return _nearest(word, {name: one for name, one in self.whole.items() if len(name) >= _SHORTEST_TYPO}, 1)


def stem(name: str) -> str:
    """Return a village's name without 村 or 社区 at its end."""
    ending = next((end for end in _ENDINGS if name.endswith(end) and len(name) - len(end) > 1), "")
    return name[: len(name) - len(ending)]


@lru_cache(maxsize=64)
def gazetteer(villages: Villages) -> Gazetteer:
    """Return the names of a township's villages; remembered, because it is asked for again with each question."""
    whole = _grouped((name, village) for village in villages for name in (village.name, *_called(village.name)))
    parts = _grouped((name, village) for village in villages for name in _parts(village.name) if name not in whole)
    heard = _grouped((sounds(name), one) for names in (whole, parts) for name, many in names.items() for one in many)
    spelt = _grouped((key, one) for name, many in whole.items() for one in many for key in name_keys(name).full)
    initials = _grouped((key, one) for name, many in whole.items() for one in many for key in _initials(name))
    return Gazetteer(whole, parts, heard, spelt, initials)


def _called(name: str) -> tuple[str, ...]:
    bare = stem(name)
    return (bare, f"{bare}社区" if name.endswith("社区") else f"{bare}村")


def _parts(name: str) -> set[str]:
    """Return the ends of a name of two characters or more, and the beginnings of a long one."""
    bare = stem(name)
    ends = {bare[start:] for start in range(1, len(bare) - 1)}
    beginnings = {bare[:end] for end in range(2, len(bare))}
    ending = {} if name.endswith("社区") else {f"{bare[start:]}村" for start in range(1, len(bare))}
    return ends | beginnings | set(ending)


def _initials(name: str) -> tuple[str, ...]:
    return tuple(key for key in name_keys(name).initials if len(key) >= _SHORTEST_INITIALS)


def _grouped(named: Iterable[tuple[str, Village]]) -> dict[str, Villages]:
    found: dict[str, dict[Village, None]] = {}
    for name, village in named:
        found.setdefault(name, {})[village] = None
    return {name: tuple(many) for name, many in found.items()}


def _nearest(word: str, names: Mapping[str, Villages], allowed: int) -> Villages:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if not allowed:
        return ()
    near = process.extract(word, names.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=None)
    fewest = min((distance for _, distance, _ in near), default=0)
    return tuple(dict.fromkeys(one for name, distance, _ in near if distance == fewest for one in names[name]))
