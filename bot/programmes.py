"""Files of programmes from the command line: check one, and see what it would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.doctor import words
from locales.message import Text
from locales.translator import Translator
from models.rules.programmes.base import Programme
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.programmes.files.differences import Difference, differences
from models.rules.programmes.files.faults import Problem
from models.rules.programmes.files.reading import Contents, read
from models.rules.programmes.files.text import LARGEST


class BadFile(Exception):
    """A file can't be taken; what is wrong was said."""


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
    Console(highlight=False).print(_table(texts, path.name, found.programmes, present))
    typer.echo(texts.plain(Text.of("programme_files.fine", place=path.name)))
    return found


def _told(texts: Translator, place: str, problems: Iterable[Problem]) -> list[str]:
    lines = []
    for problem in problems:
        way = Text.of("programme_files.way", way=" › ".join(problem.where)) if problem.where else ""
        what = Text(f"programme_files.fault.{problem.fault}", problem.values)
        told = Text.of("programme_files.problem", place=place, line=problem.line, where=way, what=what)
        lines.append(texts.plain(told))
        if problem.example:
            lines.append(texts.plain(Text.of("programme_files.problem_example", example=problem.example)))
    lines.append(texts.plain(Text.of("programme_files.problems", n=len(list(problems)))))
    return lines


def _table(texts: Translator, place: str, found: Iterable[Programme], present: Mapping[str, Programme]) -> Table:
    key = "programme_files.title_built_in" if present is BUILT_IN else "programme_files.title"
    columns = ("code", "name", "visits", "seen_by", "difference")
    table = Table(title=escape(texts.plain(Text.of(key, place=place))))
    for column in columns:
        table.add_column(texts.plain(Text.of(f"programme_files.column.{column}")), overflow="fold")
    for programme in found:
        cells = (
            programme.code,
            name_of(texts, programme),
            str(len(programme.items) + (programme.recurrence is not None)),
            ", ".join(sorted(programme.visible_to)),
            _differing(texts, present.get(programme.code), programme),
        )
        table.add_row(*map(escape, cells))
    return table


def name_of(texts: Translator, programme: Programme) -> str:
    """Return what a programme is called."""
    named = dict(programme.titles).get(texts.language)
    return named or texts.plain(Text.of(f"programmes.{programme.code}.name"))


def _differing(texts: Translator, before: Programme | None, after: Programme) -> str:
    if before is None:
        return texts.plain(Text.of("programme_files.new"))
    found = differences(before, after)
    return "\n".join(_difference(one) for one in found) or texts.plain(Text.of("programme_files.same"))


def _difference(one: Difference) -> str:
    return f"{one.key}: {one.before or '–'} → {one.after or '–'}"
