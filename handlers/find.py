"""Finding a person by any part of the name."""

from __future__ import annotations

from handlers import people, unlisted
from handlers.context import Turn
from locales.message import Button, Tap, Text, Verbatim
from models.rules.access import Permission
from models.store import search as store
from models.store.persons import PersonLine
from models.store.search import FoundPeople

MOST = 8
"""People that a search shows; more are asked to be narrowed down."""


async def ask(turn: Turn) -> None:
    """Say how to search: whatever is typed next is looked for."""
    turn.require(Permission.PERSON_READ)
    turn.say(Text.of("find.ask"))


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
    found = await store.find(turn.session, actor, words, MOST)
    hidden = await unlisted.search(turn, words)
    if not found.lines:
        return hidden
    rows = tuple((_hit(line),) for line in found.lines)
    turn.say(Text.of(_key(found), typed=words[:20], n=found.total, shown=MOST), rows, protect=True)
    return True


def _key(found: FoundPeople) -> str:
    if found.more:
        return "find.many"
    return "find.some" if found.total > len(found.lines) else "find.all"


def _hit(line: PersonLine) -> Button:
    hint = people.hint(line)
    return Button(Verbatim(f"{line.name} · {hint}" if hint else line.name), Tap.of("card", line.id))
