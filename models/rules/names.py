"""Finding people by name: characters, full pinyin, initials, or the last four digits of the phone.

Surnames are indexed by their reading as a surname and by the everyday reading of the character, because people type
both (单: shàn and dān). `ü` may be typed as ü, v, u or yu.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from models.rules.hanzi import HAN

SURNAME_READINGS: dict[str, str] = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "区": "ou", "覃": "qin", "翟": "zhai",
    "缪": "miao", "朴": "piao", "盖": "ge", "乐": "yue", "种": "chong", "秘": "bi", "冼": "xian", "任": "ren",
    "华": "hua", "宁": "ning", "召": "shao", "繁": "po", "员": "yun", "那": "na", "尹": "yin", "燕": "yan",
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai",
}  # fmt: skip
"""How characters are read when they are surnames, where that differs from the everyday reading or is often wrong."""

_COMMON = {
    "单": "dan",
    "仇": "chou",
    "解": "jie",
    "查": "cha",
    "曾": "ceng",
    "区": "qu",
    "覃": "tan",
    "翟": "di",
    "缪": "mou",
}
"""Everyday readings that are fixed here, whatever the dictionary puts first."""

_CJK = re.compile(rf"[{HAN}]")
_UMLAUT = re.compile(r"^([ln])v(e?)$")
_MAX_QUERY = 64
_LONGEST_ENTRY = 200


@dataclass(frozen=True, slots=True)
class NameKeys:
    """How a name can be typed in letters.

    Attributes:
        full: whole pinyin without blanks and tones, every variant, the usual one first.
        initials: first letters, every variant.
        syllables: the variants of `full` syllable by syllable.
    """

    full: tuple[str, ...]
    initials: tuple[str, ...]
    syllables: tuple[tuple[str, ...], ...]


def spelt(name: str) -> NameKeys:
    """Return the keys of a name; letters in it stand for themselves, anything else is left out."""
    variants = list(dict.fromkeys(_spellings(bare(name))))
    full = dict.fromkeys("".join(variant) for variant in variants)
    initials = dict.fromkeys("".join(syllable[0] for syllable in variant) for variant in variants)
    return NameKeys(tuple(full), tuple(initials), tuple(variants))


name_keys = lru_cache(maxsize=1024)(spelt)
"""`spelt`, remembered for names that are asked for again and again."""


def reading(char: str) -> str:
    """Return the everyday reading of one character, itself for a letter or digit, or nothing."""
    return _everyday(char)


def match(query: str, name: str, keys: NameKeys, phone_last4: str | None = None) -> int | None:
    """Return how well `query` fits a person, 1 to 100, or `None` when it does not.

    Exact hits score highest, then beginnings, parts, the same sound in other characters, and slips of one letter
    (two in long names).
    """
    typed = bare(query)
    if not typed:
        return None
    if typed.isdigit():
        return _by_phone(typed, phone_last4)
    if has_characters(typed):
        return _by_characters(typed, bare(name), keys)
    return _by_letters(typed, keys)


def bare(text: str) -> str:
    """Return the letters, characters and digits of what was typed or written, in lower case, with v for ü."""
    text = text[:_MAX_QUERY]
    text = unicodedata.normalize("NFKC", text).casefold().replace("u:", "v").replace("ü", "v")
    text = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return "".join(char for char in text if char.isalnum())


def has_characters(typed: str) -> bool:
    """Return whether there are Chinese characters among what was typed."""
    return bool(_CJK.search(typed))


def slips_allowed(typed: str) -> int:
    """Return how many wrong, missing or swapped letters are forgiven in pinyin of that length."""
    if len(typed) < 4:
        return 0
    return 1 if len(typed) < 8 else 2


def _by_phone(digits: str, last4: str | None) -> int | None:
    if not last4 or len(digits) < 2:
        return None
    if digits == last4 or (len(digits) == 11 and digits.endswith(last4)):
        return 95
    return 70 if last4.endswith(digits) else None


def _by_characters(typed: str, name: str, keys: NameKeys) -> int | None:
    if typed == name:
        return 100
    if name.startswith(typed):
        return 92
    if typed in name:
        return 85
    heard = name_keys(typed)
    if set(heard.full) & set(keys.full):
        return 75
    if len(typed) >= 3 and len(name) >= 3 and _distance(typed, name) <= 1:
        return 60
    if len(typed) >= 2 and any(mine.startswith(yours) for mine in keys.full for yours in heard.full):
        return 55
    return None


def _by_letters(typed: str, keys: NameKeys) -> int | None:
    scores: Iterator[tuple[int, bool]] = (
        (score, hit)
        for score, hit in (
            (96, typed in keys.full),
            (90, typed in keys.initials),
            (80, len(typed) > 1 and any(key.startswith(typed) for key in keys.full)),
            (78, any(_abbreviates(typed, syllables) for syllables in keys.syllables)),
            (65, any(_is_given_name(typed, syllables) for syllables in keys.syllables)),
            (50, any(key.startswith(typed) for key in keys.initials)),
        )
    )
    return next((score for score, hit in scores if hit), None) or _by_slip(typed, keys.full)


def _abbreviates(typed: str, syllables: tuple[str, ...]) -> bool:
    """Return whether `typed` is a beginning of each syllable in turn: `wangxy`, `wxying`."""
    if not syllables:
        return not typed
    first, rest = syllables[0], syllables[1:]
    return any(
        typed[:length] == first[:length] and _abbreviates(typed[length:], rest)
        for length in range(1, min(len(first), len(typed)) + 1)
    )


def _is_given_name(typed: str, syllables: tuple[str, ...]) -> bool:
    """Return whether `typed` begins the name from its second syllable on: `xiuying`."""
    return len(typed) > 2 and any("".join(syllables[start:]).startswith(typed) for start in range(1, len(syllables)))


def _by_slip(typed: str, full: Iterable[str]) -> int | None:
    """Return a score that is the lower the more letters are wrong, `None` when too many are."""
    allowed = slips_allowed(typed)
    fewest = min((_distance(typed, key) for key in full), default=allowed + 1) if allowed else 1
    return 48 - 3 * fewest if fewest <= allowed else None


def _distance(one: str, other: str) -> int:
    from rapidfuzz.distance import OSA

    return int(OSA.distance(one, other))


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to spell a name, the reading of its surname first."""
    surname = next((name[:size] for size in (2, 1) if name[:size] in SURNAME_READINGS), "")
    everyday = [spelling for char in name for spelling in [_everyday(char)] if spelling]
    if surname:
        rest = [spelling for char in name[len(surname) :] for spelling in [_everyday(char)] if spelling]
        yield from _umlauts([*SURNAME_READINGS[surname].split(), *rest])
    yield from _umlauts(everyday)


