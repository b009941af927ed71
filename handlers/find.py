"""Finding a person by any part of the name."""

from __future__ import annotations

from handlers import people
from handlers.context import Turn
from handlers.forms.kinds.person import search as ranked
from locales.message import Button, Tap, Text, Verbatim
from models.rules.access import Permission
from models.store import residents

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
