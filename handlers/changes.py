"""A person who is away, back, moved or died: the form, the receipt, taking a wrong report back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from handlers.of_person import to_card
from locales.message import Button, Message, Tap, Text
from models.rules.access import Permission
from models.rules.changes import GONE, ChangeKind
from models.store import changes, residents
from models.store.changes import StoredChange


async def change(turn: Turn) -> None:
    """Open the form for one person."""
    actor = turn.require(Permission.PERSON_REGISTER)
    person = (await residents.brief(turn.session, actor, turn.number(0), gone=True)).person
    turn.toast()
    await runner.open_form(turn, "change", {"resident": str(person.id)}, subject=f"change:{person.id}")


async def undo(turn: Turn) -> None:
    """Take a change back: at once within ten minutes, afterwards by a form that asks why."""
    actor = turn.require(Permission.PERSON_REGISTER)
    stored = await changes.get(turn.session, actor, turn.number(0))
    if stored.voided or stored.may_undo:
        turn.show(taken_back(await changes.undo(turn.session, actor, stored.id)))
        return
    turn.toast()
    await runner.open_form(turn, "takeback", {"change": str(stored.id)}, subject=f"takeback:{stored.id}")


def receipt(turn: Turn, stored: StoredChange) -> Message:
    """Return the message that shows what was stored, and what follows from it."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        "changes.saved",
        at=turn.now.astimezone(zone),
        name=stored.resident.name,
        what=Text.of(f"choices.change.{stored.kind}"),
        details=_details(stored),
    )
    undo = Button(Text.of("receipts.undo"), Tap.of("change.undo", stored.id))
    away = Button(Text.of("card.handover"), Tap.of("handover", stored.resident.id))
    rows = ((away,),) if stored.kind is ChangeKind.AWAY else ()
    return Message(text, (*rows, (undo, _onward(stored))), protect=True)


def _details(stored: StoredChange) -> list[Text]:
    lines = [Text.of("changes.since", day=stored.on)]
    if stored.until is not None:
        lines.append(Text.of("changes.until", day=stored.until))
    return [*lines, Text.of(f"changes.effect.{stored.kind}")]


def _onward(stored: StoredChange) -> Button:
    """Return where to go from here: to the card, unless there is none any more."""
    if stored.kind in GONE:
        return Button(Text.of("receipts.to_due"), Tap.of("due", 0))
    return to_card(stored.resident.id)


def taken_back(stored: StoredChange) -> Message:
    """Return what stands in the receipt's place once a change was taken back."""
    what = Text.of(f"choices.change.{stored.kind}")
    back = to_card(stored.resident.id)
    return Message(Text.of("changes.taken_back", name=stored.resident.name, what=what), ((back,),), protect=True)
