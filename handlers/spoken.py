"""Words that are typed instead of a touch: a key under the chat by its name, a greeting, thanks, a grumble."""

from __future__ import annotations

from functools import cache

from handlers import questions
from handlers.context import Turn
from handlers.menu import KEYBOARDS, show_menu
from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules import spoken
from models.rules.access import Actor, Permission
from models.rules.spoken import MENU, PLEASANTRIES, Wish


def key(actor: Actor, text: str) -> str | None:
    """Return the key of the own keyboard that `text` names, or asks for in other words."""
    wish = spoken.wish(text)
    named = _names().get(spoken.bare(text)) or (f"menu.{wish}" if wish in MENU else None)
    return named if named in _of_keyboard(actor) else None


def pleasantry(turn: Turn, actor: Actor, text: str) -> bool:
    """Answer a greeting and the like, with the keyboard; `False` when it is something else."""
    wish = spoken.wish(text)
    if wish not in PLEASANTRIES or (wish is Wish.GO_ON and not actor.may(Permission.COUNT_READ)):
        return False
    show_menu(turn, actor, Text.of(f"spoken.{wish}", how=_how(actor)))
    return True


def _how(actor: Actor) -> Text:
    """Return what somebody of that role can go on with."""
    if actor.may(Permission.PERSON_READ):
        return Text.of("spoken.how_team")
    return questions.how_to_ask() if actor.may(Permission.COUNT_READ) else Text.of("spoken.how")


def _of_keyboard(actor: Actor) -> set[str]:
    return {one for row in KEYBOARDS[actor.role].rows for one in row}


@cache
def _names() -> dict[str, str]:
    """Return the keys under the chat by their names, in every language."""
    keys = {one for menu in KEYBOARDS.values() for row in menu.rows for one in row}
    return {spoken.bare(translator(language).plain(Text.of(one))): one for one in keys for language in LANGUAGES}
