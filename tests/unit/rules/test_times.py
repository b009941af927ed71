"""Times of the day in the forms in which people type them."""

from __future__ import annotations

from datetime import time

import pytest

from models.rules.errors import InputError
from models.rules.times import parse_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8点", time(8)),
        ("八点半", time(8, 30)),
        ("8:30", time(8, 30)),
        ("20：00", time(20)),
        ("晚上9点", time(21)),
        ("晚9点半", time(21, 30)),
        ("早上七点半", time(7, 30)),
        ("７点３０分", time(7, 30)),
        ("八点零五分", time(8, 5)),
        ("十点二十", time(10, 20)),
        ("下午三点一刻", time(15, 15)),
        ("三点三刻", time(3, 45)),
        ("二十一点", time(21)),
        ("上午十二点", time(12)),
        ("中午", time(12)),
        ("中午一点", time(13)),
        ("中午11点半", time(11, 30)),
        ("晚上十二点", time(0)),
        ("夜里2点", time(2)),
        ("凌晨12点", time(0)),
        ("下午15点", time(15)),
        ("24:00", time(0)),
        ("8", time(8)),
        ("8.30", time(8, 30)),
        ("0830", time(8, 30)),
        ("730", time(7, 30)),
        ("8点整", time(8)),
        ("8 点钟", time(8)),
        ("8:30 pm", time(20, 30)),
        ("12 am", time(0)),
        ("12:15 P.M.", time(12, 15)),
        ("noon", time(12)),
    ],
)
def test_what_people_type(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "早", "明天", "8点半点", "8:3", "10.5.3", "晚上8点pm", "-8", "八点十十分", "8:30:00"]
)
def test_what_is_no_time(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_time(typed)
    assert refused.value.code == "time"
    assert parse_time(refused.value.example)


@pytest.mark.parametrize("typed", ["25点", "24:30", "8:60", "8点七十分", "早上20点", "9999"])
def test_what_is_no_time_of_any_day(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_time(typed)
    assert refused.value.code == "time_impossible"
