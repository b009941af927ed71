"""The form that puts a person into a household, or says anew what the person is to its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Condition, Env, Field, Form
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.person import Person
from locales.message import Label, Text, Verbatim

Json = Any
JOIN, RELATE = "join", "relate"


@dataclass(frozen=True, slots=True)
class Relative(Person):
    """Somebody who lives in the household; the form is about somebody else."""

    def show(self, value: Json, env: Env) -> Label:
        """Return the name, from the facts once they are loaded."""
        return Verbatim(str(env.facts.get("member_name") or ""))


def _relations(env: Env) -> Sequence[tuple[str, Label]]:
    return [(code, Text.of(f"choices.relation.{code}")) for code in env.facts.get("relations", ())]


def _odd(value: Json, env: Env) -> tuple[Text, ...]:
    return (Text.of("households.odd"),) if value in env.facts.get("odd", ()) else ()


def _does(act: str) -> Condition:
    return lambda _answers, facts: facts.get("act") == act


def _asks_relation(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return facts.get("act") == RELATE or bool(answers.get("member"))


FORM = Form(
    name="household",
    version=1,
    fields=(
        Field("member", Relative(), when=_does(JOIN), loads=True, clears=("relation",)),
        Field("relation", Choice(_relations, warn=_odd), when=_asks_relation),
    ),
)
