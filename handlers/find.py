"""Finding a person by any part of the name, and the card with what can be done for them."""

from __future__ import annotations

from handlers import people
from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.kinds.person import search as ranked
from handlers.receipts import item_name
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from models.rules.access import Actor, Permission, Role
from models.rules.due import DueState, is_roster_place
from models.rules.programmes.catalogue import PROGRAMMES
from models.store import enrolments, places, residents
from models.store.enrolments import EnrolmentLine
from models.store.residents import PersonCard

MOST = 8
"""People that a search shows; more are asked to be narrowed down."""


async def find(turn: Turn) -> None:
    """Search for what follows the command, or say how to."""
    turn.require(Permission.PERSON_READ)
    words = (turn.text or "").strip()
    if not words:
        turn.say(Text.of("find.ask"))
    elif not await search(turn, words):
        turn.say(Text.of("find.nobody", typed=words[:20]))


async def search(turn: Turn, words: str) -> bool:
    """Show who matches `words`; `False` when nobody does, or the role reads no persons."""
    actor = turn.actor
    if actor is None or not actor.may(Permission.PERSON_READ):
        return False
    hits = ranked(words, people.choices(await residents.list_reach(turn.session, actor)))
    if not hits:
        return False
    rows = tuple((_hit(hit.person_id, hit.name, hit.hint),) for hit in hits[:MOST])
    key = "find.some" if len(hits) > MOST else "find.all"
    turn.say(Text.of(key, typed=words[:20], n=len(hits), shown=MOST), rows, protect=True)
    return True


def _hit(person_id: int, name: str, hint: str) -> Button:
    return Button(Verbatim(f"{name} · {hint}" if hint else name), Tap.of("card", person_id))


async def card(turn: Turn) -> None:
    """Show a person: what is known, what is due, what can be done."""
    actor = turn.require(Permission.PERSON_READ)
    shown = await residents.card(turn.session, actor, turn.number(0))
    village = await places.get(turn.session, shown.person.village_id)
    turn.show(Message(_words(shown, village.name), _buttons(actor, shown), protect=True))
    turn.toast()


def _words(shown: PersonCard, village: str) -> Text:
    person = shown.person
    lines = [
        Text.of("card.title", name=person.name),
        Text.of("card.place", sex=Text.of(f"choices.sex.{person.sex}"), village=village, group=person.group),
    ]
    if person.birth_date is not None:
        lines.append(Text.of("card.born", day=person.birth_date))
    if shown.phone is not None:
        lines.append(Text.of("card.phone", phone=shown.phone))
    lines.append(_consents(shown))
    lines += [_programme(line) for line in shown.enrolments] or [Text.of("card.no_programme")]
    return Text.of("card.screen", lines=lines)


def _consents(shown: PersonCard) -> Text:
    given = [Text.of(f"choices.consent.{purpose}") for purpose in sorted(shown.consents)]
    return Text.of("card.consents", consents=given) if given else Text.of("card.no_consent")


def _programme(line: EnrolmentLine) -> Text:
    name, window = Text.of(f"programmes.{line.programme}.name"), line.due.window
    if line.waits:
        return Text.of("card.waits", programme=name)
    if line.paused:
        return Text.of("card.paused", programme=name)
    if window is None or line.due.state is DueState.CLOSED:
        return Text.of("card.nothing_due", programme=name)
    item = item_name(line.programme, window.item)
    key = f"card.state_{line.due.state}"
    return Text.of(key, programme=name, item=item, opens=window.opens_on, closes=window.closes_on)


def _buttons(actor: Actor, shown: PersonCard) -> Rows:
    person_id = shown.person.id
    rows: list[tuple[Button, ...]] = [(Button(Text.of("card.checkup"), Tap.of("checkup.of", person_id)),)]
    reported = [line for line in shown.enrolments if actor.role in PROGRAMMES[line.programme].reported_by]
    rows += [(button,) for line in reported if (button := _action(actor, line)) is not None]
    last = []
    if shown.has_health_consent:
        last.append(Button(Text.of("card.join"), Tap.of("join", person_id)))
    if reported:
        last.append(Button(Text.of("card.leave"), Tap.of("leave.which", person_id)))
    rows.append((Button(Text.of("card.correct"), Tap.of("register.fix", person_id)),))
    return tuple(row for row in (*rows, tuple(last)) if row)


def _action(actor: Actor, line: EnrolmentLine) -> Button | None:
    """Return what can be done in a programme: approve it or report a visit; a place on a roster has its own."""
    programme = PROGRAMMES[line.programme]
    name = Text.of(f"programmes.{line.programme}.name")
    if line.waits:
        approve = Button(Text.of("card.approve", programme=name), Tap.of("approve", line.id))
        return approve if actor.role is Role.CLINIC else None
    if is_roster_place(programme, line.due.window):
        return None
    return Button(Text.of("card.report", programme=name), Tap.of("due.go", line.id))


async def which_to_leave(turn: Turn) -> None:
    """Show the programmes that a person can leave."""
    actor = turn.require(Permission.VISIT_REPORT)
    shown = await residents.card(turn.session, actor, turn.number(0))
    lines = [line for line in shown.enrolments if actor.role in PROGRAMMES[line.programme].reported_by]
    rows = [(Button(Text.of(f"programmes.{line.programme}.name"), Tap.of("leave.ask", line.id)),) for line in lines]
    rows.append((Button(Text.of("card.back"), Tap.of("card", shown.person.id)),))
    turn.show(Message(Text.of("card.leave_which", name=shown.person.name), tuple(rows), protect=True))
    turn.toast()


async def join(turn: Turn) -> None:
    """Open the form with which a person joins a programme."""
    actor = turn.require(Permission.VISIT_REPORT)
    shown = await residents.card(turn.session, actor, turn.number(0))
    person = str(shown.person.id)
    turn.toast()
    await runner.open_form(turn, "join", {"resident": person, "name": shown.person.name}, subject=f"join:{person}")


async def ask_leave(turn: Turn) -> None:
    """Ask once more before a programme ends: the button stands beside others."""
    line = await enrolments.get(turn.session, turn.require(Permission.VISIT_REPORT), turn.number(0))
    buttons = (
        Button(Text.of("card.leave_yes"), Tap.of("leave", line.id)),
        Button(Text.of("card.leave_no"), Tap.of("card", line.resident.id)),
    )
    programme = Text.of(f"programmes.{line.programme}.name")
    text = Text.of("card.leave_ask", name=line.resident.name, programme=programme)
    turn.show(Message(text, (buttons,), protect=True))
    turn.toast()


async def leave(turn: Turn) -> None:
    """End a programme because the person does not want it; no reason is asked."""
    actor = turn.require(Permission.VISIT_REPORT)
    line = await enrolments.get(turn.session, actor, turn.number(0))
    await enrolments.stop(turn.session, actor, line.id)
    back = Button(Text.of("card.back"), Tap.of("card", line.resident.id))
    programme = Text.of(f"programmes.{line.programme}.name")
    turn.show(Message(Text.of("card.left", name=line.resident.name, programme=programme), ((back,),), protect=True))


async def approve(turn: Turn) -> None:
    """Let an enrolment take effect; for the clinic."""
    actor = turn.require(Permission.CLINICAL_READ)
    line = await enrolments.get(turn.session, actor, turn.number(0))
    await enrolments.approve(turn.session, actor, line.id)
    turn.tap = Tap.of("card", line.resident.id)
    await card(turn)
