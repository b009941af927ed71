"""The question *how many percent*: a usual number by a tap, another one typed, or none at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, Option, OptionRows, Redraw
from locales.message import Label, Text
from models.rules.errors import InputError
from models.rules.targets import parse_percent

Json = Any
NONE = 0
"""The value of no target."""
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Percent:
    """A whole number from 1 to 100, or `NONE`.

    Attributes:
        quick: buttons for usual numbers.
    """

    quick: tuple[int, ...] = (80, 85, 90, 95, 98, 100)
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a typed number."""
        return Given(parse_percent(typed))

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Choose a usual number, or none."""
        if op != "o" or arg not in {str(number) for number in (*self.quick, NONE)}:
            raise InputError("percent_whole", "90")
        return Given(int(arg))

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return a button a usual number, and one for none."""
        options = [Option(_said(number), "o", str(number)) for number in self.quick]
        rows = tuple(tuple(options[i : i + _COLUMNS]) for i in range(0, len(options), _COLUMNS))
        return (*rows, (Option(_said(NONE), "o", str(NONE)),))

    def show(self, value: Json, env: Env) -> Label:
        """Return the number."""
        return Text.of("forms.none") if value is None else _said(value)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return no warnings."""
        return ()


def _said(percent: int) -> Text:
    return Text.of("forms.target.none") if percent == NONE else Text.of("forms.target.percent_of", n=percent)
