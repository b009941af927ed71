"""Looks for registered people who may be the one who is being registered, each time a detail is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import people
from handlers.context import Turn
from handlers.forms.fields import TakenError
from handlers.forms.kinds.alike import lead
from handlers.forms.kinds.person import encode
from locales.message import Text
from models.rules.access import Actor
from models.rules.duplicates import Certainty, Reason
from models.rules.sex import Sex
from models.store import duplicates, places
from models.store.duplicates import Match, Particulars

Json = Any
Answers = Mapping[str, Json]


async def load(turn: Turn, actor: Actor, answers: Answers, facts: Answers) -> dict[str, Json]:
    """Return who looks like the person of the answers.

    While a saved person is corrected only the identity number is looked at.

    Raises:
        TakenError: `identity_known`: the identity number that was just answered is somebody's within reach.
    """
    if not answers.get("full_name"):
        return {"alike": None, "identity_seen": None}
    correcting = facts.get("correcting")
    found = await duplicates.alike(turn.session, actor, _seen(answers), but=int(correcting) if correcting else None)
    here = [await _line(turn, actor, match) for match in found.here]
    _refuse_taken(here, answers, facts)
    elsewhere = [str(reason) for reason in found.elsewhere.reasons] if found.elsewhere else None
    alike = None if correcting else {"here": here, "elsewhere": elsewhere}
    return {"alike": alike, "identity_seen": answers.get("identity")}


def _refuse_taken(here: list[dict[str, Json]], answers: Answers, facts: Answers) -> None:
    is_new = "identity_seen" in facts and facts["identity_seen"] != answers.get("identity")
    taken = [person for person in here if Reason.IDENTITY in person["reasons"]]
    if is_new and taken:
        hint = Text.of("duplicates.hint", hint=taken[0]["hint"]) if taken[0]["hint"] else Text.of("forms.nothing")
        raise TakenError("identity_known", lead(taken[0]), name=taken[0]["name"], hint=hint)


def _seen(answers: Answers) -> Particulars:
    born, sex = answers.get("birth"), answers.get("sex")
    return Particulars(
        answers["full_name"],
        date.fromisoformat(born) if born else None,
        Sex(sex) if sex else None,
        answers.get("phone"),
        answers.get("identity"),
    )


async def _line(turn: Turn, actor: Actor, match: Match) -> dict[str, Json]:
    """Return a person who looks alike as a draft keeps it; the village is named to who works in several."""
    person = match.person
    village = "" if actor.village_id is not None else (await places.get(turn.session, person.village_id)).name
    return {
        "id": str(person.id),
        "key": encode(person.id),
        "name": person.name,
        "hint": " ".join(part for part in (village, people.hint(person)) if part),
        "reasons": [str(reason) for reason in match.likeness.reasons],
        "weak": match.likeness.certainty is Certainty.WEAK,
    }
