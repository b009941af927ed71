"""The complaint desk: written by residents or taken down for them, answered by clinic or deputy, read by its code.

Nothing that is said here names who complained. A code is shown once, to whoever filed the complaint.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.context import Turn
from handlers.forms import runner
from handlers.paging import LAST_PAGE, turner
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import AccessDenied, Actor, Permission
from models.rules.complaints import Channel, ComplaintKind, Concern
from models.store import codes
from models.store import complaints as store
from models.store.complaints import Filed, Standing, StoredComplaint
from models.store.errors import Conflict, NotFound

PAGE = 5


async def complaint(turn: Turn) -> None:
    """Show how the complaint stands whose code follows the command; without one, the desk."""
    code = (turn.text or "").strip()
    if code and not await told(turn, code):
        turn.say(Text.of("complaints.no_such_code"))
    elif not code:
        _show_desk(turn)


async def desk(turn: Turn) -> None:
    """Show the desk to a resident: what a complaint can be about."""
    turn.require(Permission.COMPLAINT_FILE)
    _show_desk(turn)


async def new(turn: Turn) -> None:
    """Open the form for one of the kinds."""
    actor = _writer(turn)
    kind = _kind(turn)
    turn.toast()
    facts = {"by_staff": not actor.may(Permission.COMPLAINT_FILE)}
    await runner.open_form(turn, "complaint", facts, {"kind": kind.value}, subject="complaint")


async def told(turn: Turn, code: str) -> bool:
    """Show how the complaint with this code stands; `False` when there is none."""
    found = await store.by_code(turn.session, code, turn.today)
    if found is None:
        return False
    back = Button(Text.of("complaints.take_back"), Tap.of("complaint.undo", codes.normal(code).decode()))
    buttons: Rows = ((back,),) if found.may_take_back and turn.actor is not None else ()
    turn.say(Text.of("complaints.screen", lines=_standing(found)), buttons)
    return True


async def take_back(turn: Turn) -> None:
    """Delete the complaint whose code the button holds."""
    await store.take_back(turn.session, turn.argument(0), turn.today)
    turn.show(Message(Text.of("complaints.taken_back")))
    turn.toast()


async def mine(turn: Turn) -> None:
    """Show the complaints that wait for the actor, or those answered: the page and, for those, a 1."""
    actor = turn.require(Permission.COMPLAINT_ENTER)
    if not actor.may(Permission.COMPLAINT_ANSWER):
        _show_desk(turn)
        turn.toast()
        return
    given = turn.tap.args if turn.tap is not None else ()
    page = turn.number(0, most=LAST_PAGE) if given else 0
    answered = len(given) > 1
    found = await store.list_mine(turn.session, actor, turn.today, answered=answered, limit=PAGE, offset=page * PAGE)
    lines = [_line(n, one, turn.today) for n, one in enumerate(found.lines, page * PAGE + 1)]
    title = Text.of(_title(answered=answered, is_empty=not found.total), n=found.total)
    turns = turner("complaints", *((1,) if answered else ()), page=page, size=PAGE, total=found.total)
    rows = (*_numbers(found.lines, page * PAGE + 1), *((turns,) if turns else ()), _elsewhere(answered=answered))
    turn.show(Message(Text.of("complaints.screen", lines=[title, *lines]), rows, protect=True))
    turn.toast()


async def enter(turn: Turn) -> None:
    """Show the kinds of what somebody tells on the phone, in a letter or in person."""
    turn.require(Permission.COMPLAINT_ENTER)
    _show_desk(turn)
    turn.toast()


async def show(turn: Turn) -> None:
    """Show one with what was written, to whoever answers it."""
    actor = turn.require(Permission.COMPLAINT_ANSWER)
    found = await store.get(turn.session, actor, turn.number(0))
    turn.show(Message(Text.of("complaints.screen", lines=_details(found)), _buttons(found), protect=True))
    turn.toast()


async def answer(turn: Turn) -> None:
    """Open the form of an answer."""
    actor = turn.require(Permission.COMPLAINT_ANSWER)
    found = await store.get(turn.session, actor, turn.number(0))
    if found.answered_on is not None:
        raise Conflict("complaint_answered")
    turn.toast()
    number = str(found.id)
    await runner.open_form(turn, "complaint_answer", {"complaint": number}, subject=f"complaint_answer:{number}")


async def undo_answer(turn: Turn) -> None:
    """Take an answer back."""
    actor = turn.require(Permission.COMPLAINT_ANSWER)
    found = await store.undo_answer(turn.session, actor, turn.number(0))
    again = Button(Text.of("complaints.open"), Tap.of("complaint.see", found.id))
    turn.show(Message(Text.of("complaints.answer_undone"), ((again,),)))
    turn.toast()


def filed(done: Filed, *, by_staff: bool) -> Message:
    """Return the message that shows the code, the only time; it can be copied, therefore it isn't protected."""
    shown = "-".join(done.code[first : first + 4] for first in range(0, len(done.code), 4))
    back = Button(Text.of("complaints.take_back"), Tap.of("complaint.undo", done.code))
    key = "complaints.taken_down" if by_staff else "complaints.filed"
    return Message(Text.of(key, code=shown, due=done.due_on), ((back,),))


