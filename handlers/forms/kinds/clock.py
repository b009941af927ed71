"""The question *at what time*: a usual one by a tap, or typed in any usual form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from handlers.forms.fields import Env, Given, Option, OptionRows, Redraw
from locales.message import Label, Text
from models.rules.errors import InputError
from models.rules.times import EXAMPLE, format_time, parse_time

Json = Any
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day, to the minute.

    Attributes:
        quick: buttons for usual times.
    """

    quick: tuple[time, ...] = ()
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a typed time."""
        return Given(format_time(parse_time(typed)))

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Choose a usual time."""
        if op != "o" or arg not in {format_time(moment) for moment in self.quick}:
            raise InputError("time", EXAMPLE)
        return Given(arg)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return a button a usual time."""
        options = [Option(Text.of("forms.time", at=moment), "o", format_time(moment)) for moment in self.quick]
        return tuple(tuple(options[i : i + _COLUMNS]) for i in range(0, len(options), _COLUMNS))

    def show(self, value: Json, env: Env) -> Label:
        """Return the time."""
        return Text.of("forms.none") if value is None else Text.of("forms.time", at=time.fromisoformat(value))

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return no warnings."""
        return ()
