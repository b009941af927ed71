"""Whole rows: a person, nobody, or all that is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.consent import Purpose
from models.rules.errors import InputError
from models.rules.importing.cells import Cell
from models.rules.importing.columns import read_header
from models.rules.importing.places import Places
from models.rules.importing.repeats import Repeats
from models.rules.importing.rows import FileRow, RowReader, WrongRow
from models.rules.sex import Sex

TODAY = date(2026, 11, 9)
TITLES = ["序号", "姓名", "性别", "出生日期", "身份证号", "手机", "村", "组", "同意打电话或上门"]
NUMBER = "11010519491231002X"
TOWNSHIP = Places(
    "沈寨镇",
    {1: "大王庄", 2: "小李村", 3: "沈寨村", 4: "沈寨社区"},
    {1: {11: "一组", 12: "二组"}, 2: {21: "东头"}},
)
VILLAGE = Places("沈寨镇", TOWNSHIP.villages, TOWNSHIP.groups, own=1)


def read(*cells: Cell, places: Places = VILLAGE) -> FileRow | WrongRow | None:
    header = read_header(TITLES)
    assert header is not None
    return RowReader(header, places, TODAY).read(7, cells)


def codes(row: FileRow | WrongRow | None) -> list[str]:
    assert isinstance(row, WrongRow), row
    return [problem.code for problem in row.problems]


def person(*cells: Cell, places: Places = VILLAGE) -> FileRow:
    row = read(*cells, places=places)
    assert isinstance(row, FileRow), row
    return row


def test_a_whole_row() -> None:
    row = person(1, "王秀英", "女", "1949-12-31", NUMBER, 13800138000.0, "沈寨镇大王庄村委会", "第2村民组", "是")
    assert row == FileRow(
        7,
        "王秀英",
        Sex.FEMALE,
        date(1949, 12, 31),
        NUMBER,
        "13800138000",
        1,
        12,
        frozenset({Purpose.CONTACT}),
    )
    assert (row.kept_phone, row.kept_identity) == ("13800138000", None)


def test_the_number_tells_birth_and_sex() -> None:
    row = person(1, "王秀英", None, "1949年12月", NUMBER)
    assert (row.sex, row.birth, row.village_id, row.purposes) == (Sex.FEMALE, date(1949, 12, 31), 1, frozenset())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((1, "王秀英", "男", "1949-12-30", NUMBER), ["imports.sex_differs", "imports.birth_differs"]),
        ((1, "王秀英", "女", "1949年12月"), ["imports.birth_day"]),
        ((1, "王秀英", "", "1949-12-31"), ["imports.sex_missing"]),
        ((1, "", "女", "1949-12-31"), ["name_length"]),
        ((1, "王秀英", "女", "x", "1", "2", "小李村", None, "?"), None),
        ((1, "王秀英", "女", None, None, None, "大王庄", "9组"), ["imports.group_unknown"]),
        ((1, "王秀英", "女", None, None, None, "张庄"), ["imports.village_unknown"]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(cells: tuple[Cell, ...], expected: list[str] | None) -> None:
    everything = ["identity_form", "date", "imports.village_other", "phone", "imports.consent"]
    assert codes(read(*cells)) == (everything if expected is None else expected)


@pytest.mark.parametrize(
    "cells",
    [(5,), (None, "  "), ("合计", "5"), ("示例", "王秀英", "女", "1956-03-12"), ("填表人：张三",), (None, None, "男")],
)
def test_nobody_stands_there(cells: tuple[Cell, ...]) -> None:
    assert read(*cells) is None


def test_the_township_has_to_be_told_the_village() -> None:
    assert codes(read(1, "王秀英", "女", places=TOWNSHIP)) == ["imports.village_missing"]
    assert person(1, "王秀英", "女", None, None, None, "小李", "东头", places=TOWNSHIP).group_id == 21


@pytest.mark.parametrize(("typed", "village"), [("沈寨村", 3), ("沈寨社区居委会", 4), ("沈寨", None)])
def test_villages_that_could_be_two_are_not_guessed(typed: str, village: int | None) -> None:
    if village is not None:
        assert TOWNSHIP.village(typed) == village
        return
    with pytest.raises(InputError):
        TOWNSHIP.village(typed)


@pytest.mark.parametrize("typed", ["一组", "1组", "1", "第一村民小组", "大王庄一组", "１组", "一队"])
def test_groups_by_their_number(typed: str) -> None:
    assert TOWNSHIP.group(1, typed) == 11


def test_where_no_groups_are_known_none_is_asked_for() -> None:
    assert TOWNSHIP.group(3, "八组") is None


def test_people_who_stand_there_twice() -> None:
    repeats = Repeats()
    first = person(1, "王秀英", "女", "1949-12-31", NUMBER, "13800138000")
    assert repeats.line_of(first) is None
    same = [
        person(2, "王秀英", None, None, NUMBER),
        person(2, "王秀英", "女", None, None, "13800138000"),
        person(2, "王秀英", "女", "1949-12-31"),
    ]
    assert [repeats.line_of(row) for row in same] == [7, 7, 7]
    others = [person(2, "王秀英", "女", "1950-01-01"), person(2, "王秀英", "女"), person(2, "李红", "女", "1949-12-31")]
    assert [repeats.line_of(row) for row in others] == [None, None, None]
