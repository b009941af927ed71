"""The question *which of many*: a group first, then one of it. A group of one is that one itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, Option, OptionRows, Redraw
from handlers.forms.kinds.choice import Choice
from locales.message import Label, Text

Json = Any
FLAT = 8
"""So many choices are listed without groups: they fill a phone's screen."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """One of many; typing its name chooses it from whatever group it is in.

    Attributes:
        choices: codes, labels and groups, in the order they are shown.
        name: how a group is called.
    """

    choices: Callable[[Env], Sequence[tuple[str, Label, str]]]
    name: Callable[[str], Label]
    needs_people: bool = False

    def _all(self) -> Choice:
        return Choice(lambda env: [(code, label) for code, label, _ in self.choices(env)], columns=1)

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a label or its number."""
        return self._all().parse(typed, env)

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Choose one, or open a group; the empty group is the list of groups."""
        if op == "g" and arg in {"", *(group for _, _, group in self.choices(env))}:
            return Redraw({"group": arg})
        return self._all().press(op, arg, value, ui, env)

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return what is in the open group, or the groups, or everything where there is little."""
        options = self.choices(env)
        if len(options) <= FLAT:
            return tuple(_one(code, label) for code, label, _ in options)
        inside = [_one(code, label) for code, label, group in options if group == ui.get("group")]
        if inside:
            return (*inside, (Option(Text.of("forms.all_groups"), "g", ""),))
        return self._groups(options)

    def _groups(self, options: Sequence[tuple[str, Label, str]]) -> OptionRows:
        groups: dict[str, list[tuple[str, Label]]] = {}
        for code, label, group in options:
            groups.setdefault(group, []).append((code, label))
        return tuple(
            _one(*members[0]) if len(members) == 1 else (Option(self.name(group), "g", group),)
            for group, members in groups.items()
        )

    def show(self, value: Json, env: Env) -> Label:
        """Return the label."""
        return self._all().show(value, env)

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return nothing."""
        return ()


def _one(code: str, label: Label) -> tuple[Option, ...]:
    return (Option(label, "o", code),)
