"""Cells of township files: as people type them, and as spreadsheets change them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from models.rules.errors import InputError
from models.rules.importing.cells import Cell, Fault, Formula
from models.rules.importing.values import (
    Birth,
    read_birth,
    read_consent,
    read_identity,
    read_name,
    read_phone,
    read_sex,
)
from models.rules.sex import Sex

TODAY = date(2026, 11, 9)
BORN = Birth(1956, 3, 12)


@pytest.mark.parametrize(
    ("cell", "birth"),
    [
        (datetime(1956, 3, 12), BORN),
        (date(1956, 3, 12), BORN),
        (20526, BORN),
        ("20526", BORN),
        (20526.0, BORN),
        (19560312, BORN),
        ("1956-03-12", BORN),
        ("1956.3.12", BORN),
        ("1956/3/12", BORN),
        ("1956年3月12日", BORN),
        ("１９５６．３．１２", BORN),
        ("56.3.12", BORN),
        ("1956-03-12 00:00:00", BORN),
        ("农历1956年二月初一", BORN),
        ("1956年3月", Birth(1956, 3)),
        ("195603", Birth(1956, 3)),
        (1956.03, Birth(1956)),
        ("1956", Birth(1956)),
        (None, None),
        ("  ", None),
    ],
)
def test_births(cell: Cell, birth: Birth | None) -> None:
    assert read_birth(cell, TODAY) == birth


def test_days_counted_from_1904() -> None:
    assert read_birth(19064, TODAY, since_1904=True) == BORN


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3.12", "imports.birth_year"),
        ("昨天", "imports.birth_year"),
        ("26.3.12", "imports.birth_year"),
        ("1956-02-30", "date_impossible"),
        ("1956年13月", "date_impossible"),
        ("2027-01-01", "date_future"),
        (datetime(2027, 1, 1), "date_future"),
        ("1856-03-12", "imports.birth_old"),
        ("不详", "date"),
        (Formula("=A1"), "imports.formula"),
        (Fault("#N/A"), "imports.fault"),
    ],
)
def test_births_that_are_refused(cell: Cell, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_birth(cell, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "cell",
    ["11010519491231002X", "'11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_identity_numbers(cell: Cell) -> None:
    found = read_identity(cell, TODAY)
    assert found is not None
    assert (found.number, found.birth, found.sex) == ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (4.11728195603121e17, "imports.identity_rounded"),
        ("4.11728E+17", "imports.identity_rounded"),
        (411728195603120000, "imports.identity_rounded"),
        ("411728195603120000", "imports.identity_rounded"),
        ("110105194912310021", "identity_check"),
        ("110105491231002", "identity_old"),
        ("1101051949123100", "identity_form"),
    ],
)
def test_identity_numbers_that_are_refused(cell: Cell, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_identity(cell, TODAY)
    assert refused.value.code == code


def test_a_number_that_only_looks_right_is_refused_where_it_may_be_rounded() -> None:
    number = "110101196001010000"
    for last in range(0, 100):
        number = f"1101011960010{last:02}000"
        try:
            read_identity(number, TODAY)
        except InputError:
            continue
        break
    else:
        raise AssertionError("no such number")
    with pytest.raises(InputError) as refused:
        read_identity(number, TODAY, is_exact=False)
    assert refused.value.code == "imports.identity_rounded"


@pytest.mark.parametrize(
    "cell", [13800138000, 13800138000.0, "138-0013-8000", "+86 13800138000", "'13800138000", "0396-3812345/13800138000"]
)
def test_phones(cell: Cell) -> None:
    assert read_phone(cell) == "13800138000"


@pytest.mark.parametrize(("cell", "code"), [("1.38001E+10", "imports.phone_rounded"), ("3812345", "phone")])
def test_phones_that_are_refused(cell: Cell, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_phone(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "sex"),
    [("男", Sex.MALE), (1, Sex.MALE), (2.0, Sex.FEMALE), ("女性", Sex.FEMALE), ("F", Sex.FEMALE), ("", None)],
)
def test_sexes(cell: Cell, sex: Sex | None) -> None:
    assert read_sex(cell) is sex


@pytest.mark.parametrize("cell", [3, "未知", True])
def test_sexes_that_are_refused(cell: Cell) -> None:
    with pytest.raises(InputError):
        read_sex(cell)


@pytest.mark.parametrize(
    ("cell", "name"),
    [(" 王　芳 ", "王芳"), ("王秀英\n", "王秀英"), ("买买提•艾力", "买买提·艾力"), ("Ann Lee", "Ann Lee")],
)
def test_names(cell: Cell, name: str) -> None:
    assert read_name(cell) == name


@pytest.mark.parametrize("cell", ["王", "王1", 5, None, "王芳(户主)", Formula("=A1")])
def test_names_that_are_refused(cell: Cell) -> None:
    with pytest.raises(InputError):
        read_name(cell)


@pytest.mark.parametrize(("cell", "agrees"), [("是", True), ("√", True), (1, True), ("否", False), (None, False)])
def test_consents(cell: Cell, agrees: bool) -> None:
    assert read_consent(cell) is agrees


def test_a_consent_that_is_unclear_is_refused() -> None:
    with pytest.raises(InputError):
        read_consent("也许")
