"""Cuts a line into its pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from models.rules.hanzi import HAN
from models.rules.lines import measures
from models.rules.lines.atoms import Atom, Fault, Said, Value, Word

Reader = Callable[[str, int], tuple[Atom, int] | None]
"""Reads one more kind of piece that begins at a place; returns it and where it ends."""

_HAN = rf"[{HAN}〇·]"
_GAP = re.compile(
    r"(?:[\s,.:;()\[\]<>《》【】\-_|+=*#'\"“”‘’!]|(?<![a-z])(?:and|with|for|the|is|was|has|had|on)(?![a-z]))+",
    re.IGNORECASE,
)
"""What means nothing: marks, and English words between others."""
_LETTERS = re.compile(rf"[^\W\d_{HAN}]+(?:'[a-z]+)*", re.IGNORECASE)
_NOT = re.compile(
    r"(?:.*(?:没|没有|不|未|无|别|非|从没|不是)|not|no|never|isn't|don't|didn't|doesn't|without|isnt)", re.IGNORECASE
)
_NOT_MEASURED = re.compile("(?:.*[没不未](?:有|能|肯)?)(?:量|测|查|做|称)?")
_NEGATIVE = re.compile("[没不未无别非]")
_LONGEST_PHRASE = 4
"""Words of the longest English phrase."""


class Scanner:
    """Cuts lines with a vocabulary."""

    def __init__(self, words: Mapping[str, Said], stops: str = "", readers: Sequence[Reader] = ()) -> None:
        """Know `words`; `stops` is a pattern of characters at which a word ends, which `readers` read."""
        self._words = words
        self._readers = (*readers, measures.read)
        stop = f"{measures.HAN_KEYWORDS}|{stops}" if stops else measures.HAN_KEYWORDS
        self._run = re.compile(rf"(?:(?!{stop}){_HAN})+")

    def scan(self, text: str) -> list[Atom]:
        """Return the pieces of `text`, which `typed.plain` has made ordinary."""
        atoms: list[Atom] = []
        at = begin = 0
        while at < len(text):
            gap = _GAP.match(text, at)
            at = gap.end() if gap is not None else at
            if at >= len(text):
                break
            found, end = self._next(text, at, is_first=not any(isinstance(atom, Word) for atom in atoms))
            before = text[begin:at]
            atoms += [replace(found[0], gap=before), *found[1:]]
            at = begin = max(end, at + 1)
        return _doubted(atoms)

    def _next(self, text: str, at: int, *, is_first: bool) -> tuple[list[Atom], int]:
        for reader in self._readers:
            found = reader(text, at)
            if found is not None:
                return [found[0]], found[1]
        run = self._run.match(text, at)
        if run is not None:
            return self._characters(run[0], is_first=is_first), run.end()
        return self._phrase(text, at)

    def _characters(self, run: str, *, is_first: bool) -> list[Atom]:
        """Return what a run of characters says; of the first one the front may be a name, and the rest words."""
        said = self._whole(run)
        if said is not None:
            return said
        for cut in range(2, len(run)) if is_first else ():
            rest = self._whole(run[cut:])
            if rest is not None and not _NEGATIVE.search(run[:cut]):
                return [Word(run[:cut]), *rest]
        return [Word(run)]

    def _whole(self, run: str) -> list[Atom] | None:
        """Return the words that `run` is made of, and of nothing else."""
        if run in self._words:
            return [replace(self._words[run], text=run)]
        for cut in range(len(run) - 1, 0, -1):
            if run[:cut] in self._words and (rest := self._whole(run[cut:])) is not None:
                return [replace(self._words[run[:cut]], text=run[:cut]), *rest]
        return None

    def _phrase(self, text: str, at: int) -> tuple[list[Atom], int]:
        """Return the longest phrase of letters that means something, or one word, or one sign."""
        ends: list[int] = []
        end = at
        while len(ends) < _LONGEST_PHRASE and (word := _LETTERS.match(text, end)) is not None:
            ends.append(word.end())
            end = word.end() + (text[word.end() : word.end() + 1] == " ")
        for last in reversed(ends):
            phrase = text[at:last]
            if phrase.lower() in self._words:
                return [replace(self._words[phrase.lower()], text=phrase)], last
        last = ends[0] if ends else at + 1
        known = self._words.get(text[at:last])
        return [replace(known, text=text[at:last]) if known is not None else Word(text[at:last])], last


def _doubted(atoms: list[Atom]) -> list[Atom]:
    """Return the pieces; a meaning or a value right behind a *not* that is no part of it is not understood."""
    found: list[Atom] = []
    for atom in atoms:
        before = found[-1] if found else None
        if isinstance(before, Word) and isinstance(atom, Said | Value) and _is_denied(before, atom):
            found[-1] = Fault("lines.words", f"{before.text}{atom.gap}{atom.text}", gap=before.gap)
        else:
            found.append(atom)
    return found


def _is_denied(before: Word, atom: Said | Value) -> bool:
    return (_NOT if isinstance(atom, Said) else _NOT_MEASURED).fullmatch(before.text) is not None
