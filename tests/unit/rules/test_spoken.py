"""Words that are typed instead of a touch."""

from __future__ import annotations

import pytest

from models.rules.spoken import IN_FORMS, LONGEST, MENU, PLEASANTRIES, Wish, wish


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("你好", Wish.GREETING),
        ("您好！！", Wish.GREETING),
        ("Hello.", Wish.GREETING),
        ("谢谢啊", Wish.THANKS),
        ("Thank you!", Wish.THANKS),
        ("真没用", Wish.GRUMBLE),
        ("你是人还是机器？", Wish.WHO),
        ("那个村呢", Wish.GO_ON),
        ("为什么呢？", Wish.GO_ON),
        ("我要登记", Wish.REGISTER),
        ("今天该看谁啊", Wish.DUE),
        ("打错了", Wish.MINE),
        ("？", Wish.HELP),
        ("说人话", Wish.HELP),
        ("对", Wish.SAVE),
        ("不填了", Wish.CANCEL),
        ("‹ 上一步", Wish.BACK),
        ("跳过", Wish.SKIP),
        ("选好了", Wish.DONE),
    ],
)
def test_a_few_words_are_understood_whole(text: str, meant: Wish) -> None:
    assert wish(text) is meant


@pytest.mark.parametrize(
    "text",
    [
        "王秀英",
        "好",
        "对面的王秀英",
        "张楼呢",
        "谢谢的谢",
        "7 128/82",
        "128/82",
        "没来",
        "哪个村逾期最多",
        "你" * LONGEST + "好",
    ],
)
def test_anything_else_is_nothing_of_the_kind(text: str) -> None:
    assert wish(text) is None


def test_each_wish_is_of_one_kind() -> None:
    assert set(Wish) == PLEASANTRIES | IN_FORMS | MENU
    assert len(PLEASANTRIES) + len(IN_FORMS) + len(MENU) == len(Wish)
