"""The due list: whom to see, why, until when; a tap on a name begins the report."""

from __future__ import annotations

from datetime import date

from handlers import people
from handlers.context import Turn
from handlers.forms import runner
from handlers.wording import item_name, programme_name
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.due import DueState, ReasonCode, is_roster_place
from models.store import due as store
from models.store import enrolments, places
from models.store.due import DueLine, DuePage

PAGE = 5
"""People a page: their lines and their buttons fit a phone's screen."""

LAST_PAGE = 10_000


async def due(turn: Turn) -> None:
    """Show the first page; township staff choose a village first."""
    actor = turn.require(Permission.DUE_READ)
    if actor.village_id is None:
        await _choose(turn, actor)
    else:
        await _show(turn, actor, actor.village_id, 0)


async def turn_page(turn: Turn) -> None:
    """Show another page: page and, for township staff, village; the first one for a button that says neither."""
    actor = turn.require(Permission.DUE_READ)
    args = turn.tap.args if turn.tap is not None else ()
    village_id = turn.number(1) if len(args) > 1 else actor.village_id
    if village_id is None:
        await _choose(turn, actor)
    else:
        await _show(turn, actor, village_id, turn.number(0, most=LAST_PAGE) if args else 0)
    turn.toast()


async def choose_village(turn: Turn) -> None:
    """Show the list of villages again."""
    await _choose(turn, turn.require(Permission.DUE_READ))
    turn.toast()


async def report(turn: Turn) -> None:
    """Open the form for the tapped line: a check-up or a visit."""
    actor = turn.require(Permission.DUE_READ)
    line = await enrolments.get(turn.session, actor, turn.number(0))
    turn.toast()
    if is_roster_place(line.schedule, line.due.window):
        person = str(line.resident.id)
        answers = {"person": person, "village": str(line.resident.village_id)}
        await runner.open_form(turn, "checkup", {"fixed": True}, answers, subject=f"resident:{person}")
    else:
        facts = {"given": True, "enrolment": str(line.id)}
        await runner.open_form(turn, "visit", facts, subject=f"enrolment:{line.id}")


async def _choose(turn: Turn, actor: Actor) -> None:
    counts = await store.by_village(turn.session, actor, turn.today)
    buttons = [_village_button(line) for line in counts]
    rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    turn.show(Message(Text.of("due.village_ask"), rows))


def _village_button(line: store.VillageDue) -> Button:
    label = Text.of("due.village_button", name=line.name, overdue=line.overdue, due=line.due)
    return Button(label, Tap.of("due", 0, line.village_id))


async def _show(turn: Turn, actor: Actor, village_id: int, number: int) -> None:
    page = await store.list_due(
        turn.session, actor, turn.today, village_id=village_id, limit=PAGE, offset=number * PAGE
    )
    place = await places.get(turn.session, village_id)
    if not page.lines:
        turn.show(Message(Text.of("due.empty", place=place.name), _back_to_villages(actor)))
        return
    counts = {state.value: page.counts.get(state, 0) for state in DueState}
    title = Text.of("due.title", place=place.name, today=turn.today, **counts)
    lines = [_line(index, line, turn.today) for index, line in enumerate(page.lines, number * PAGE + 1)]
    text = Text.of("due.screen", lines=[title, *lines, Text.of("due.choose")])
    turn.show(Message(text, _buttons(actor, page, village_id, number), protect=True))


def _line(index: int, line: DueLine, today: date) -> Text:
    window = line.window
    days = (today - window.closes_on if line.state is DueState.OVERDUE else window.closes_on - today).days
    attempts = Text.of("due.attempts", n=line.attempts) if line.attempts else Text.of("due.nothing")
    code = ReasonCode.URGENT if _is_urgent(line) else line.reason.code
    return Text.of(
        _line_key(line, days),
        index=index,
        name=line.resident.name,
        hint=_hint(line),
        programme=programme_name(line.schedule),
        reason=Text.of(f"due.reason.{code}", item=item_name(line.schedule, window.item)),
        opens=window.opens_on,
        closes=line.followup_on or window.closes_on,
        days=days,
        n=days,
        attempts=attempts,
    )


def _line_key(line: DueLine, days: int) -> str:
    if _is_urgent(line):
        return "due.line_urgent"
    if line.state is DueState.DUE and days == 0:
        return "due.line_due_last"
    return f"due.line_{line.state}"


def _is_urgent(line: DueLine) -> bool:
    """Return whether the person has to be seen again after a dangerous value."""
    return line.followup_on is not None


def _hint(line: DueLine) -> Text:
    hint = people.hint(line.resident)
    return Text.of("due.hint", hint=hint) if hint else Text.of("due.nothing")


def _buttons(actor: Actor, page: DuePage, village_id: int, number: int) -> Rows:
    names = [_person_button(index, line) for index, line in enumerate(page.lines, number * PAGE + 1)]
    rows = [tuple(names[i : i + 2]) for i in range(0, len(names), 2)]
    pages = -(-page.total // PAGE)
    turner = []
    if number:
        turner.append(Button(Text.of("due.before"), Tap.of("due", number - 1, village_id)))
    if pages > 1:
        label = Text.of("due.page", page=number + 1, pages=pages)
        turner.append(Button(label, Tap.of("due", number, village_id)))
    if number + 1 < pages:
        turner.append(Button(Text.of("due.after"), Tap.of("due", number + 1, village_id)))
    rows.append(tuple(turner))
    return tuple(row for row in (*rows, *_back_to_villages(actor)) if row)


def _person_button(index: int, line: DueLine) -> Button:
    key = "due.button_urgent" if _is_urgent(line) else f"due.button_{line.state}"
    label = Text.of(key, index=index, name=line.resident.name)
    return Button(label, Tap.of("due.go", line.enrolment_id))


def _back_to_villages(actor: Actor) -> Rows:
    if actor.village_id is not None:
        return ()
    return ((Button(Text.of("due.all_villages"), Tap.of("due.village")),),)
