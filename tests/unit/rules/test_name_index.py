"""The index of names: many people, one village, changed people."""

from __future__ import annotations

import pytest

from models.rules.name_index import ENOUGH, Named, NameIndex

PEOPLE = (
    Named(1, 10, "王秀英", "5678"),
    Named(2, 10, "单国强", "0001"),
    Named(3, 20, "王小燕"),
    Named(4, 20, "吕绿", "5679"),
    Named(5, 20, "欧阳修"),
)


def found(query: str, **where: object) -> list[int]:
    return [hit.person_id for hit in NameIndex(PEOPLE).search(query, **where).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("王秀英", [1]),
        ("秀英", [1]),
        ("汪秀英", [1]),
        ("王绣英", [1]),
        ("王秀丽英", [1]),
        ("王", [3, 1]),
        ("wxy", [3, 1]),
        ("wangxy", [3, 1]),
        ("wxying", [1]),
        ("xiuying", [1]),
        ("WangXiuYing", [1]),
        ("wangxiuyng", [1]),
        ("shanguoqiang", [2]),
        ("danguoqiang", [2]),
        ("sgq", [2]),
        ("lvlv", [4]),
        ("lulu", [4]),
        ("lyulyu", [4]),
        ("5678", [1]),
        ("13912345678", [1]),
        ("67", []),
        ("78", [1]),
        ("nobody", []),
        ("。", []),
        ("", []),
    ],
)
def test_each_way_to_type_a_name(query: str, expected: list[int]) -> None:
    assert found(query) == expected


def test_only_one_village_or_without_those_who_changed() -> None:
    assert found("王", village_id=10) == [1]
    assert found("王", but={1}) == [3]


def test_who_types_one_letter_is_asked_for_another() -> None:
    crowd = NameIndex(Named(number, 1, "王秀英") for number in range(ENOUGH + 5))
    assert crowd.search("w").more
    assert len(crowd.search("w").hits) == ENOUGH + 1
    assert not NameIndex(PEOPLE).search("w").more
