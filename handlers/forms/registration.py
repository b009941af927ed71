"""From the answers of the register form to a registration, and its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.wording import programme_name
from locales.message import Button, Message, Tap, Text
from models.rules.access import Permission
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
        details=_details(turn, answers, stored),
    )
    person_id = stored.person.id
    correct = Button(Text.of("receipts.correct"), Tap.of("register.fix", person_id))
    undo = Button(Text.of("receipts.undo"), Tap.of("register.undo", person_id))
    again = Button(Text.of("receipts.another_register"), Tap.of("register.new"))
    report = Button(Text.of("receipts.then_checkup"), Tap.of("checkup.of", person_id))
    return Message(text, ((correct, undo), (again, report)), protect=True)


def _details(turn: Turn, answers: Mapping[str, Json], stored: Registered) -> list[Text]:
    checkup = programme_name(turn.require(Permission.PERSON_REGISTER).catalogue["checkup"])
    consents = [Text.of(f"choices.consent.{code}") for code in answers.get("consents") or ()]
    lines = [Text.of("receipts.consented", consents=consents) if consents else Text.of("receipts.consented_none")]
    if answers.get("checkup") == "yes":
        lines.append(Text.of("receipts.enrolled", programme=checkup))
    if stored.next is not None:
        days = {"day": stored.next.target_on, "last": stored.next.closes_on}
        lines.append(Text.of("receipts.next_window", **days, item=checkup))
    return lines


def answers_of_version(answers: Mapping[str, Json], values: Mapping[str, Json]) -> dict[str, Json]:
    """Return the answers that made earlier details, of which `values` were kept; the rest is as it is now."""
    before = {
        "full_name": values["name"],
        "sex": values["sex"],
        "birth": values["birth_date"],
        "group": str(values["group_id"]) if values["group_id"] else None,
        "phone": values["phone"],
        "channel": values["channel"],
        "identity": values["identity"],
    }
    return {**answers, **before}


def answers_of(known: Registration) -> dict[str, Json]:
    """Return the answers that would make `known`, to correct a person's details in the same form."""
    answers = {
        "village": str(known.village_id),
        "full_name": known.name,
        "sex": str(known.sex),
        "birth": known.birth_date.isoformat() if known.birth_date else None,
        "group": str(known.group_id) if known.group_id else None,
        "guardian": "yes",
        "consents": [purpose.value for purpose in Purpose if purpose in known.consents],
        "phone": known.phone,
        "channel": str(known.channel) if known.channel else None,
        "checkup": "yes" if "checkup" in known.programmes else "no",
        "identity": known.identity,
    }
    return {key: value for key, value in answers.items() if value is not None or key in {"birth", "group", "phone"}}
