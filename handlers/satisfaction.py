"""Asks a resident how a visit was, with the own screen; a tap answers, and nobody knows whose it was."""

from __future__ import annotations

from handlers.context import Turn
from locales.message import Button, Message, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.satisfaction import Satisfaction
from models.store import satisfaction as store
from models.store.errors import NotFound

_SILENT = "silent"


async def ask(turn: Turn, actor: Actor) -> None:
    """Ask, if it is time to; which visit it was is not said."""
    if not await store.ask(turn.session, actor, turn.today):
        return
    taps = [Button(Text.of(f"choices.satisfaction.{one}"), Tap.of("own.rate", one.value)) for one in Satisfaction]
    silent = Button(Text.of("choices.satisfaction.silent"), Tap.of("own.rate", _SILENT))
    turn.say(Text.of("satisfaction.ask"), (tuple(taps[:2]), (*taps[2:], silent)))


async def rate(turn: Turn) -> None:
    """Take the answer that a button names."""
    actor = turn.require(Permission.OWN_READ)
    answer = _answer(turn.argument(0))
    await store.rate(turn.session, actor, answer, turn.today)
    turn.show(Message(Text.of("satisfaction.thanks" if answer is not None else "satisfaction.silent")))
    turn.toast()


def _answer(code: str) -> Satisfaction | None:
    """Return the answer; `None`: rather not say.

    Raises:
        NotFound: there is no such answer.
    """
    if code == _SILENT:
        return None
    try:
        return Satisfaction(code)
    except ValueError:
        raise NotFound from None
