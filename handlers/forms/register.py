"""The form with which a resident is registered, with consent asked purpose by purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.forms.checkup import REASON
from handlers.forms.conditions import chooses_village
from handlers.forms.fields import Env, Field, Form
from handlers.forms.kinds.alike import Alike, looks_alike, shared_phone, still_stands, warnings
from handlers.forms.kinds.calendar import Day
from handlers.forms.kinds.choice import Choice, Several, listed, texts, yes_no
from handlers.forms.kinds.words import Words, last_four, personal_name
from locales.message import Text
from models.rules import identity, phones
from models.rules.consent import ON_REGISTERING, Purpose, needs_guardian
from models.rules.sex import Sex

Json = Any
_OLDEST_DAYS = 120 * 366


def _is_child(answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    born = answers.get("birth")
    if not born:
        return False
    return needs_guardian(date.fromisoformat(born), date.fromisoformat(facts["started_on"]))


def _may_consent(answers: Mapping[str, Json], _facts: Mapping[str, Json]) -> bool:
    return bool(answers.get("guardian", "yes") == "yes")


def _agreed(purpose: Purpose) -> Any:
    return lambda answers, _facts: purpose in (answers.get("consents") or ())


def _to_read_out(env: Env) -> tuple[Text, ...]:
    """Return what each purpose means, to be read out before it is agreed to; once that is done, no more."""
    if "consents" in env.answers:
        return ()
    return tuple(
        Text.of(
            "consents.read_out", purpose=Text.of(f"choices.consent.{one}"), about=Text.of(f"consents.explained.{one}")
        )
        for one in ON_REGISTERING
    )


def _has_groups(_answers: Mapping[str, Json], facts: Mapping[str, Json]) -> bool:
    return bool(facts.get("groups"))


def _identity(typed: str, today: date) -> str:
    return identity.parse(typed, today).number


def _identity_notes(number: str, env: Env) -> tuple[Text, ...]:
    """Warn of an unknown region, and of what contradicts the other answers."""
    read = identity.parse(number, env.today)
    notes = [] if read.region_known else [Text.of("input.identity_region")]
    born, sex = env.answers.get("birth"), env.answers.get("sex")
    if (born and born != read.birth.isoformat()) or (sex and sex != read.sex):
        notes.append(Text.of("input.identity_mismatch"))
    return tuple(notes)


def _phone(typed: str, _today: date) -> str:
    return phones.parse(typed)


def _name(typed: str, _today: date) -> str:
    return personal_name(typed)


FORM = Form(
    name="register",
    version=1,
    fields=(
        Field("village", Choice(listed("villages")), when=chooses_village, loads=True, clears=("group",), fixed=True),
        Field("full_name", Words(_name), locks=True, loads=True),
        Field("sex", Choice(texts("sex", tuple(Sex))), locks=True, loads=True),
        Field("birth", Day("past", _OLDEST_DAYS, is_birth=True), required=False, locks=True, loads=True),
        Field("group", Choice(listed("groups"), columns=3), when=_has_groups, required=False),
        Field("guardian", yes_no(), when=_is_child, fixed=True),
        Field(
            "consents",
            Several(texts("consent", ON_REGISTERING), columns=1, stored=texts("consent", tuple(Purpose))),
            when=_may_consent,
            fixed=True,
            warns=_to_read_out,
        ),
        Field(
            "phone",
            Words(_phone, phones.EXAMPLE, last_four),
            when=_agreed(Purpose.CONTACT),
            required=False,
            loads=True,
            warns=shared_phone,
        ),
        Field(
            "channel",
            Choice(texts("channel", ("VISIT", "PHONE", "CLINIC", "MESSAGE"))),
            when=_agreed(Purpose.CONTACT),
            required=False,
            offered=lambda _answers, _facts: True,
        ),
        Field("checkup", yes_no(), when=_agreed(Purpose.HEALTH_RECORD), fixed=True),
        Field(
            "identity",
            Words(_identity, identity.EXAMPLE, last_four, _identity_notes),
            when=_agreed(Purpose.HEALTH_RECORD),
            required=False,
            locks=True,
            offered=lambda _answers, _facts: True,
            loads=True,
        ),
        Field("another", Alike(), when=looks_alike, warns=warnings, stands=still_stands),
        REASON,
    ),
)
