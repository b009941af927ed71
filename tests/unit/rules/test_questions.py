"""Plain questions: each of those that were written before the rules, and what the rules promise beside."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from models.rules.indicators.codes import IndicatorCode
from models.rules.questions.gazetteer import Village
from models.rules.questions.understand import understand
from models.rules.questions.understanding import Intent, Reason, Understanding
from tests.questions.cases import VILLAGES, Case, is_right, load
from tests.questions.work import calls

TODAY = date(2026, 9, 16)
ASKED, HELD_OUT, LATER = load("asked"), load("heldout"), load("later")
MOST = 2_000
"""So many calls may understanding a question take; a thousand last a millisecond, about."""


def ask(text: str) -> Understanding:
    return understand(text, VILLAGES, TODAY)


@pytest.mark.parametrize("case", ASKED + LATER, ids=lambda case: case.question)
def test_each_question_is_understood(case: Case) -> None:
    found = understand(case.question, VILLAGES, case.today)
    assert is_right(case, found), found


def test_what_was_held_out_is_understood() -> None:
    right = sum(is_right(case, understand(case.question, VILLAGES, case.today)) for case in HELD_OUT)
    assert right / len(HELD_OUT) >= 0.95


def test_there_are_300_of_both_languages_and_a_third_is_messy() -> None:
    cases = ASKED + HELD_OUT
    assert len(cases) == len({case.question for case in cases}) == 300
    assert len(HELD_OUT) == 60
    assert sum(case.language == "en" for case in cases) == 100
    assert sum(case.messy for case in cases) >= 100


def test_a_question_is_understood_with_little_work() -> None:
    ask("哪个村逾期最多")
    work = sorted(calls(partial(ask, case.question)) for case in ASKED)
    assert work[len(work) * 95 // 100] < MOST


@pytest.mark.parametrize(
    "text",
    [
        *("王秀英", "李红", "wxy", "xiuying", "5678", "一组", "一组 王", "he", "sun", "dan", "高达标"),
        *("大王庄", "康检", "随访", "change", "may", "王多少", "王秀英 128/82", "康检 wxy 到", "7 128/82"),
        "随访 王秀英 血压128/82 规律服药 下次三个月后",
    ],
)
def test_what_may_be_a_name_or_an_entry_is_no_certain_question(text: str) -> None:
    assert not ask(text).is_certain


@pytest.mark.parametrize("text", ["哪个村逾期最多", "大王庄上月康检到多少", "谁还没报", "逾期", "how many are overdue"])
def test_what_can_only_be_a_question_is_certain(text: str) -> None:
    assert ask(text).is_certain


def test_a_village_that_was_written_otherwise_is_told() -> None:
    guesses = ask("章楼逾期几个").guesses
    assert [(one.typed, one.name) for one in guesses] == [("章楼", "张楼村")]
    assert ask("张楼逾期几个").guesses == ()


def test_two_villages_that_may_be_meant_are_both_offered() -> None:
    found = ask("刘楼村逾期多少")  # one character from 张楼村, one from 刘店村
    assert found.intent is Intent.ASK
    assert {one.villages[0].name for one in found.instead} == {"张楼村", "刘店村"}


def test_what_was_not_understood_beside_the_rest_is_told() -> None:
    assert ask("大王庄逾期多少吖嗷").unexplained == ("吖嗷",)


def test_alternatives_are_near_and_of_another_meaning() -> None:
    for case in ASKED:
        found = understand(case.question, VILLAGES, case.today)
        keys = [(one.intent, one.indicator, one.villages, one.period, one.versus) for one in found.instead]
        assert len(set(keys)) == len(keys), case.question
        if found.intent not in (Intent.ASK, Intent.REFUSE):
            assert (found.intent, found.indicator, found.villages, found.period, found.versus) not in keys


def test_a_month_to_come_is_meant_of_days_and_one_past_of_figures() -> None:
    day, figure = ask("11月康检是哪天").period, ask("11月康检到了多少").period
    assert day is not None
    assert figure is not None
    assert (day.first.year, figure.first.year) == (2026, 2025)


def test_worst_is_most_where_more_is_worse() -> None:
    assert ask("逾期最差的村").intent is Intent.MOST
    assert ask("及时率最差的村").intent is Intent.LEAST


def test_what_is_refused_still_offers_what_can_be_answered() -> None:
    found = ask("谁逾期了，把名字给我")
    assert found.reason is Reason.NAMES
    assert found.instead[0].indicator is IndicatorCode.OVERDUE


def test_other_villages_are_not_known() -> None:
    found = understand("大王庄逾期多少", (Village(1, "李家沟村"),), TODAY)
    assert found.villages == ()
    assert found.unexplained


def test_a_date_that_does_not_exist_is_no_period() -> None:
    for text, day in (("2月30日访了多少", "2月30日"), ("13月逾期多少", "13月")):
        assert (ask(text).period, ask(text).unexplained) == (None, (day,))
