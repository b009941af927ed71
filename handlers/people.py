"""Residents as choices: loaded for one village, searchable by any part of the name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handlers.forms.fields import PersonChoice
from models.rules.names import name_keys
from models.store.persons import PersonLine


def choices(people: Sequence[PersonLine], expected: Collection[int] = ()) -> list[PersonChoice]:
    """Return residents as choices in the order of their names; `expected` are shown first."""
    found = [
        PersonChoice(
            person.id,
            person.name,
            hint(person),
            name_keys(person.name),
            person.phone_last4,
            person.id in expected,
        )
        for person in people
    ]
    found.sort(key=lambda choice: (choice.sort_key, choice.name))
    return found


def hint(person: PersonLine) -> str:
    """Return what tells people of the same name apart: group and year of birth."""
    year = str(person.birth_date.year) if person.birth_date else ""
    return " ".join(part for part in (person.group or "", year) if part)
