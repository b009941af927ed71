"""Questions answered in a few words: a name, a phone, an identity number, a note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.forms.fields import Env, Given, OptionRows, Redraw
from locales.message import Label, Text, Verbatim
from models.rules.errors import InputError

Json = Any


@dataclass(frozen=True, slots=True)
class Words:
    """A short text.

    Attributes:
        read: turns what was typed (and today) into the value, or raises `InputError`.
        example: something right, shown when a button is no answer.
        veil: how a value is shown, when not as it is (the last digits of a number).
    """

    read: Callable[[str, date], str]
    example: str = "王秀英"
    veil: Callable[[str], str] = str
    warn: Callable[[str, Env], tuple[Text, ...]] = lambda _value, _env: ()
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read what was typed."""
        return Given(self.read(typed, env.today))

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Refuse: the question has no buttons."""
        raise InputError("type_it", self.example)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return no buttons."""
        return ()

    def show(self, value: Json, env: Env) -> Label:
        """Return the text, veiled where it has to be."""
        return Text.of("forms.none") if value is None else Verbatim(self.veil(value))

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return what the field warns of."""
        return self.warn(value, env) if isinstance(value, str) else ()


def short_text(most: int) -> Callable[[str, date], str]:
    """Return a reader for a note of at most `most` characters on one line or several."""

    def read(typed: str, _today: date) -> str:
        text = typed.strip()
        if not text:
            raise InputError("empty", "")
        if len(text) > most:
            raise InputError("too_long", "", most=most, length=len(text))
        return text

    return read


def personal_name(typed: str) -> str:
    """Read a person's name: 2 to 30 letters or characters, with spaces, dots and hyphens inside.

    Raises:
        InputError: when it holds digits or signs, or is too short or long.
    """
    name = " ".join(typed.replace("\u3000", " ").replace("•", "·").split())
    if not 2 <= len(name) <= 30:
        raise InputError("name_length", "王秀英")
    if not all(character.isalpha() or character in " ·-'." for character in name):
        raise InputError("name_letters", "王秀英")
    return name


def last_four(number: str) -> str:
    """Show only the last four characters of a number."""
    return f"…{number[-4:]}"
