"""The receipt after saving: what was stored, when it is due next, and what can still be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import engine
from handlers.forms.conditions import came
from handlers.forms.fields import Form
from handlers.forms.render import label
from handlers.forms.state import FormState
from handlers.forms.urgent import dangerous
from handlers.forms.visit import MEASURED
from handlers.of_person import to_card
from handlers.wording import item_name, programme_name
from locales.message import Button, Message, Tap, Text
from models.rules.access import Role
from models.rules.outcomes import EFFECTS
from models.rules.programmes.base import Programme
from models.store.enrolments import EnrolmentLine
from models.store.reports import Receipt

Json = Any


def receipt(turn: Turn, form: Form, stored: Receipt, answers: Mapping[str, Json], facts: Mapping[str, Json]) -> Message:
    """Return the message that shows a stored report."""
    kind = form.name
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        f"receipts.{kind}",
        at=turn.now.astimezone(zone),
        name=stored.resident.name,
        programme=programme_name(stored.schedule),
        outcome=Text.of(f"choices.outcome.{stored.outcome}"),
        refer=refer_now(answers) if stored.urgent else Text.of("forms.nothing"),
        details=_details(turn, form, stored, answers, facts),
    )
    return Message(text, _buttons(kind, stored), protect=True)


def _details(
    turn: Turn, form: Form, stored: Receipt, answers: Mapping[str, Json], facts: Mapping[str, Json]
) -> list[Text]:
    lines = list(_measured(turn, form, answers, facts))
    if came(answers, facts) and not facts.get("health_consent"):
        lines.append(Text.of("receipts.no_consent"))
    lines.append(_next(stored))
    if stored.tells_clinic:
        lines.append(Text.of("receipts.told_clinic"))
    elif EFFECTS[stored.outcome].tells_clinic and turn.actor and turn.actor.role is not Role.CLINIC:
        lines.append(Text.of("receipts.tell_clinic"))
    if stored.version > 1:
        lines.append(Text.of("receipts.corrected", version=stored.version))
    return lines


def _measured(turn: Turn, form: Form, answers: Mapping[str, Json], facts: Mapping[str, Json]) -> Sequence[Text]:
    env = engine.environment(form, FormState(answers, facts), turn.today)
    return [
        Text.of("receipts.measured", label=label(form, field.key), value=field.kind.show(answers[field.key], env))
        for field in form.fields
        if field.key in MEASURED and answers.get(field.key) is not None
    ]


def _next(stored: Receipt) -> Text:
    due = stored.next
    if due is None:
        return Text.of("receipts.next_none", why=Text.of(_why(stored)))
    item = item_name(stored.schedule, due.item)
    if due.opens_on == due.closes_on:
        return Text.of("receipts.next", day=due.opens_on, item=item)
    return Text.of("receipts.next_window", day=due.target_on, last=due.closes_on, item=item)


def _why(stored: Receipt) -> str:
    effect = EFFECTS[stored.outcome]
    if effect.pauses:
        return "receipts.why_paused"
    return "receipts.why_ended" if effect.ends_programme or effect.ends_all else "receipts.why_complete"


def refer_now(answers: Mapping[str, Json]) -> Text:
    """Return the words that can't be overlooked when a value is dangerous."""
    return Text.of("receipts.refer_now", values=dangerous(answers))


def _buttons(kind: str, stored: Receipt) -> tuple[tuple[Button, ...], ...]:
    """Return what can be done next; who is away can be handed over to where they live now."""
    refer = Button(Text.of("receipts.refer"), Tap.of("referral.now", kind, stored.record_id))
    away = Button(Text.of("card.handover"), Tap.of("handover", stored.resident.id))
    return (
        *(((refer,),) if stored.urgent else ()),
        *(((away,),) if EFFECTS[stored.outcome].pauses else ()),
        (
            Button(Text.of("receipts.correct"), Tap.of(f"{kind}.fix", stored.record_id)),
            Button(Text.of("receipts.undo"), Tap.of(f"{kind}.undo", stored.record_id)),
        ),
        (
            Button(Text.of(f"receipts.another_{kind}"), Tap.of(f"{kind}.new")),
            Button(Text.of("receipts.to_due"), Tap.of("due", 0)),
        ),
    )


def undone(stored: Receipt) -> Message:
    """Return what stands in the receipt's place after an undo."""
    return Message(Text.of("receipts.undone", name=stored.resident.name), protect=True)


def joined(turn: Turn, line: EnrolmentLine) -> Message:
    """Return what stands in the form's place once a person has joined a programme."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        "receipts.joined",
        at=turn.now.astimezone(zone),
        name=line.resident.name,
        programme=programme_name(line.schedule),
        details=_joined_next(line),
    )
    return Message(text, ((to_card(line.resident.id),),), protect=True)


def _joined_next(line: EnrolmentLine) -> Text:
    if line.waits:
        return Text.of("receipts.waits")
    window = line.due.window
    if window is None:
        return Text.of("receipts.next_none", why=Text.of("receipts.why_complete"))
    item = item_name(line.schedule, window.item)
    return Text.of("receipts.next_window", day=window.target_on, last=window.closes_on, item=item)


def not_joined(resident_id: int, facts: Mapping[str, Json], programme: Programme) -> Message:
    """Return what is said when the person would rather not: nothing was stored."""
    text = Text.of("receipts.not_joined", name=facts["name"], programme=programme_name(programme))
    return Message(text, ((to_card(resident_id),),), protect=True)
