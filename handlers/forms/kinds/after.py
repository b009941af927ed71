"""The question *after how many working days*: a usual number by a tap, another one typed, or never."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, Option, OptionRows, Redraw
from locales.message import Label, Text
from models.rules.errors import InputError
from models.rules.numbers import parse_integer

Json = Any
NEVER = 0
"""The value of somebody who is never told."""
_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class After:
    """A number of working days from 1 to `most`, or `NEVER`.

    Attributes:
        quick: buttons for usual numbers.
    """

    quick: tuple[int, ...]
    most: int
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a typed number."""
        found = parse_integer(typed.strip().removesuffix("天").removesuffix("个工作日"), str(self.quick[0]))
        if not 1 <= found <= self.most:
            raise InputError("working_days", str(self.quick[0]), most=self.most)
        return Given(found)

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Choose a usual number, or never."""
        if op != "o" or arg not in {str(number) for number in (*self.quick, NEVER)}:
            raise InputError("working_days", str(self.quick[0]), most=self.most)
        return Given(int(arg))

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return a button a usual number, and one for never."""
        options = [Option(_said(number), "o", str(number)) for number in self.quick]
        rows = tuple(tuple(options[i : i + _COLUMNS]) for i in range(0, len(options), _COLUMNS))
        return (*rows, (Option(_said(NEVER), "o", str(NEVER)),))

    def show(self, value: Json, env: Env) -> Label:
        """Return the number of days."""
        return Text.of("forms.none") if value is None else _said(value)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return no warnings."""
        return ()


def _said(days: int) -> Text:
    return Text.of("forms.ladder.never") if days == NEVER else Text.of("forms.ladder.after", n=days)
