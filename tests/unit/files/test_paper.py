"""The roster on paper: read back from the PDF and from the workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from openpyxl import load_workbook
from pypdf import PdfReader

from handlers.paper import laid_out
from locales.translator import LANGUAGES
from models.files.aside import drawn
from models.files.calendar_pictures import font_path
from models.files.paper import Paper, PaperLine
from models.files.paper_sheets import sheet
from models.store._days import DayLine
from models.store.rosters import Roster

LONG, RARE = "买买提·阿卜杜拉·艾山江", "鄢䶮"
NAMES = ("王秀英", LONG, RARE, "=1+1")
EMPTY = Roster(DayLine(1, 2, date(2026, 11, 9), date(2026, 11, 9), False), "大王庄", 1, False, None, None, ())


def paper(people: int = 40, language: str = "zh-CN") -> Paper:
    lines = [PaperLine(n, NAMES[n % len(NAMES)], "一组", str(1930 + n)) for n in range(1, people + 1)]
    return replace(laid_out(language, EMPTY), lines=lines)


def text(page: Any) -> str:
    """Return the words of a page without blanks."""
    return "".join(page.extract_text().replace("\0", "").split())


@pytest.fixture(scope="module")
def pages() -> list[Any]:
    return PdfReader(BytesIO(paper().content())).pages


def test_a4_pages_say_who_which_day_and_how_results_come_back(pages: list[Any]) -> None:
    texts = [text(page) for page in pages]
    assert len(texts) == 2
    for number, (page, said) in enumerate(zip(pages, texts, strict=True), 1):
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
        for words in (
            "大王庄单月康检名册",
            "2026年11月9日",
            f"第{number}页，共2页",
            "7128/82",
            "血压体重备注",
            "8没来",
        ):
            assert words in said
    rows = [f"{n}{NAMES[n % 4]}一组{1930 + n}" for n in range(1, 41)]
    whole = "".join(texts).replace("·", "·")
    assert [row for row in rows if row not in whole and LONG not in row] == []
    assert whole.count(LONG[:6]) == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_has_its_glyph(pages: list[Any], language: str) -> None:
    glyphs = TTFont(font_path()).getBestCmap()
    wanted = paper(5, language)
    words = (wanted.title, wanted.day, *wanted.heads, *wanted.ends, *wanted.measured, *wanted.note, wanted.page, RARE)
    assert {letter for word in words for letter in word if ord(letter) not in glyphs} == set()
    for page in pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/ToUnicode" in font.get_object()
            assert "NotoSansSC" in font.get_object()["/BaseFont"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_the_same_and_nothing_comes_alive(language: str) -> None:
    wanted = paper(5, language)
    rows = list(load_workbook(BytesIO(sheet(wanted))).active.iter_rows())
    assert "大王庄" in rows[0][0].value
    assert [cell.value for cell in rows[3]] == [*wanted.heads, *wanted.ends, *wanted.measured]
    first = rows[4]
    assert [cell.value for cell in first[:4]] == [1, LONG, "一组", "1931"]
    assert first[0].data_type == "n"
    formula = next(row[1] for row in rows if row[1].value == "=1+1")
    assert formula.data_type == "s"


async def test_it_is_drawn_in_a_process_of_its_own() -> None:
    assert (await drawn(paper(1))).startswith(b"%PDF")


def test_one_page_has_room_for_people_who_are_not_on_the_list() -> None:
    assert len(PdfReader(BytesIO(paper(2, "en").content())).pages) == 1
    assert len(PdfReader(BytesIO(paper(20).content())).pages) == 2
