"""What waits for the clinic's approval: who, which programme, and a button to approve."""

from __future__ import annotations

from handlers import people
from handlers.context import Turn
from handlers.paging import LAST_PAGE, turner
from handlers.wording import programme_name
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Permission
from models.store import enrolments, places
from models.store.enrolments import EnrolmentLine, WaitingPage

PAGE = 5
"""People a page: their lines and their buttons fit a phone's screen."""


async def approvals(turn: Turn) -> None:
    """Show a page, the first if none is named, longest waiting first."""
    actor = turn.require(Permission.CLINICAL_READ)
    number = turn.number(0, most=LAST_PAGE) if turn.tap is not None and turn.tap.args else 0
    page = await enrolments.waiting(turn.session, actor, limit=PAGE, offset=number * PAGE)
    back = (Button(Text.of("todo.to_todo"), Tap.of("todo")),)
    if not page.lines:
        turn.show(Message(Text.of("approvals.none"), (back,)))
        return
    villages = {each.id: each.name for each in await places.villages(turn.session, actor.township_id)}
    lines = [
        _line(index, line, villages.get(line.resident.village_id, ""))
        for index, line in enumerate(page.lines, number * PAGE + 1)
    ]
    text = Text.of("approvals.screen", title=Text.of("approvals.title", n=page.total), lines=lines)
    turn.show(Message(text, (*_buttons(page, number), back), protect=True))


def _line(index: int, line: EnrolmentLine, village: str) -> Text:
    hint = people.hint(line.resident)
    return Text.of(
        "approvals.line",
        index=index,
        name=line.resident.name,
        hint=Text.of("approvals.hint", hint=hint) if hint else Text.of("forms.nothing"),
        village=village,
        programme=programme_name(line.schedule),
        day=line.enrolled_on,
    )


def _buttons(page: WaitingPage, number: int) -> Rows:
    rows = [
        (
            Button(Text.of("approvals.see", index=index, name=line.resident.name), Tap.of("card", line.resident.id)),
            Button(Text.of("approvals.approve", index=index), Tap.of("approve", line.id)),
        )
        for index, line in enumerate(page.lines, number * PAGE + 1)
    ]
    turns = turner("approvals", page=number, size=PAGE, total=page.total)
    return (*rows, turns) if turns else tuple(rows)
