"""What a person agrees to: shown, given, withdrawn, undone, and who wrote it down when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.consent import GIVE, WITHDRAW
from handlers.of_person import to_card
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from models.rules.access import Permission
from models.rules.consent import Purpose
from models.store import consents
from models.store.consents import ConsentAct, ConsentLine, Signer, Standing, StoredConsent

LATEST = 20
"""So many entries of the history are shown, the last ones."""


async def show(turn: Turn) -> None:
    """Show what a person agrees to now, each purpose in a sentence to be read aloud."""
    actor = turn.require(Permission.PERSON_REGISTER)
    now = await consents.standing(turn.session, actor, turn.number(0))
    turn.show(Message(_words(now), _choices(now), protect=True))
    turn.toast()


async def give(turn: Turn) -> None:
    """Open the form with which a person agrees to more."""
    await _open(turn, GIVE)


async def withdraw(turn: Turn) -> None:
    """Open the form with which a person withdraws."""
    await _open(turn, WITHDRAW)


async def undo(turn: Turn) -> None:
    """Take back what was recorded a moment ago."""
    actor = turn.require(Permission.PERSON_REGISTER)
    stored = await consents.undo(turn.session, actor, turn.number(0))
    text = Text.of("consents.undone", name=stored.resident.name)
    turn.show(Message(text, ((_to_consents(stored.resident.id),),), protect=True))


async def history(turn: Turn) -> None:
    """Show who wrote down which consent when."""
    actor = turn.require(Permission.PERSON_REGISTER)
    now = await consents.standing(turn.session, actor, turn.number(0))
    found = await consents.history(turn.session, actor, now.resident_id)
    lines = _entries(found, ZoneInfo(actor.zone))[-LATEST:] or [Text.of("consents.never")]
    text = Text.of("consents.history", name=now.name, lines=lines)
    turn.show(Message(text, ((_to_consents(now.resident_id),),), protect=True))
    turn.toast()


async def _open(turn: Turn, act: str) -> None:
    actor = turn.require(Permission.PERSON_REGISTER)
    now = await consents.standing(turn.session, actor, turn.number(0))
    turn.toast()
    facts = {"resident": str(now.resident_id), "act": act}
    await runner.open_form(turn, "consent", facts, subject=f"consent:{act}:{now.resident_id}")


def _words(now: Standing) -> Text:
    lines = [Text.of("consents.restricted" if now.restricted else "consents.now", name=now.name)]
    if now.child:
        lines.append(Text.of("consents.child"))
    return Text.of("consents.screen", lines=[*lines, *(_line(purpose, now) for purpose in Purpose)])


def _line(purpose: Purpose, now: Standing) -> Text:
    key = "consents.agreed" if purpose in now.given else "consents.not_agreed"
    about = Text.of(f"consents.explained.{purpose}")
    return Text.of(key, purpose=Text.of(f"choices.consent.{purpose}"), about=about)


def _choices(now: Standing) -> Rows:
    acts = []
    if len(now.given) < len(Purpose):
        acts.append(Button(Text.of("consents.give"), Tap.of("consent.give", now.resident_id)))
    if now.given:
        acts.append(Button(Text.of("consents.withdraw"), Tap.of("consent.end", now.resident_id)))
    if now.restricted:
        return (tuple(acts),)
    log = Button(Text.of("consents.show_history"), Tap.of("consent.log", now.resident_id))
    return (tuple(acts), (log, to_card(now.resident_id)))


def _entries(found: Sequence[ConsentLine], zone: ZoneInfo) -> list[Text]:
    """Return a line each time something was given or withdrawn, oldest first."""
    told: list[tuple[datetime, Text]] = []
    for line in found:
        key = "consents.given_by_guardian" if line.guardian else "consents.given_by_person"
        told.append((line.given_at, _entry(key, line.purpose, line.given_at.astimezone(zone), line.given_to)))
        if line.withdrawn_at is not None:
            at = line.withdrawn_at.astimezone(zone)
            told.append((line.withdrawn_at, _entry("consents.was_withdrawn", line.purpose, at, line.withdrawn_to)))
    return [text for _, text in sorted(told, key=lambda one: one[0])]


def _entry(key: str, purpose: Purpose, at: datetime, signer: Signer | None) -> Text:
    return Text.of(key, at=at, purpose=Text.of(f"choices.consent.{purpose}"), by=_signed(signer))


def _signed(signer: Signer | None) -> Text:
    if signer is None:
        return Text.of("forms.nothing")
    return Text.of("consents.by", role=Text.of(f"roles.{signer.role}"), name=Verbatim(signer.name or ""))


def receipt(turn: Turn, stored: StoredConsent) -> Message:
    """Return the message that shows what was given or withdrawn, and what follows."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    key = "consents.saved_given" if stored.act is ConsentAct.GIVEN else "consents.saved_withdrawn"
    purposes = [Text.of(f"choices.consent.{purpose}") for purpose in Purpose if purpose in stored.purposes]
    text = Text.of(
        key, at=turn.now.astimezone(zone), name=stored.resident.name, purposes=purposes, details=_follows(stored)
    )
    return Message(text, _onward(stored), protect=True)


def _follows(stored: StoredConsent) -> list[Text]:
    if stored.restricted:
        return [Text.of("consents.closed")]
    return [Text.of("consents.lifted")] if stored.lifted else []


def _onward(stored: StoredConsent) -> Rows:
    resident_id = stored.resident.id
    undo_it = Button(Text.of("receipts.undo"), Tap.of("consent.undo", stored.id))
    if stored.restricted:
        return ((undo_it, Button(Text.of("receipts.to_due"), Tap.of("due", 0))),)
    rows = [(undo_it, to_card(resident_id))]
    if stored.act is ConsentAct.GIVEN and Purpose.HEALTH_RECORD in stored.purposes:
        rows.append((Button(Text.of("card.join"), Tap.of("join", resident_id)), _to_consents(resident_id)))
    return tuple(rows)


def unchanged(resident_id: int, name: str) -> Message:
    """Return what is said when nothing was agreed to, or nothing withdrawn after all."""
    return Message(Text.of("consents.unchanged", name=name), ((_to_consents(resident_id),),), protect=True)


def _to_consents(resident_id: int) -> Button:
    return Button(Text.of("consents.open"), Tap.of("consent", resident_id))
