"""Rows for analysis that point at nobody: the clinic chooses months and purpose, and gets a file for the team.

The file is made when it is sent: `scheduler.extract_making`."""

from __future__ import annotations

from handlers import figure_words as words
from handlers.context import Turn
from handlers.status import period_of
from locales.message import Button, Message, Rows, Tap, Text
from models.rules import periods
from models.rules.access import Permission
from models.rules.periods import Period, PeriodKind
from models.store import extracts as store
from models.store.errors import NotFound
from models.store.extracts import ExtractPurpose


async def extract(turn: Turn) -> None:
    """Ask for which months."""
    turn.require(Permission.EXTRACT_MAKE)
    last = periods.last_complete(PeriodKind.QUARTER, turn.today)
    offered = (last, last.before, periods.last_complete(PeriodKind.HALF_YEAR, turn.today))
    rows: Rows = tuple((Button(words.period(each), Tap.of("extract.of", each.code)),) for each in offered)
    turn.show(Message(Text.of("extracts.ask"), rows))
    turn.toast()


async def of_period(turn: Turn) -> None:
    """Ask what for: the period."""
    turn.require(Permission.EXTRACT_MAKE)
    period = _period(turn)
    rows: Rows = tuple(
        (Button(Text.of(f"extracts.purpose.{each}"), Tap.of("extract.make", period.code, each)),)
        for each in ExtractPurpose
    )
    back = Button(Text.of("extracts.back"), Tap.of("extract"))
    turn.show(Message(Text.of("extracts.why", period=words.period(period)), (*rows, (back,))))
    turn.toast()


async def make(turn: Turn) -> None:
    """Have the file made and sent: the period and the purpose."""
    actor, period, purpose = turn.require(Permission.EXTRACT_MAKE), _period(turn), _purpose(turn)
    await store.ask(turn.session, actor, period, purpose)
    turn.show(Message(Text.of("extracts.asked", period=words.period(period))))
    turn.toast(Text.of("extracts.making"))


def _period(turn: Turn) -> Period:
    """Return the period that the button names.

    Raises:
        NotFound: it isn't over, or longer than half a year.
    """
    found = period_of(turn)
    if not found.is_over(turn.today) or len(found.months) > 6:
        raise NotFound
    return found


def _purpose(turn: Turn) -> ExtractPurpose:
    """Return the purpose that the button names.

    Raises:
        NotFound: it names none.
    """
    try:
        return ExtractPurpose(turn.argument(1))
    except ValueError:
        raise NotFound from None
