"""The question *how many*: a whole number that is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, OptionRows, Redraw
from locales.message import Label, Text
from models.rules.errors import InputError
from models.rules.numbers import parse_integer

Json = Any


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from 0 to `most`."""

    most: int
    example: str
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a typed number."""
        found = parse_integer(typed.strip().removesuffix("人").removesuffix("个"), self.example)
        if not 0 <= found <= self.most:
            raise InputError("number_most", self.example, most=self.most)
        return Given(found)

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Refuse: the question has no buttons."""
        raise InputError("type_it", self.example)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return no buttons."""
        return ()

    def show(self, value: Json, env: Env) -> Label:
        """Return the number."""
        return Text.of("forms.none") if value is None else Text.of("numbers.number", number=value)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return no warnings."""
        return ()
