"""One record opened: what it says, what it said before, and what can still be done about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import reports, runner
from handlers.forms.benefit import answers_of_version as asked_before
from handlers.forms.registration import answers_of_version as registered_before
from handlers.forms.render import answered
from handlers.of_person import to_card
from handlers.paging import LAST_PAGE
from handlers.wording import programme_name
from locales.message import Button, Label, Message, Rows, Tap, Text
from models.rules.access import Permission, Role
from models.store import mine
from models.store.errors import NotFound
from models.store.grants import GrantState
from models.store.mine import Earlier, Line, Opened

Json = Any
_FROM = re.compile(r"([mhg])(\d{1,5})")
"""Where a record was opened: a list (mine, history, grants) and its page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a kind of record reads.

    Attributes:
        takes_back: its undo button asks why once the ten minutes are over.
        before: from the answers as they are now and a version's values to the answers as they were then.
    """

    takes_back: bool = False
    before: Callable[[Mapping[str, Json], Mapping[str, Json]], dict[str, Json]] | None = None


SHOWN = {
    "visit": Shown(before=reports.visit_before),
    "checkup": Shown(before=reports.checkup_before),
    "register": Shown(before=registered_before),
    "choice": Shown(),
    "referral": Shown(),
    "examination": Shown(),
    "benefit": Shown(before=asked_before),
    "change": Shown(takes_back=True),
}
"""By kind, as `models.store.mine` has it; the kind's form says the rest."""


async def record(turn: Turn) -> None:
    """Open a record: kind, id, and the list it was tapped in."""
    actor = turn.require(Permission.PERSON_READ)
    opened = await mine.get(turn.session, actor, turn.argument(0), turn.number(1))
    await show(turn, opened, _origin(turn, 2))


async def versions(turn: Turn) -> None:
    """Show what a record said before: kind, id, the list it was tapped in, and which version."""
    actor = turn.require(Permission.PERSON_READ)
    code, record_id, origin, wanted = turn.argument(0), turn.number(1), _origin(turn, 2), turn.number(3)
    opened = await mine.get(turn.session, actor, code, record_id)
    if SHOWN[code].before is None:
        raise NotFound
    found = await mine.versions(turn.session, actor, code, record_id)
    one = next((each for each in found if each.version == wanted), None)
    if one is None:
        raise NotFound
    text = Text.of("records.version", lines=[*_head(turn, opened.line), *await _before(turn, opened.line, one)])
    turn.show(Message(text, _version_buttons(opened.line, found, one, origin), protect=True))
    turn.toast()


async def correct(turn: Turn, code: str) -> None:
    """Open the form of the tapped record; of one that is locked show how it is unlocked."""
    actor = turn.require(Permission.PERSON_READ)
    opened = await mine.get(turn.session, actor, code, turn.number(0))
    if opened.needs_grant:
        await show(turn, opened, "m0")
    else:
        await runner.correct(turn, code, opened.line.record_id)


async def show(turn: Turn, opened: Opened, origin: str) -> None:
    """Show a record in place of the message whose button was pressed."""
    lines = [*_head(turn, opened.line), *await content(turn, opened.line), *_state(turn, opened)]
    turn.show(Message(Text.of("records.screen", lines=lines), _buttons(opened, origin), protect=True))
    turn.toast()


async def content(turn: Turn, line: Line) -> list[Text]:
    """Return what a record says now, a line an answer; day and outcome of a kind that its form doesn't correct."""
    answers, facts = await _stored(turn, line)
    if facts:
        return answered(runner.ENTRIES[line.kind].form, answers, facts, turn.today)
    on = line.on or day(turn, line.entered_at)
    return [Text.of("records.short", day=on, said=said(line.said))]


def what(turn: Turn, line: Line) -> Label:
    """Return what a record is: its programme, or its kind."""
    if line.kind == "visit" and line.programme is not None:
        return programme(turn, line.programme)
    return kind(line.kind)


def programme(turn: Turn, code: str) -> Label:
    """Return what a programme is called where the actor works."""
    actor = turn.require(Permission.PERSON_READ)
    return programme_name(actor.catalogue[code])


def kind(code: str) -> Text:
    """Return what a kind of record is called."""
    return Text.of(f"records.kind.{code}")


def said(code: str | None) -> Text:
    """Return what came of it, in short."""
    return Text.of(f"mine.said.{code}") if code is not None else Text.of("forms.nothing")


def entered(turn: Turn, opened: Opened) -> Text:
    """Return who entered a record when, and how often it was corrected."""
    line = opened.line
    who = _who(opened.by, is_mine=line.is_mine)
    return Text.of("records.entered", at=day(turn, line.entered_at), who=who, version=line.version)


