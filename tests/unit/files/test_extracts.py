"""The file of rows for analysis: opened as a spreadsheet would, running nothing."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from io import BytesIO, StringIO

import pytest

from models.files.extracts import Extract
from models.rules.extracts import ROUNDED, Fact

NUMBERS = {"none": "none", "under_ten": "few", "many": "{n} rows"}
VALUES = tuple(range(len(ROUNDED)))


def fact(person: int, village: str) -> Fact:
    return Fact(person, village, 34, "female", date(2026, 3, 1), "checkup", "ATTENDED", True, VALUES)


def opened(facts: list[Fact]) -> tuple[list[list[str]], str]:
    content = Extract(facts, "镇", "{rows}: {left_out}", NUMBERS).content()
    with zipfile.ZipFile(BytesIO(content)) as files:
        assert files.namelist() == ["rows.csv", "columns.txt"]
        rows, meaning = (files.read(name) for name in files.namelist())
    assert rows.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(rows.decode("utf-8-sig")))), meaning.decode("utf-8-sig")


def test_rows_are_numbered_and_no_cell_is_a_formula() -> None:
    rows, meaning = opened([fact(person, "=1+1村") for person in range(10)])
    assert rows[0][:4] == ["row", "place", "age", "sex"] and rows[0][-6:] == list(ROUNDED)
    assert rows[1] == ["1", "'=1+1村", "30-39", "female", "2026-03", "checkup", "ATTENDED", "1", *map(str, VALUES)]
    assert len(rows) == 11 and meaning == "10: none"


@pytest.mark.parametrize(("many", "said"), [(4, "0: few"), (0, "0: none")])
def test_what_is_left_out_is_told_coarsely(many: int, said: str) -> None:
    assert opened([fact(person, "村") for person in range(many)])[1] == said
