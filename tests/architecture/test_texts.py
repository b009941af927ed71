"""The texts themselves: two languages that say the same, in marks that Telegram takes, as people write them."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from string import Formatter

import pytest

from locales.translator import LANGUAGES, translator
from tests.architecture.said_keys import ROOT

CHINESE, ENGLISH = LANGUAGES
TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "a", "tg-spoiler", "blockquote"})
"""Bot API, "Formatting options", HTML style: what the texts use of it."""
TOAST_ROOM = 170
"""Of the 200 characters of a notice, what a text may take; the rest is for its values."""
DESCRIPTION = 256
"""Bot API, BotCommand: characters of a description."""
TELEGRAMS_OWN = frozenset({"发消息", "Message"})
"""Buttons that texts name and Telegram draws."""

HAN = r"[\u3400-\u9fff]"
EXAMPLE = re.compile(r"<code>.*?</code>|\{[^}]*\}|编号:base64|/[a-z]+")
"""What may hold ASCII punctuation in a Chinese text."""
EXAMPLE_OF_CODE = re.compile(r"<code>.*?</code>")
COUNTS = "n|of|many|days|done|all|rows|new|wrong|gone|shown|most|length|minutes|seconds|percent|points|left|weight|yuan"
NUMBER = rf"(?:\d+%?|\{{(?:{COUNTS}|known|page|pages|version|line|number|score)\}}%?)"
"""Digits, or a value that is shown in digits."""
SET_CLOSE = frozenset({"items", "periods"})
TYPED_CLOSE = frozenset({"paper.note.send", "calendar.mark_villages", "calendar.mark_villages_short"})
"""What people type, and marks in the squares of a calendar."""
KEYS = [(language, key) for language in LANGUAGES for key in sorted(translator(language).keys())]

Fields = set[tuple[str, str]]


def base(key: str) -> str:
    """Return the key that the code says for `key`: without its plural form."""
    stem, _, form = key.rpartition(".")
    is_counted = form == "other" and any("{n}" in _pattern(language, key) for language in LANGUAGES)
    has_one = any(f"{stem}.one" in translator(language).catalogue for language in LANGUAGES)
    return stem if form in {"one", "other"} and (is_counted or has_one) else key


def _pattern(language: str, key: str) -> str:
    return translator(language).catalogue.get(key, "")


def names_in(key: str) -> set[str]:
    """Return the values that `key` mentions in any language and any plural form."""
    forms = (key, f"{key}.one", f"{key}.other")
    return {name for language in LANGUAGES for form in forms for name in _names(_pattern(language, form))}


def _fields(pattern: str) -> Fields:
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(pattern) if name is not None}


def _names(pattern: str) -> set[str]:
    return {name for name, _ in _fields(pattern)}


def test_the_languages_have_the_same_files() -> None:
    files = [{path.name for path in (ROOT / "locales" / language).iterdir()} for language in LANGUAGES]
    assert files[0] == files[1]


def test_the_languages_have_the_same_keys() -> None:
    keys = [{base(key) for key in translator(language).catalogue} for language in LANGUAGES]
    assert (sorted(keys[0] - keys[1]), sorted(keys[1] - keys[0])) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_a_form_for_many(language: str) -> None:
    keys = translator(language).keys()
    assert sorted(key for key in keys if key.endswith(".one") and f"{key[:-4]}.other" not in keys) == []


def test_the_languages_mention_the_same_values() -> None:
    """Only the form for one thing may leave out its number."""
    mentioned: dict[str, set[str]] = {}
    for language, key in KEYS:
        if not key.endswith(".one"):
            mentioned.setdefault(base(key), _names(_pattern(language, key)))
    for language, key in KEYS:
        names, expected = _names(_pattern(language, key)), mentioned[base(key)]
        if key.endswith(".one"):
            names, expected = names | {"n"}, expected | {"n"}
        assert names == expected, f"{language} {key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_that_a_text_asks_for_is_there(language: str) -> None:
    texts = translator(language)
    asked = {spec for pattern in texts.catalogue.values() for _, spec in _fields(pattern) if spec}
    assert {"day", "comma"} <= asked
    assert sorted(spec for spec in asked if not {f"formats.{spec}", f"formats.join_{spec}"} & texts.keys()) == []


class _Marks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def _marks(pattern: str) -> Counter[str]:
    marks = _Marks()
    marks.feed(pattern)
    marks.close()
    assert marks.open == [], "not closed"
    return marks.seen


def test_marks_are_closed_and_known() -> None:
    for language, key in KEYS:
        assert set(_marks(_pattern(language, key))) <= TAGS, f"{language} {key}"


@pytest.mark.parametrize("wrong", ["<b>到了", "到了</b>", "<b><i>到了</b></i>"])
def test_marks_left_open_are_found(wrong: str) -> None:
    with pytest.raises(AssertionError):
        _marks(wrong)


def test_the_languages_mark_the_same() -> None:
    for key in sorted(translator(CHINESE).keys() & translator(ENGLISH).keys()):
        if not key.startswith("help."):
            assert _marks(_pattern(CHINESE, key)) == _marks(_pattern(ENGLISH, key)), key


def test_chinese_sentences_have_chinese_punctuation() -> None:
    for key, pattern in translator(CHINESE).catalogue.items():
        words = re.sub(r"<[^>]*>", "", EXAMPLE.sub("", pattern))
        assert not re.search(rf"(?<={HAN})[,;:!?.()]|[,;!?()](?={HAN})", words), key
        assert "..." not in words, key


def test_a_number_stands_apart_from_chinese_words() -> None:
    """`7 天`, `少于 10 的`; but `2026年3月`, `9点`, and the short names of visits and marks are set close."""
    for key in (key for language, key in KEYS if language == CHINESE):
        if key.partition(".")[0] in SET_CLOSE or key in TYPED_CLOSE:
            continue
        words = EXAMPLE_OF_CODE.sub("", _pattern(CHINESE, key))
        for close in (rf"{HAN}(?!{NUMBER}[年月日号点]){NUMBER}", rf"{NUMBER}(?![年月日号点]){HAN}"):
            assert not re.search(close, words), (key, words)


def test_english_sentences_have_no_chinese_punctuation() -> None:
    for key, pattern in translator(ENGLISH).catalogue.items():
        assert not re.search("[，。：；！？（）、《》]", EXAMPLE.sub("", pattern)), key
        assert '"' not in pattern, key


@pytest.mark.parametrize(("language", "tap"), [(CHINESE, "点“([^”]+)”"), (ENGLISH, "[Tt]ap “([^”]+)”")])
def test_every_button_that_a_text_tells_to_tap_is_there(language: str, tap: str) -> None:
    texts = translator(language)
    buttons = {name for name in texts.catalogue.values() if len(name) < 40}
    told = {
        name for key, text in texts.catalogue.items() if not key.startswith("page.") for name in re.findall(tap, text)
    }
    assert len(told) > 5
    assert sorted(name for name in told - TELEGRAMS_OWN if not any(_is_called(each, name) for each in buttons)) == []


def _is_called(label: str, name: str) -> bool:
    """Return whether a button's label is `name`, perhaps after its picture or before its count."""
    return re.fullmatch(rf"(?:[^\w\s]+\s)?{re.escape(name)}(?:[（ ].*)?", label) is not None


def test_notices_fit() -> None:
    notices = [each for each in KEYS if each[1].split(".")[0] in {"taps", "errors", "input"}]
    assert len(notices) > 100
    for language, key in notices:
        assert len(re.sub(r"\{.*?\}", "", _pattern(language, key))) <= TOAST_ROOM, f"{language} {key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_command_descriptions_fit(language: str) -> None:
    described = [text for key, text in translator(language).catalogue.items() if key.startswith("commands.")]
    assert described
    assert all(1 <= len(text) <= DESCRIPTION for text in described)


def test_no_two_keyboard_buttons_are_alike() -> None:
    """A button of the keyboard comes back as its words, in whatever language it was shown."""
    meant: dict[str, set[str]] = {}
    for language, key in KEYS:
        if key.startswith("menu."):
            meant.setdefault(_pattern(language, key), set()).add(key)
    assert meant
    assert {label: keys for label, keys in meant.items() if len(keys) > 1} == {}
