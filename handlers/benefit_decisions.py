"""What the clinic decides about a benefit: two taps from the list, taken back with one, revised when it was wrong."""

from __future__ import annotations

from handlers import benefit_words as words
from handlers import benefits as screens
from handlers.context import Turn
from locales.message import Button, Message, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.benefits import Ground, Step
from models.store import benefit_decisions, benefits
from models.store.benefit_decisions import Verdict
from models.store.benefits import StoredApplication
from models.store.errors import Conflict, NotFound

_AGAIN = "1"
"""Marks a button with which the last decision is revised."""


async def yes(turn: Turn) -> None:
    """Confirm: the application, and a 1 where the last decision was wrong."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    await _decide(turn, actor, Verdict(), is_again=_is_again(turn))


async def no(turn: Turn) -> None:
    """Ask why not; with a reason behind it, decide so: the application, a 1 or 0, and the reason."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    is_again, given = _is_again(turn), turn.tap.args if turn.tap is not None else ()
    if len(given) > 2:
        await _decide(turn, actor, Verdict(_ground(turn)), is_again=is_again)
        return
    found = await benefits.get(turn.session, actor, turn.number(0))
    reasons = [
        Button(Text.of(f"choices.benefit_ground.{one}"), Tap.of("benefit.no", found.id, int(is_again), one.value))
        for one in Ground
    ]
    rows = (*(tuple(reasons[start : start + 2]) for start in range(0, len(reasons), 2)), (screens.open_one(found),))
    turn.show(Message(_ask("benefits.why_not", found), rows, protect=True))
    turn.toast()


async def redo(turn: Turn) -> None:
    """Ask what should have been decided."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    found = await benefits.get(turn.session, actor, turn.number(0))
    if Step.REVISE not in found.steps:
        raise Conflict("benefit_step")
    right = Button(Text.of("benefits.decide.yes"), Tap.of("benefit.yes", found.id, _AGAIN))
    wrong = Button(Text.of("benefits.decide.no"), Tap.of("benefit.no", found.id, _AGAIN))
    turn.show(Message(_ask("benefits.revise_ask", found), ((right, wrong), (screens.open_one(found),)), protect=True))
    turn.toast()


async def undo(turn: Turn) -> None:
    """Take a decision back."""
    actor = turn.require(Permission.BENEFIT_DECIDE)
    found = await benefit_decisions.undo(turn.session, actor, turn.number(0))
    turn.show(screens.screen(turn, actor, found))
    turn.toast(Text.of("benefits.as_before"))


async def _decide(turn: Turn, actor: Actor, verdict: Verdict, *, is_again: bool) -> None:
    act = benefit_decisions.revise if is_again else benefit_decisions.decide
    found = await act(turn.session, actor, turn.number(0), verdict)
    last = found.decisions[-1]
    turn.show(screens.screen(turn, actor, found, Tap.of("benefit.undecide", last.id)))
    turn.toast(Text.of("benefits.decided"))


def _ask(key: str, found: StoredApplication) -> Text:
    return Text(key, {"name": found.resident.name, "benefit": words.name(found.benefit)})


def _is_again(turn: Turn) -> bool:
    args = turn.tap.args if turn.tap is not None else ()
    return len(args) > 1 and args[1] == _AGAIN


def _ground(turn: Turn) -> Ground:
    """Return the reason that a button names.

    Raises:
        NotFound: it names none.
    """
    try:
        return Ground(turn.argument(2))
    except ValueError:
        raise NotFound from None
