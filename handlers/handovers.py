"""Hand-overs: offering somebody, answering an offer, and bringing somebody home again."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.kinds.person import decode, encode
from handlers.wording import programme_name
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from models.rules.access import Permission
from models.rules.errors import InputError
from models.store import handover_lines, handovers, places, residents
from models.store.errors import NotFound
from models.store.handover_lines import HandoverLine
from models.store.handovers import Done, HandoverKind, HandoverState

SHOWN = 20
"""Hand-overs that a list shows."""


async def handovers_list(turn: Turn) -> None:
    """Show what waits for an answer, what was offered, who is cared for elsewhere, and what is over."""
    actor = turn.require(Permission.HANDOVER_OFFER)
    lines = (await handover_lines.overview(turn.session, actor))[:SHOWN]
    if not lines:
        turn.show(Message(Text.of("handovers.none")))
    else:
        parts = [Text.of("handovers.title"), *(_line(number, line) for number, line in enumerate(lines, 1))]
        rows = tuple((_open(number, line),) for number, line in enumerate(lines, 1) if _is_open(line))
        turn.show(Message(Text.of("handovers.screen", lines=parts), rows, protect=True))
    turn.toast()


async def of_person(turn: Turn) -> None:
    """Begin to hand a person over; where an offer is open already, or the person is here for a time, show that."""
    actor = turn.require(Permission.HANDOVER_OFFER)
    shown = await residents.card(turn.session, actor, turn.number(0))
    line = await handover_lines.of_person(turn.session, actor, shown.person.id)
    if line is not None:
        await _show(turn, line)
        return
    turn.toast()
    person = str(shown.person.id)
    facts = {"resident": person, "name": shown.person.name}
    await runner.open_form(turn, "handover", facts, subject=f"handover:{person}")


async def see(turn: Turn) -> None:
    """Show one hand-over with what can be done about it."""
    await _show(turn, await _asked(turn))


async def accept(turn: Turn) -> None:
    """Ask for the group that the person will live in; without groups, take the person over at once."""
    line = await _asked(turn)
    groups = await _groups(turn, line)
    if not groups:
        await _take(turn, line.id, None)
        return
    options = [Button(Verbatim(name), Tap.of("handover.take", line.id, encode(group))) for group, name in groups]
    rows: list[tuple[Button, ...]] = [tuple(options[i : i + 2]) for i in range(0, len(options), 2)]
    rows.append((Button(Text.of("handovers.no_group"), Tap.of("handover.take", line.id)),))
    rows.append((Button(Text.of("handovers.back"), Tap.of("handover.see", line.id)),))
    turn.show(Message(Text.of("handovers.which_group", name=_name(line)), tuple(rows), protect=True))
    turn.toast()


async def take(turn: Turn) -> None:
    """Take a person over, into the chosen group if one was."""
    turn.require(Permission.HANDOVER_OFFER)
    handover_id = turn.number(0)
    has_group = turn.tap is not None and len(turn.tap.args) > 1
    await _take(turn, handover_id, _decoded(turn.argument(1)) if has_group else None)


async def ask_decline(turn: Turn) -> None:
    """Ask once more before an offer is declined."""
    line = await _asked(turn)
    buttons = (
        Button(Text.of("handovers.decline_yes"), Tap.of("handover.decline", line.id)),
        Button(Text.of("handovers.back"), Tap.of("handover.see", line.id)),
    )
    turn.show(Message(Text.of("handovers.decline_ask", name=_name(line)), (buttons,), protect=True))
    turn.toast()


async def decline(turn: Turn) -> None:
    """Decline an offer."""
    actor = turn.require(Permission.HANDOVER_OFFER)
    done = await handovers.decline(turn.session, actor, turn.number(0))
    _over(turn, Text.of("handovers.declined", village=done.from_village))


async def withdraw(turn: Turn) -> None:
    """Take an offer back."""
    actor = turn.require(Permission.HANDOVER_OFFER)
    done = await handovers.withdraw(turn.session, actor, turn.number(0))
    _over(turn, Text.of("handovers.withdrawn", village=done.to_village), _card(done.resident_id))


async def ask_end(turn: Turn) -> None:
    """Ask once more before a stay ends."""
    line = await _asked(turn)
    buttons = (
        Button(Text.of("handovers.end_yes"), Tap.of("handover.end", line.id)),
        Button(Text.of("handovers.back"), Tap.of("handover.see", line.id)),
    )
    text = Text.of("handovers.end_ask", name=_name(line), home=line.from_village)
    turn.show(Message(text, (buttons,), protect=True))
    turn.toast()


async def end(turn: Turn) -> None:
    """Say that a person who was away for a time is back."""
    actor = turn.require(Permission.HANDOVER_OFFER)
    done = await handovers.end_stay(turn.session, actor, turn.number(0))
    _over(turn, Text.of("handovers.returned", home=done.from_village, ended=_ended(done)))


async def _asked(turn: Turn) -> HandoverLine:
    actor = turn.require(Permission.HANDOVER_OFFER)
    return await handover_lines.get(turn.session, actor, turn.number(0))


async def _take(turn: Turn, handover_id: int, group_id: int | None) -> None:
    actor = turn.require(Permission.HANDOVER_OFFER)
    done = await handovers.accept(turn.session, actor, handover_id, group_id)
    shown = await residents.card(turn.session, actor, done.resident_id)
    turn.show(Message(_taken(turn, done, shown.person.name), (_card(done.resident_id),), protect=True))


def _taken(turn: Turn, done: Done, name: str) -> Text:
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    values = {"at": turn.now.astimezone(zone), "name": name, "village": done.to_village, "ended": _ended(done)}
    return Text.of("handovers.taken", **values)


def _ended(done: Done) -> Text:
    """Name the programmes that there are not at the new place."""
    programmes = [programme_name(programme) for programme in done.ended]
    return Text.of("handovers.ended", programmes=programmes) if programmes else Text.of("handovers.nothing")


def _decoded(text: str) -> int:
    try:
        return decode(text)
    except InputError:
        raise NotFound from None


async def _groups(turn: Turn, line: HandoverLine) -> list[tuple[int, str]]:
    return [(place.id, place.name) for place in await places.children(turn.session, line.to_village_id)]


async def _show(turn: Turn, line: HandoverLine) -> None:
    turn.show(Message(Text.of("handovers.screen", lines=_details(line)), _steps(line), protect=True))
    turn.toast()


def _details(line: HandoverLine) -> list[Text]:
    lines = [Text.of(f"handovers.heading_{line.kind}", name=_name(line))]
    if line.who is not None:
        born = line.who.birth_year
        year = Text.of("handovers.born", year=str(born)) if born else Text.of("handovers.nothing")
        lines.append(Text.of("handovers.who", sex=Text.of(f"choices.sex.{line.who.sex}"), born=year))
    lines.append(Text.of("handovers.way", home=line.from_village, to=line.to_village))
    if line.families:
        families = [Text.of(f"handovers.family.{family}") for family in line.families]
        lines.append(Text.of("handovers.families", families=families))
    if line.until is not None:
        lines.append(Text.of("handovers.until", day=line.until))
    return [*lines, _state(line)]


def _state(line: HandoverLine) -> Text:
    if line.due_back:
        return Text.of("handovers.late")
    if line.state is HandoverState.OFFERED:
        return Text.of("handovers.waiting", last=line.answer_by)
    return Text.of(f"handovers.state_{line.state}", day=line.on)


def _steps(line: HandoverLine) -> Rows:
    """Return what the actor's side can do now."""
    steps: list[Button] = []
    if line.state is HandoverState.OFFERED and line.is_received:
        steps.append(Button(Text.of("handovers.accept"), Tap.of("handover.accept", line.id)))
        steps.append(Button(Text.of("handovers.decline"), Tap.of("handover.no", line.id)))
    if line.state is HandoverState.OFFERED and line.is_sent:
        steps.append(Button(Text.of("handovers.withdraw"), Tap.of("handover.withdraw", line.id)))
    if _is_stay(line):
        steps.append(Button(Text.of("handovers.end"), Tap.of("handover.end_ask", line.id)))
    steps.append(Button(Text.of("handovers.to_list"), Tap.of("handovers")))
    return tuple(tuple(steps[i : i + 2]) for i in range(0, len(steps), 2))


