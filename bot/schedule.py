"""What the bot would say of its own accord in the days to come, from the command line. Nothing is planned or sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.doctor import words
from bot.opening import open_database
from bot.settings import Settings
from locales.message import Text
from scheduler.planner import Called, called_for

_COLUMNS = ("when there", "kind", "to", "why", "rule")
_WIDEST = 160


async def listed(settings: Settings, days: int) -> None:
    """Print what the planner's rules call for within `days`, by the moment at which it would leave."""
    database = open_database(settings)
    try:
        async with database.reading() as session:
            found = await called_for(session, timedelta(days=days))
    finally:
        await database.close()
    Console(width=max(Console().width, _WIDEST)).print(_table(found) if found else f"Nothing within {days} days.")


def _table(found: Sequence[Called]) -> Table:
    table, texts = (
        Table(*_COLUMNS, caption=f"{len(found)} messages; what is done or changed until then falls away"),
        words(),
    )
    for one in found:
        when = f"{one.at.astimezone(ZoneInfo(one.zone)):%Y-%m-%d %H:%M}"
        to = f"{one.to.role} · {one.to.place} · {one.to.to.staff_id}"
        why = texts.plain(Text.of(f"notices.about.{one.proposal.kind}"))
        table.add_row(when, one.proposal.kind, to, why, f"{one.source}: {one.proposal.occurrence}")
    return table
