"""Reports as files: read back from the workbook and from the PDF, in both languages, with 40 villages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import combinations
from typing import Any

import pypdfium2
import pytest
from openpyxl import load_workbook

from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.files.report_content import Report, Value
from models.files.report_pages import ReportPages
from models.files.report_sheets import ReportSheets
from models.rules.access import Role
from models.rules.indicators.catalogue import INDICATORS
from tests.factories.reported import ODD, found, reported

_LONG, _RARE = ODD[1], ODD[4]
Row = tuple[Any, ...]


def book(report: Report) -> Any:
    return load_workbook(BytesIO(ReportSheets(report).content()))


def rows(sheet: Any) -> list[Row]:
    """Return a sheet's rows below the names of its columns."""
    found = list(sheet.iter_rows(values_only=True))
    head = next(line for line, row in enumerate(found) if line and row[1] is not None)
    return found[head + 1 :]


@cache
def paper(language: str) -> bytes:
    """Return the PDF; that a glyph is missing, of which fpdf2 only warns, fails."""
    warnings: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = warnings.append  # type: ignore[method-assign]
    logging.getLogger("fpdf").addHandler(handler)
    try:
        content = ReportPages(reported(language)).content()
    finally:
        logging.getLogger("fpdf").removeHandler(handler)
    assert [record.getMessage() for record in warnings] == []
    return content


def words(page: Any) -> str:
    """Return the words of a page without blanks."""
    return "".join(page.get_textpage().get_text_range().split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_numbers_and_no_name_of_a_place_comes_alive(language: str) -> None:
    sheets = book(reported(language)).worksheets
    assert len(sheets) == 4
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell for cell in cells if cell.data_type == "s" and str(cell.value).strip("-").isdigit()] == []
    names = {row[0] for row in rows(sheets[1])}
    assert set(ODD) <= names
    assert len(names) == 42


@pytest.mark.parametrize("role", [Role.LEADER, Role.CLINIC])
def test_every_figure_stands_there_once_as_a_number_or_kept_back_with_the_reason(role: Role) -> None:
    report, made = reported(role=role), found(role=role)
    sheets = book(report).worksheets
    for row, figure in zip(rows(sheets[0]), report.figures, strict=True):
        assert row[0] == figure.name
        assert_is(row[1:7], figure.value)
        assert row[7] == (figure.change.period or None)
        assert row[13:] == (figure.value.beside or (None,) * 3)
        assert_is((*row[8:11], None, None, row[12]), figure.change.value, note=row[12])
    told = {(row[0], row[1]): row[2:] for row in rows(sheets[2])}
    for trend, figure in zip(made.trends.values(), report.figures, strict=True):
        for line in trend.now.lines:
            row = told[line.name, figure.name]
            if line.figure is None:
                assert row[:5] == (None,) * 5 and row[5] == "人少，不显示"
            else:
                assert (row[0], row[1]) == (line.figure.n, line.figure.of)
    assert any(row[0] is None for row in told.values()) is (role is Role.LEADER)


def assert_is(cells: Row, value: Value, note: object = ...) -> None:
    numbers = (value.n, value.of, value.percent, value.low, value.high)
    for cell, number in zip(cells[:5], numbers, strict=True):
        if note is ... or cell is not None:
            assert cell == (None if number is None else pytest.approx(number))
    if note is ...:
        assert cells[5] == (value.note or None)


def test_a_number_that_is_kept_back_is_an_empty_cell_that_the_last_column_names() -> None:
    report = reported()
    kept = [row for row in rows(book(report).worksheets[1]) if row[-1] and "人少，不显示" in row[-1]]
    assert kept
    for row in kept:
        assert None in row[1:-1] and "不显示" not in str(row[1:-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_defined_in_full(language: str) -> None:
    said = translator(language)
    told = {row[0]: row[1:] for row in rows(book(reported(language, 1)).worksheets[3])}
    assert len(told) == len(INDICATORS)
    for code, indicator in INDICATORS.items():
        parts = told[said.plain(Text.of(f"indicators.{code}.name"))]
        assert len(parts) == 6 and all(parts)
        for part in ("definition", "numerator", "exclusions", "source"):
            assert said.plain(Text.of(f"indicators.{code}.{part}")) in parts
        if indicator.is_rate:
            assert said.plain(Text.of(f"indicators.{code}.denominator")) in parts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_has_every_village_and_figure_on_numbered_a4_pages(language: str) -> None:
    pages = list(pypdfium2.PdfDocument(paper(language)))
    texts = [words(page) for page in pages]
    whole = "".join(texts)
    report = reported(language)
    for number, (page, said) in enumerate(zip(pages, texts, strict=True), 1):
        assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]
        assert "".join(report.words.page.format(page=number, pages=len(pages)).split()) in said
    for village in report.villages:
        name = "".join(village.name.split())
        assert name in whole or name[:6] in whole, village.name
    for figure in report.figures:
        assert "".join(figure.name.split()) in whole
        for part in figure.definition.parts:
            assert "".join(part.split()) in whole, part
    assert _RARE in whole and _LONG not in whole, "a name that has no room is cut"
    assert len(pages) <= 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_lie_upon_others_or_leave_the_paper(language: str) -> None:
    for page in pypdfium2.PdfDocument(paper(language)):
        width, height = page.get_size()
        boxes = list(_boxes(page))
        assert len(boxes) > 5
        assert all(0 < left < right < width and 0 < low < high < height for left, low, right, high in boxes)
        assert [pair for pair in combinations(boxes, 2) if _overlap(*pair)] == []


def _boxes(page: Any) -> Iterator[tuple[float, float, float, float]]:
    """Yield left, bottom, right and top of each piece of text."""
    for piece in page.get_objects(filter=[1], max_depth=2):
        yield piece.get_bounds()


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across > 0.5 and along > 0.5


def test_a_manager_has_one_village_and_no_table_of_villages() -> None:
    report = reported(role=Role.MANAGER, villages=1)
    assert report.villages == []
    assert [sheet.title for sheet in book(report).worksheets] == ["总表", "怎么算的"]
