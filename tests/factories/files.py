"""Files as offices send them, made in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter

HEADER = ("姓名", "性别", "出生日期", "手机", "同意打电话或上门")


def xlsx(rows: Sequence[Sequence[Any]], *, merged: Sequence[str] = (), title: str = "名册") -> bytes:
    """Return a workbook with these rows; texts that begin with `=` are formulas."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    return _saved(book)


def sheets(**named: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook of several sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in named.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return _saved(book)


def csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Return a text with delimiters."""
    lines = [delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def bomb(megabytes: int = 400) -> bytes:
    """Return a workbook whose sheet unpacks to many megabytes of nothing."""
    return repacked(xlsx([HEADER]), "xl/worksheets/sheet1.xml", b" " * (megabytes << 20))


def repacked(content: bytes, name: str, part: bytes) -> bytes:
    """Return a package with one part put in another's place."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, part if info.filename == name else old.read(info))
    return out.getvalue()


def people(count: int, village: str = "大王庄", first: int = 0) -> list[tuple[str, ...]]:
    """Return rows of people under `HEADER`, nobody twice."""
    names = "秀英桂芳建国伟强丽敏"
    return [
        (
            f"王{names[n % 10]}{names[n // 10 % 10]}{names[n // 100 % 10]}",
            "女" if n % 2 else "男",
            f"{1930 + n // 1000 % 60}-{1 + n % 12:02}-{1 + n // 7 % 28:02}",
            f"138{n:08}",
            "是",
        )
        for n in range(first, first + count)
    ]


def huge_list(count: int, villages: Sequence[str]) -> bytes:
    """Return a list of `count` people of several villages, written row by row."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("村", *HEADER))
    for number, row in enumerate(people(count), 1):
        sheet.write_row(number, 0, (villages[number % len(villages)], *row))
    book.close()
    return out.getvalue()


def _saved(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
