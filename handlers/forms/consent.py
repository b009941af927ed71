"""The form with which consents are given or withdrawn: which purposes, and the person's (or the guardian's) word.

Giving and withdrawing take the same taps. What is agreed to now, and what each purpose means, is read aloud from the
message above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.forms.fields import Condition, Field, Form
from handlers.forms.kinds.choice import Choices, Several, yes_no
from locales.message import Text
from models.rules.consent import Purpose

Json = Any
GIVE, WITHDRAW = "given", "withdrawn"


def _among(fact: str) -> Choices:
    """Return the purposes that a fact lists."""
    return lambda env: [(code, Text.of(f"choices.consent.{code}")) for code in env.facts.get(fact, ())]


def _does(act: str) -> Condition:
    return lambda _answers, facts: facts.get("act") == act


def _gives(*, child: bool) -> Condition:
    return lambda _answers, facts: facts.get("act") == GIVE and bool(facts.get("child")) is child


def _ends_the_record(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return facts.get("act") == WITHDRAW and Purpose.HEALTH_RECORD in (answers.get("ended") or ())


def word(answers: Mapping[str, Json]) -> bool:
    """Return whether it is really meant: agreed after the explanation, or withdrawn knowing what follows."""
    asked = [answers[key] for key in ("agrees", "guardian", "sure") if key in answers]
    return all(answer == "yes" for answer in asked)


FORM = Form(
    name="consent",
    version=1,
    fields=(
        Field("given", Several(_among("missing"), columns=1), when=_does(GIVE)),
        Field("agrees", yes_no(), when=_gives(child=False)),
        Field("guardian", yes_no(), when=_gives(child=True)),
        Field("ended", Several(_among("current"), columns=1), when=_does(WITHDRAW), clears=("sure",)),
        Field("sure", yes_no(), when=_ends_the_record),
    ),
)
