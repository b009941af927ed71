"""People who are kept but not listed: told of only when the exact name is typed, to bring them back."""

from __future__ import annotations

from handlers.context import Turn
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Permission
from models.store import unlisted
from models.store.unlisted import Unlisted, Why


async def search(turn: Turn, words: str) -> bool:
    """Tell of those whose name is exactly `words`; `False` when there are none, or the role registers nobody."""
    actor = turn.actor
    if actor is None or not actor.may(Permission.PERSON_REGISTER):
        return False
    found = await unlisted.by_name(turn.session, actor, words)
    if found:
        lines = [Text.of(f"unlisted.told.{one.why}", name=one.name) for one in found]
        turn.say(Text.of("unlisted.screen", lines=lines), tuple((_button(one),) for one in found), protect=True)
    return bool(found)


async def show(turn: Turn) -> None:
    """Show one who moved or died, and how a wrong report is taken back."""
    actor = turn.require(Permission.PERSON_REGISTER)
    one = await unlisted.get(turn.session, actor, turn.number(0))
    turn.toast()
    turn.show(Message(_words(one), _ways_back(one), protect=True))


def _button(one: Unlisted) -> Button:
    year = Text.of("unlisted.year", year=str(one.birth_year)) if one.birth_year else Text.of("forms.nothing")
    if one.why is Why.RESTRICTED:
        return Button(Text.of("unlisted.renew", year=year), Tap.of("consent", one.resident_id))
    return Button(Text.of("unlisted.back", year=year), Tap.of("unlisted", one.resident_id))


def _words(one: Unlisted) -> Text:
    if one.change is None:
        return Text.of(f"unlisted.told.{one.why}", name=one.name)
    return Text.of(f"unlisted.told_on.{one.why}", name=one.name, day=one.change.on)


def _ways_back(one: Unlisted) -> Rows:
    rows = []
    if one.why is Why.MOVED:
        rows.append((Button(Text.of("unlisted.lives_here"), Tap.of("change", one.resident_id)),))
    if one.change is not None:
        rows.append((Button(Text.of("unlisted.was_wrong"), Tap.of("change.undo", one.change.id)),))
    return tuple(rows)
