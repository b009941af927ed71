"""Nothing is answered without saying how it was understood: what, where and when, in the reader's language."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from handlers import question_taps as taps
from handlers.question_words import Asked, label, name, period, place, understood
from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules.questions import stretches
from models.rules.questions.counting import How
from models.rules.questions.stretches import Unit
from models.rules.questions.understand import understand
from models.rules.questions.understanding import Intent, Understanding
from models.store.errors import NotFound
from models.store.places import PlaceRow
from models.tables.places import PlaceKind
from tests.architecture.test_button_labels import ROOM, _cells
from tests.questions.cases import VILLAGES, Case, load

TOWNSHIP = "沈寨镇"
ROWS = [
    PlaceRow(each.id, f"411728106{each.id:03}", PlaceKind.VILLAGE, each.name, 0, 0, False, None, "Asia/Shanghai")
    for each in VILLAGES
]


@cache
def cases() -> list[tuple[Case, Understanding]]:
    every = load("asked") + load("heldout")
    return [(case, understand(case.question, VILLAGES, case.today)) for case in every]


def answered() -> list[tuple[Case, Understanding]]:
    """Return each question that gets an answer, and each of the choices where it may mean several things."""
    return [
        (case, one)
        for case, found in cases()
        for one in (found.instead if found.intent is Intent.ASK else (found,))
        if one.intent is not Intent.REFUSE
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_answered_is_named_with_place_and_time(language: str) -> None:
    words = translator(language)
    for case, found in answered():
        asked = Asked(found, TOWNSHIP, case.today)
        line = words.plain(understood(asked))
        if found.indicator is not None:
            assert words.plain(name(found.indicator)) in line, case.question
        if found.intent is Intent.DEFINE:
            continue
        there = place(asked)
        assert (words.plain(there) if isinstance(there, Text) else there) in line, case.question
        assert all(village.name in line for village in found.villages)
        if found.intent is not Intent.UNREPORTED and (found.indicator is not None or found.period is not None):
            assert words.plain(period(found.period or asked.months.period)) in line, case.question
        if found.versus is not None:
            is_moved = asked.earlier.how is How.LAST_ROUND
            assert words.plain(period(asked.earlier.period if is_moved else found.versus)) in line, case.question


def test_a_button_asks_the_same_again() -> None:
    for case, found in cases():
        for one in (found, *found.instead):
            tap = taps.tap(one, ROWS)
            if tap is not None:
                again = taps.read(tap.args, ROWS)
                assert (again.intent, again.indicator, again.villages) == (one.intent, one.indicator, one.villages)
                assert (again.period, again.versus, again.top) == (one.period, one.versus, one.top), case.question


def test_most_alternatives_fit_on_a_button() -> None:
    made = [taps.tap(one, ROWS) for _, found in cases() for one in found.instead]
    assert sum(tap is None for tap in made) < len(made) / 50


@pytest.mark.parametrize("args", [(), ("0",), ("99", "-", "-", "-", "-", "1"), ("1", "-", "999", "-", "-", "1")])
def test_a_button_of_another_version_is_not_read(args: tuple[str, ...]) -> None:
    with pytest.raises(NotFound):
        taps.read(args, ROWS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_are_understood_as_what_they_are_examples_of(language: str) -> None:
    words = translator(language)
    for key in sorted(words.keys()):
        if key.startswith("questions.example."):
            found = understand(words.plain(Text.of(key)), VILLAGES, date(2026, 9, 16))
            assert found.intent == key.rsplit(".", 1)[1], key
            assert not found.unexplained


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_can_be_read(language: str) -> None:
    words = translator(language)
    for case, found in cases():
        texts = [words.plain(label(Asked(found, TOWNSHIP, case.today), one)) for one in found.instead]
        assert len(set(texts)) == len(texts), texts
        assert all(0 < _cells(text) <= ROOM[1] for text in texts), texts


def test_every_length_of_time_has_words() -> None:
    for language in LANGUAGES:
        for unit in Unit:
            if unit is not Unit.RANGE:
                assert translator(language).plain(period(stretches.of(unit, date(2026, 9, 16))))