def _umlauts(syllables: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the spellings with v, u and yu for ü; nobody mixes them within a name."""
    for letters in ("v", "u", "yu"):
        if syllables:
            yield tuple(_UMLAUT.sub(rf"\g<1>{letters}\g<2>", syllable) for syllable in syllables)


def _everyday(char: str) -> str:
    """Return the everyday reading of one character, itself for a letter or digit, or nothing."""
    if char in _COMMON:
        return _COMMON[char]
    if char.isascii():
        return char
    read = _dictionary(char)
    return read if read.isascii() else ""


@lru_cache(maxsize=8192)
def _dictionary(char: str) -> str:
    """Return the usual reading of a character without its tone, ü as v; the character itself when it has none."""
    at = _readings().find(b'"%d":' % ord(char))
    if at < 0:
        return char
    entry = _readings()[at : at + _LONGEST_ENTRY].split(b'"')  # "29579":"wáng,wàng", with or without blanks
    letters = unicodedata.normalize("NFD", entry[3].split(b",")[0].decode()).replace("u\u0308", "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def _readings() -> bytes:
    """Return pypinyin's table of characters as the text that it comes as: its own dictionary takes 11 MB of memory."""
    package = find_spec("pypinyin")
    assert package is not None  # noqa: S101 - a requirement of this package
    assert package.origin is not None  # noqa: S101
    return Path(package.origin).with_name("pinyin_dict.json").read_bytes()
