"""Quick entry: a report in one line, as the answers of its form."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.rules import quick_entry
from models.rules.lines.people import Listed, People
from models.rules.quick_entry import Entry

TODAY = date(2026, 11, 9)
WANG, LI, OTHER_LI, SHAN = range(1, 5)
PEOPLE = People(
    [
        Listed(WANG, "王秀英", None, "一组", 1956),
        Listed(LI, "李红", None, "一组", 1988),
        Listed(OTHER_LI, "李红", None, "二组", 1975),
        Listed(SHAN, "单国强", None, "二组", 1949),
    ],
    2026,
)
CAME = {"outcome": "ATTENDED"}
BP = {"bp": [128, 82]}


def read(text: str) -> Entry:
    return quick_entry.read(text, PEOPLE, TODAY)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (
            "随访 王秀英 血压128/82 规律服药 下次三个月后",
            CAME | BP | {"medication": "regular", "next_on": "2027-02-09"},
        ),
        ("随访王秀英血压128/82规律服药下次三个月后", CAME | BP | {"medication": "regular", "next_on": "2027-02-09"}),
        (
            "visit Wang Xiuying bp 128/82 regular next in 3 months",
            CAME | BP | {"medication": "regular", "next_on": "2027-02-09"},
        ),
        (
            "随访 wxy 昨天 128/82 体重124斤 下次12.5",
            CAME | BP | {"weight": 620, "visited_on": "2026-11-08", "next_on": "2026-12-05"},
        ),
        ("随访 wxy 10/5 128 82", CAME | BP | {"visited_on": "2026-10-05"}),
        (
            "随访：wxy，128／82，10月5号，不规律服药",
            CAME | BP | {"visited_on": "2026-10-05", "medication": "irregular"},
        ),
        ("随访 王秀英 没找到", {"outcome": "NOT_REACHED"}),
        (
            "随访 王秀英 电话 停药了 下次20号",
            CAME | {"channel": "PHONE", "medication": "stopped", "next_on": "2026-11-20"},
        ),
        ("随访 王秀英 改到下周三", {"outcome": "RESCHEDULED", "agreed_on": "2026-11-18"}),
        ("visit wxy rescheduled to 11/20", {"outcome": "RESCHEDULED", "agreed_on": "2026-11-20"}),
        ("随访 王秀英 病了 下次周一", {"outcome": "ILL", "agreed_on": "2026-11-16"}),
        ("随访 王秀英 128/82 备注：家里有人", CAME | BP | {"note": "家里有人"}),
        ("康检 wxy 到", CAME),
        ("康检wxy没来", {"outcome": "NOT_REACHED"}),
        ("康检 王秀英 不做", {"outcome": "DECLINED"}),
        ("康检 王秀英外出", {"outcome": "AWAY"}),
        ("康检 wangxiuying 在别处做了", {"outcome": "OTHER_PROVIDER"}),
        ("checkup wxy came bp 128/82 on 11月8号", CAME | BP | {"held_on": "2026-11-08"}),
        ("随访 王秀英", {}),
    ],
)
def test_a_line_becomes_the_answers_of_its_form(text: str, answers: dict[str, Any]) -> None:
    found = read(text)
    assert quick_entry.is_entry(text)
    assert found.meant.person is not None
    assert found.meant.person.person_id == WANG
    assert found.answers == answers
    assert found.unread == ()


@pytest.mark.parametrize(
    ("text", "code", "answers"),
    [
        ("随访 王秀英 精神好，血压128/82", "lines.what_words", CAME | BP),
        ("随访 王秀英 规律服药 李红 128/82", "lines.what_words", CAME | {"medication": "regular"}),
        ("随访 王秀英 规律服药 张三丰 128/82", "lines.what_words", CAME | {"medication": "regular"}),
        ("随访 王秀英 血压128/82 没规律服药", "lines.what_words", CAME | BP),
        ("visit wxy 128/82 not regular", "lines.words", CAME | BP),
        ("随访 王秀英 没来 128/82", "lines.outcome_measured", BP),
        ("康检 王秀英 规律服药", "lines.not_in_form", CAME),
        ("随访 王秀英 下次很久以后 128/82", "date", CAME | BP),
        ("随访 王秀英 规律服药 停药了", "lines.twice", {}),
        ("随访 王秀英 到 没来", "lines.outcomes_differ", {}),
        ("随访 王秀英 128/82 12月30号", "date_old", CAME | BP | {"visited_on": "2025-12-30"}),
        ("随访 王秀英 血压1280/82", "measure_range", {}),
    ],
)
def test_what_is_not_understood_is_told(text: str, code: str, answers: dict[str, Any]) -> None:
    found = read(text)
    if code == "date_old":  # how far back a form reaches is for the form to say
        assert found.answers == answers
        return
    assert code in [fault.code for fault in found.unread]
    assert found.answers == answers


def test_who_is_not_certain_is_asked() -> None:
    found = read("随访 李红 128/82")
    assert found.meant.person is None
    assert [person.person_id for person in found.meant.choices] == [LI, OTHER_LI]
    assert (found.named, found.answers) == ("李红", CAME | BP)
    assert read("随访 李红 二组 128/82").meant.person is not None
    assert read("随访 钱七 128/82").meant.code == "lines.who_nobody"
    assert read("随访 128/82").meant.code == "lines.who_missing"


@pytest.mark.parametrize(
    "text", ["康检到了多少人", "康检日", "随访谁？", "王秀英 随访", "visits", "checkup how many", "王秀英 128/82"]
)
def test_questions_and_other_words_are_no_entry(text: str) -> None:
    assert not quick_entry.is_entry(text)


def test_names_to_look_for() -> None:
    assert quick_entry.names("随访 Wang Xiuying 128/82 头晕", TODAY) == ["Wang Xiuying", "头晕"]
