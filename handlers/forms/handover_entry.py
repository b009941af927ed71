"""What the hand-over form needs from the store, and saving it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import handover
from handlers.forms.runner import Entry, Facts, nobody
from locales.message import Button, Message, Tap, Text
from models.rules.access import Permission
from models.rules.consent import Purpose, needs_guardian
from models.store import handover_lines, handovers, places, residents
from models.store.handovers import Done, HandoverKind, HandoverState, Wanted

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    actor = turn.require(Permission.HANDOVER_OFFER)
    shown = await residents.card(turn.session, actor, int(facts["resident"]))
    townships = await handover_lines.townships(turn.session, actor)
    chosen = int(answers.get("township") or actor.township_id)
    villages = [place for place in await places.villages(turn.session, chosen) if place.id != shown.person.village_id]
    return {
        "name": shown.person.name,
        "agreed": Purpose.HANDOVER in shown.consents,
        "child": needs_guardian(shown.person.birth_date, turn.today),
        "is_clinic": actor.village_id is None,
        "own": str(actor.township_id),
        "townships": [[str(place.id), place.name] for place in townships],
        "villages": [[str(place.id), place.name] for place in villages],
    }


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.HANDOVER_OFFER)
    resident_id = int(facts["resident"])
    if not handover.agrees(answers, facts):
        return Message(Text.of("handovers.not_offered", name=facts["name"]), (_to_card(resident_id),), protect=True)
    until = answers.get("until")
    wanted = Wanted(
        HandoverKind(answers["kind"]),
        int(answers["village"]),
        date.fromisoformat(until) if until else None,
        agrees=True,
        at_once=answers.get("now") == "now",
    )
    done = await handovers.offer(turn.session, actor, resident_id, wanted, draft_id)
    return _receipt(turn, done, str(facts["name"]))


def _receipt(turn: Turn, done: Done, name: str) -> Message:
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    values = {"at": turn.now.astimezone(zone), "name": name, "from_village": done.from_village, "to": done.to_village}
    card = _to_card(done.resident_id)
    if done.state is HandoverState.ACCEPTED:
        return Message(Text.of("handovers.moved", **values), (card,), protect=True)
    withdraw = Button(Text.of("handovers.withdraw"), Tap.of("handover.withdraw", done.id))
    text = Text.of("handovers.offered", **values, last=done.answer_by)
    return Message(text, ((withdraw, *card),), protect=True)


def _to_card(resident_id: int) -> tuple[Button, ...]:
    return (Button(Text.of("handovers.person"), Tap.of("card", resident_id)),)


ENTRY = Entry(handover.FORM, _load, nobody, _save)
