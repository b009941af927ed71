"""Turns text keys into words.

A language is a folder of TOML files, one per noun; the key `residents.saved` is the entry `saved` of
`residents.toml`. Placeholders are `{name}`; dates and times take a format name from `formats.toml`
(`{day:day}`). An entry with `one` and `other` is chosen by the value `n`.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, cached_property
from pathlib import Path
from string import Formatter
from typing import Any

from locales.dates import Names, written
from locales.message import Label, Text, Verbatim, Worded

LANGUAGES = ("zh-CN", "en")
_FOLDER = Path(__file__).parent
_TAG = re.compile(r"</?[a-z][^>]*>")


class MissingText(KeyError):
    """No such text key in that language."""


class Translator:
    """The texts of one language."""

    def __init__(self, language: str, catalogue: Mapping[str, str], spare: Mapping[str, str] | None = None) -> None:
        """Hold `catalogue`, keys to patterns, of `language`; a key that it lacks is looked for in `spare`."""
        self.language = language
        self._catalogue = catalogue
        self._spare = spare or {}
        self._html = _Pattern(self, escape=True)
        self._plain = _Pattern(self, escape=False)

    def render(self, text: Text) -> str:
        """Return `text` as HTML: the pattern's own tags stay, values are escaped.

        Raises:
            MissingText: when no language has the key.
        """
        return self._html.fill(text)

    def plain(self, label: Label) -> str:
        """Return a label without markup, for buttons and notices."""
        if isinstance(label, Verbatim):
            return label.text
        return self.own(label) if isinstance(label, Worded) else self._plain.fill(label)

    def own(self, label: Worded) -> str:
        """Return the words of this language; where it has none, those of the first of `LANGUAGES`."""
        return label.words.get(self.language) or label.words[LANGUAGES[0]]

    def pattern(self, key: str, values: Mapping[str, object]) -> str:
        """Return the pattern of `key`, in the plural form that `values["n"]` asks for."""
        for catalogue in (self._catalogue, self._spare):
            found = catalogue.get(key)
            if found is None and "n" in values:
                found = catalogue.get(f"{key}.{self._plural(values['n'])}", catalogue.get(f"{key}.other"))
            if found is not None:
                return found
        raise MissingText(f"{self.language}: {key}")

    def has(self, key: str) -> bool:
        """Return whether the language has `key`."""
        return key in self._catalogue or f"{key}.other" in self._catalogue

    def keys(self) -> frozenset[str]:
        """Return every key of the language."""
        return frozenset(self._catalogue)

    @property
    def catalogue(self) -> Mapping[str, str]:
        """All patterns of the language, by key."""
        return self._catalogue

    def moment(self, value: date | datetime | time, name: str) -> str:
        """Return a date or time in the format called `name`."""
        return written(value, self.pattern(f"formats.{name or 'day'}", {}), self._names)

    @cached_property
    def _names(self) -> Names:
        keys = ("formats.weekdays", "formats.months", "formats.months_short")
        return Names(*(self.pattern(key, {}).split() for key in keys))

    def _plural(self, n: object) -> str:
        return "one" if self.language == "en" and n == 1 else "other"


class _Pattern:
    """Fills a pattern's placeholders with the values of a text."""

    def __init__(self, translator: Translator, *, escape: bool) -> None:
        self._translator = translator
        self._escape = escape

    def fill(self, text: Text) -> str:
        pattern = self._translator.pattern(text.key, text.values)
        parts = _parts(pattern if self._escape else _without_tags(pattern))
        return "".join(
            [
                literal if name is None else literal + self._worded(text.values[name], spec)
                for literal, name, spec in parts
            ]
        )

    def _worded(self, value: Any, spec: str) -> str:
        if isinstance(value, str):
            return self._safe(format(value, spec))
        if isinstance(value, Text):
            return self.fill(value)
        if isinstance(value, Verbatim):
            return self._safe(value.text)
        if isinstance(value, Worded):
            return self._safe(self._translator.own(value))
        if isinstance(value, datetime | date | time):
            return self._translator.moment(value, spec)
        if isinstance(value, Sequence):
            joiner = self._translator.pattern(f"formats.join_{spec}", {}) if spec else "\n"
            return joiner.join([self._worded(part, "") for part in value])
        return self._safe("" if value is None else format(value, spec))

    def _safe(self, words: str) -> str:
        return html.escape(words, quote=False) if self._escape else words


@cache
def _parts(pattern: str) -> tuple[tuple[str, str | None, str], ...]:
    """Return a pattern as pairs of words and the value that follows them, by name and format."""
    return tuple((literal, name, spec or "") for literal, name, spec, _ in Formatter().parse(pattern))


@cache
def _without_tags(pattern: str) -> str:
    return html.unescape(_TAG.sub("", pattern))


def _flatten(tree: Mapping[str, Any], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict):
            flat.update(_flatten(value, name))
        else:
            flat[name] = str(value)
    return flat


@cache
def translator(language: str) -> Translator:
    """Return the texts of `language`; an unknown language gets the first of `LANGUAGES`."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    catalogue: dict[str, str] = {}
    for path in sorted((_FOLDER / known).glob("*.toml")):
        catalogue.update(_flatten(tomllib.loads(path.read_text("utf-8")), path.stem))
    spare = translator(LANGUAGES[0]).catalogue if known != LANGUAGES[0] else {}
    return Translator(known, catalogue, spare)
