"""The question *how much money*: typed in yuan or 万元, kept in 分."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, OptionRows, Redraw
from locales.message import Label, Text
from models.rules import money
from models.rules.errors import InputError

Json = Any


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money.

    Attributes:
        read: turns what was typed into 分, or raises `InputError`.
        example: something right, shown when a button is no answer.
        much: from so many 分 on it is asked whether that is meant.
    """

    read: Callable[[str], int]
    example: str
    much: int
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a typed amount."""
        return Given(self.read(typed))

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Refuse: the question has no buttons."""
        raise InputError("type_it", self.example)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return no buttons."""
        return ()

    def show(self, value: Json, env: Env) -> Label:
        """Return the amount in yuan."""
        return Text.of("forms.none") if value is None else Text.of("numbers.money", yuan=money.in_yuan(value))

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return a warning about very much."""
        return (Text.of("forms.much_money"),) if isinstance(value, int) and value >= self.much else ()
