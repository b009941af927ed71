"""The township's sex ratio at birth, pooled over years, with the sentence that says what it can't tell."""

from __future__ import annotations

from handlers.context import Turn
from handlers.forms import runner
from locales.message import Button, Message, Rows, Tap, Text
from models.rules.access import Actor, Permission
from models.rules.birth_totals import FEWEST
from models.rules.intervals import USUAL_SEX_RATIO, SexRatio
from models.store import birth_totals as store
from models.store import places
from models.store.birth_totals import Births


async def show(turn: Turn) -> None:
    """Show the pooled ratio, its interval, what it tells, and the years."""
    actor = turn.require(Permission.BIRTH_READ)
    turn.show(await _screen(turn, actor))
    turn.toast()


async def new(turn: Turn) -> None:
    """Open the form of a year's totals."""
    turn.require(Permission.BIRTH_ENTER)
    turn.toast()
    await runner.open_form(turn, "birth_totals", subject="birth_totals")


async def undo(turn: Turn) -> None:
    """Take an entry back."""
    actor = turn.require(Permission.BIRTH_ENTER)
    await store.undo(turn.session, actor, turn.number(0))
    turn.show(await _screen(turn, actor))
    turn.toast(Text.of("birth_totals.undone"))


def receipt(year: int, entry_id: int) -> Message:
    """Return the message that says that a year was stored."""
    back = Button(Text.of("receipts.undo"), Tap.of("births.undo", entry_id))
    return Message(Text.of("birth_totals.saved", year=str(year)), ((back, _open()),))


def _open() -> Button:
    return Button(Text.of("birth_totals.open"), Tap.of("births"))


async def _screen(turn: Turn, actor: Actor) -> Message:
    found = await store.get(turn.session, actor)
    place = (await places.get(turn.session, actor.township_id)).name
    lines = [Text.of("birth_totals.title", place=place), *_ratio(found), *_years(found)]
    lines += [Text.of("birth_totals.no_target"), Text.of("birth_totals.law")]
    return Message(Text.of("birth_totals.screen", lines=lines), _buttons(actor))


def _ratio(found: Births) -> list[Text]:
    if found.first is None:
        return [Text.of("birth_totals.none")]
    span = {"first": str(found.first), "last": str(found.last)}
    if found.ratio is None or found.meaning is None:
        return [Text.of("birth_totals.kept", **span)]
    usual = {"low": f"{USUAL_SEX_RATIO.low:.0f}", "high": f"{USUAL_SEX_RATIO.high:.0f}"}
    means = Text.of(f"birth_totals.means.{found.meaning}", fewest=FEWEST, **usual)
    return [Text.of("birth_totals.ratio", **span, **_numbers(found.ratio)), means]


def _numbers(one: SexRatio) -> dict[str, object]:
    interval = one.interval
    shown = {"ratio": one.ratio, "low": interval.low, "high": interval.high}
    return {"boys": one.boys, "girls": one.girls, **{name: f"{value:.1f}" for name, value in shown.items()}}


def _years(found: Births) -> list[Text]:
    lines = [Text.of("birth_totals.year", year=str(one.year), boys=one.boys, girls=one.girls) for one in found.years]
    return [*lines, Text.of("birth_totals.hidden", n=found.hidden)] if found.hidden else lines


def _buttons(actor: Actor) -> Rows:
    if not actor.may(Permission.BIRTH_ENTER):
        return ()
    return ((Button(Text.of("birth_totals.enter"), Tap.of("births.new")),),)
