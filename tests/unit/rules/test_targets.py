"""A service may have a target; what is each person's own to decide may not."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules import periods
from models.rules.errors import InputError
from models.rules.indicators.base import Figure
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import PeriodKind
from models.rules.targets import (
    SETTABLE,
    Refusal,
    Target,
    asks_for_one,
    attained,
    in_force,
    may_be_set,
    parse_percent,
    refusal,
)

C = IndicatorCode
REFUSED = [
    (
        Refusal.BIRTHS,
        "出生率",
        "生育率",
        "二孩率",
        "人口自然增长率",
        "births",
        "birth rate",
        "Fertility",
        "number of babies",
    ),
    (Refusal.SEX_RATIO, "出生性别比", "性别比", "男孩多少", "sex ratio at birth", "sex-ratio"),
    (
        Refusal.METHODS,
        "上环率",
        "结扎",
        "结扎任务",
        "节育率",
        "避孕率",
        "四术",
        "流产数",
        "IUD uptake",
        "sterilisation",
    ),
    (Refusal.METHODS, "sterilizations", "vasectomies", "contraceptive prevalence", "methods used", "sterilisation"),
    (Refusal.PREGNANCIES, "怀孕人数", "妊娠", "孕情", "查孕", "pregnancies", "Pregnancy tests"),
    (Refusal.UPTAKE, "康检率", "康检", "到检率", "参检率", "attendance", "uptake", "turnout", "how many decline"),
    (Refusal.FEES, "社会抚养费", "罚款", "fees collected"),
]


@pytest.mark.parametrize(("why", "words"), [(why, one) for why, *words in REFUSED for one in words])
def test_it_says_why_there_is_no_target_on_what_is_ones_own(why: Refusal, words: str) -> None:
    assert refusal(words) is why


@pytest.mark.parametrize("words", ["按时随访", "知情选择", "康检按时报全", "问到康检", "血压控制", "timely follow-up"])
def test_a_service_is_not_refused(words: str) -> None:
    assert refusal(words) is None


def test_whether_people_come_and_plain_numbers_have_none() -> None:
    assert not any(may_be_set(code) for code in (C.ATTENDANCE, C.DONE, C.DUE, C.OVERDUE))
    assert {C.TIMELINESS, C.CHECKUP_OFFER, C.REPORTING, C.INFORMED_CHOICE} <= set(SETTABLE)


@pytest.mark.parametrize(("words", "found"), [("出生率目标定多少", True), ("set a quota", True), ("谁还没报", False)])
def test_it_hears_of_a_target(words: str, found: bool) -> None:
    assert asks_for_one(words) is found


@pytest.mark.parametrize(("typed", "percent"), [("90", 90), ("90%", 90), ("百分之85", 85), ("１００", 100), (" 1 ", 1)])
def test_percents_are_read(typed: str, percent: int) -> None:
    assert parse_percent(typed) == percent


@pytest.mark.parametrize("typed", ["0", "101", "九成", "90.5", "", "-5"])
def test_others_are_refused(typed: str) -> None:
    with pytest.raises(InputError):
        parse_percent(typed)


HISTORY = [
    Target(C.TIMELINESS, 2026, 80, date(2026, 3, 15)),
    Target(C.TIMELINESS, 2026, 90, date(2026, 6, 1)),
    Target(C.REPORTING, 2026, 95, date(2026, 6, 1)),
    Target(C.REPORTING, 2026, None, date(2026, 9, 30)),
    Target(C.TIMELINESS, 2027, 95, date(2026, 11, 1)),
]


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        (PeriodKind.MONTH, date(2026, 2, 1), {}),
        (PeriodKind.MONTH, date(2026, 3, 1), {C.TIMELINESS: 80}),
        (PeriodKind.QUARTER, date(2026, 6, 1), {C.TIMELINESS: 90, C.REPORTING: 95}),
        (PeriodKind.MONTH, date(2026, 9, 1), {C.TIMELINESS: 90}),
        (PeriodKind.YEAR, date(2026, 1, 1), {C.TIMELINESS: 90}),
        (PeriodKind.MONTH, date(2027, 1, 1), {C.TIMELINESS: 95}),
        (PeriodKind.MONTH, date(2028, 1, 1), {}),
    ],
)
def test_a_change_holds_from_then_on(kind: PeriodKind, day: date, expected: dict[IndicatorCode, int]) -> None:
    assert in_force(HISTORY, periods.of(kind, day), date(2028, 6, 1)) == expected


def test_of_a_month_that_is_not_over_the_target_of_today_holds() -> None:
    march = periods.month_of(date(2026, 3, 1))
    assert in_force(HISTORY, march, date(2026, 3, 14)) == {}
    assert in_force(HISTORY, march, date(2026, 3, 15)) == {C.TIMELINESS: 80}


def test_a_figure_is_told_beside_its_target_with_what_chance_can_do() -> None:
    short = attained(Figure(42, 50), 90)
    assert short is not None
    assert (round(short.gap, 1), short.is_attained, short.may_be_chance) == (6.0, False, True)
    done = attained(Figure(200, 200), 90)
    assert done is not None
    assert (done.is_attained, done.may_be_chance) == (True, False)


@pytest.mark.parametrize("figure", [None, Figure(5), Figure(0, 0), Figure(9, 9)])
def test_of_few_people_nothing_is_said(figure: Figure | None) -> None:
    assert attained(figure, 90) is None
