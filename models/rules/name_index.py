"""Many names searched at once: a township of 60,000 people in milliseconds.

All names lie one behind another in a few long texts (as written, in pinyin, in initials), which are searched at the
speed of memory. That yields the few people who may match; `names.match` then says how well each does, so that a
search here and a search in a short list agree.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from models.rules.names import NameKeys, bare, has_characters, match, name_keys, slips_allowed, spelt

ENOUGH = 200
"""So many possible matches are looked at; who types one letter has to type another."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person as the index knows them; phones by their last four digits only."""

    person_id: int
    village_id: int
    name: str
    phone_last4: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who matches; `score` as `names.match` has it."""

    score: int
    person_id: int
    sort_key: str


@dataclass(frozen=True, slots=True)
class Found:
    """Who matches, best first; `more` when there were too many to look at them all."""

    hits: tuple[Hit, ...]
    more: bool = False


class NameIndex:
    """An index that is built once."""

    def __init__(self, people: Iterable[Named]) -> None:
        """Index `people`."""
        self._ids, self._villages = array("q"), array("q")
        self._names: list[str] = []
        self._written, self._full, self._initials = _Lines(), _Lines(), _Lines()
        self._spelt, self._digits = _Lines(), _Lines()
        self._keys: list[str] | None = None
        for person in people:
            self._add(person)
        for lines in (self._written, self._full, self._initials, self._spelt, self._digits):
            lines.close()

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._ids)

    def search(self, query: str, *, village_id: int | None = None, but: Collection[int] = ()) -> Found:
        """Return who matches `query`, of one village or of all, leaving out the ids in `but`."""
        typed = bare(query)
        if not typed:
            return Found(())
        for rows in (self._likely(typed), self._unlikely(typed)):
            seen = self._taken(rows, village_id, but)
            hits = [hit for row in seen if (hit := self._hit(query, row)) is not None]
            if hits:
                hits.sort(key=lambda hit: (-hit.score, hit.sort_key, hit.person_id))
                return Found(tuple(hits), len(seen) > ENOUGH)
        return Found(())

    def _taken(self, rows: Iterator[int], village_id: int | None, but: Collection[int]) -> dict[int, None]:
        """Return the rows that may be shown, each once, until there are more than enough."""
        taken: dict[int, None] = {}
        for row in rows:
            if village_id in (None, self._villages[row]) and self._ids[row] not in but:
                taken[row] = None
                if len(taken) > ENOUGH:
                    break
        return taken

    def _add(self, person: Named) -> None:
        keys = spelt(person.name)
        self._ids.append(person.person_id)
        self._villages.append(person.village_id)
        self._names.append(person.name)
        self._written.add(bare(person.name))
        self._full.add(_columns(keys.full))
        self._initials.add(_columns(keys.initials))
        self._spelt.add(_columns(" ".join(syllables) for syllables in keys.syllables))
        self._digits.add(person.phone_last4 or "")

    def _hit(self, query: str, row: int) -> Hit | None:
        name = self._names[row]
        keys: NameKeys = name_keys(name)
        score = match(query, name, keys, self._digits.line(row) or None)
        if score is None:
            return None
        return Hit(score, self._ids[row], keys.full[0] if keys.full else name)

    def _likely(self, typed: str) -> Iterator[int]:
        """Yield rows that may match, the best kinds of match first."""
        if typed.isdigit():
            return self._digits.ending(typed[-4:])
        if has_characters(typed):
            return chain(self._written.holding(f"\n{typed}"), self._written.holding(typed), self._heard(typed))
        return self._lettered(typed)

    def _heard(self, typed: str) -> Iterator[int]:
        """Yield names that sound the same, or begin so."""
        for sound in name_keys(typed).full:
            yield from self._full.holding(f"\t{sound}")

    def _lettered(self, typed: str) -> Iterator[int]:
        letters = re.escape(typed)
        yield from self._full.holding(f"\t{typed}")
        yield from self._initials.holding(f"\t{typed}")
        if len(typed) > 1 and letters.isalpha():
            yield from self._spelt.matching("\t" + "(?:[a-z]* )?".join(typed))
        if len(typed) > 2 and letters.isalpha():
            yield from self._spelt.matching(" " + " ?".join(typed))

    def _unlikely(self, typed: str) -> Iterator[int]:
        """Yield rows that may match with a slip."""
        if typed.isdigit():
            return
        if not has_characters(typed):
            yield from self._slips(typed)
        elif len(typed) >= 3:
            yield from self._written.matching("\n(?:" + "|".join(_one_slip(typed)) + ")(?=\n)")

    def _slips(self, typed: str) -> Iterator[int]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        allowed = slips_allowed(typed)
        if not allowed:
            return
        if self._keys is None:
            self._keys = sorted(set(self._full.text.replace("\n", "\t").split("\t")))
        near = process.extract(typed, self._keys, scorer=OSA.distance, score_cutoff=allowed, limit=50)
        for key, _, _ in near:
            if key:
                yield from self._full.holding(f"\t{key}")


@dataclass(slots=True)
class _Lines:
    """Lines in one long text, each begun by a newline."""

    text: str = ""
    _parts: list[str] = field(default_factory=list)
    _starts: array[int] = field(default_factory=lambda: array("q"))
    _length: int = 0

    def add(self, line: str) -> None:
        self._starts.append(self._length)
        self._parts.append("\n" + line)
        self._length += len(line) + 1

    def close(self) -> None:
        self.text, self._parts = "".join(self._parts) + "\n", []

    def line(self, row: int) -> str:
        start = self._starts[row] + 1
        return self.text[start : self.text.index("\n", start)]

    def holding(self, part: str) -> Iterator[int]:
        at = self.text.find(part)
        while at >= 0:
            row = self._row(at)
            yield row
            at = self.text.find(part, self._end(row))

    def ending(self, part: str) -> Iterator[int]:
        return self.holding(f"{part}\n") if part else iter(())

    def matching(self, pattern: str) -> Iterator[int]:
        return (self._row(found.start()) for found in re.compile(pattern).finditer(self.text))

    def _row(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    def _end(self, row: int) -> int:
        return self._starts[row + 1] if row + 1 < len(self._starts) else self._length


def _columns(words: Iterable[str]) -> str:
    return "".join(f"\t{word}" for word in words)


def _one_slip(typed: str) -> Iterator[str]:
    """Yield patterns of what `typed` may have been: one character other, missing, too many, or two swapped."""
    for at in range(len(typed)):
        before, after = re.escape(typed[:at]), re.escape(typed[at + 1 :])
        yield f"{before}.{after}"
        yield f"{before}{after}"
        yield f"{before}.{re.escape(typed[at:])}"
        if at + 1 < len(typed):
            yield f"{before}{re.escape(typed[at + 1] + typed[at] + typed[at + 2 :])}"
    yield f"{re.escape(typed)}."
