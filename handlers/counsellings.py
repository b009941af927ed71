"""Informed choice: a new talk, a correction, an undo, and what the clinic reads of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from handlers.of_person import open_health_form, to_card
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Message, Tap, Text
from models.rules.access import Permission
from models.store import counsellings, residents
from models.store.counsellings import Counselled, StoredCounselling

PAGE = 5


async def talk(turn: Turn) -> None:
    """Open the form for one person."""
    actor = turn.require(Permission.CHOICE_REPORT)
    await open_health_form(turn, actor, "choice")


async def correct(turn: Turn) -> None:
    """Open the form with what was stored."""
    turn.require(Permission.CHOICE_REPORT)
    await runner.correct(turn, "choice", turn.number(0))


async def undo(turn: Turn) -> None:
    """Take a talk back."""
    actor = turn.require(Permission.CHOICE_REPORT)
    stored = await counsellings.undo(turn.session, actor, turn.number(0))
    text = Text.of("counsellings.undone", name=stored.resident.name)
    turn.show(Message(text, ((to_card(stored.resident.id),),), protect=True))


async def list_talks(turn: Turn) -> None:
    """Show the clinic a person's talks, the newest first: page and person."""
    actor = turn.require(Permission.CLINICAL_READ)
    page, person_id = turn.number(0, most=LAST_PAGE), turn.number(1)
    person = (await residents.brief(turn.session, actor, person_id)).person
    found = await counsellings.of_person(turn.session, actor, person_id, limit=PAGE, offset=page * PAGE)
    fixes = tuple((_fix(line),) for line in found.lines)
    turns = turner("choice.list", person_id, page=page, size=PAGE, total=found.total)
    rows = (*fixes, *((turns,) if turns else ()), (to_card(person_id),))
    if found.lines:
        title = Text.of("counsellings.list_title", name=person.name, n=found.total)
        text = Text.of("card.screen", lines=[title, *map(_line, found.lines)])
    else:
        text = Text.of("counsellings.none", name=person.name)
    turn.show(Message(text, rows, protect=True))
    turn.toast()


def _line(stored: StoredCounselling) -> Text:
    report = stored.report
    return Text.of(
        "counsellings.line",
        day=report.counselled_on,
        own=Text.of("counsellings.line_own" if report.own else "counsellings.line_not_own"),
        explained=[Text.of(f"choices.method.{method}") for method in report.explained] or [Text.of("forms.none")],
        method=Text.of(f"choices.method.{report.method}"),
    )


def _fix(stored: StoredCounselling) -> Button:
    return Button(Text.of("counsellings.fix", day=stored.report.counselled_on), Tap.of("choice.fix", stored.id))


def receipt(turn: Turn, stored: Counselled) -> Message:
    """Return the message that shows a stored talk: how many methods, never which."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        "counsellings.receipt",
        at=turn.now.astimezone(zone),
        name=stored.resident.name,
        day=stored.on,
        details=_details(stored),
    )
    correct = Button(Text.of("receipts.correct"), Tap.of("choice.fix", stored.record_id))
    undo = Button(Text.of("receipts.undo"), Tap.of("choice.undo", stored.record_id))
    return Message(text, ((correct, undo), (to_card(stored.resident.id),)), protect=True)


def _details(stored: Counselled) -> list[Text]:
    lines = [
        Text.of("counsellings.explained", n=stored.explained),
        Text.of("counsellings.own" if stored.own else "counsellings.not_own"),
        Text.of("counsellings.sealed"),
    ]
    if stored.version > 1:
        lines.append(Text.of("receipts.corrected", version=stored.version))
    return lines
