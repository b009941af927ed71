"""Files of residents worked through: checked, imported, taken back, each a batch at a time, in bounded memory.

A file is read in a thread, so that people who use the bot meanwhile don't wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from models.files.people import BATCH, Batch, FileHead, batches
from models.rules.importing.cells import Cell
from models.rules.importing.rows import FileRow, Problem, WrongRow
from models.store import import_rows, imports, scope
from models.store.database import Database
from models.store.imports import Counts, ImportRow, Job

KEPT_ROWS = 5_000
"""So many rows are kept for the marked copy; of a longer file only the wrong ones, up to as many."""
Progress = Callable[[int], Awaitable[None]]
"""Told how many rows are done."""


@dataclass(slots=True)
class Findings:
    """What a check found.

    Attributes:
        head: what the file is; known after the first batch.
        lines: rows as they stand, by line: all, or of a long file the wrong ones.
        has_all: whether `lines` has all.
        unkept: phones and identity numbers that nobody agreed to have stored.
    """

    head: FileHead | None = None
    counts: Counts = field(default_factory=Counts)
    wrong: list[WrongRow] = field(default_factory=list)
    lines: dict[int, tuple[Cell, ...]] = field(default_factory=dict)
    has_all: bool = True
    unkept: int = 0

    def add(self, batch: Batch, counts: Counts, wrong: list[WrongRow]) -> None:
        """Take in a batch."""
        self.head = batch.head
        before = self.counts
        self.counts = Counts(
            before.rows + counts.rows,
            before.new + counts.new,
            before.matching + counts.matching,
            before.filled + counts.filled,
            before.wrong + counts.wrong,
        )
        self.wrong += wrong[: max(0, KEPT_ROWS - len(self.wrong))]
        self._keep(batch, {row.line for row in wrong})

    def _keep(self, batch: Batch, wrong: set[int]) -> None:
        if self.has_all and batch.end > KEPT_ROWS:
            self.has_all = False
            told = {row.line for row in self.wrong}
            self.lines = {line: cells for line, cells in self.lines.items() if line in told}
        for line, cells in batch.cells.items():
            if self.has_all or (line in wrong and len(self.lines) < KEPT_ROWS):
                self.lines[line] = cells


async def check(database: Database, job: Job, content: bytes, progress: Progress | None = None) -> Findings:
    """Compare a file with who is here; nothing is stored of it.

    Raises:
        FileRefused: it can't be read as a whole.
        LeaseLost: another process works on it by now.
    """
    findings = Findings()
    async for batch in in_thread(database, job, content):
        async with database.transaction() as session:
            verdicts = await import_rows.compare(session, job.actor, batch.people)
            await imports.extend(session, job)
        taken = [
            WrongRow(row.line, (Problem(None, "", verdict.conflict),))
            for row, verdict in zip(batch.people, verdicts, strict=True)
            if verdict.conflict is not None
        ]
        matching = sum(verdict.resident_id is not None for verdict in verdicts)
        filled = sum(bool(verdict.fills) for verdict in verdicts)
        wrong = sorted(batch.wrong + taken, key=lambda row: row.line)
        new = [row for row, one in zip(batch.people, verdicts, strict=True) if one == import_rows.Verdict()]
        counts = Counts(batch.end - batch.start, len(new), matching, filled, len(wrong))
        findings.add(batch, counts, wrong)
        findings.unkept += sum(_unkept(row) for row in new)
        if progress is not None:
            await progress(batch.end)
    return findings


async def carry_out(database: Database, job: Job, content: bytes, progress: Progress | None = None) -> ImportRow:
    """Store a file from where it stands, and return what came of it.

    Raises:
        FileRefused: it can't be read as a whole.
        LeaseLost: another process works on it by now.
    """
    total = job.row.done
    async for batch in in_thread(database, job, content, total):
        total = batch.end
        async with database.transaction() as session:
            await imports.store(session, job, batch.start, batch.end, batch.people, len(batch.wrong))
        if progress is not None:
            await progress(batch.end)
    async with database.transaction() as session:
        return await imports.finish(session, job, total)


async def take_back(database: Database, job: Job, progress: Progress | None = None) -> tuple[int, int, int]:
    """Take away what came with a file; returns how many people went, stay with something reported, stay changed.

    Raises:
        LeaseLost: another process works on it by now.
    """
    done = job.row.done
    while True:
        async with database.transaction() as session:
            gone = await imports.take_away(session, job, BATCH)
        if not gone:
            break
        done += gone
        if progress is not None:
            await progress(done)
    async with database.transaction() as session:
        return await imports.finish_undo(session, job)


def _unkept(row: FileRow) -> int:
    return (row.phone != row.kept_phone) + (row.identity != row.kept_identity)


async def in_thread(
    database: Database, job: Job, content: bytes, first: int = 0, size: int = BATCH
) -> AsyncIterator[Batch]:
    """Return the people of a file from a position on, read in a thread."""
    async with database.reading() as session:
        places = await imports.known_places(session, job.actor)
        today = scope.today(session, job.actor)
    found: Iterator[Batch] = batches(content, places, today, first, size)
    while (batch := await asyncio.to_thread(next, found, None)) is not None:
        yield batch
