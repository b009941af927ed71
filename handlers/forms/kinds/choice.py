"""Questions that are answered by choosing: one of several, several, yes or no."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, Option, OptionRows, Redraw
from locales.message import Label, Text, Verbatim
from locales.translator import LANGUAGES, translator
from models.rules.errors import InputError

Json = Any
_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")
_COMMAS = re.compile(r"[,，、;；]")
Choices = Callable[[Env], Sequence[tuple[str, Label]]]
"""Returns codes and labels, in the order they are shown."""


def texts(group: str, codes: Sequence[str]) -> Choices:
    """Return choices whose labels are the texts `choices.<group>.<code>`."""
    options = tuple((code, Text.of(f"choices.{group}.{code}")) for code in codes)
    return lambda _env: options


def listed(fact: str) -> Choices:
    """Return choices that a fact lists as `[code, name]` pairs."""
    return lambda env: [(str(code), Verbatim(name)) for code, name in env.facts.get(fact, [])]


def _find(typed: str, options: Sequence[tuple[str, Label]]) -> str | None:
    """Return the code whose label, in any language, or whose number in the list was typed."""
    wanted, number = _bare(typed), typed.strip().rstrip(".、)）")
    if number.isdecimal() and 1 <= int(number) <= len(options):
        return options[int(number) - 1][0]
    for code, label in options:
        if wanted and any(_bare(translator(language).plain(label)) == wanted for language in LANGUAGES):
            return code
    return None


def _bare(words: str) -> str:
    """Return words without case and without the signs around them: nobody types the picture on a button."""
    return _SIGNS.sub("", words).casefold()


def _parts(typed: str, options: Sequence[tuple[str, Label]]) -> list[str]:
    """Return what was listed: split at commas, or at blanks where that makes labels."""
    parts = [part for part in _COMMAS.split(typed) if part.strip()]
    if len(parts) == 1 and _find(parts[0], options) is None:
        return parts[0].split()
    return parts


def _example(options: Sequence[tuple[str, Label]]) -> Label:
    return options[0][1] if options else Verbatim("")


def _label(code: Json, env: Env, choices: Choices) -> Label:
    return next((label for known, label in choices(env) if known == code), Verbatim(str(code)))


def _in_rows(options: Sequence[Option], columns: int) -> OptionRows:
    return tuple(tuple(options[i : i + columns]) for i in range(0, len(options), columns))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several; a tap answers."""

    choices: Choices
    columns: int = 2
    warn: Callable[[Json, Env], tuple[Text, ...]] = lambda _value, _env: ()
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a label or its number."""
        options = self.choices(env)
        code = _find(typed, options)
        if code is None:
            raise InputError("choice", "", label=_example(options))
        return Given(code)

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Read the button of an option."""
        options = self.choices(env)
        if op != "o" or arg not in {code for code, _ in options}:
            raise InputError("choice", "", label=_example(options))
        return Given(arg)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return a button an option."""
        return _in_rows([Option(label, "o", code) for code, label in self.choices(env)], self.columns)

    def show(self, value: Json, env: Env) -> Label:
        """Return the option's label."""
        return _label(value, env, self.choices)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return what the field warns of."""
        return self.warn(value, env)


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of several; taps mark them, *done* answers.

    A button says what its option shall become, not that it shall flip: tapping it twice does no harm.

    Attributes:
        stored: what a stored answer may hold; more than can be chosen here. `None`: the choices.
    """

    choices: Choices
    columns: int = 2
    warn: Callable[[Json, Env], tuple[Text, ...]] = lambda _value, _env: ()
    stored: Choices | None = None
    needs_people: bool = False

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read labels or numbers, separated by commas or spaces."""
        options = self.choices(env)
        codes = [_find(part, options) for part in _parts(typed, options)]
        if not codes or None in codes:
            raise InputError("choice", "", label=_example(options))
        return Given([code for code, _ in options if code in codes])

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Mark or unmark an option, or finish."""
        options = self.choices(env)
        chosen = list(ui.get("chosen", value or []))
        if op == "d":
            return Given([code for code, _ in options if code in chosen])
        code, _, wish = arg.partition("=")
        if op != "t" or code not in {known for known, _ in options}:
            raise InputError("choice", "", label=_example(options))
        rest = [known for known in chosen if known != code]
        return Redraw({"chosen": [*rest, code] if wish == "1" else rest})

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return a button an option, ticked when chosen, and *done*."""
        chosen = ui.get("chosen", value or [])
        ticks = [self._tick(code, label, code in chosen) for code, label in self.choices(env)]
        return (*_in_rows(ticks, self.columns), (Option(Text.of("forms.several_done", n=len(chosen)), "d"),))

    @staticmethod
    def _tick(code: str, label: Label, on: bool) -> Option:
        key = "forms.ticked" if on else "forms.unticked"
        return Option(Text.of(key, label=label), "t", f"{code}={0 if on else 1}")

    def show(self, value: Json, env: Env) -> Label:
        """Return the labels of what was chosen."""
        if not value:
            return Text.of("forms.none")
        return Text.of("forms.listed", labels=[_label(code, env, self.stored or self.choices) for code in value])

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return what the field warns of."""
        return self.warn(value, env)


def yes_no(warn: Callable[[Json, Env], tuple[Text, ...]] = lambda _value, _env: ()) -> Choice:
    """Return a question that is answered with yes or no."""
    return Choice(texts("yes_no", ("yes", "no")), warn=warn)


def is_there() -> Choice:
    """Return a question whether there is something: the same answers as yes and no, in the words for that."""
    return Choice(texts("is_there", ("yes", "no")))
