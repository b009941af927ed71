"""Messy files, made here: read row by row, or refused with a reason."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest

from models.files import limits
from models.files.limits import FileRefused
from models.files.tables import open_table
from models.rules.importing.cells import Cell, Fault, Formula
from models.rules.importing.columns import Column
from tests.factories.files import HEADER, bomb, csv, repacked, sheets, xlsx

WANG = ("王秀英", "女", "1956-03-12", "13800138000", "是")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rows(content: bytes) -> list[tuple[int, tuple[Cell, ...]]]:
    with open_table(content) as table:
        return [(line, cells) for line, cells in table.rows]


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        rows(content)
    return refused.value.code


def test_titles_stand_above_the_header() -> None:
    content = xlsx([["沈寨镇大王庄村民花名册"], ["填表日期：2026年"], [], HEADER, WANG], merged=["A1:E1"])
    assert rows(content) == [(5, WANG)]


def test_a_header_too_far_down_is_not_looked_for() -> None:
    assert refusal(xlsx([["说明"]] * 20 + [HEADER, WANG])) == "file_header"
    assert rows(xlsx([["说明"]] * 19 + [HEADER, WANG])) == [(21, WANG)]


def test_the_first_sheet_with_a_header_counts() -> None:
    content = sheets(说明=[["怎么填"], ["照着填"]], 名册=[HEADER, WANG], 旧的=[HEADER, ("李红", "女")])
    with open_table(content) as table:
        assert table.sheet == "名册"
        assert [cells[0] for _, cells in table.rows] == ["王秀英"]


def test_merged_cells_are_filled_downwards() -> None:
    header = ("村", *HEADER)
    content = xlsx([header, ("大王庄", *WANG), (None, *WANG), ("小李村", *WANG), (None, *WANG)], merged=["A2:A3"])
    assert [cells[0] for _, cells in rows(content)] == ["大王庄", "大王庄", "小李村", None]


def test_cells_keep_what_they_are() -> None:
    row = ("王秀英", 2, datetime(1956, 3, 12), 13800138000, "=1+1")
    [(line, cells)] = rows(xlsx([HEADER, row]))
    assert line == 2
    assert cells == ("王秀英", 2, datetime(1956, 3, 12), 13800138000, Formula("=1+1"))
    [(_, broken)] = rows(xlsx([HEADER, ("#N/A", "女")]))
    assert broken[0] == Fault("#N/A")


def test_blank_rows_are_left_out() -> None:
    assert [line for line, _ in rows(xlsx([HEADER, WANG, [], ["  "], WANG]))] == [2, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_in_every_encoding(encoding: str, delimiter: str) -> None:
    with open_table(csv([["花名册"], HEADER, WANG], encoding, delimiter)) as table:
        assert table.header.at[Column.PHONE] == 3
        assert [cells for _, cells in table.rows] == [WANG]
        assert not table.is_exact


def test_quotes_and_kept_text_in_a_csv() -> None:
    content = 'a\r\n"姓\r\n名",性别,手机\r\n王秀英,女,"=""13800138000"""\r\n李红,女,=A1\r\n'.encode()
    assert rows(content) == [(4, ("王秀英", "女", "13800138000")), (5, ("李红", "女", Formula("=A1")))]


def test_the_content_decides_not_the_name() -> None:
    """Nothing asks for the name: an .xlsx that is called .csv is one all the same."""
    with open_table(xlsx([HEADER, WANG])) as table:
        assert table.kind == "xlsx"
    with open_table(csv([HEADER, WANG])) as table:
        assert table.kind == "csv"


def _docx() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def _locked_zip() -> bytes:
    content = bytearray(xlsx([HEADER]))
    position = content.find(b"PK\x01\x02")
    while position >= 0:
        content[position + 8] |= 1
        position = content.find(b"PK\x01\x02", position + 4)
    return bytes(content)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "file_empty"),
    "blanks": (lambda: b"\xef\xbb\xbf\r\n\r\n", "file_empty"),
    "no sheet": (_docx, "file_kind"),
    "pdf": (lambda: b"%PDF-1.7 ...", "file_kind"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "file_kind"),
    "garbage": (lambda: random.Random(1).randbytes(5_000), "file_kind"),
    "old .xls": (lambda: OLE + bytes(2_000), "file_old"),
    "page called .xls": (lambda: b"<html><table><tr><td>\xe5\xa7\x93</td></tr></table></html>", "file_old"),
    "password": (lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "file_locked"),
    "locked parts": (_locked_zip, "file_locked"),
    "cut off": (lambda: xlsx([HEADER, WANG])[:-200], "file_damaged"),
    "broken sheet": (
        lambda: repacked(xlsx([HEADER]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
        "file_damaged",
    ),
    "bomb": (lambda: bomb(60), "file_bomb"),
    "large bomb": (lambda: bomb(200), "file_bomb"),
    "growing xml": (
        lambda: repacked(xlsx([HEADER]), "xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'),
        "file_bomb",
    ),
    "no header": (lambda: csv([("a", "b"), WANG]), "file_header"),
    "no text": (lambda: csv([HEADER]) + b"\x00\x01\x02", "file_kind"),
    "no encoding": (lambda: csv([HEADER]) + b"\xff\xff", "file_encoding"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_read_is_refused_with_its_reason(name: str) -> None:
    make, code = REFUSED[name]
    assert refusal(make()) == code


def test_too_many_rows_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.files.tables.MOST_ROWS", 2)
    assert len(rows(csv([HEADER, WANG, WANG]))) == 2
    assert refusal(csv([HEADER, WANG, WANG, WANG])) == "file_rows"
    assert refusal(b"x" * (limits.LARGEST_FILE + 1)) == "file_large"


def test_a_directory_that_lies_about_its_sizes_unpacks_nothing_more() -> None:
    """`zipfile` reads as much as the directory says and then finds that it is not whole."""
    content = bytearray(bomb(20))
    position = content.find(b"xl/worksheets/sheet1.xml", content.find(b"PK\x01\x02")) - 46
    content[position + 24 : position + 28] = (1000).to_bytes(4, "little")
    assert refusal(bytes(content)) == "file_damaged"


def test_a_cell_far_out_costs_nothing() -> None:
    part = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    part += b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xe5\xa7\x93\xe5\x90\x8d</t></is></c>'
    part += b'<c r="B1" t="inlineStr"><is><t>\xe6\x80\xa7\xe5\x88\xab</t></is></c></row>'
    part += b'<row r="60000"><c r="XFD60000" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    assert rows(repacked(xlsx([HEADER]), "xl/worksheets/sheet1.xml", part)) == []
