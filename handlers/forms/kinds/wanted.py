"""The question *which figure gets a target*: one of those that may have one; others are refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.forms.fields import Env, Given, OptionRows, Redraw
from handlers.forms.kinds.choice import Choice
from locales.message import Label, Text
from models.rules import targets as rules
from models.rules.errors import InputError

Json = Any


def _names(_env: Env) -> Sequence[tuple[str, Label]]:
    return [(code.value, Text.of(f"indicators.{code}.name")) for code in rules.SETTABLE]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The code of an indicator that may have a target."""

    choice: Choice = field(default_factory=lambda: Choice(_names))
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a name or a number; say why where nobody may set a target."""
        try:
            return self.choice.parse(typed.strip().removesuffix("率"), env)
        except InputError as error:
            why = rules.refusal(typed)
            raise (InputError(f"target_{why}", "") if why is not None else error) from None

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Read the button of an indicator."""
        return self.choice.press(op, arg, value, ui, env)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return a button an indicator."""
        return self.choice.rows(value, ui, env)

    def show(self, value: Json, env: Env) -> Label:
        """Return the indicator's name."""
        return self.choice.show(value, env)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return no warnings."""
        return ()
