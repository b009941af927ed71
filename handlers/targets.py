"""Targets of the township: what is set for which figure, by whom and since when; set by the deputy or the admin."""

from __future__ import annotations

from datetime import date

from handlers.context import Turn
from handlers.figure_words import name, period
from handlers.forms import runner
from locales.message import Button, Message, Tap, Text
from models.rules import periods
from models.rules import targets as rules
from models.rules.access import Actor, Permission
from models.rules.periods import PeriodKind
from models.store import targets as store
from models.store.targets import SetTarget


async def target(turn: Turn) -> None:
    """Show the targets of this year and the next, and how they came to be."""
    actor = turn.require(Permission.TARGET_READ)
    await _show(turn, actor)
    turn.toast()


async def choose(turn: Turn) -> None:
    """Open the form that sets a target."""
    turn.require(Permission.TARGET_SET)
    turn.toast()
    await runner.open_form(turn, "target", subject="target")


async def undo(turn: Turn) -> None:
    """Put back what was there before a change."""
    actor = turn.require(Permission.TARGET_SET)
    done = await store.undo(turn.session, actor, turn.number(0), turn.today)
    lines = [Text.of("targets.undone"), _line(done)]
    turn.show(Message(Text.of("targets.screen", lines=lines), ((_to_all(),),)))
    turn.toast()


async def typed(turn: Turn, words: str) -> bool:
    """Refuse, with the reason, a target that nobody may set and that is asked for in plain words."""
    actor = turn.actor
    if actor is None or not actor.may(Permission.TARGET_SET) or not rules.asks_for_one(words):
        return False
    why = rules.refusal(words)
    if why is None:
        return False
    lines = [Text.of(f"input.target_{why}"), _may_be_set()]
    turn.say(Text.of("targets.screen", lines=lines), ((_to_all(),),))
    return True


def saved(done: SetTarget) -> Message:
    """Return the message that shows what was stored."""
    lines = [Text.of("targets.saved"), _line(done), Text.of("targets.forward")]
    back = Button(Text.of("receipts.undo"), Tap.of("target.undo", done.id))
    return Message(Text.of("targets.screen", lines=lines), ((back, _to_all()),))


async def _show(turn: Turn, actor: Actor) -> None:
    year = turn.today.year
    found = await store.history(turn.session, actor, [year, year + 1])
    lines = [Text.of("targets.title")]
    for each in (year, year + 1):
        rows = [one for one in found if one.target.year == each]
        lines += _of_year(each, rows) if rows or each == year else []
    buttons = ((Button(Text.of("targets.set"), Tap.of("target.set")),),) if actor.may(Permission.TARGET_SET) else ()
    turn.show(Message(Text.of("targets.screen", lines=[*lines, Text.of("targets.never")]), buttons))


def _of_year(year: int, rows: list[SetTarget]) -> list[Text]:
    last = {one.target.code: one.target.percent for one in rows}
    held = {code: percent for code, percent in last.items() if percent is not None}
    standing = [Text.of("targets.line", name=name(code), percent=percent) for code, percent in held.items()]
    head = Text.of("targets.year", year=said(year))
    past = [Text.of("targets.history"), *map(_line, rows)] if rows else []
    return [head, *(standing or [Text.of("targets.none")]), *past]


def said(year: int) -> Text:
    """Return what a year is called."""
    return period(periods.of(PeriodKind.YEAR, date(year, 1, 1)))


def _line(done: SetTarget) -> Text:
    one = done.target
    key = "targets.change" if one.percent is not None else "targets.taken_away"
    who = Text.of(f"roles.{done.by}")
    return Text.of(key, year=said(one.year), name=name(one.code), percent=one.percent, who=who, on=one.set_on)


def _may_be_set() -> Text:
    return Text.of("targets.instead", names=[Text.of("numbers.name", name=name(code)) for code in rules.SETTABLE])


def _to_all() -> Button:
    return Button(Text.of("targets.all"), Tap.of("target"))
