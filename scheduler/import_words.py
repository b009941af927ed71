"""What is said of a file: what the check found, how far it is, what came of it, and the marked copy."""

from __future__ import annotations

from collections.abc import Iterable

from locales.message import Attachment, Button, Message, Tap, Text
from locales.translator import translator
from models.files.sheets import MarkedRow, marked
from models.rules.importing.columns import Column
from models.rules.importing.rows import Problem, WrongRow
from models.store.imports import Counts, ImportRow
from scheduler.imports import Findings

SHOWN = 6
"""So many wrong rows are told in words."""
_TITLES = 8
_TITLE = 20
"""Of the headers that mean nothing, how many are named, and how much of each."""


def found(findings: Findings, import_id: int) -> Message:
    """Return what a check found, with the question whether to import it."""
    counts = findings.counts
    text = Text.of(
        "imports.found",
        rows=counts.rows,
        new=counts.new,
        matching=counts.matching,
        fills=fills(counts.filled, counts.matching),
        wrong=counts.wrong,
        details=[*wrong_lines(findings), *notes(findings), _question(counts)],
    )
    go = Button(Text.of("imports.go"), Tap.of("import.go", import_id))
    drop = Button(Text.of("imports.drop"), Tap.of("import.drop", import_id))
    return Message(text, ((go, drop),) if has_anything(counts) else ((drop,),), protect=True)


def has_anything(counts: Counts) -> bool:
    """Return whether there is something to import."""
    return bool(counts.new or counts.filled)


def fills(n: int, matching: int) -> Text:
    """Return what happens to people who are here already."""
    if not matching:
        return Text.of("forms.nothing")
    return Text.of("imports.fills", n=n) if n else Text.of("imports.no_fills")


def wrong_lines(findings: Findings, most: int = SHOWN) -> list[Text]:
    """Return the first wrong rows in words, and how many there are besides."""
    lines = [_line(row.line, problem) for row in findings.wrong[:most] for problem in row.problems[:1]]
    more = findings.counts.wrong - len(lines)
    return [*lines, Text.of("imports.wrong_more", n=more)] if more > 0 else lines


def notes(findings: Findings) -> list[Text]:
    """Return what else one has to know: columns that are not read, what is not stored, consents that don't count."""
    assert findings.head is not None  # noqa: S101 - after a check there is one
    header, said = findings.head.header, []
    if Column.CONSENT in header.at:
        said.append(Text.of("imports.unnamed", title=header.title(Column.CONSENT)[:_TITLE]))
    if findings.unkept:
        said.append(Text.of("imports.unkept", n=findings.unkept))
    if header.unknown:
        titles = [Text.of("imports.header", title=title[:_TITLE]) for title in header.unknown[:_TITLES]]
        said.append(Text.of("imports.unknown", titles=titles))
    return said


def reason(problem: Problem) -> Text:
    """Return what is wrong, and what would be right."""
    return Text.of(f"input.{problem.code}", **{**problem.values, "example": problem.example})


def checking(done: int) -> Message:
    """Return how far the check is."""
    return Message(Text.of("imports.checking", done=done))


def importing(done: int, rows: int) -> Message:
    """Return how far the import is."""
    return Message(Text.of("imports.importing", done=done, rows=rows))


def undoing(done: int) -> Message:
    """Return how far the undo is."""
    return Message(Text.of("imports.undoing", done=done))


def done(row: ImportRow) -> Message:
    """Return the receipt."""
    text = Text.of(
        "imports.done", new=row.new, matching=row.matching, fills=fills(row.filled, row.matching), wrong=row.wrong
    )
    undo = Button(Text.of("imports.undo"), Tap.of("import.undo", row.id))
    return Message(text, ((undo,),) if row.new or row.filled else ())


def undone(gone: int, reported: int, changed: int) -> Message:
    """Return what an undo did."""
    stays = [Text.of("imports.stay_reported", n=reported)] if reported else []
    stays += [Text.of("imports.stay_changed", n=changed)] if changed else []
    return Message(Text.of("imports.undone", gone=gone, details=stays))


def refused(row: ImportRow) -> Message:
    """Return why a file can't be read as a whole; what was stored before it failed can be taken back."""
    if row.undo_until is not None and (row.new or row.filled):
        undo = Button(Text.of("imports.undo"), Tap.of("import.undo", row.id))
        return Message(Text.of("imports.broken", new=row.new), ((undo,),))
    return Message(Text.of(f"imports.refused.{row.problem}"))


def copy(findings: Findings, language: str) -> Message:
    """Return the marked copy, to be sent."""
    words = translator(language)
    key = "imports.marked" if findings.has_all else "imports.marked_part"
    name = words.plain(Text.of("imports.marked_name")) + ".xlsx"
    return Message(Text.of(key), attachment=Attachment(name, marked_copy(findings, language)), protect=True)


def marked_copy(findings: Findings, language: str) -> bytes:
    """Return the rows as they were read, wrong cells marked."""
    assert findings.head is not None  # noqa: S101 - after a check there is one
    words = translator(language)
    titles = findings.head.header.titles
    line, why = (words.plain(Text.of(f"imports.{key}_title")) for key in ("line", "reason"))
    return marked(titles, line, why, _marked_rows(findings, language))


def _marked_rows(findings: Findings, language: str) -> Iterable[MarkedRow]:
    words = translator(language)
    wrong = {row.line: row for row in findings.wrong}
    for line, cells in sorted(findings.lines.items()):
        row = wrong.get(line, WrongRow(line, ()))
        told = [(problem, words.plain(reason(problem))) for problem in row.problems]
        comments = {problem.index: why for problem, why in told if problem.index is not None}
        reasons = [f"{problem.title}: {why}" if problem.title else why for problem, why in told]
        yield MarkedRow(line, cells, "\n".join(reasons), comments)


def _question(counts: Counts) -> Text:
    return Text.of("imports.ask") if has_anything(counts) else Text.of("imports.nothing_new")


def _line(line: int, problem: Problem) -> Text:
    if problem.title:
        return Text.of("imports.wrong_cell", line=line, title=problem.title[:_TITLE], reason=reason(problem))
    return Text.of("imports.wrong_row", line=line, reason=reason(problem))
