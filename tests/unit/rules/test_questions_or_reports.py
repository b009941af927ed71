"""What people report, dictate and look for is never taken for a question with certainty."""

from __future__ import annotations

from random import Random

from models.rules.questions.understand import understand
from tests.factories.said_lines import TODAY, dictated, entered, roster
from tests.questions.cases import VILLAGES

ROUNDS = 300


def test_no_report_and_no_name_is_certainly_a_question() -> None:
    chance = Random(20261109)
    people = roster(chance)
    said = [make(chance, people).text for _ in range(ROUNDS) for make in (dictated, entered)]
    said += [person.name for person in people]
    assert [text for text in said if understand(text, VILLAGES, TODAY).is_certain] == []
