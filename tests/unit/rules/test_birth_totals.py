"""What pooled births tell, and that no small number of a year does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import disclosure
from models.rules.birth_totals import MOST_YEARS, Meaning, YearTotal, meaning, pooled, ratio, told, years
from models.rules.disclosure import is_small
from models.rules.intervals import SexRatio
from tests.factories.solver import Sums


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
    assert ratio(told(found)) == SexRatio(1000, 950)
    assert list(years(date(2026, 3, 1)))[:: MOST_YEARS - 1] == [2025, 2016]


def test_a_year_with_few_births_is_neither_told_nor_pooled() -> None:
    found = told([YearTotal(2025, 120, 110), YearTotal(2024, 7, 11), YearTotal(2023, 130, 0)])
    assert [one.year for one in found] == [2025, 2023]
    assert ratio(found) == SexRatio(250, 110)
    assert ratio(told([YearTotal(2025, 7, 11)])) is None
    assert ratio(told([YearTotal(2025, 12, 0)])) is None


def _with_others(totals: Sequence[YearTotal]) -> tuple[Sequence[YearTotal], Sequence[YearTotal]]:
    """Return the years that are told and pooled, if small ones stood in the sum beside others as on a single day."""
    found = disclosure.of_rows({one.year: (one.boys, one.girls) for one in totals})
    return [one for one in totals if found.rows[one.year] is not None], totals if found.total is not None else ()


def _by_themselves(totals: Sequence[YearTotal]) -> tuple[Sequence[YearTotal], Sequence[YearTotal]]:
    return told(totals), told(totals)


def _worked_out(totals: Sequence[YearTotal], tell: Callable[..., tuple[Sequence[YearTotal], ...]]) -> int:
    """Return how many small numbers are one of two for who has read the screen in each year."""
    screens = [tell(pooled(totals[: last + 1])) for last in range(len(totals))]
    found = 0
    for read in (attrgetter("boys"), attrgetter("girls")):
        alone = [([one.year], read(one)) for years_, _ in screens for one in years_]
        together = [([one.year for one in sum_], sum(map(read, sum_))) for _, sum_ in screens]
        known = Sums([*alone, *together], len(totals))
        bounds = [known.bounds(one.year) for one in totals if is_small(read(one))]
        found += sum(most - least < 2 for least, most in bounds)
    return found


def _births(seed: int) -> list[YearTotal]:
    """Return fourteen years of a very small township, each numbered from 0."""
    rng = Random(seed)
    return [YearTotal(year, rng.choice((3, 8, 9, 12, 20)), rng.choice((3, 9, 10, 25))) for year in range(14)]


def test_years_come_and_go_and_give_no_small_number_away() -> None:
    """With small years in the sum, those that are shown once, or have left the sum, could be taken off it."""
    townships = [_births(seed) for seed in range(6)]
    assert not any(_worked_out(totals, _by_themselves) for totals in townships)
    assert all(_worked_out(totals, _with_others) for totals in townships)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=10))
def test_whether_a_year_is_told_hangs_on_nothing_but_itself(numbers: list[tuple[int, int]]) -> None:
    totals = pooled(YearTotal(2025 - back, *pair) for back, pair in enumerate(numbers))
    assert told(totals) == tuple(one for one in totals if told([one]))
    assert not any(is_small(number) for one in told(totals) for number in (one.boys, one.girls))
