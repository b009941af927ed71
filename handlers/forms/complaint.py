"""The form of a complaint: what it is about, and what happened. It asks nothing about whoever writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.choice import Choice, texts
from handlers.forms.kinds.words import Words, short_text
from locales.message import Label, Text, Verbatim
from models.rules.complaints import BREACHES, ENTERED, ComplaintKind, Concern

Json = Any
LONGEST = 1000
_ELSEWHERE = (Concern.CLINIC, Concern.UNSAID)


def _by_staff(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return bool(facts.get("by_staff"))


def _by_resident(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return not facts.get("by_staff")


def _own(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> Json:
    """Return the own village, which may be changed at the review."""
    villages = facts.get("villages") or ()
    return villages[0][0] if villages else Concern.UNSAID.value


def _places(env: Env) -> Sequence[tuple[str, Label]]:
    villages = [(str(number), Verbatim(name)) for number, name in env.facts.get("villages", ())]
    return [*villages, *((one.value, Text.of(f"choices.complaint_concern.{one}")) for one in _ELSEWHERE)]


def _read_by(value: Json, _env: Env) -> tuple[Text, ...]:
    """Return who will read it, so that it is known before anything is written."""
    return (Text.of("forms.complaint.to_deputy"),) if value in BREACHES else ()


FORM = Form(
    name="complaint",
    version=1,
    fields=(
        Field("channel", Choice(texts("complaint_channel", ENTERED)), when=_by_staff),
        Field("kind", Choice(texts("complaint_kind", tuple(ComplaintKind)), warn=_read_by)),
        Field("place", Choice(_places, columns=2), when=_by_staff),
        Field("about", Choice(_places, columns=2), when=_by_resident, default=_own),
        Field("text", Words(short_text(LONGEST), example="")),
    ),
)
