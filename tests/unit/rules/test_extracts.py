"""Rows for analysis: every key is shared by ten people or not there, and nothing finer than that is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.extracts import (
    ANY,
    OUTCOMES,
    ROUNDED,
    Fact,
    K,
    band,
    broad_band,
    generalised,
    quarter,
    rounded,
    told,
)

FIRST = date(2026, 1, 1)
NOTHING = (None,) * len(ROUNDED)
facts = st.builds(
    Fact,
    st.integers(0, 40),
    st.sampled_from("甲乙"),
    st.one_of(st.none(), st.integers(20, 49)),
    st.sampled_from(["female", "male"]),
    st.integers(0, 80).map(lambda days: FIRST + timedelta(days=days)),
    st.sampled_from(["checkup", "checkup", "hypertension"]),
    st.sampled_from([OUTCOMES[0].value, OUTCOMES[0].value, OUTCOMES[1].value]),
    st.sampled_from([True, True, None]),
    st.just(NOTHING),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(facts, max_size=250))
def test_every_combination_occurs_ten_times_or_not_at_all(rows: list[Fact]) -> None:
    found = generalised(rows, "镇")
    many = Counter(key for key, _ in found.rows)
    assert all(count >= K for count in many.values())
    assert len(found.rows) + found.left_out == len(rows)
    assert Counter(key.outcome for key, _ in found.rows) <= Counter(row.outcome for row in rows)


def fact(person: int, village: str = "甲", age: int | None = 34, on: date = FIRST) -> Fact:
    return Fact(person, village, age, "female", on, "checkup", "ATTENDED", True, NOTHING)


def test_ten_visits_of_one_person_are_one_person() -> None:
    assert generalised([fact(1)] * 30, "镇").left_out == 30


def test_rows_are_generalised_no_more_than_they_must() -> None:
    enough = [fact(person) for person in range(K)]
    rare = [fact(100 + person, village="乙") for person in range(4)]
    others = [fact(200 + person, village="丙") for person in range(6)]
    places = Counter(key.place for key, _ in generalised([*enough, *rare, *others], "镇").rows)
    assert places == {"甲": 10, "镇": 10}


def test_steps_go_from_village_to_quarter_to_age_to_sex() -> None:
    months = [fact(person, on=FIRST + timedelta(days=31 * (person % 3))) for person in range(K)]
    assert {key.period for key, _ in generalised(months, "镇").rows} == {"2026-Q1"}
    ages = [fact(person, age=20 + 2 * person) for person in range(K)]
    assert {key.age for key, _ in generalised(ages, "镇").rows} == {"18-44"}
    sexes = [fact(person)._replace(sex=("male", "female")[person % 2]) for person in range(K)]
    assert {(key.sex, key.age) for key, _ in generalised(sexes, "镇").rows} == {(ANY, "18-44")}


def test_the_order_of_rows_says_nothing() -> None:
    rows = [fact(person, age=20 + person) for person in range(30)]
    assert generalised(rows, "镇") == generalised(rows[::-1], "镇")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("sbp", 128, 130),
        ("sbp", 124, 120),
        ("sbp", 240, 180),
        ("sbp", 60, 90),
        ("weight", 623, 600),
        ("dbp", None, None),
    ],
)
def test_measurements_are_rounded_and_cut_off(name: str, value: int | None, expected: int | None) -> None:
    assert rounded(name, value) == expected


def test_ages_periods_and_numbers_are_told_coarsely() -> None:
    assert [band(age) for age in (0, 39, 80, 101, None)] == ["0-9", "30-39", "80+", "80+", ANY]
    assert [broad_band(age) for age in (17, 18, 64, 65)] == ["0-17", "18-44", "45-64", "65+"]
    assert quarter(date(2026, 12, 31)) == "2026-Q4"
    assert [told(count) for count in (0, 1, 9, 10)] == [0, None, None, 10]


def test_people_alone_are_told_apart_by_nothing() -> None:
    """Without the step to the township, a village's few would be left out, not shown."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, _ in generalised([fact(person, village=str(person)) for person in range(9)], "镇").rows:
        found[key.place].add(1)
    assert not found
