"""The question whether it is one of those who are registered already: asked when somebody looks alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, Option, OptionRows, Redraw
from handlers.forms.kinds.choice import Choice
from locales.message import Label, Text
from models.rules.duplicates import Reason

Json = Any
LEAVE = "alike"
"""The action of a button that opens a registered person instead."""
SHOWN = 3
"""So many people who look alike are named."""
ELSEWHERE = "elsewhere"


def looks_alike(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    """Return whether somebody who is registered is likely the same person; a shared phone alone is not enough."""
    return bool(marks(facts))


def marks(facts: Mapping[str, Json]) -> list[str]:
    """Return who was told to look alike: what the answer stands for."""
    alike = facts.get("alike") or {}
    here = [person["id"] for person in alike.get("here", ()) if not person["weak"]]
    return [*here, *([ELSEWHERE] if alike.get(ELSEWHERE) else [])]


def still_stands(value: Json, facts: Mapping[str, Json]) -> bool:
    """Return whether everybody who looks alike was told when the question was answered."""
    return set(marks(facts)) <= set(value or ())


def warnings(env: Env) -> tuple[Text, ...]:
    """Return who looks alike, and why."""
    alike = env.facts.get("alike") or {}
    named = [person for person in alike.get("here", ()) if not person["weak"]][:SHOWN]
    lines = [Text.of("duplicates.here", **_who(person), reasons=reasons(person["reasons"])) for person in named]
    elsewhere = alike.get(ELSEWHERE)
    if elsewhere:
        key = "duplicates.elsewhere_known" if Reason.IDENTITY in elsewhere else "duplicates.elsewhere"
        lines.append(Text.of(key, reasons=reasons(elsewhere)))
    return tuple(lines)


def shared_phone(env: Env) -> tuple[Text, ...]:
    """Return who has the same phone and nothing else in common."""
    alike = env.facts.get("alike") or {}
    weak = [person for person in alike.get("here", ()) if person["weak"]][:SHOWN]
    return tuple(Text.of("duplicates.shared_phone", **_who(person)) for person in weak)


def reasons(codes: list[str]) -> list[Text]:
    """Return reasons in words."""
    return [Text.of(f"duplicates.reason.{code}") for code in codes]


def _who(person: Mapping[str, Json]) -> dict[str, object]:
    hint = Text.of("duplicates.hint", hint=person["hint"]) if person["hint"] else Text.of("forms.nothing")
    return {"name": person["name"], "hint": hint}


def lead(person: Mapping[str, Json]) -> Option:
    """Return the button that opens a registered person instead."""
    about = f" · {person['hint']}" if person["hint"] else ""
    return Option(Text.of("duplicates.open", name=person["name"], about=about), "o", person["key"], LEAVE)


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody else than those who look alike; the answer remembers who they were."""

    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read the button's label."""
        _GO_ON.parse(typed, env)
        return Given(marks(env.facts))

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Read the button that goes on."""
        _GO_ON.press(op, arg, value, ui, env)
        return Given(marks(env.facts))

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return a button for each person who looks alike, and one to go on."""
        alike = env.facts.get("alike") or {}
        named = [person for person in alike.get("here", ()) if not person["weak"]][:SHOWN]
        return (*((lead(person),) for person in named), *_GO_ON.rows(value, ui, env))

    def show(self, value: Json, env: Env) -> Label:
        """Return that it is somebody else."""
        return Text.of("duplicates.another")

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return nothing: the field itself warns."""
        return ()


_GO_ON = Choice(lambda _env: [("go", Text.of("duplicates.go_on"))], columns=1)