def answered(done: StoredComplaint) -> Message:
    """Return the message that shows an answer just given."""
    undo = Button(Text.of("receipts.undo"), Tap.of("complaint.unanswer", done.id))
    lines = [Text.of("complaints.saved"), *_details(done)]
    return Message(Text.of("complaints.screen", lines=lines), ((undo, _to_list()),), protect=True)


def _show_desk(turn: Turn) -> None:
    """Say what can be filed and how an answer is read, as far as it concerns who asks."""
    if turn.actor is None:
        turn.say(Text.of("complaints.stranger"))
        return
    files, enters = (turn.actor.may(one) for one in (Permission.COMPLAINT_FILE, Permission.COMPLAINT_ENTER))
    if not files and not enters:
        turn.say(Text.of("complaints.not_here"))
        return
    kinds = [Button(_named(kind), Tap.of("complaint.new", kind.value)) for kind in ComplaintKind]
    rows: Rows = tuple(tuple(kinds[first : first + 2]) for first in range(0, len(kinds), 2))
    turn.show(Message(Text.of("complaints.desk" if files else "complaints.take_down"), rows))


def _writer(turn: Turn) -> Actor:
    """Return who writes a complaint.

    Raises:
        AccessDenied: the role writes none.
    """
    actor = turn.actor
    if actor is None or not (actor.may(Permission.COMPLAINT_FILE) or actor.may(Permission.COMPLAINT_ENTER)):
        raise AccessDenied
    return actor


def _kind(turn: Turn) -> ComplaintKind:
    try:
        return ComplaintKind(turn.argument(0))
    except ValueError:
        raise NotFound from None


def _named(kind: ComplaintKind) -> Text:
    return Text.of(f"choices.complaint_kind.{kind}")


def _standing(found: Standing) -> list[Text]:
    lines = [Text.of("complaints.yours", kind=_named(found.kind), day=found.received_on)]
    if found.answer is None:
        return [*lines, Text.of("complaints.waits", due=found.due_on)]
    return lines + _answer_lines(found.answer.outcome, found.answered_on, found.answer.text)


def _details(found: StoredComplaint) -> list[Text]:
    lines = [
        Text.of("complaints.title", kind=_named(found.kind)),
        Text.of("complaints.about", about=_about(found), channel=_channel(found.channel), day=found.received_on),
    ]
    lines.append(Text.of("complaints.text", text=found.text) if found.text else Text.of("complaints.text_gone"))
    if found.answered_on is None:
        return [*lines, Text.of("complaints.due", due=found.due_on)]
    if found.answer is None:
        return [*lines, Text.of("complaints.answered_on", day=found.answered_on)]
    return lines + _answer_lines(found.answer.outcome, found.answered_on, found.answer.text)


def _answer_lines(outcome: str, day: date | None, text: str) -> list[Text]:
    found = Text.of(f"choices.complaint_outcome.{outcome}")
    return [Text.of("complaints.answered", day=day, outcome=found), Text.of("complaints.answer", text=text)]


def _about(found: StoredComplaint) -> str | Text:
    if found.village is not None:
        return found.village
    return Text.of("complaints.clinic" if found.concern is Concern.CLINIC else "complaints.unsaid")


def _channel(channel: Channel) -> Text:
    return Text.of(f"choices.complaint_channel.{channel}")


def _line(index: int, one: StoredComplaint, today: date) -> Text:
    late = one.answered_on is None and one.due_on < today
    key = "complaints.line_answered" if one.answered_on else "complaints.line_late" if late else "complaints.line"
    return Text.of(key, index=index, kind=_named(one.kind), about=_about(one), due=one.due_on, day=one.answered_on)


def _numbers(lines: Sequence[StoredComplaint], first: int) -> Rows:
    buttons = [
        Button(Text.of("complaints.see", index=n, kind=_named(one.kind)), Tap.of("complaint.see", one.id))
        for n, one in enumerate(lines, first)
    ]
    return tuple((button,) for button in buttons)


def _buttons(found: StoredComplaint) -> Rows:
    if found.answered_on is not None:
        return ((_to_list(),),)
    return ((Button(Text.of("complaints.to_answer"), Tap.of("complaint.answer", found.id)), _to_list()),)


def _elsewhere(*, answered: bool) -> tuple[Button, ...]:
    other = _to_list() if answered else Button(Text.of("complaints.to_answered"), Tap.of("complaints", 0, 1))
    return (other, Button(Text.of("complaints.enter"), Tap.of("complaint.enter")))


def _title(*, answered: bool, is_empty: bool) -> str:
    if answered:
        return "complaints.none_answered" if is_empty else "complaints.list_answered"
    return "complaints.empty" if is_empty else "complaints.list"


def _to_list() -> Button:
    return Button(Text.of("complaints.to_list"), Tap.of("complaints"))
