"""Dictated measurements: what is read of a line, and what is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from models.rules import dictation
from models.rules.lines.people import Listed, People
from models.rules.outcomes import Outcome

WANG, LI, OTHER_LI, SHAN, XIA, CHILD, GUEST = range(1, 8)
PEOPLE = People(
    [
        Listed(WANG, "王秀英", 1, "一组", 1956),
        Listed(LI, "李红", 2, "一组", 1988),
        Listed(OTHER_LI, "李红", 3, "二组", 1975),
        Listed(SHAN, "单国强", 7, "二组", 1949),
        Listed(XIA, "王霞", 70, None, 1960),
        Listed(CHILD, "张小宝", 8, None, 2022),
        Listed(GUEST, "赵客", None, "二组", 1970),
    ],
    2026,
)


def noted(text: str) -> dict[int, dict[str, Any]]:
    found = dictation.read(text, PEOPLE, 2026)
    return {
        each.person.person_id: dict(each.readings) | ({"outcome": each.outcome} if each.outcome else {})
        for each in found.noted
    }


def unread(text: str) -> list[str]:
    return [each.fault.code for each in dictation.read(text, PEOPLE, 2026).unread]


@pytest.mark.parametrize(
    "text",
    [
        "王秀英 128/82",
        "王秀英128/82",
        "王 秀英：128／82",
        "王秀英 128 82",
        "王秀英，血压128/82",
        "王秀英 高压128低压82",
        "wxy 128/82",
        "WXY128/82",
        "wangxiuying 128-82",
        "Wang Xiuying bp 128/82",
        "wangxy 128/82",
        "秀英 128/82",
        "1 128/82",
        "１　１２８／８２",
        "1号 128/82",
        "1、128/82",
        "1.王秀英 128/82",
        "王秀英 一组 128/82",
        "王秀英1956 128/82",
        "王秀英（70岁）128/82",
        "128/82 王秀英",
        "王秀英 128/82mmHg。",
        "王秀英 血压：128，82",
    ],
)
def test_one_blood_pressure_of_one_person(text: str) -> None:
    assert noted(text) == {WANG: {"bp": [128, 82]}}
    assert unread(text) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("体重62", {"weight": 620}),
        ("62kg", {"weight": 620}),
        ("体重124斤", {"weight": 620}),
        ("125斤", {"weight": 625}),
        ("体重62.5公斤", {"weight": 625}),
        ("体重95公斤", {"weight": 950}),
        ("腰围85厘米", {"waist": 850}),
        ("身高1.65", {"height": 1650}),
        ("身高1米65", {"height": 1650}),
        ("身高165cm", {"height": 1650}),
        ("脉搏72", {"pulse": 72}),
        ("72次/分", {"pulse": 72}),
        ("体温36。5", {"temperature": 365}),
        ("36.5℃", {"temperature": 365}),
        ("空腹血糖 5.6", {"glucose": 56}),
        ("5.6mmol/L", {"glucose": 56}),
        ("weight 62kg, pulse 72", {"weight": 620, "pulse": 72}),
        ("temp 36.5 glucose 5.6", {"temperature": 365, "glucose": 56}),
        ("135 88 体重62", {"bp": [135, 88], "weight": 620}),
        ("到", {"outcome": Outcome.ATTENDED}),
        ("没来", {"outcome": Outcome.NOT_REACHED}),
        ("不做", {"outcome": Outcome.DECLINED}),
        ("外出打工", {"outcome": Outcome.AWAY}),
        ("在别处做了", {"outcome": Outcome.OTHER_PROVIDER}),
        ("came 128/82", {"outcome": Outcome.ATTENDED, "bp": [128, 82]}),
        ("did not come", {"outcome": Outcome.NOT_REACHED}),
    ],
)
def test_what_else_is_measured_or_said(text: str, read: dict[str, Any]) -> None:
    assert noted(f"7 {text}") == {SHAN: read}
    assert unread(f"7 {text}") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("李红 135/88", "lines.who_several"),
        ("lihong 135/88", "lines.who_several"),
        ("李秀英 120/80", "lines.who_like"),
        ("wangxiuyng 120/80", "lines.who_like"),
        ("王秀 120/80", "lines.who_like"),
        ("钱七 120/80", "lines.who_nobody"),
        ("9 128/82", "lines.who_number"),
        ("7 王秀英 128/82", "lines.who_other"),
        ("128/82", "lines.who_missing"),
        ("128 82 70", "lines.what_number"),
        ("王秀英 12882", "lines.no_slash"),
        ("王秀英 82/128", "measure_order"),
        ("王秀英 1288/82", "measure_range"),
        ("王秀英 128/8", "measure_range"),
        ("王秀英 128/", "blood_pressure"),
        ("王秀英 128/82/70", "blood_pressure"),
        ("王秀英 128/82?", "blood_pressure"),
        ("王秀英 128", "lines.what_number"),
        ("王秀英 体重62 5", "lines.what_number"),
        ("王秀英 体重620", "lines.weight_unit"),
        ("王秀英 体重120", "lines.weight_unit"),
        ("王秀英 体温36,5", "number"),
        ("王秀英 165cm", "lines.what_number"),
        ("王秀英 脉搏72.5", "number_whole"),
        ("王秀英 体重62.55公斤", "number_places"),
        ("王秀英 血糖>16", "number"),
        ("王秀英 体重一百斤", "number"),
        ("王秀英", "lines.nothing_said"),
        ("王秀英 去世", "lines.outcome_form"),
        ("王秀英没到 128/82", "lines.outcome_measured"),
        ("王秀英 没 到", "lines.words"),
        ("wxy not came", "lines.words"),
        ("王秀英 到 没来", "lines.outcomes_differ"),
        ("王秀英 没量血压128/82", "lines.words"),
        ("王秀英 体重62 体重63", "lines.twice"),
        ("x" * 300, "lines.line_long"),
        ("王秀英 腰围2尺6", "lines.unit"),
        ("王秀英 体重40公斤 身高220", "measure_bmi"),
    ],
)
def test_what_is_not_clear_is_asked_and_not_kept(text: str, code: str) -> None:
    assert noted(text) == {}
    assert code in unread(text)


def test_a_number_before_a_pressure_is_on_the_list_and_never_a_pulse() -> None:
    assert noted("7 128/82\n70 128 82\n7、体重62") == {SHAN: {"bp": [128, 82], "weight": 620}, XIA: {"bp": [128, 82]}}
    assert noted("王秀英 72 128/82") == {}


def test_several_people_in_a_line() -> None:
    both = {WANG: {"bp": [128, 82]}, SHAN: {"bp": [135, 88]}}
    for text in (
        "王秀英 128/82；单国强 135/88",
        "王秀英 128/82。单国强 135/88。",
        "王秀英128/82，单国强135/88",
        "王秀英 128 82 单国强 135 88",
        "wxy 128/82; sgq 135/88",
    ):
        assert noted(text) == both, text


def test_nothing_readable_is_lost_beside_what_is_not() -> None:
    text = "王秀英 128/82 72\n单国强 体重62 头晕\n\n钱七 120/80\n王霞 到；赵客 体重六十"
    assert noted(text) == {WANG: {"bp": [128, 82]}, SHAN: {"weight": 620}, XIA: {"outcome": Outcome.ATTENDED}}
    found = dictation.read(text, PEOPLE, 2026).unread
    assert [(each.line, each.fault.text) for each in found] == [
        (1, "72"),
        (2, "头晕"),
        (4, "钱七 120/80"),
        (5, "体重"),
        (5, "六十"),
    ]


def test_namesakes_are_offered_with_what_is_kept_for_the_one_who_is_meant() -> None:
    (asked,) = dictation.read("李红 135 88 体重62", PEOPLE, 2026).unread
    assert [person.person_id for person in asked.choices] == [LI, OTHER_LI]
    assert asked.readings == {"bp": [135, 88], "weight": 620}


@pytest.mark.parametrize(
    "text", ["李红 二组 135/88", "二组 李红 135/88", "李红1975 135/88", "李红 75年 135/88", "李红 51岁 135/88"]
)
def test_namesakes_are_told_apart_by_group_and_year(text: str) -> None:
    assert noted(text) == {OTHER_LI: {"bp": [135, 88]}}


def test_two_lines_about_a_person_are_put_together_or_asked_about() -> None:
    assert noted("王秀英 128/82\nwxy 体重62") == {WANG: {"bp": [128, 82], "weight": 620}}
    assert noted("王秀英 128/82\nwxy 128/82") == {WANG: {"bp": [128, 82]}}
    assert noted("王秀英 128/82\nwxy 130/82\n单国强 到") == {SHAN: {"outcome": Outcome.ATTENDED}}
    assert unread("王秀英 128/82\nwxy 没来") == ["lines.said_twice"] * 2


def test_children_have_limits_of_their_own() -> None:
    assert noted("张小宝 体重18 身高98") == {CHILD: {"weight": 180, "height": 980}}
    assert unread("王秀英 体重18") == ["measure_range"]


def test_somebody_who_is_not_on_the_roster_is_offered() -> None:
    (asked,) = dictation.read("赵客 128/82", PEOPLE, 2026).unread
    assert (asked.fault.code, [person.person_id for person in asked.choices]) == ("lines.who_elsewhere", [GUEST])
    assert noted("赵客 128/82 头晕") == {}
    assert unread("赵客 128/82 头晕") == ["lines.who_elsewhere", "lines.who_nobody"]


@pytest.mark.parametrize("text", ["王秀英 128/82", "7 没来", "wxy 体重", "李红 135 88"])
def test_it_looks_dictated(text: str) -> None:
    assert dictation.looks_dictated(text)


@pytest.mark.parametrize("text", ["王秀英", "wxy", "一组 王", "李"])
def test_a_name_alone_is_looked_for(text: str) -> None:
    assert not dictation.looks_dictated(text)
