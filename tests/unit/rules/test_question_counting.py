"""For which months a question is answered, and who comes first."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.indicators.base import Figure
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import PeriodKind
from models.rules.questions.counting import How, compared_with, counted, is_only_of_now
from models.rules.questions.ranking import Standing, first_few, ranked
from models.rules.questions.understand import understand
from tests.questions.cases import VILLAGES

TODAY = date(2026, 9, 16)


@pytest.mark.parametrize(
    ("text", "kind", "first", "how"),
    [
        ("昨天访了多少", PeriodKind.MONTH, date(2026, 9, 1), How.AROUND),
        ("上周访了多少", PeriodKind.MONTH, date(2026, 9, 1), How.AROUND),
        ("9月1号以来访了多少", PeriodKind.MONTH, date(2026, 9, 1), How.ASKED),
        ("近三个月及时率", PeriodKind.QUARTER, date(2026, 7, 1), How.ASKED),
        ("今年以来及时率", PeriodKind.YEAR_TO_DATE, date(2026, 1, 1), How.ASKED),
        ("今年及时率", PeriodKind.YEAR, date(2026, 1, 1), How.ASKED),
        ("1到8月及时率", PeriodKind.YEAR_TO_DATE, date(2026, 1, 1), How.ASKED),
        ("1到6月及时率", PeriodKind.HALF_YEAR, date(2026, 1, 1), How.ASKED),
        ("3到8月及时率", PeriodKind.YEAR_TO_DATE, date(2026, 1, 1), How.AROUND),
        ("去年下半年及时率", PeriodKind.HALF_YEAR, date(2025, 7, 1), How.ASKED),
        ("及时率", PeriodKind.MONTH, date(2026, 9, 1), How.THIS_MONTH),
    ],
)
def test_whole_months_are_counted(text: str, kind: PeriodKind, first: date, how: How) -> None:
    found = understand(text, VILLAGES, TODAY)
    answer = counted(found.period, found.indicator, TODAY)
    assert (answer.period.kind, answer.period.first, answer.how) == (kind, first, how)


def test_in_an_even_month_the_last_checkup_is_meant() -> None:
    october = date(2026, 10, 8)
    assert counted(None, IndicatorCode.ATTENDANCE, october).period.first == date(2026, 9, 1)
    assert counted(None, IndicatorCode.ATTENDANCE, october).how is How.LAST_ROUND
    assert counted(None, IndicatorCode.TIMELINESS, october).how is How.THIS_MONTH


def test_of_a_month_between_the_rounds_the_round_before_is_told() -> None:
    asked = understand("大王庄8月康检到了多少", VILLAGES, TODAY)
    answer = counted(asked.period, asked.indicator, TODAY)
    assert (answer.period.first, answer.how) == (date(2026, 7, 1), How.NO_ROUND)
    assert [one.period.first for one in asked.instead if one.period != asked.period] == [date(2026, 5, 1)]
    moved_there = counted(asked.period, asked.indicator, TODAY, has_moved_day=True)
    assert (moved_there.period.first, moved_there.how) == (date(2026, 8, 1), How.ASKED)
    assert counted(asked.period, IndicatorCode.TIMELINESS, TODAY).how is How.ASKED
    ahead = understand("下个月康检到了多少", VILLAGES, TODAY)
    assert counted(ahead.period, ahead.indicator, TODAY).period.first == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("text", "today", "first"),
    [
        ("康检到检率跟上个月比", TODAY, date(2026, 7, 1)),
        ("康检到检率环比", date(2026, 10, 8), date(2026, 7, 1)),
        ("7月康检到检率和5月比", TODAY, date(2026, 5, 1)),
        ("康检到检率同比", TODAY, date(2025, 9, 1)),
        ("及时率跟上个月比", TODAY, date(2026, 8, 1)),
    ],
)
def test_checkups_are_compared_with_those_before(text: str, today: date, first: date) -> None:
    assert compared_with(understand(text, VILLAGES, today), today).period.first == first


def test_what_is_waiting_is_known_of_now_only() -> None:
    assert is_only_of_now(IndicatorCode.OVERDUE)
    assert not is_only_of_now(IndicatorCode.DONE)


def test_hidden_figures_have_no_place_and_level_ones_share_it() -> None:
    standings = [
        Standing("甲", Figure(12)),
        Standing("乙", None),
        Standing("丙", Figure(30)),
        Standing("丁", Figure(12)),
        Standing("戊", Figure(0, 0)),
    ]
    assert [name for name, _ in ranked(standings, falling=True)] == ["丙", "甲", "丁"]
    assert [name for name, _ in first_few(standings, 1, falling=True)] == ["丙"]
    assert [name for name, _ in first_few(standings, 1, falling=False)] == ["甲", "丁"]
