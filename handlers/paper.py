"""The roster on paper, for days without network: a PDF to print and a workbook; results come back by number."""

from __future__ import annotations

from handlers.context import Turn
from locales.message import Attachment, Message, Say, Text
from locales.translator import translator
from models.files.paper import Paper, PaperLine
from models.files.paper_sheets import sheet
from models.rules.access import Actor, Permission
from models.rules.rosters import Mark
from models.store import roster_views, rosters
from models.store.rosters import Roster, RosterLine

_HEADS = ("number", "name", "group", "born")
_MEASURED = ("pressure", "weight", "remark")
_NOTES = ("send", "keep")


async def paper(turn: Turn) -> None:
    """Send the roster that is open in this chat, or that of the village's day, as files to print."""
    actor = turn.require(Permission.CHECKUP_REPORT)
    turn.toast()
    day_id = await _day(turn, actor)
    if day_id is None:
        turn.say(Text.of("paper.open_first"))
        return
    roster = await rosters.open_day(turn.session, actor, day_id)
    if not roster.lines:
        turn.say(Text.of("rosters.empty"))
        return
    words = laid_out(turn.language, roster)
    name = translator(turn.language).plain(
        Text.of("paper.file", village=roster.village, day=roster.day.held_on.isoformat())
    )
    caption = Text.of("paper.caption", n=len(roster.lines), village=roster.village, day=roster.day.held_on)
    pdf, book = Attachment(f"{name}.pdf", words), Attachment(f"{name}.xlsx", sheet(words))
    # What is protected from forwarding can't be saved either, and so not be printed: this is asked for to be printed.
    turn.replies.append(Say(Message(caption, attachment=pdf)))
    turn.replies.append(Say(Message(Text.of("paper.workbook"), attachment=book)))


async def _day(turn: Turn, actor: Actor) -> int | None:
    """Return the day that the button names, or whose roster is open, or of the manager's own village."""
    if turn.tap is not None and turn.tap.args:
        return turn.number(0)
    view = await roster_views.of_chat(turn.session, actor, turn.chat.chat_id)
    if view is not None:
        return view.day_id
    if actor.village_id is None:
        return None
    return (await rosters.current_day(turn.session, actor)).id


def laid_out(language: str, roster: Roster) -> Paper:
    """Return the roster as it is printed: numbers, names, groups and years of birth, and nothing else of anybody."""
    words = translator(language)

    def said(key: str, **values: object) -> str:
        return words.plain(Text.of(key, **values))

    return Paper(
        title=said("paper.title", village=roster.village),
        day=said("paper.day", day=roster.day.held_on),
        heads=[said(f"paper.head.{name}") for name in _HEADS],
        ends=[said(f"paper.end.{mark}") for mark in Mark],
        measured=[said(f"paper.head.{name}") for name in _MEASURED],
        note=[said(f"paper.note.{name}") for name in _NOTES],
        page=said("paper.page", page="{page}", pages="{pages}"),
        lines=[_line(line) for line in sorted(roster.lines, key=lambda line: line.number)],
    )


def _line(line: RosterLine) -> PaperLine:
    person = line.resident
    born = str(person.birth_date.year) if person.birth_date is not None else ""
    return PaperLine(line.number, person.name, person.group or "", born)
