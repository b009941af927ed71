"""Headers of township files."""

from __future__ import annotations

import pytest

from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules.consent import ON_REGISTERING, Purpose
from models.rules.importing.columns import Column, column_of, purposes_of, read_header


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("姓名", Column.NAME),
        ("姓 名", Column.NAME),
        ("名字", Column.NAME),
        ("性\n别", Column.SEX),
        ("出生日期", Column.BIRTH),
        ("出生年月", Column.BIRTH),
        ("生日（公历）", Column.BIRTH),
        ("身份证号", Column.IDENTITY),
        ("身份证", Column.IDENTITY),
        ("公民身份号码", Column.IDENTITY),
        ("证件号码", Column.IDENTITY),
        ("*联系电话", Column.PHONE),
        ("手机（必填）", Column.PHONE),
        ("电话：", Column.PHONE),
        ("行政村", Column.VILLAGE),
        ("村　名", Column.VILLAGE),
        ("村民组", Column.GROUP),
        ("小组", Column.GROUP),
        ("是否同意", Column.CONSENT),
        ("同意联系", Column.CONTACT),
        ("备 注", Column.REMARK),
        ("ＩＤ　Ｎｕｍｂｅｒ", Column.IDENTITY),
        ("Date of birth", Column.BIRTH),
        ("户主", None),
        ("与户主关系", None),
        ("年收入", None),
        ("", None),
    ],
)
def test_headers_are_known_however_they_are_written(title: str, column: Column | None) -> None:
    assert column_of(title) is column


@pytest.mark.parametrize(
    ("title", "purposes"),
    [
        ("同意", set()),
        ("是否同意（健康信息、联系）", {Purpose.HEALTH_RECORD, Purpose.CONTACT}),
        ("同意记录健康信息", {Purpose.HEALTH_RECORD}),
        ("同意打电话或上门", {Purpose.CONTACT}),
        ("同意接收提醒", {Purpose.REMINDERS}),
        ("同意搬家时转接记录", {Purpose.HANDOVER}),
        ("健康状况", set()),
        ("联系电话", set()),
    ],
)
def test_a_consent_counts_for_what_its_header_names(title: str, purposes: set[Purpose]) -> None:
    assert purposes_of(title) == purposes


def test_a_title_is_no_header() -> None:
    assert read_header(["沈寨镇大王庄村民花名册", "", ""]) is None
    assert read_header(["姓名"]) is None
    assert read_header(["序号", "姓名", "备注"]) is None


def test_the_order_is_free_and_unknown_columns_are_told() -> None:
    header = read_header(["年收入", "性别", None, "姓名", "手机", "联系电话", "户主"])
    assert header is not None
    assert header.at == {Column.SEX: 1, Column.NAME: 3, Column.PHONE: 4}
    assert header.unknown == ("年收入", "户主")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_understood(language: str) -> None:
    words = translator(language)
    keys = [key for key in words.catalogue if key.startswith("imports.column.")]
    titles = [words.plain(Text.of(key)) for key in keys]
    header = read_header(titles)
    assert header is not None
    assert header.unknown == ()
    assert {purpose for purposes in header.purposes.values() for purpose in purposes} == set(ON_REGISTERING)
    assert Column.CONSENT not in header.at
