"""From the answers of the register form to a registration, and its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Turn
from locales.message import Button, Message, Tap, Text
from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store.reports import Channel
from models.store.residents import Registered, Registration

Json = Any


def registration(answers: Mapping[str, Json], village_id: int | None) -> Registration:
    """Return the registration that the answers make."""
    born = answers.get("birth")
    group = answers.get("group")
    return Registration(
        name=answers["full_name"],
        sex=Sex(answers["sex"]),
        birth_date=date.fromisoformat(born) if born else None,
        village_id=village_id,
        group_id=int(group) if group else None,
        phone=answers.get("phone"),
        identity=answers.get("identity"),
        channel=Channel(answers["channel"]) if answers.get("channel") else None,
        consents=frozenset(Purpose(code) for code in answers.get("consents") or ()),
        programmes=("checkup",) if answers.get("checkup") == "yes" else (),
    )


def receipt(turn: Turn, stored: Registered, answers: Mapping[str, Json]) -> Message:
    """Return the message that shows who was registered, and what was agreed to."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        "receipts.registered",
        at=turn.now.astimezone(zone),
        name=stored.person.name,
        place=stored.village_name,
        details=_details(answers),
    )
    again = Button(Text.of("receipts.another_register"), Tap.of("register.new"))
    report = Button(Text.of("receipts.then_checkup"), Tap.of("checkup.of", stored.person.id))
    return Message(text, ((again, report),), protect=True)


def _details(answers: Mapping[str, Json]) -> list[Text]:
    consents = [Text.of(f"choices.consent.{code}") for code in answers.get("consents") or ()]
    lines = [Text.of("receipts.consented", consents=consents) if consents else Text.of("receipts.consented_none")]
    if answers.get("checkup") == "yes":
        lines.append(Text.of("receipts.enrolled", programme=Text.of("programmes.checkup.name")))
    return lines
