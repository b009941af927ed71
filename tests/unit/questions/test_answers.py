"""Figures in words, and how they have changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from handlers.question_answers import change, every_village, value
from handlers.question_words import Asked
from locales.message import Text
from locales.translator import translator
from models.rules import periods
from models.rules.indicators.base import Figure
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import PeriodKind
from models.rules.questions.understand import understand
from models.store.indicators.figures import Line, Page
from tests.questions.cases import VILLAGES

TODAY = date(2026, 11, 26)
NAMES = ("甲村", "乙村", "丙村", "丁村")


def said(texts: Iterable[Text]) -> list[str]:
    return [translator("zh-CN").plain(text) for text in texts]


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure(42, 50), "84.0%（42/50，多半在 71.5–91.7%）"),
        (Figure(9, 10), "90.0%（9/10，多半在 59.6–98.2%）"),
        (Figure(0, 7), "0.0%（0/7，多半在 0.0–35.4%）"),
        (Figure(0, 0), "没有要算的"),
        (Figure(12), "12 人次"),
        (None, "人少，不显示"),
    ],
)
def test_a_rate_is_told_with_its_interval(figure: Figure | None, words: str) -> None:
    assert said([value(figure)]) == [words]


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (Figure(30), Figure(12), ["多了 18"]),
        (Figure(12), Figure(30), ["少了 18"]),
        (Figure(12), Figure(12), ["没有变化"]),
        (Figure(900, 1000), Figure(500, 1000), ["高了 40.0 个百分点"]),
        (Figure(9, 10), Figure(8, 10), ["高了 10.0 个百分点", "这点差别，可能是碰巧。"]),
        (Figure(5, 10), Figure(5, 10), ["没有变化"]),
        (Figure(5, 10), Figure(0, 0), []),
        (None, Figure(12), []),
        (Figure(12), None, []),
    ],
)
def test_a_change_is_told_and_whether_it_may_be_chance(
    now: Figure | None, before: Figure | None, words: list[str]
) -> None:
    assert said(change(now, before)) == words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((12, 0, 0, 0), ["甲村：12 人次", "一个也没有的 3 个村：乙村、丙村、丁村", "全部合计：12 人次"]),
        ((12, 0, 0, 11), ["甲村：12 人次", "丁村：11 人次", "乙村：0 人次", "丙村：0 人次", "全部合计：23 人次"]),
        (
            (None, 0, 0, 0),
            ["一个也没有的 3 个村：乙村、丙村、丁村", "另有 1 个村人少，不显示", "全部合计：人少，不显示"],
        ),
    ],
)
def test_villages_with_none_are_told_in_one_line(counts: tuple[int | None, ...], words: list[str]) -> None:
    figures = [None if count is None else Figure(count) for count in counts]
    lines = tuple(Line(at, name, one) for at, (name, one) in enumerate(zip(NAMES, figures, strict=True), 1))
    total = None if None in counts else Figure(sum(filter(None, counts)))
    month = periods.of(PeriodKind.MONTH, TODAY)
    page = Page(INDICATORS[IndicatorCode.OVERDUE], month, lines, total, None, None, counts.count(None))
    asked = Asked(understand("各村逾期", VILLAGES, TODAY), "沈寨镇", TODAY)
    assert said(every_village(page, asked)) == words