def day(turn: Turn, on: datetime) -> datetime:
    """Return a moment as clocks show it where the actor works."""
    return on.astimezone(ZoneInfo(turn.actor.zone) if turn.actor else None)


def _origin(turn: Turn, index: int) -> str:
    found = _FROM.fullmatch(turn.argument(index))
    if found is None or int(found[2]) > LAST_PAGE:
        raise NotFound
    return found[0]


async def _stored(turn: Turn, line: Line) -> tuple[dict[str, Json], dict[str, Json]]:
    """Return answers and facts of a record as it is stored now."""
    entry = runner.ENTRIES.get(line.kind)
    if entry is None or entry.stored is None:
        return {}, {}
    facts, answers = await entry.stored(turn, line.record_id)
    facts = {"started_on": turn.today.isoformat(), **facts}
    return answers, facts | await entry.load(turn, answers, facts)


async def _before(turn: Turn, line: Line, one: Earlier) -> list[Text]:
    """Return what a record said in an earlier version, and who changed it when and why."""
    answers, facts = await _stored(turn, line)
    turn_back = SHOWN[line.kind].before
    if turn_back is None or not facts:
        return [_why(turn, one)]
    then = turn_back(answers, one.values)
    return [*answered(runner.ENTRIES[line.kind].form, then, facts, turn.today), _why(turn, one)]


def _why(turn: Turn, one: Earlier) -> Text:
    return Text.of(
        "records.replaced",
        version=one.version,
        at=day(turn, one.at),
        who=_who(one.by, is_mine=one.is_mine),
        reason=Text.of(f"choices.reason.{one.reason}"),
    )


def _who(role: Role | None, *, is_mine: bool) -> Text:
    if is_mine:
        return Text.of("records.you")
    return Text.of(f"roles.{role}") if role is not None else Text.of("records.nobody")


def _head(turn: Turn, line: Line) -> list[Text]:
    return [Text.of("records.title", name=line.resident.name, what=what(turn, line))]


def _state(turn: Turn, opened: Opened) -> list[Text]:
    line = opened.line
    lines = [entered(turn, opened)]
    if line.is_locked:
        lines.append(_lock(turn, opened))
    return lines


def _lock(turn: Turn, opened: Opened) -> Text:
    if opened.until is not None:
        return Text.of("records.unlocked", until=day(turn, opened.until))
    if opened.grant is GrantState.ASKED:
        return Text.of("records.asked")
    return Text.of("records.refused" if opened.grant is GrantState.REFUSED else "records.locked")


def _buttons(opened: Opened, origin: str) -> Rows:
    line = opened.line
    code, record_id = line.kind, line.record_id
    does = []
    if opened.needs_grant and opened.grant is not GrantState.ASKED:
        does.append(Button(Text.of("records.unlock"), Tap.of("grant.why", code, record_id)))
    elif opened.may_correct and not opened.needs_grant:
        does.append(Button(Text.of("receipts.correct"), Tap.of(f"{code}.fix", record_id)))
    if opened.may_undo or SHOWN[code].takes_back:
        does.append(Button(Text.of("receipts.undo"), Tap.of(f"{code}.undo", record_id)))
    looks = []
    if line.version > 1 and SHOWN[code].before is not None:
        looks.append(Button(Text.of("records.before"), Tap.of("versions", code, record_id, origin, line.version - 1)))
    return tuple(row for row in (tuple(does), tuple(looks), (_back(line, origin), *_to_card(line))) if row)


def _version_buttons(line: Line, found: list[Earlier], one: Earlier, origin: str) -> Rows:
    others = [each.version for each in found if each is not one][-4:]
    rows = [
        Button(Text.of("records.number", version=number), Tap.of("versions", line.kind, line.record_id, origin, number))
        for number in others
    ]
    back = Button(Text.of("records.now"), Tap.of("record", line.kind, line.record_id, origin))
    return (*(tuple(rows[i : i + 2]) for i in range(0, len(rows), 2)), (back,))


def _back(line: Line, origin: str) -> Button:
    page = int(origin[1:])
    taps = {
        "m": Tap.of("mine", page),
        "h": Tap.of("history", page, line.resident.id),
        "g": Tap.of("grants", page),
    }
    return Button(Text.of("records.back"), taps[origin[0]])


def _to_card(line: Line) -> tuple[Button, ...]:
    """Return the way to the person's card, unless there is none any more."""
    return (to_card(line.resident.id),) if line.has_card else ()
