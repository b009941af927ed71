"""The form with which a chair writes down what a meeting decided: what, who, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.forms.conditions import ahead
from handlers.forms.fields import Env, Field, Form, Given, Redraw
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.grouped import Grouped
from handlers.forms.kinds.words import Words, short_text
from locales.message import Label, Text
from locales.translator import LANGUAGES, translator

Json = Any
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Colleague(Grouped):
    """A member of staff: by button, or by typing any part of place or name that only one has."""

    def parse(self, typed: str, env: Env) -> Given | Redraw:
        """Read a part of a label, a whole label, or its number."""
        wanted = typed.strip().casefold()
        hits = [code for code, label, _ in self.choices(env) if wanted and wanted in _words(label)]
        return Given(hits[0]) if len(hits) == 1 else Grouped.parse(self, typed, env)


def _words(label: Label) -> str:
    return "\n".join(translator(language).plain(label) for language in LANGUAGES).casefold()


def _owners(env: Env) -> Sequence[tuple[str, Label, str]]:
    return [
        (code, Text.of("forms.decision.colleague", place=place, role=Text.of(f"roles.at.{role}"), name=name), role)
        for code, place, role, name in env.facts.get("owners", ())
    ]


FORM = Form(
    name="decision",
    version=1,
    fields=(
        Field("task", Words(short_text(LONGEST))),
        Field("owner", Colleague(_owners, name=lambda role: Text.of(f"roles.{role}"))),
        Field("due_on", Day("future", 366, quick=ahead)),
    ),
)
