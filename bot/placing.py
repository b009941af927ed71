"""Places from the command line: how a township, its villages and their groups come into the database."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.opening import open_database
from bot.settings import Settings
from models.rules.names import name_keys
from models.store import audit, meetings, places
from models.store.database import StoreSession
from models.store.errors import NotFound
from models.store.places import PlaceRow
from models.tables.places import PlaceKind

_KINDS = {9: PlaceKind.TOWNSHIP, 12: PlaceKind.VILLAGE, 14: PlaceKind.GROUP}
"""Kinds of places by the length of their code."""
_PARENT_LENGTH = {12: 9, 14: 12}
_FIRST_VILLAGE = "200"
"""Below this, the last three digits of a village's code are a community's (统计用区划代码)."""
COLUMNS = ("code", "name", "checkup_day")


class BadFile(ValueError):
    """A line of the file can't be taken; the message says which and why. Nothing was added."""


@dataclass(frozen=True, slots=True)
class Line:
    """A place as the file has it; `checkup_day` is the day of the month, if it is given."""

    code: str
    name: str
    checkup_day: int | None


def read(path: Path) -> list[Line]:
    """Return the places of a CSV file with the columns `COLUMNS`, townships first.

    Raises:
        BadFile: a column or a value is missing or wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"code", "name"} <= set(rows.fieldnames or ()):
                raise BadFile(f"the first line has to name the columns: {','.join(COLUMNS)}")
            lines = [_line(number, row) for number, row in enumerate(rows, 2)]
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path} can't be read as UTF-8 text ({type(error).__name__})") from None
    return sorted(lines, key=lambda line: (len(line.code), line.code))


def _line(number: int, row: dict[str, str]) -> Line:
    code, name, day = ((row.get(column) or "").strip() for column in COLUMNS)
    if not code.isascii() or not code.isdigit() or len(code) not in _KINDS:
        raise BadFile(f"line {number}: a code has 9 digits (township), 12 (village) or 14 (group)")
    if not 1 <= len(name) <= 60:
        raise BadFile(f"line {number}: a name has 1 to 60 characters")
    if day and (not day.isascii() or not day.isdigit() or not 1 <= int(day) <= 31):
        raise BadFile(f"line {number}: checkup_day is a day of the month, 1 to 31, or empty")
    return Line(code, name, int(day) if day else None)


async def load(settings: Settings, path: Path) -> int:
    """Add the places of a file and return how many; those that are there already stay as they are.

    Raises:
        BadFile: nothing is added then.
    """
    lines = read(path)
    database = open_database(settings)
    try:
        async with database.transaction() as session:
            added = [place for line in lines if (place := await _add(session, line)) is not None]
            for township_id in {place.township_id for place in added}:
                details = {"places": sum(place.township_id == township_id for place in added)}
                await audit.write(session, None, "place:add", "place", None, details, township_id=township_id)
    finally:
        await database.close()
    return len(added)


async def _add(session: StoreSession, line: Line) -> PlaceRow | None:
    if await _find(session, line.code) is not None:
        return None
    parent = None
    if len(line.code) in _PARENT_LENGTH:
        above = line.code[: _PARENT_LENGTH[len(line.code)]]
        parent = await _find(session, above)
        if parent is None:
            raise BadFile(f"{line.code} {line.name} belongs to {above}, which is neither in the file nor here")
    return await places.add(
        session,
        line.code,
        _KINDS[len(line.code)],
        line.name,
        parent=parent,
        name_pinyin=name_keys(line.name).full[0],
        is_community=len(line.code) == 12 and line.code[9:] < _FIRST_VILLAGE,
        checkup_dom=line.checkup_day,
    )


async def _find(session: StoreSession, code: str) -> PlaceRow | None:
    try:
        return await places.by_code(session, code)
    except NotFound:
        return None


async def listed(settings: Settings) -> None:
    """Print the townships and their villages."""
    database = open_database(settings)
    try:
        async with database.reading() as session:
            found = [
                each
                for township in await places.townships(session)
                for each in (township, *await places.villages(session, township.id))
            ]
    finally:
        await database.close()
    Console().print(_table(found) if found else "There are no places. Add them with `suifang places load FILE`.")


def _table(found: Sequence[PlaceRow]) -> Table:
    table = Table("code", "name", "kind", "check-up day")
    for place in found:
        kind = "community" if place.is_community else str(place.kind)
        table.add_row(place.code, place.name, kind, str(place.checkup_dom or ""))
    return table


async def meet(settings: Settings, code: str, day_of_month: int, hour: int) -> str | None:
    """Choose when a township holds its joint meetings; returns its name, `None` where no township has that code."""
    database = open_database(settings)
    try:
        async with database.transaction() as session:
            found = await _find(session, code)
            if found is None or found.kind != PlaceKind.TOWNSHIP:
                return None
            await meetings.set_habit(session, None, found.id, day_of_month, hour)
            return found.name
    finally:
        await database.close()
