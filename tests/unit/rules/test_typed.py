"""Numbers, blood pressure, phones, identity numbers, money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from models.rules import bloodpressure, identity, money, numbers, phones
from models.rules.bloodpressure import BloodPressure
from models.rules.errors import InputError
from models.rules.sex import Sex
from models.rules.typed import chinese_number, plain

TODAY = date(2026, 10, 7)


def code_of(call: Callable[[], object]) -> str:
    """Return the code of the refusal, and hold it to having an example that is a real one."""
    with pytest.raises(InputError) as refused:
        call()
    assert refused.value.example
    return refused.value.code


@pytest.mark.parametrize(
    "typed",
    [
        "128/82", "128 82", "128-82", "１２８／８２", "128，82", "128、82", "128\\82", " 128 / 82 ", "高压128低压82",
        "低压82，高压128", "收缩压128 舒张压82", "血压128/82mmHg", "128－82", "BP 128/82", "高压：128，低压：82",
    ],
)  # fmt: skip
def test_blood_pressure_in_one_go(typed: str) -> None:
    assert bloodpressure.parse(typed) == BloodPressure(128, 82)


@pytest.mark.parametrize(
    "typed", ["", "128", "128/", "/82", "12882", "128/82/70", "高压128", "低压82", "高压128低压82脉搏70", "abc/def"]
)
def test_no_blood_pressure(typed: str) -> None:
    assert code_of(lambda: bloodpressure.parse(typed)) == "blood_pressure"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("36.5", "36.5"), ("３６．５", "36.5"), ("36,5", "36.5"), ("36。5", "36.5"), ("36.5度", "36.5"),
     ("36.5 ℃", "36.5"), ("65kg", "65"), ("65公斤", "65"), ("6.0", "6.0"), (".5", "0.5"), ("-3", "-3"),
     ("5.6mmol/L", "5.6"), ("7.", "7")],
)  # fmt: skip
def test_a_decimal(typed: str, value: str) -> None:
    assert numbers.parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "number"), ("很高", "number"), ("1e5", "number"), ("nan", "number"), ("1 2", "number"),
     ("36.55", "number_places"), ("3.6.5", "number"), ("9999999999", "number"), ("1,234.5", "number")],
)  # fmt: skip
def test_no_decimal(typed: str, code: str) -> None:
    assert code_of(lambda: numbers.parse_decimal(typed)) == code


def test_a_whole_number() -> None:
    assert numbers.parse_integer("７２次/分") == 72
    assert numbers.parse_integer("72.0") == 72
    assert code_of(lambda: numbers.parse_integer("72.5")) == "number_whole"


@pytest.mark.parametrize(
    "typed",
    ["13800138000", "+86 138 0013 8000", "+8613800138000", "0086-13800138000", "138-0013-8000",
     "１３８００１３８０００", "(+86)13800138000", "86 13800138000"],
)  # fmt: skip
def test_a_phone(typed: str) -> None:
    assert phones.parse(typed) == "13800138000"


@pytest.mark.parametrize("typed", ["", "12800138000", "1380013800", "138001380001", "0397-4922000", "+1 13800138000"])
def test_no_phone(typed: str) -> None:
    assert code_of(lambda: phones.parse(typed)) == "phone"


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002X", "11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"],
)
def test_an_identity_number(typed: str) -> None:
    found = identity.parse(typed, TODAY)
    assert (found.number, found.birth, found.sex) == ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE)
    assert found.region_known


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "identity_form"), ("1101051949123100", "identity_form"), ("11010519491231002Y", "identity_form"),
        ("110105491231002", "identity_old"), ("110105194912310021", "identity_check"),
        ("11010519491331002X", "identity_date"), ("11010519490229002X", "identity_date"),
        ("11010520991231002X", "identity_date"), ("11010517491231002X", "identity_date"),
    ],
)  # fmt: skip
def test_no_identity_number(typed: str, code: str) -> None:
    assert code_of(lambda: identity.parse(typed, TODAY)) == code


def test_an_unknown_region_is_no_error() -> None:
    body = "41282319700101001"
    number = body + identity.check_digit(body)
    assert identity.parse(number, TODAY).region_known
    assert not identity.parse(number, TODAY, frozenset({"411728"})).region_known
    strange = "990105194912310" + "02"
    assert not identity.parse(strange + identity.check_digit(strange), TODAY).region_known


def test_only_the_end_of_an_identity_number_is_shown() -> None:
    assert identity.masked("11010519491231002X") == "…002X"


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("1.5万", 1_500_000), ("1.5万元", 1_500_000), ("１．５万", 1_500_000), ("15000", 1_500_000),
     ("¥1,234.56", 123_456), ("20.9万", 20_900_000), ("0", 0), ("5 元", 500), ("68 万", 68_000_000), ("0.01元", 1)],
)  # fmt: skip
def test_money(typed: str, fen: int) -> None:
    assert money.parse(typed) == fen


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "money"), ("很多", "money"), ("-5", "money"), ("1.234", "money_fen"), ("1,23", "money"), ("1亿", "money"),
     ("999999999999999万", "money_large")],
)  # fmt: skip
def test_no_money(typed: str, code: str) -> None:
    assert code_of(lambda: money.parse(typed)) == code


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("十", 10), ("十五", 15), ("二十", 20), ("廿一", 21), ("三十", 30), ("卅", 30), ("两", 2), ("〇", 0),
     ("", None), ("百", None), ("十十", None), ("一二", None), ("100", None)],
)  # fmt: skip
def test_chinese_numbers(text: str, number: int | None) -> None:
    assert chinese_number(text) == number


def test_plain_text() -> None:
    assert plain("　１２８／８２　") == "128/82"
    assert plain("a—b－c") == "a-b-c"
    assert len(plain("9" * 10_000)) == 200
