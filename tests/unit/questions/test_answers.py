"""Figures in words, and how they have changed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from handlers.question_answers import change, value
from locales.message import Text
from locales.translator import translator
from models.rules.indicators.base import Figure


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
