"""Rows for analysis as a file: a CSV that a spreadsheet opens without running anything, with what its columns mean.

Made in a process of its own (`aside`): of a year there are many rows.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from models.rules import extracts
from models.rules.extracts import Fact, Rows

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS, _MEANING = "rows.csv", "columns.txt"
_ENCODING = "utf-8-sig"


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file is made of; every word in it is given.

    Attributes:
        facts: one a row, not generalised yet.
        township: its name.
        meaning: the text that goes with it, with `{rows}` and `{left_out}`.
        numbers: how `left_out` is said: `none`, `under_ten`, or `many` with `{n}`.
    """

    facts: Sequence[Fact]
    township: str
    meaning: str
    numbers: Mapping[str, str]

    def content(self) -> bytes:
        """Return both files in an archive."""
        found = extracts.generalised(self.facts, self.township)
        archive = BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr(_stamp(_ROWS), table(found).encode(_ENCODING))
            files.writestr(_stamp(_MEANING), self._meaning(found).encode(_ENCODING))
        return archive.getvalue()

    def _meaning(self, found: Rows) -> str:
        many = extracts.told(found.left_out)
        key = "under_ten" if many is None else "many" if many else "none"
        return self.meaning.format(rows=len(found.rows), left_out=self.numbers[key].format(n=many))


def table(found: Rows) -> str:
    """Return rows as CSV, numbered in an order that says nothing."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["row", *extracts.columns()])
    for number, (key, measures) in enumerate(found.rows, 1):
        writer.writerow([number, *map(_plain, key), *("" if value is None else value for value in measures)])
    return text.getvalue()


def _plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _stamp(name: str) -> zipfile.ZipInfo:
    """Return an entry that doesn't say when it was made."""
    found = zipfile.ZipInfo(name)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found
