"""The form with which a follow-up visit is reported; what it asks depends on the programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import wording
from handlers.forms.checkup import AGREED_ON, NOTE, OUTCOME, REASON
from handlers.forms.conditions import ahead, came, chooses_village, is_asked
from handlers.forms.fields import Env, Field, Form, Kind
from handlers.forms.kinds.calendar import Day, today_or_yesterday
from handlers.forms.kinds.choice import Choice, Several, is_there, listed, texts
from handlers.forms.kinds.measured import Measured, Pressure
from handlers.forms.kinds.person import Person
from handlers.forms.urgent import alarm
from locales.message import Label

Json = Any
CHANNELS = ("VISIT", "PHONE", "CLINIC", "MESSAGE")
REPORT_BACK_DAYS = 90
"""How far back a visit can be reported, in days (convention)."""
LIFESTYLE = ("salt", "exercise", "smoking", "alcohol", "diet", "mood")
SYMPTOMS = (
    "headache",
    "chest",
    "breath",
    "swelling",
    "vision",
    "thirst",
    "numbness",
    "fever",
    "bleeding",
    "wound",
)
SIDE_EFFECTS = ("bleeding", "spotting", "pain", "headache", "mood", "weight", "expelled")

KINDS: dict[str, Kind] = {
    "bp": Pressure(),
    "pulse": Measured("pulse"),
    "temperature": Measured("temperature"),
    "weight": Measured("weight"),
    "height": Measured("height"),
    "waist": Measured("waist"),
    "glucose": Measured("glucose"),
    "medication": Choice(texts("medication", ("regular", "irregular", "stopped", "none"))),
    "reaction": is_there(),
    "lifestyle": Several(texts("lifestyle", LIFESTYLE)),
    "symptoms": Several(texts("symptoms", SYMPTOMS)),
    "side_effects": Several(texts("side_effects", SIDE_EFFECTS)),
    "content": Choice(texts("content", ("continue", "change", "stop", "unsure"))),
    "breastfeeding": Choice(texts("breastfeeding", ("only", "mixed", "formula", "food"))),
    "concern": is_there(),
    "vaccine_given": Choice(texts("vaccine", ("given", "postponed", "elsewhere"))),
}
"""What each field of a programme asks. `note` is in every form."""
MEASURED = frozenset({"bp", "pulse", "temperature", "weight", "height", "waist", "glucose"})
OFFERED = ("bp", "weight", "waist", "pulse", "glucose", "symptoms", "lifestyle", "concern")
"""What the review of any visit offers to add."""
CODED = tuple(name for name in KINDS if name not in MEASURED)


def _programme_field(name: str) -> Field:
    asked, offered = is_asked(name, "asked"), is_asked(name, "offered")

    def applies(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
        return asked(answers, facts) or offered(answers, facts)

    return Field(name, KINDS[name], when=applies, required=False, offered=offered)


def _is_open(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    """Return whether it is still to be said whose visit it is: not tapped in a list, not a correction."""
    return not facts.get("given")


def _chooses_village(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return _is_open(answers, facts) and chooses_village(answers, facts)


def _several_programmes(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return _is_open(answers, facts) and len(facts.get("enrolments") or ()) > 1


def _programmes(env: Env) -> list[tuple[str, Label]]:
    return [(code, wording.named(name)) for code, name in env.facts.get("enrolments", [])]


FORM = Form(
    name="visit",
    version=1,
    fields=(
        Field("village", Choice(listed("villages")), _chooses_village, loads=True, clears=("person", "enrolment")),
        Field("person", Person(), when=_is_open, loads=True, clears=("enrolment",)),
        Field("enrolment", Choice(_programmes, columns=1), when=_several_programmes, loads=True),
        OUTCOME,
        AGREED_ON,
        *(_programme_field(name) for name in KINDS),
        Field(
            "visited_on",
            Day("past", REPORT_BACK_DAYS, quick=today_or_yesterday),
            default=lambda _answers, facts: facts["started_on"],
        ),
        Field(
            "next_on",
            Day("future", 3 * 366, quick=ahead),
            when=came,
            required=False,
            offered=lambda _answers, _facts: True,
        ),
        Field("channel", Choice(texts("channel", CHANNELS)), default=lambda _answers, _facts: "VISIT"),
        NOTE,
        REASON,
    ),
    alarm=alarm,
)
