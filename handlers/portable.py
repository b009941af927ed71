"""The record that a person takes along: asked for by the person's own account, or handed over to who asks for it.

Nothing is made before a tap says that it is wanted, and each time whether a chosen method goes along.
"""

from __future__ import annotations

from uuid import uuid5
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.of_person import to_card
from handlers.wording import item_name, programme_name
from locales.message import Attachment, Button, Message, Rows, Say, Tap, Text
from locales.translator import translator
from models.files import fhir
from models.files.fhir import PortableRecord, Where
from models.rules.access import Actor, Permission
from models.rules.methods import CODES, Method
from models.store import portable as store
from models.store.portable import Met, Portable
from models.store.reports import Channel

_WHERE = {Channel.PHONE: Where.FROM_AFAR, Channel.MESSAGE: Where.FROM_AFAR, Channel.VISIT: Where.AT_HOME}


async def own(turn: Turn) -> None:
    """Ask a resident whether to take the own record along, or send it: 1 with what was chosen, 0 without."""
    actor = turn.require(Permission.OWN_READ)
    if _is_asked(turn, 0):
        found = await store.own(turn.session, actor)
        back = Button(Text.of("own.back"), Tap.of("own"))
        turn.show(Message(Text.of("portable.ask_own"), (*_choices(found, "own.take"), (back,)), protect=True))
        turn.toast()
        return
    await _send(turn, actor, await store.own(turn.session, actor, choices=turn.number(0, most=1) == 1))


async def of_person(turn: Turn) -> None:
    """Ask whether somebody wants the record, or send it: the person, and 1 with what was chosen, 0 without."""
    actor = turn.require(Permission.PERSON_READ)
    person_id = turn.number(0)
    if _is_asked(turn, 1):
        found = await store.of_person(turn.session, actor, person_id)
        back = to_card(person_id)
        words = Text.of("portable.ask", name=found.name)
        turn.show(Message(words, (*_choices(found, "portable", person_id), (back,)), protect=True))
        turn.toast()
        return
    choices = turn.number(1, most=1) == 1
    await _send(turn, actor, await store.of_person(turn.session, actor, person_id, choices=choices))


def _is_asked(turn: Turn, index: int) -> bool:
    return turn.tap is None or len(turn.tap.args) <= index


def _choices(found: Portable, action: str, *args: int) -> Rows:
    """Return the buttons: what was chosen is only offered where there is something."""
    if not found.has_choices:
        return ((Button(Text.of("portable.yes"), Tap.of(action, *args, 0)),),)
    without = Button(Text.of("portable.without"), Tap.of(action, *args, 0))
    return ((without,), (Button(Text.of("portable.with"), Tap.of(action, *args, 1)),))


async def _send(turn: Turn, actor: Actor, found: Portable) -> None:
    record = laid_out(turn, actor, found)
    name = translator(turn.language).plain(Text.of("portable.file", day=turn.today.isoformat()))
    file = Attachment(f"{name}.json", record.content())
    # What is protected can't be saved, and so not be taken along: this is asked for to be taken along.
    turn.replies.append(Say(Message(Text.of("portable.caption", n=len(found.met)), attachment=file)))
    turn.toast(Text.of("portable.sent"))


def laid_out(turn: Turn, actor: Actor, found: Portable) -> PortableRecord:
    """Return the record with the words of the reader's language."""
    words, zone = translator(turn.language), ZoneInfo(actor.zone)
    return PortableRecord(
        uuid5(found.id, turn.now.isoformat()),
        turn.language,
        turn.now.astimezone(zone),
        fhir.Patient(found.id, found.name, found.sex, found.birth_date, "".join(found.places)),
        [
            fhir.Encounter(
                *(one.id, one.schedule.code, words.plain(programme_name(one.schedule)), one.on),
                *(one.entered_at.astimezone(zone), _where(one), one.took_place, one.measures),
            )
            for one in found.met
        ],
        [
            fhir.Choice(
                *(one.id, one.on, one.entered_at.astimezone(zone), CODES[Method(one.method)]),
                words.plain(Text.of(f"choices.method.{one.method}")),
            )
            for one in found.chosen
        ],
        [
            fhir.Appointment(
                *(one.id, one.schedule.code, words.plain(item_name(one.schedule, one.item)), one.first, one.last)
            )
            for one in found.ahead
        ],
        [
            fhir.Consent(
                *(one.id, one.purpose.value, words.plain(Text.of(f"choices.consent.{one.purpose}"))),
                *(one.given_at.astimezone(zone), one.withdrawn_at and one.withdrawn_at.astimezone(zone)),
            )
            for one in found.agreed
        ],
    )


def _where(one: Met) -> Where:
    return Where.AT_THE_CLINIC if one.channel is None else _WHERE.get(one.channel, Where.AT_THE_CLINIC)
