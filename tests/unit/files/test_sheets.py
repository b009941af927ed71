"""Spreadsheets that are written: nothing in them comes alive, and they can be sent back."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl

from models.files.sheets import Columns, MarkedRow, empty, marked
from models.files.tables import open_table
from models.rules.importing.cells import Cell, Formula

LIVELY: tuple[Cell, ...] = ("=1+1", "+86138", "-1", "@SUM(1)", "\tx", Formula("=HYPERLINK(A1)"))


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).active


def test_text_stays_text_whatever_it_begins_with() -> None:
    sheet = opened(marked(["a"] * 6, "行", "原因", [MarkedRow(5, LIVELY)]))
    cells = sheet[2][:6]
    assert [cell.data_type for cell in cells] == ["s"] * 6
    assert all(cell.quotePrefix and cell.number_format == "@" for cell in cells)
    assert cells[5].value == "=HYPERLINK(A1)"


def test_wrong_cells_are_marked_and_say_why() -> None:
    rows = [
        MarkedRow(5, ("王秀英", 13800138000, datetime(1956, 3, 12), 411728195603120021)),
        MarkedRow(6, ("李红", None), "电话：不对", {1: "不对", 3: "没有"}),
    ]
    sheet = opened(marked(["姓名", "手机", "生日", "证号"], "原来第几行", "原因", rows))
    assert [cell.value for cell in sheet[1]] == ["姓名", "手机", "生日", "证号", "原来第几行", "原因"]
    good, wrong = sheet[2], sheet[3]
    assert [cell.value for cell in good[:5]] == ["王秀英", 13800138000, datetime(1956, 3, 12), "411728195603120021", 5]
    assert good[0].fill.fgColor.rgb != wrong[1].fill.fgColor.rgb == "FFFFC7CE"
    assert (wrong[1].comment.text, wrong[3].comment.text) == ("不对", "没有")
    assert wrong[0].comment is None
    assert wrong[5].value == "电话：不对"


def test_strange_cells_are_written_too() -> None:
    cells: tuple[Cell, ...] = (float("inf"), float("nan"), True, date(1850, 1, 1), "长" * 40_000)
    sheet = opened(marked(["a"] * 5, "行", "原因", [MarkedRow(5, cells)]))
    assert [cell.data_type for cell in sheet[2][:5]] == ["s"] * 5


def test_a_marked_copy_can_be_sent_back() -> None:
    content = marked(["姓名", "性别"], "原来第几行", "原因", [MarkedRow(5, ("王秀英", "女"), "没有村")])
    with open_table(content) as table:
        assert table.header.unknown == ("原来第几行", "原因")
        assert [cells[:2] for _, cells in table.rows] == [("王秀英", "女")]


def test_the_empty_table_has_drop_downs() -> None:
    sheet = opened(empty(Columns(["姓名", "性别"], {1: ("女", "男")}, ["王秀英", "女"])))
    [choice] = sheet.data_validations.dataValidation
    assert (str(choice.sqref), choice.formula1) == ("B2:B1001", '"女,男"')
    assert [cell.value for cell in sheet[2]] == ["王秀英", "女"]
