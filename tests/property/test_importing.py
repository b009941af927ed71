"""Whatever stands in a file is read or refused with a reason; what a spreadsheet writes is read back."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.errors import InputError
from models.rules.identity import check_digit
from models.rules.importing import values
from models.rules.importing.cells import Cell, Fault, Formula
from models.rules.importing.columns import _CALLED, Column, column_of, read_header
from models.rules.importing.places import Places
from models.rules.importing.rows import RowReader
from models.rules.importing.values import Birth

TODAY = date(2026, 11, 9)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.builds(Formula, st.text(max_size=5)),
    st.builds(Fault, st.just("#N/A")),
)
BIRTHS = st.dates(date(1928, 1, 1), TODAY)
KNOWN = st.sampled_from([(name, column) for column, names in _CALLED.items() for name in names])
HEADER = read_header(["姓名", "性别", "出生日期", "身份证号", "手机", "村", "组", "同意健康信息"])
PLACES = Places("沈寨镇", {1: "大王庄"}, {1: {11: "一组"}}, own=1)


def _disguised(name: str, dice: random.Random) -> str:
    """Write a header as people do: blanks, line breaks, brackets, a colon, full-width letters."""
    letters = [letter + dice.choice(["", "", "", " ", "\n", "　"]) for letter in name]
    around = dice.choice(["{}", "{}：", "*{}", "{}（必填）", "{}(注)", "【{}】", " {} "])
    words = around.format("".join(letters))
    return words if dice.random() < 0.7 else "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in words)


@given(KNOWN, st.integers())
def test_a_header_is_known_in_any_disguise(known: tuple[str, Column], seed: int) -> None:
    name, column = known
    assert column_of(_disguised(name, random.Random(seed))) is column


@given(st.permutations(["姓名", "性别", "出生日期", "手机", "村", "年收入"]))
def test_columns_are_found_in_any_order(titles: list[str]) -> None:
    header = read_header(titles)
    assert header is not None
    assert header.at[Column.NAME] == titles.index("姓名")
    assert header.at[Column.PHONE] == titles.index("手机")
    assert header.unknown == ("年收入",)


@given(BIRTHS)
def test_a_birth_is_read_in_every_form(day: date) -> None:
    born = Birth(day.year, day.month, day.day)
    forms: list[Cell] = [
        day,
        datetime(day.year, day.month, day.day),
        (day - date(1899, 12, 30)).days,
        float((day - date(1899, 12, 30)).days),
        int(f"{day:%Y%m%d}"),
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y-%m-%d} 0:00:00",
    ]
    for form in forms:
        if isinstance(form, int | float) and not isinstance(form, bool) and 0 <= form < 10_000:
            continue
        assert values.read_birth(form, TODAY) == born, form


@given(BIRTHS, st.integers(0, 999))
def test_a_rounded_identity_number_is_never_taken(day: date, sequence: int) -> None:
    body = f"411728{day:%Y%m%d}{sequence:03}"
    number = body + check_digit(body)
    found = values.read_identity(number, TODAY)
    assert found is not None
    assert found.number == number
    if number.isdigit():
        rounded = int(number[:15]) * 1000
        for cell in (rounded, float(number), f"{float(number):.5E}"):
            try:
                values.read_identity(cell, TODAY)
            except InputError as error:
                assert error.code == "imports.identity_rounded"
            else:
                raise AssertionError(cell)


@given(st.integers(13_000_000_000, 19_999_999_999))
def test_a_phone_is_read_as_number_and_text(number: int) -> None:
    for cell in (number, float(number), str(number), f"{number}.0"[:-2], f"+86{number}", f"'{number}"):
        assert values.read_phone(cell) == str(number)


@settings(max_examples=300)
@given(st.lists(CELLS, max_size=9))
def test_no_row_breaks_the_reader(cells: list[Cell]) -> None:
    assert HEADER is not None
    RowReader(HEADER, PLACES, TODAY + timedelta(days=1)).read(1, cells)
