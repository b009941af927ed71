"""What isn't shown can't be worked out, by whoever knows the rule and everything that is shown."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.suppression import LARGEST_SMALL, Column, column, exact, fresh, part, parts, shown

COUNTS = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 300)), max_size=25)


@pytest.mark.parametrize(("count", "is_shown"), [(0, True), (1, False), (9, False), (10, True), (300, True)])
def test_one_to_nine_are_small(count: int, is_shown: bool) -> None:
    assert shown(count) == (count if is_shown else None)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], Column((), 0)),
        ([0, 0], Column((0, 0), 0)),
        ([12, 30], Column((12, 30), 42)),
        ([12, 3], Column((12, None), None)),  # 15 - 12
        ([12, 3, 8], Column((12, None, None), 23)),
        ([12, 1, 1], Column((12, None, None), None)),  # 14 - 12 leaves no other way
        ([12, 9, 9], Column((12, None, None), None)),
        ([0, 2, 3], Column((0, None, None), None)),  # the sum itself is small
    ],
)
def test_a_sum_that_would_give_one_away_is_not_shown(counts: list[int], expected: Column) -> None:
    assert column(counts) == expected


def test_the_team_sees_all() -> None:
    assert exact([3, 0]) == Column((3, 0), 3)


@pytest.mark.parametrize(
    ("count", "whole", "expected"),
    [(12, 40, 12), (40, 40, 40), (0, 40, 0), (3, 40, None), (12, 15, None), (12, None, None), (0, None, None)],
)
def test_a_part_is_shown_where_neither_it_nor_the_rest_is_small(
    count: int, whole: int | None, expected: int | None
) -> None:
    assert part(count, whole) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([(11, 0), (11, 0), (9, 10)], None),  # 31 - 22 would tell the last village's, where alone something has climbed
        ([(11, 0), (11, 0), (10, 10)], 32),
        ([(11, 0), (11, 0), (0, 10)], 22),
        ([(4, 0), (16, 0)], 20),
        ([(8, 3), (8, 30)], 16),
        ([(8, 3), (8, 5)], None),  # 8 are left
        ([], 0),
    ],
)
def test_what_is_new_is_shown_where_it_does_not_follow_for_those_places_where_there_are_old_ones(
    counts: list[tuple[int, int]], expected: int | None
) -> None:
    assert fresh(counts, sum(map(sum, counts))) == expected
    assert fresh(counts, None) is None


@pytest.mark.parametrize(
    ("counts", "wholes", "are_shown"),
    [
        ([20, 30], [50], True),
        ([20, 30], [60], True),
        ([20, 30], [55], False),  # 5 are left of the month
        ([20, 30], [31], False),  # 1 besides the second week
        ([20, 30], [25, 40], True),
        ([20, 30], [25, None], False),
        ([4, 30], [60], False),
        ([0, 30], [30], True),
    ],
)
def test_weeks_are_shown_where_nothing_small_is_left_of_their_months(
    counts: list[int], wholes: list[int | None], are_shown: bool
) -> None:
    assert parts(counts, wholes) is are_shown


def test_a_number_of_people_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        column([3, -1])


@pytest.mark.parametrize("places", [1, 2, 3, 4])
def test_every_hidden_number_could_be_another_one_too(places: int) -> None:
    """All tables are made; those that look the same leave each hidden number three values or more."""
    alike: defaultdict[Column, list[tuple[int, ...]]] = defaultdict(list)
    values = (0, 10, *range(1, 10))
    for counts in product(values, repeat=places):
        alike[column(counts)].append(counts)
    for looks, tables in alike.items():
        for place, cell in enumerate(looks.cells):
            if cell is None:
                assert len({counts[place] for counts in tables}) >= 3, looks


@settings(max_examples=200)
@given(COUNTS)
def test_what_is_shown_is_true_and_nothing_small_is(counts: list[int]) -> None:
    found = column(counts)
    assert len(found.cells) == len(counts)
    for count, cell in zip(counts, found.cells, strict=True):
        assert cell in (None, count)
        assert (cell is None) == (0 < count <= LARGEST_SMALL)
    assert found.total in (None, sum(counts))
    assert found.total is None or not 0 < found.total <= LARGEST_SMALL


@settings(max_examples=200)
@given(COUNTS)
def test_by_subtraction_each_hidden_number_keeps_three_values(counts: list[int]) -> None:
    found = column(counts)
    hidden = found.cells.count(None)
    if hidden and found.total is not None:
        rest = found.total - sum(cell for cell in found.cells if cell is not None)
        lowest = max(1, rest - LARGEST_SMALL * (hidden - 1))
        highest = min(LARGEST_SMALL, rest - (hidden - 1))
        assert highest - lowest >= 2
