"""Programmes of a township from the command line: check a file, load it, and see what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.doctor import words
from bot.opening import open_database
from bot.settings import Settings
from locales.message import Text
from locales.translator import Translator
from models.rules.programmes.base import Programme
from models.rules.programmes.catalogue import BUILT_IN, Catalogue
from models.rules.programmes.files.differences import Difference, differences
from models.rules.programmes.files.faults import Problem
from models.rules.programmes.files.reading import Contents, read
from models.rules.programmes.files.text import LARGEST
from models.rules.programmes.files.writing import yaml_text
from models.store import catalogues, places
from models.store.catalogues import Loaded
from models.store.database import StoreSession
from models.store.errors import NotFound, Refused
from models.store.places import PlaceRow
from models.tables.places import PlaceKind


class BadFile(Exception):
    """A file can't be taken; what is wrong was said."""


async def township(session: StoreSession, code: str) -> PlaceRow:
    """Return a township by its division code.

    Raises:
        NotFound: there is no such place.
        Refused: `wrong_kind_of_place`.
    """
    place = await places.by_code(session, code)
    if place.kind != PlaceKind.TOWNSHIP:
        raise Refused("wrong_kind_of_place")
    return place


async def offered(settings: Settings, code: str | None) -> Catalogue:
    """Return the programmes of a township; without one, those that come with the service.

    Raises:
        NotFound, Refused: as in `township`.
    """
    if code is None:
        return BUILT_IN
    database = open_database(settings)
    try:
        async with database.reading() as session:
            return await catalogues.of(session, (await township(session, code)).id)
    finally:
        await database.close()


async def load(settings: Settings, path: Path, code: str) -> None:
    """Store what a file says anew, and say which versions there are now; the same once more changes nothing.

    Raises:
        BadFile: something is wrong, and was said. Nothing is stored then.
        NotFound, Refused: as in `township`.
        OSError: the file can't be read.
    """
    database = open_database(settings)
    try:
        async with database.transaction() as session:
            place = await township(session, code)
            found = check(path, await catalogues.of(session, place.id))
            loaded = await catalogues.load(session, place.id, found.programmes)
    finally:
        await database.close()
    for line in _said_of(words(), place, loaded):
        typer.echo(line)


def _said_of(texts: Translator, place: PlaceRow, loaded: Iterable[Loaded]) -> list[str]:
    said = [
        Text.of("programme_files.loaded", code=one.after.code, number=one.after.version, place=place.name)
        for one in loaded
    ]
    if any(one.before is not None for one in loaded):
        said.append(Text.of("programme_files.running", place=place.code))
    return [texts.plain(text) for text in said or [Text.of("programme_files.unchanged")]]


async def listed(settings: Settings, code: str) -> None:
    """Print the programmes of a township.

    Raises:
        NotFound, Refused: as in `township`.
    """
    texts, found = words(), await offered(settings, code)
    table = _headed(texts, "code", "name", "number", "visits", "seen_by", "origin", "state")
    for programme in found.values():
        is_own = programme is not BUILT_IN.get(programme.code)
        cells = (
            *_described(texts, programme, number=True),
            _word(texts, "own" if is_own else "built_in"),
            _word(texts, "retired" if programme.retired else "in_force"),
        )
        table.add_row(*map(escape, cells))
    Console(highlight=False).print(table)


async def shown(settings: Settings, programme: str, code: str | None) -> str:
    """Return a programme as a file has it.

    Raises:
        NotFound: there is no such programme or place.
        Refused: as in `township`.
    """
    found = (await offered(settings, code)).get(programme)
    if found is None:
        raise NotFound
    base = BUILT_IN.get(found.code) or BUILT_IN.get(found.based_on)
    return yaml_text([(found, base)])


def content(path: Path) -> bytes:
    """Return what is in a file; of one that is too large, enough to say so.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def check(path: Path, present: Mapping[str, Programme] = BUILT_IN) -> Contents:
    """Read a file and say what it holds, beside the programmes that are `present`, or everything that is wrong.

    Raises:
        BadFile: something is wrong, and was said.
        OSError: the file can't be read.
    """
    texts, found = words(), read(content(path), present)
    if found.problems:
        for line in _told(texts, path.name, found.problems):
            typer.echo(line, err=True)
        raise BadFile
    Console(highlight=False).print(_beside(texts, path.name, found.programmes, present))
    typer.echo(texts.plain(Text.of("programme_files.fine", place=path.name)))
    return found


def _told(texts: Translator, place: str, problems: tuple[Problem, ...]) -> list[str]:
    lines = []
    for problem in problems:
        way = Text.of("programme_files.way", way=" › ".join(problem.where)) if problem.where else ""
        what = Text(f"programme_files.fault.{problem.fault}", problem.values)
        told = Text.of("programme_files.problem", place=place, line=problem.line, where=way, what=what)
        lines.append(texts.plain(told))
        if problem.example:
            lines.append(texts.plain(Text.of("programme_files.problem_example", example=problem.example)))
    lines.append(texts.plain(Text.of("programme_files.problems", n=len(problems))))
    return lines


def _beside(texts: Translator, place: str, found: Iterable[Programme], present: Mapping[str, Programme]) -> Table:
    key = "programme_files.title_built_in" if present is BUILT_IN else "programme_files.title"
    table = _headed(texts, "code", "name", "visits", "seen_by", "difference")
    table.title = escape(texts.plain(Text.of(key, place=place)))
    for programme in found:
        cells = (*_described(texts, programme), _differing(texts, present.get(programme.code), programme))
        table.add_row(*map(escape, cells))
    return table


def _headed(texts: Translator, *columns: str) -> Table:
    table = Table()
    for column in columns:
        table.add_column(texts.plain(Text.of(f"programme_files.column.{column}")), overflow="fold")
    return table


def _described(texts: Translator, programme: Programme, *, number: bool = False) -> list[str]:
    visits = len(programme.items) + (programme.recurrence is not None)
    numbers = [str(programme.version), str(visits)] if number else [str(visits)]
    return [programme.code, name_of(texts, programme), *numbers, ", ".join(sorted(programme.visible_to))]


def _word(texts: Translator, word: str) -> str:
    return texts.plain(Text.of(f"programme_files.word.{word}"))


def name_of(texts: Translator, programme: Programme) -> str:
    """Return what a programme is called."""
    named = dict(programme.titles).get(texts.language)
    return named or texts.plain(Text.of(f"programmes.{programme.code}.name"))


def _differing(texts: Translator, before: Programme | None, after: Programme) -> str:
    if before is None:
        return _word(texts, "new")
    found = differences(before, after)
    return "\n".join(_difference(one) for one in found) or _word(texts, "same")


def _difference(one: Difference) -> str:
    return f"{one.key}: {one.before or '–'} → {one.after or '–'}"
