"""Intervals as the domain's examples have them, and what every interval keeps to."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.intervals import USUAL_SEX_RATIO, Interval, Rate, SexRatio, wilson


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    of = draw(st.integers(1, 100_000))
    return Rate(draw(st.integers(0, of)), of)


@pytest.mark.parametrize(
    ("n", "of", "percent", "low", "high"),
    [(42, 50, 84.0, 71.5, 91.7), (9, 10, 90.0, 59.6, 98.2), (0, 7, 0.0, 0.0, 35.4)],
)
def test_rates_are_those_of_the_domain(n: int, of: int, percent: float, low: float, high: float) -> None:
    rate = Rate(n, of)
    assert (round(rate.percent, 1), round(rate.interval.low, 1), round(rate.interval.high, 1)) == (percent, low, high)


def test_the_sex_ratio_is_that_of_the_domain() -> None:
    found = SexRatio(58, 50)
    numbers = (found.ratio, found.interval.low, found.interval.high)
    assert tuple(round(each, 1) for each in numbers) == (116.0, 79.6, 169.0)
    assert found.says_nothing(USUAL_SEX_RATIO)
    assert not SexRatio(5800, 5000).says_nothing(USUAL_SEX_RATIO)


def test_without_a_girl_the_ratio_has_no_end() -> None:
    assert SexRatio(3, 0).ratio == math.inf
    assert SexRatio(3, 0).interval.high == math.inf
    assert SexRatio(0, 3).ratio == 0


@given(rates())
def test_an_interval_holds_its_rate_and_stays_between_0_and_100(rate: Rate) -> None:
    found = rate.interval
    assert 0 <= found.low <= rate.percent + 1e-9
    assert rate.percent - 1e-9 <= found.high <= 100
    assert found.low < found.high


@given(rates())
def test_what_is_left_of_a_rate_has_the_mirrored_interval(rate: Rate) -> None:
    mirrored = Rate(rate.of - rate.n, rate.of).interval
    assert math.isclose(rate.interval.low, 100 - mirrored.high, abs_tol=1e-9)


@given(rates())
def test_ten_times_as_many_say_it_more_exactly(rate: Rate) -> None:
    more = Rate(rate.n * 10, rate.of * 10).interval
    assert more.high - more.low < rate.interval.high - rate.interval.low


@pytest.mark.parametrize(("n", "of"), [(0, 0), (2, 1), (-1, 3)])
def test_what_is_no_part_has_no_interval(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="part"):
        wilson(n, of)
    with pytest.raises(ValueError, match="part"):
        Rate(n, of)


def test_two_intervals_that_touch_may_be_the_same() -> None:
    assert Interval(1, 2).overlaps(Interval(2, 3))
    assert not Interval(1, 2).overlaps(Interval(2.1, 3))
