"""Files of residents from the command line: checked, imported after a question, taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.doctor import words
from bot.opening import open_database
from bot.settings import Settings
from locales.message import Text
from models.files.limits import LARGEST_FILE, FileRefused
from models.rules.access import Actor
from models.store import imports, places
from models.store.database import Database, StoreSession
from models.store.imports import Job
from scheduler.import_words import has_anything, marked_copy, notes, reason
from scheduler.imports import Findings, carry_out, check, take_back

SHOWN = 50
"""So many wrong rows are printed; the marked copy has them all."""


class NotImported(Exception):
    """The file can't be read; the message says why, in the operator's language."""


async def bring_in(
    settings: Settings, path: Path, place_code: str, marked: Path | None, confirm: Callable[[str], bool]
) -> None:
    """Check a file, print what was found, and import it if `confirm` says so.

    Raises:
        NotFound: there is no place with that code.
        NotImported: the file can't be read as a whole.
    """
    content = await asyncio.to_thread(_read, path)
    async with _opened(settings) as database:
        job = await _received(database, place_code, content)
        try:
            findings = await _checked(database, job, content)
        except FileRefused as error:
            async with database.transaction() as session:
                await imports.refuse(session, job, error.code)
            raise NotImported(_said(f"imports.refused.{error.code}")) from None
        _print(path.name, findings)
        if marked is not None:
            await asyncio.to_thread(marked.write_bytes, marked_copy(findings, words().language))
        await _decided(database, job, content, findings, confirm)


async def undo(settings: Settings, number: int) -> None:
    """Take away what came with a file from the command line.

    Raises:
        NotFound: there is no such file.
        NotImported: another process is at it.
        Conflict: `import_over`, `import_gone`.
    """
    async with _opened(settings) as database:
        async with database.transaction() as session:
            await imports.begin_undo(session, await imports.operator_of(session, number), number)
            job = await _mine(session, number)
        with _bar("undoing", job.row.new) as tell:
            gone, reported, changed = await take_back(database, job, tell)
        async with database.transaction() as session:
            await imports.release(session, job)
    Console().print(_said("cli.import.undone", gone=gone, reported=reported, changed=changed))


async def _decided(
    database: Database, job: Job, content: bytes, findings: Findings, confirm: Callable[[str], bool]
) -> None:
    wanted = has_anything(findings.counts)
    if not wanted or not await asyncio.to_thread(confirm, _said("cli.import.ask")):
        async with database.transaction() as session:
            await imports.give_up(session, job.actor, job.row.id)
        Console().print(_said("cli.import.dropped" if wanted else "cli.import.nothing"))
        return
    async with database.transaction() as session:
        await imports.begin(session, job.actor, job.row.id)
        job = await _mine(session, job.row.id)
    with _bar("importing", job.row.rows) as tell:
        stored = await carry_out(database, job, content, tell)
    async with database.transaction() as session:
        await imports.release(session, job)
    counts = {"new": stored.new, "matching": stored.matching, "filled": stored.filled, "wrong": stored.wrong}
    Console().print(_said("cli.import.done", **counts))
    Console().print(_said("cli.import.undo", number=str(stored.id)), soft_wrap=True)


async def _mine(session: StoreSession, number: int) -> Job:
    """Return the file to work on, unless another process, or the bot, is at it already."""
    job = await imports.claim(session, uuid4().hex, number)
    if job is None:
        raise NotImported(_said("cli.import.busy"))
    return job


async def _received(database: Database, place_code: str, content: bytes) -> Job:
    owner = uuid4().hex
    async with database.transaction() as session:
        actor: Actor = imports.operator(await places.by_code(session, place_code))
        import_id = await imports.receive(session, actor, content=content, owner=owner)
        return Job(await imports.get(session, actor, import_id), actor, owner, None)


async def _checked(database: Database, job: Job, content: bytes) -> Findings:
    with _bar("checking", None) as tell:
        findings = await check(database, job, content, tell)
    assert findings.head is not None  # noqa: S101 - after a check there is one
    async with database.transaction() as session:
        await imports.checked(session, job, findings.head.kind, findings.counts)
    return findings


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise NotImported(_said("imports.refused.file_large"))
        return path.read_bytes()
    except OSError as error:
        raise NotImported(f"{path}: {type(error).__name__}") from None


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = open_database(settings)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def _bar(key: str, total: int | None) -> Iterator[Callable[[int], Awaitable[None]]]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(_said(f"cli.import.{key}"), total=total)

        async def tell(done: int) -> None:
            progress.update(task, completed=done)

        yield tell


def _print(name: str, findings: Findings) -> None:
    console = Console()
    table = Table(_said("cli.import.kind"), _said("cli.import.people"), title=_said("cli.import.title", name=name))
    counts = findings.counts
    for key, n in (
        ("new", counts.new),
        ("matching", counts.matching),
        ("filled", counts.filled),
        ("wrong", counts.wrong),
    ):
        table.add_row(_said(f"cli.import.{key}"), str(n))
    console.print(table)
    if findings.wrong:
        console.print(_wrong(findings))
    for note in notes(findings):
        console.print(words().plain(note), markup=False, soft_wrap=True)


def _wrong(findings: Findings) -> Table:
    table = Table(_said("cli.import.line"), _said("cli.import.column"), _said("cli.import.reason"))
    for row in findings.wrong[:SHOWN]:
        for problem in row.problems:
            table.add_row(str(row.line), problem.title, words().plain(reason(problem)))
    return table


def _said(key: str, **values: object) -> str:
    return words().plain(Text(key, values))
