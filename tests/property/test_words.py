"""Lines of words are read rightly or asked about: no line is read as something that it doesn't say."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.said_lines import dictated, entered, roster
from tests.factories.told import told_dictated, told_entered

seeds = st.integers(0, 2**48)


@settings(max_examples=200)
@given(seeds)
def test_a_dictated_line_is_read_rightly_or_asked_about(seed: int) -> None:
    chance = Random(seed)
    people = roster(chance)
    line = dictated(chance, people)
    assert told_dictated(line, people) != "wrong", line


@settings(max_examples=200)
@given(seeds)
def test_a_quick_entry_is_read_rightly_or_asked_about(seed: int) -> None:
    chance = Random(seed)
    people = roster(chance)
    line = entered(chance, people)
    assert told_entered(line, people) != "wrong", line
