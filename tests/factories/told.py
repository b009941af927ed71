"""How far a line was understood: `right`, `part` (and the rest asked about), `asked`, or `wrong`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.rules import dictation, quick_entry
from models.rules.lines.people import Listed
from tests.factories.said_lines import TODAY, Line, known


def told_dictated(line: Line, people: Sequence[Listed]) -> str:
    """Return how far a dictated line was understood."""
    found = dictation.read(line.text, known(people), TODAY.year)
    if not found.noted:
        return "asked" if found.unread else "wrong"
    if len(found.noted) > 1 or found.noted[0].person.person_id != line.truth.person_id:
        return "wrong"
    noted = found.noted[0]
    read = dict(noted.readings) | ({"outcome": str(noted.outcome)} if noted.outcome is not None else {})
    return _compared(read, line.truth.answers, asked=bool(found.unread))


def told_entered(line: Line, people: Sequence[Listed]) -> str:
    """Return how far a quick entry was understood; the form asks for a person who is not certain."""
    if not quick_entry.is_entry(line.text):
        return "asked"
    entry = quick_entry.read(line.text, known(people), TODAY)
    person = entry.meant.person
    if person is not None and person.person_id != line.truth.person_id:
        return "wrong"
    read = dict(entry.answers) | {"form": entry.form}
    asked = person is None or bool(entry.unread) or "outcome" not in read
    compared = _compared(read, line.truth.answers, asked=asked)
    return compared if person is not None or compared == "wrong" else "asked"


def _compared(read: Mapping[str, Any], truth: Mapping[str, Any], *, asked: bool) -> str:
    if any(truth.get(name) != value for name, value in read.items()):
        return "wrong"
    if len(read) == len(truth):
        return "right" if not asked else "part"
    return "part" if asked else "wrong"
