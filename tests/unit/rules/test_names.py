"""Finding people by what is typed."""

from __future__ import annotations

import pytest

from models.rules.names import match, name_keys


def score(query: str, name: str, last4: str | None = None) -> int | None:
    return match(query, name, name_keys(name), last4)


@pytest.mark.parametrize(
    ("name", "surname", "default"),
    [
        ("单秀英", "shanxiuying", "danxiuying"), ("仇伟", "qiuwei", "chouwei"), ("解军", "xiejun", "jiejun"),
        ("查静", "zhajing", "chajing"), ("曾强", "zengqiang", "cengqiang"), ("区丽", "ouli", "quli"),
        ("覃芳", "qinfang", "tanfang"), ("翟敏", "zhaimin", "dimin"), ("缪红", "miaohong", "mouhong"),
        ("尉迟恭", "yuchigong", "weichigong"),
    ],
)  # fmt: skip
def test_both_readings_of_a_surname(name: str, surname: str, default: str) -> None:
    keys = name_keys(name)
    assert keys.full[0] == surname
    assert default in keys.full
    assert score(surname, name) == score(default, name) == 96


@pytest.mark.parametrize("typed", ["lvfang", "lufang", "lüfang", "LÜ FANG", "lyufang", "lu:fang", "lǚ fāng", "lf"])
def test_umlauts(typed: str) -> None:
    assert (score(typed, "吕芳") or 0) >= 90


@pytest.mark.parametrize(
    "typed",
    ["王秀英", "王 秀 英", "王秀", "秀英", "王秀瑛", "汪秀英", "王晓英", "wangxiuying", "Wáng Xiùyīng", "wxy", "WXY",
     "wangxy", "wangxiuyin", "xiuying", "wang", "wagnxiuying", "1234", "34", "13800001234"],
)  # fmt: skip
def test_ways_to_find_a_person(typed: str) -> None:
    assert score(typed, "王秀英", "1234") is not None


@pytest.mark.parametrize("typed", ["", " ", "李", "lisi", "9999", "4", "🙂", "zzz", "秀秀", "英王"])
def test_what_does_not_fit(typed: str) -> None:
    assert score(typed, "王秀英", "1234") is None


def test_exact_hits_come_first() -> None:
    order = ["王秀英", "王秀", "秀英", "王秀瑛", "王晓英"]
    scores = [score(typed, "王秀英") or 0 for typed in order]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert (score("wangxiuying", "王秀英") or 0) > (score("wxy", "王秀英") or 0) > (score("xiuying", "王秀英") or 0)


def test_no_phone_no_hit_by_phone() -> None:
    assert score("1234", "王秀英", None) is None


def test_names_without_characters_have_keys_too() -> None:
    assert name_keys("🙂").full == ()
    assert score("ahmed", "Ahmed") == 96
