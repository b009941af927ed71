"""What pooled births tell, and that no small number of a year does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.birth_totals import MOST_YEARS, Meaning, YearTotal, meaning, pooled, ratio, shown, years
from models.rules.disclosure import is_small
from models.rules.intervals import SexRatio


@pytest.mark.parametrize(
    ("boys", "girls", "found"),
    [
        (58, 50, Meaning.FEW),  # 116.0 (79.6-169.0): domain.md
        (600, 350, Meaning.FEW),
        (550, 500, Meaning.CHANCE),
        (5500, 5000, Meaning.CHANCE),
        (2400, 2000, Meaning.HIGH),
        (4500, 5000, Meaning.LOW),
    ],
)
def test_a_ratio_says_when_it_means_nothing(boys: int, girls: int, found: Meaning) -> None:
    assert meaning(SexRatio(boys, girls)) is found


def test_the_last_ten_years_that_were_entered_are_pooled() -> None:
    totals = [YearTotal(year, 100, 95) for year in range(2010, 2026) if year != 2020]
    found = pooled(totals)
    assert [one.year for one in found] == [2025, 2024, 2023, 2022, 2021, 2019, 2018, 2017, 2016, 2015]
    assert ratio(shown(found)) == SexRatio(1000, 950)
    assert list(years(date(2026, 3, 1)))[:: MOST_YEARS - 1] == [2025, 2016]


def test_a_year_with_few_births_stands_in_the_sum_only_and_takes_another_along() -> None:
    found = shown([YearTotal(2025, 120, 110), YearTotal(2024, 7, 11), YearTotal(2023, 130, 122)])
    assert found.rows[2024] is None
    assert found.hidden == 2
    assert found.total == (257, 243)
    assert ratio(shown([YearTotal(2025, 7, 11)])) is None
    assert ratio(shown([YearTotal(2025, 12, 0)])) is None


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=10))
def test_no_small_number_is_shown_or_left_over(numbers: list[tuple[int, int]]) -> None:
    totals = pooled(YearTotal(2025 - back, *pair) for back, pair in enumerate(numbers))
    found = shown(totals)
    told = [row for row in found.rows.values() if row is not None]
    assert not any(is_small(number) for row in told for number in row)
    if found.total is not None:
        rest = [total - sum(row[cell] for row in told) for cell, total in enumerate(found.total or (0, 0))]
        assert not any(map(is_small, rest))
