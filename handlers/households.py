"""Who lives with whom: the household of a person, and what can be changed about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from handlers import people
from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.household import JOIN, RELATE
from handlers.of_person import to_card
from locales.message import Button, Message, Rows, Tap, Text, Verbatim
from models.rules.access import Actor, Permission
from models.store import households, residents
from models.store.database import StoreSession
from models.store.households import Home, Member, StoredMove

Change = Callable[[StoreSession, Actor, int], Awaitable[StoredMove]]


async def show(turn: Turn) -> None:
    """Show with whom a person lives, and what can be changed."""
    actor = turn.require(Permission.PERSON_REGISTER)
    person = (await residents.brief(turn.session, actor, turn.number(0))).person
    home = await households.of_person(turn.session, actor, person.id)
    head = Text.of("households.none" if home is None else "households.title", name=person.name)
    text = Text.of("households.screen", lines=[head, *_members(home)])
    turn.show(Message(text, _buttons(person.id, home), protect=True))
    turn.toast()


async def join(turn: Turn) -> None:
    """Open the form that puts a person into a household."""
    await _open(turn, JOIN)


async def relate(turn: Turn) -> None:
    """Open the form that says anew what a person is to the head."""
    await _open(turn, RELATE)


async def make(turn: Turn) -> None:
    """Make a new household with a person as its head."""
    await _change(turn, households.make)


async def make_head(turn: Turn) -> None:
    """Make a person the head of the household."""
    await _change(turn, households.make_head)


async def leave(turn: Turn) -> None:
    """Take a person out of the household."""
    await _change(turn, households.leave)


async def undo(turn: Turn) -> None:
    """Take a change back."""
    actor = turn.require(Permission.PERSON_REGISTER)
    stored = await households.undo(turn.session, actor, turn.number(0))
    text = Text.of("households.undone", name=stored.resident.name, lines=_members(stored.home))
    turn.show(Message(text, ((_to_home(stored.resident.id), to_card(stored.resident.id)),), protect=True))


async def _open(turn: Turn, act: str) -> None:
    actor = turn.require(Permission.PERSON_REGISTER)
    person = (await residents.brief(turn.session, actor, turn.number(0))).person
    turn.toast()
    facts = {"resident": str(person.id), "act": act}
    await runner.open_form(turn, "household", facts, subject=f"household:{act}:{person.id}")


async def _change(turn: Turn, change: Change) -> None:
    actor = turn.require(Permission.PERSON_REGISTER)
    turn.show(receipt(turn, await change(turn.session, actor, turn.number(0))))


def receipt(turn: Turn, stored: StoredMove) -> Message:
    """Return the message that shows what was changed, and who lives together now."""
    zone = ZoneInfo(turn.actor.zone) if turn.actor else None
    text = Text.of(
        "households.saved",
        at=turn.now.astimezone(zone),
        name=stored.resident.name,
        what=Text.of(f"households.act.{stored.act}"),
        lines=_members(stored.home),
    )
    resident_id = stored.resident.id
    undo_it = Button(Text.of("receipts.undo"), Tap.of("home.undo", stored.id))
    return Message(text, ((undo_it, _to_home(resident_id)), (to_card(resident_id),)), protect=True)


def _members(home: Home | None) -> list[Text]:
    if home is None:
        return []
    hidden = [] if home.head is not None else [Text.of("households.head_unlisted")]
    return [*hidden, *map(_member, home.members)]


def _member(member: Member) -> Text:
    return Text.of(
        "households.member",
        relation=Text.of(f"choices.relation.{member.relation}"),
        name=member.person.name,
        hint=Text.of("households.hint", hint=people.hint(member.person)),
    )


def _buttons(resident_id: int, home: Home | None) -> Rows:
    if home is None:
        join_one = Button(Text.of("households.join"), Tap.of("home.join", resident_id))
        new = Button(Text.of("households.make"), Tap.of("home.new", resident_id))
        return ((join_one, new), (to_card(resident_id),))
    return (*_others(resident_id, home), *_pairs(_changes(resident_id, home)), (to_card(resident_id),))


def _others(resident_id: int, home: Home) -> Rows:
    """Return a button for each of the others, to their cards."""
    others = [member.person for member in home.members if member.person.id != resident_id]
    return _pairs([Button(Verbatim(person.name), Tap.of("card", person.id)) for person in others])


def _changes(resident_id: int, home: Home) -> list[Button]:
    is_head = home.head is not None and home.head.person.id == resident_id
    found = [Button(Text.of("households.move"), Tap.of("home.join", resident_id))]
    if not is_head and home.head is not None:
        found.append(Button(Text.of("households.relate"), Tap.of("home.relate", resident_id)))
    if not is_head:
        found.append(Button(Text.of("households.make_head"), Tap.of("home.head", resident_id)))
    if len(home.members) > 1:
        found.append(Button(Text.of("households.make"), Tap.of("home.new", resident_id)))
    return [*found, Button(Text.of("households.leave"), Tap.of("home.leave", resident_id))]


def _pairs(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def _to_home(resident_id: int) -> Button:
    return Button(Text.of("households.open"), Tap.of("home", resident_id))
