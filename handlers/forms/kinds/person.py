"""The question *who*: by button, by the first letter of the surname, or by typing any part of a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.forms.fields import Env, Given, Option, OptionRows, PersonChoice, Redraw
from locales.message import Label, Text, Verbatim
from models.rules.errors import InputError
from models.rules.names import match

Json = Any
PAGE = 12
"""People a page: two columns of six fill a phone's screen without scrolling."""
SCREEN = 2 * PAGE
"""So many people are shown at once before letters are asked for first."""
FOUND_MOST = 8


def encode(number: int) -> str:
    """Return a row's id as a short string, for a button's 64 bytes."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text or "0"


def decode(text: str) -> int:
    """Read back what `encode` wrote.

    Raises:
        InputError: when the text is no such id.
    """
    try:
        return int(text, 36)
    except ValueError:
        raise InputError("person", "") from None


def search(query: str, people: Sequence[PersonChoice]) -> list[PersonChoice]:
    """Return the people who match `query`, best first; expected people come first among equals."""
    scored = [(match(query, person.name, person.keys, person.phone_last4), person) for person in people]
    hits = [(score, person) for score, person in scored if score is not None]
    hits.sort(key=lambda hit: (-hit[0], not hit[1].expected, hit[1].sort_key))
    return [person for _, person in hits]


def said(ui: Mapping[str, Json], env: Env) -> Mapping[str, Json] | None:
    """Return what was looked for and how many were found: what was typed, or named when the form was opened."""
    if ui.get("said"):
        return dict(ui["said"])
    found = _named(ui, env)
    return {"typed": env.facts["named"][:20], "n": len(found), "shown": len(found[:FOUND_MOST])} if found else None


def _named(ui: Mapping[str, Json], env: Env) -> list[PersonChoice]:
    """Return who may be meant by the name with which the form was opened, until somebody else is looked for."""
    name = env.facts.get("named")
    return search(str(name), env.people) if name and not ui.get("all") else []


@dataclass(frozen=True, slots=True)
class Person:
    """One resident of those the actor may see."""

    needs_people: bool = True

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Search: a single match still has to be tapped, so that nobody is reported by a slip."""
        hits = search(typed.strip(), env.people)
        if not hits:
            raise InputError("person", "")
        found = [str(person.person_id) for person in hits[:FOUND_MOST]]
        said = {"typed": typed.strip()[:20], "n": len(hits), "shown": len(found)}
        return Redraw({"found": found, "said": said})

    def press(self, op: str, arg: str, value: Json, ui: Mapping[str, Json], env: Env) -> Given | Redraw:
        """Choose a person, a letter or a page."""
        if op == "o":
            person_id = decode(arg)
            if any(person.person_id == person_id for person in env.people):
                return Given(str(person_id))
        if op == "l":
            return Redraw({"letter": arg or None, "page": 0, "found": None, "said": None, "all": True})
        if op == "p" and arg.isdecimal():
            return Redraw({"page": int(arg)})
        raise InputError("person", "")

    def rows(self, value: Json, ui: Mapping[str, Json], env: Env) -> OptionRows:
        """Return search results, or everybody when they fit a screen, or letters first."""
        if ui.get("found"):
            return self._found(ui["found"], env)
        if ui.get("letter"):
            return self._letter(ui["letter"], int(ui.get("page") or 0), env.people)
        named = _named(ui, env)
        if named:
            return self._found([str(person.person_id) for person in named[:FOUND_MOST]], env)
        likely = [person for person in env.people if person.expected]
        if likely and len(likely) <= SCREEN and not ui.get("all"):
            return (*self._pairs(likely), (self._everybody(),))
        return self._pairs(env.people) if len(env.people) <= SCREEN else self._letters(env.people)

    def _found(self, ids: Sequence[str], env: Env) -> OptionRows:
        by_id = {str(person.person_id): person for person in env.people}
        found = [by_id[found] for found in ids if found in by_id]
        return (*((self._option(person, hint=True),) for person in found), (self._everybody(),))

    def _letter(self, letter: str, page: int, people: Sequence[PersonChoice]) -> OptionRows:
        there = [person for person in people if person.sort_key[:1] == letter]
        there.sort(key=lambda person: (not person.expected, person.sort_key))
        shown = there[page * PAGE : (page + 1) * PAGE]
        turn = []
        if page:
            turn.append(Option(Text.of("forms.page_before"), "p", str(page - 1)))
        if len(there) > (page + 1) * PAGE:
            turn.append(Option(Text.of("forms.page_after"), "p", str(page + 1)))
        return (*self._pairs(shown, namesakes=there), (*turn, self._everybody()))

    def _letters(self, people: Sequence[PersonChoice]) -> OptionRows:
        counts: dict[str, int] = {}
        for person in people:
            letter = person.sort_key[:1]
            counts[letter] = counts.get(letter, 0) + 1
        options = [Option(Verbatim(f"{letter.upper()} {counts[letter]}"), "l", letter) for letter in sorted(counts)]
        return tuple(tuple(options[i : i + 5]) for i in range(0, len(options), 5))

    def _pairs(self, people: Sequence[PersonChoice], namesakes: Sequence[PersonChoice] | None = None) -> OptionRows:
        names = [person.name for person in (people if namesakes is None else namesakes)]
        options = [self._option(person, hint=names.count(person.name) > 1) for person in people]
        return tuple(tuple(options[i : i + 2]) for i in range(0, len(options), 2))

    @staticmethod
    def _everybody() -> Option:
        return Option(Text.of("forms.all_letters"), "l", "")

    @staticmethod
    def _option(person: PersonChoice, *, hint: bool) -> Option:
        label = f"{person.name} · {person.hint}" if hint and person.hint else person.name
        return Option(Verbatim(label), "o", encode(person.person_id))

    def show(self, value: Json, env: Env) -> Label:
        """Return the name, from the facts once they are loaded."""
        named = next((person.name for person in env.people if str(person.person_id) == value), None)
        return Verbatim(str(env.facts.get("name") or named or ""))

    def notes(self, value: Json, env: Env) -> tuple[Text, ...]:
        """Return nothing."""
        return ()
