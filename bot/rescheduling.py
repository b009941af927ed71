"""Bringing running programmes to the version in force, from the command line: first shown, then done."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from bot.doctor import words
from bot.opening import open_database
from bot.programmes import township
from bot.settings import Settings
from locales.message import Text
from locales.translator import Translator
from models.rules.clock import local_day
from models.store import rescheduling
from models.store.database import Database
from models.store.places import PlaceRow
from models.store.rescheduling import Shift

_COLUMNS = ("code", "number", "running", "moved", "days", "silent", "begun", "waits", "lacks")


async def recompute(settings: Settings, code: str, programme: str | None, *, apply: bool) -> None:
    """Say what the versions in force would change for whoever is in a programme already; with `apply`, do it.

    Raises:
        NotFound: there is no such place.
        Refused: it is not a township.
    """
    database = open_database(settings)
    try:
        async with database.reading() as session:
            place = await township(session, code)
        shifts = await _walk(database, place, programme, apply=apply)
    finally:
        await database.close()
    texts = words()
    if shifts:
        Console(highlight=False).print(table(texts, shifts))
    typer.echo(texts.plain(_ending(shifts, apply=apply)))


async def _walk(database: Database, place: PlaceRow, programme: str | None, *, apply: bool) -> list[Shift]:
    """Look at every enrolment in question, a transaction a batch."""
    shifts: list[Shift] = []
    last: int | None = 0
    while last is not None:
        async with database.transaction() as session:
            today = local_day(session.now(), ZoneInfo(place.zone))
            step = await rescheduling.step(session, place.id, today, programme=programme, after=last, apply=apply)
        shifts += step.shifts
        last = step.last
    return shifts


def _ending(shifts: Iterable[Shift], *, apply: bool) -> Text:
    many = sum(not shift.lacks for shift in shifts)
    if not many:
        return Text.of("programme_files.nothing_to_do")
    key = "programme_files.recomputed" if apply else "programme_files.would_recompute"
    return Text.of(key, n=many)


def table(texts: Translator, shifts: Iterable[Shift]) -> Table:
    """Return what changes, by programme and version: counts, and by how many days the next date moves."""
    found: dict[tuple[str, int, int], list[Shift]] = {}
    for shift in shifts:
        found.setdefault((shift.programme, shift.version, shift.to), []).append(shift)
    drawn = Table()
    for column in _COLUMNS:
        drawn.add_column(texts.plain(Text.of(f"programme_files.column.{column}")), overflow="fold")
    for (programme, version, to), group in sorted(found.items()):
        drawn.add_row(programme, f"{version} → {to}", *_counts(group))
    return drawn


def _counts(group: list[Shift]) -> list[str]:
    days = [shift.days for shift in group if shift.days is not None and not shift.lacks]
    spread = f"{min(days):+d} / {median(days):+g} / {max(days):+d}" if days else "–"
    counts = (
        sum(shift.before is not None and shift.after is None for shift in group),
        sum(shift.before is None and shift.after is not None for shift in group),
        sum(shift.waits for shift in group),
        sum(shift.lacks for shift in group),
    )
    return [str(len(group)), str(sum(day != 0 for day in days)), spread, *map(str, counts)]