def _is_stay(line: HandoverLine) -> bool:
    return line.state is HandoverState.ACCEPTED and line.kind is HandoverKind.TEMPORARY


def _is_open(line: HandoverLine) -> bool:
    return line.who is not None and (line.state is HandoverState.OFFERED or _is_stay(line))


def _line(number: int, line: HandoverLine) -> Text:
    values = {"index": number, "name": _name(line), "home": line.from_village, "to": line.to_village}
    if line.state is HandoverState.OFFERED:
        side = "received" if line.is_received else "sent"
        return Text.of(f"handovers.line_{side}", **values, last=line.answer_by)
    if not _is_stay(line):
        return Text.of(f"handovers.line_{line.state}", **values, day=line.on)
    side = "here" if line.is_received else "there"
    until = Text.of("handovers.line_until", day=line.until) if line.until else Text.of("handovers.nothing")
    late = Text.of("handovers.line_due_back") if line.due_back else until
    return Text.of(f"handovers.line_{side}", **values, until=late)


def _open(number: int, line: HandoverLine) -> Button:
    return Button(Text.of("handovers.open", index=number, name=_name(line)), Tap.of("handover.see", line.id))


def _name(line: HandoverLine) -> str | Text:
    return line.who.name if line.who is not None else Text.of("handovers.somebody")


def _card(resident_id: int) -> tuple[Button, ...]:
    return (Button(Text.of("handovers.person"), Tap.of("card", resident_id)),)


def _over(turn: Turn, text: Text, row: Sequence[Button] = ()) -> None:
    """Say what came of it, with the way back to the list."""
    to_list = Button(Text.of("handovers.to_list"), Tap.of("handovers"))
    turn.show(Message(text, ((*row, to_list),), protect=True))
