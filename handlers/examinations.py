"""Clinical results, for the clinic alone: a new one, a correction, an undo, and the list by page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from handlers.of_person import open_health_form, to_card
from handlers.paging import LAST_PAGE, turner
from handlers.wording import programme_name
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.changes import ResidentStatus
from models.rules.examinations import SCREENINGS
from models.store import enrolments, examinations, residents
from models.store.enrolments import EnrolmentLine
from models.store.examinations import StoredExamination

PAGE = 5
LIVES_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


async def examine(turn: Turn) -> None:
    """Open the form for one person."""
    actor = turn.require(Permission.CLINICAL_READ)
    await open_health_form(turn, actor, "examination")


async def correct(turn: Turn) -> None:
    """Open the form with what was stored."""
    turn.require(Permission.CLINICAL_READ)
    await runner.correct(turn, "examination", turn.number(0))


async def undo(turn: Turn) -> None:
    """Take a result back."""
    actor = turn.require(Permission.CLINICAL_READ)
    stored = await examinations.undo(turn.session, actor, turn.number(0))
    text = Text.of("examinations.undone", name=stored.resident.name)
    turn.show(Message(text, ((to_card(stored.resident.id),),), protect=True))


async def list_results(turn: Turn) -> None:
    """Show a person's results, the newest first: page and person."""
    actor = turn.require(Permission.CLINICAL_READ)
    page, person_id = turn.number(0, most=LAST_PAGE), turn.number(1)
    person = (await residents.brief(turn.session, actor, person_id)).person
    found = await examinations.of_person(turn.session, actor, person_id, limit=PAGE, offset=page * PAGE)
    fixes = tuple((_fix(line),) for line in found.lines)
    turns = turner("examination.list", person_id, page=page, size=PAGE, total=found.total)
    rows = (*fixes, *((turns,) if turns else ()), (to_card(person_id),))
    if found.lines:
        title = Text.of("examinations.list_title", name=person.name, n=found.total)
        text = Text.of("card.screen", lines=[title, *map(_line, found.lines)])
    else:
        text = Text.of("examinations.none", name=person.name)
    turn.show(Message(text, rows, protect=True))
    turn.toast()


async def receipt(turn: Turn, actor: Actor, stored: StoredExamination) -> Message:
    """Return the message that shows a stored result."""
    text = Text.of(
        "examinations.receipt",
        at=turn.now.astimezone(ZoneInfo(actor.zone)),
        name=stored.resident.name,
        details=_details(stored),
    )
    correct_button = Button(Text.of("receipts.correct"), Tap.of("examination.fix", stored.id))
    undo_button = Button(Text.of("receipts.undo"), Tap.of("examination.undo", stored.id))
    rows = ((correct_button, undo_button), *await _screening(turn, actor, stored), (to_card(stored.resident.id),))
    return Message(text, rows, protect=True)


async def _screening(turn: Turn, actor: Actor, stored: StoredExamination) -> Rows:
    """Return the way to report the visit of the screening programme, where the person is in it.

    It is a step of its own: the village sees that visit, but never learns of the result.
    """
    programme = SCREENINGS.get(stored.report.kind)
    if programme is None or stored.resident.status not in LIVES_HERE:
        return ()
    running = await enrolments.of_person(turn.session, actor, stored.resident.id)
    lines = [line for line in running if line.programme == programme]
    return tuple((_to_report(line),) for line in lines)


def _to_report(line: EnrolmentLine) -> Button:
    return Button(Text.of("card.report", programme=programme_name(line.schedule)), Tap.of("due.go", line.id))


def _details(stored: StoredExamination) -> list[Text]:
    report = stored.report
    lines = [_line(stored)]
    if report.next_on is not None:
        lines.append(Text.of("examinations.next", day=report.next_on))
    if stored.version > 1:
        lines.append(Text.of("receipts.corrected", version=stored.version))
    return [*lines, Text.of("examinations.sealed")]


def _line(stored: StoredExamination) -> Text:
    report = stored.report
    note = Text.of("examinations.note", note=report.note) if report.note else Text.of("due.nothing")
    return Text.of("examinations.line", day=report.examined_on, what=named(stored), note=note)


def named(stored: StoredExamination) -> Text:
    """Return what was examined and what came of it."""
    kind = Text.of(f"choices.examination.{stored.report.kind}")
    result = Text.of(f"choices.examination_result.{stored.report.result}")
    return Text.of("examinations.what", kind=kind, result=result)


def _fix(stored: StoredExamination) -> Button:
    kind = Text.of(f"choices.examination.{stored.report.kind}")
    label = Text.of("examinations.fix", kind=kind, day=stored.report.examined_on)
    return Button(label, Tap.of("examination.fix", stored.id))
