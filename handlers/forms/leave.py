"""The form of a leave: from when, until when, and who stands in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice
from locales.message import Label, Text

NOBODY = "nobody"
"""Nobody stands in."""
_FARTHEST_DAYS = 366


def _from(env: Env) -> tuple[tuple[str, date], ...]:
    return (("today", env.today), ("tomorrow", env.today + timedelta(days=1)))


def _until(env: Env) -> tuple[tuple[str, date], ...]:
    first = date.fromisoformat(env.answers.get("first") or env.today.isoformat())
    return tuple(("on", first + timedelta(days=days)) for days in (0, 2, 6, 13))


def _colleagues(env: Env) -> Sequence[tuple[str, Label]]:
    found: list[tuple[str, Label]] = [
        (str(number), colleague(role, place, name)) for number, role, place, name in env.facts.get("colleagues", ())
    ]
    return [*found, (NOBODY, Text.of("leaves.nobody"))]


def colleague(role: str, place: str, name: str | None) -> Text:
    """Return what a colleague is called."""
    key = "leaves.colleague" if name else "leaves.colleague_unnamed"
    return Text.of(key, role=Text.of(f"roles.{role}"), place=place, name=name)


FORM = Form(
    name="leave",
    version=1,
    fields=(
        Field("first", Day("future", _FARTHEST_DAYS, quick=_from), loads=True),
        Field("last", Day("future", _FARTHEST_DAYS, quick=_until), loads=True),
        Field("substitute", Choice(_colleagues, columns=1)),
    ),
)
