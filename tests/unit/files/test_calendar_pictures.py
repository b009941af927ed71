"""The calendar's picture: wide as a phone, told apart by shape, without a character that the font lacks."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from io import BytesIO

import pytest
from PIL import Image, ImageFont

from locales.translator import LANGUAGES, translator
from models.files.aside import NotDrawn, drawn, ready
from models.files.calendar_pictures import WIDTH, Mark, Month, Shape, Sheet, draw, font_path

NOVEMBER = Month(date(2026, 11, 1), "2026年11月")
DAY = date(2026, 11, 11)


def sheet(*marks: Mark, months: int = 1, today: date = date.min) -> Sheet:
    legend = [(mark, "说明") for mark in marks]
    return Sheet([NOVEMBER] * months, "一二三四五六日", {DAY: marks} if marks else {}, legend, today)


def grey(content: bytes) -> bytes:
    """Return the picture without its colours."""
    return Image.open(BytesIO(content)).convert("L").tobytes()


def test_three_months_fit_a_phone() -> None:
    picture = Image.open(BytesIO(draw(sheet(Mark("康检", Shape.FULL), months=3))))
    assert picture.format == "PNG"
    assert picture.width == WIDTH
    assert 844 / 390 * 0.6 < picture.height / picture.width < 10_000 / WIDTH - 1
    assert picture.width + picture.height < 10_000, "what the chat network takes"


def test_marks_differ_without_colours() -> None:
    marks = [Mark("日", shape) for shape in Shape]
    marks += [Mark("日", Shape.FULL, dashed=True), Mark("日", Shape.FULL, struck=True)]
    marks += [Mark("会", Shape.FRAME, dashed=True), Mark("日", Shape.FRAME, struck=True)]
    assert len({grey(draw(sheet(mark))) for mark in marks}) == len(marks)


def test_today_is_ringed_and_two_share_a_day() -> None:
    one, other = Mark("康检3村", Shape.FULL, short="3村"), Mark("联席", Shape.FRAME)
    pictures = {draw(sheet()), draw(sheet(today=DAY)), draw(sheet(one)), draw(sheet(one, other))}
    assert len(pictures) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_font_has_every_character_of_the_texts(language: str) -> None:
    font = ImageFont.truetype(font_path(), 20)
    nothing = bytes(font.getmask("\U000e0001"))
    texts = translator(language).catalogue
    said = {one for key, words in texts.items() if key.startswith("calendar.m") for one in words if one.isalpha()}
    rare = set("鄢翟缪覃淯郾犇喆㛃䶮") if language == LANGUAGES[0] else set()
    assert [one for one in said | rare if bytes(font.getmask(one)) == nothing] == []


def test_nothing_of_it_is_loaded_before_a_picture_is_drawn() -> None:
    heavy = {"PIL", "pylopdf_fonts_zh_cn", "matplotlib", "numpy"}
    code = f"import sys, handlers.calendar, handlers.pictures; sys.exit(not {heavy}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_it_is_drawn_in_a_process_of_its_own_all_the_same() -> None:
    one = sheet(Mark("康检", Shape.FULL))
    assert await drawn(one) == draw(one)


async def test_a_process_that_is_ready_draws_or_is_gone() -> None:
    async with ready(["PIL.ImageDraw"]) as pen:
        assert await pen(sheet()) == draw(sheet())
    async with ready():
        pass


async def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(NotDrawn):
        await drawn("no sheet")  # type: ignore[arg-type]
