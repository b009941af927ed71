"""The morning digest, most urgent first; the days of the weekly summary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.calendar import is_working_day
from models.rules.digest import MOST_OF_TOPIC, Digest, Line, Topic, Week, compose, on_day, summary_of

DAY = timedelta(days=1)
MARCH = date(2026, 3, 1)


def test_the_most_urgent_stands_first() -> None:
    digest = compose(
        [
            Line(Topic.COMING, 4, MARCH + 9 * DAY),
            Line(Topic.DUE, 2, MARCH + 5 * DAY),
            Line(Topic.DUE, 3, MARCH + 2 * DAY),
            Line(Topic.ESCALATED, 1),
            Line(Topic.OVERDUE, 5),
            Line(Topic.DANGEROUS, 1),
            Line(Topic.DECISION_DUE, 0, MARCH),
            Line(Topic.DUE, 1, MARCH + 2 * DAY),
        ]
    )
    assert digest is not None
    assert digest.lines == (
        Line(Topic.DANGEROUS, 1),
        Line(Topic.OVERDUE, 5),
        Line(Topic.ESCALATED, 1),
        Line(Topic.DUE, 4, MARCH + 2 * DAY),
        Line(Topic.DUE, 2, MARCH + 5 * DAY),
        Line(Topic.COMING, 4, MARCH + 9 * DAY),
    )
    assert digest.most_urgent is Topic.DANGEROUS
    assert digest.count(Topic.DUE) == 6


@pytest.mark.parametrize("lines", [[], [Line(Topic.DUE, 0, MARCH), Line(Topic.OVERDUE, 0)]])
def test_nothing_to_say(lines: list[Line]) -> None:
    assert compose(lines) is None


def test_many_days_of_one_topic_are_summed_up() -> None:
    digest = compose([Line(Topic.DUE, 1, MARCH + n * DAY) for n in range(MOST_OF_TOPIC + 4)])
    assert digest is not None
    assert [line.on for line in digest.lines] == [MARCH, MARCH + DAY, MARCH + 2 * DAY, None]
    assert digest.lines[-1].count == 4
    just = compose([Line(Topic.DUE, 1, MARCH + n * DAY) for n in range(MOST_OF_TOPIC)])
    assert just is not None and len(just.lines) == MOST_OF_TOPIC and just.lines[-1].on is not None


def test_a_count_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        compose([Line(Topic.DUE, -1)])


URGENT, OTHER = Line(Topic.DANGEROUS, 2), Line(Topic.OVERDUE, 5)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 9), (URGENT, OTHER)),
        (date(2026, 11, 8), (URGENT,)),  # a Sunday
        (date(2026, 10, 1), (URGENT,)),  # a Thursday off
        (date(2026, 10, 10), (URGENT, OTHER)),  # a Saturday on which people work
    ],
)
def test_on_days_off_only_what_is_urgent(day: date, said: tuple[Line, ...]) -> None:
    assert on_day(Digest((URGENT, OTHER)), day) == Digest(said)


def test_on_days_off_nothing_when_nothing_is_urgent() -> None:
    everything_else = tuple(Line(topic, 1) for topic in Topic if topic is not Topic.DANGEROUS)
    assert on_day(Digest(everything_else), date(2026, 11, 8)) is None
    assert on_day(Digest(everything_else), date(2026, 11, 9)) == Digest(everything_else)


@settings(max_examples=100)
@given(
    st.lists(
        st.builds(
            Line,
            st.sampled_from(Topic),
            st.integers(0, 5),
            st.none() | st.integers(0, 9).map(lambda n: MARCH + n * DAY),
        ),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_nothing_is_lost_and_the_order_is_that_of_urgency(lines: list[Line], chance: object) -> None:
    digest = compose(lines)
    shuffled = lines.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert compose(shuffled) == digest
    total = sum(line.count for line in lines)
    if digest is None:
        assert total == 0
        return
    assert sum(digest.count(topic) for topic in Topic) == total
    assert all(line.count > 0 for line in digest.lines)
    topics = [list(Topic).index(line.topic) for line in digest.lines]
    assert topics == sorted(topics)
    places = [(topic, line.on or date.max) for topic, line in zip(topics, digest.lines, strict=True)]
    assert places == sorted(places)
    assert all(topics.count(topic) <= MOST_OF_TOPIC + 1 for topic in topics)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 3, 2), date(2026, 2, 23), date(2026, 3, 1)),
        (date(2026, 4, 7), date(2026, 3, 30), date(2026, 4, 5)),  # Monday, 6 April, is off
        (date(2026, 2, 24), date(2026, 2, 9), date(2026, 2, 22)),  # the whole week before was off
        (date(2024, 3, 4), date(2024, 2, 26), date(2024, 3, 3)),  # with 29 February
    ],
)
def test_the_weekly_summary(today: date, first: date, last: date) -> None:
    assert summary_of(today) == Week(first, last)


@pytest.mark.parametrize(
    "today",
    [date(2026, 1, 4), date(2026, 2, 16), date(2026, 3, 1), date(2026, 3, 3), date(2026, 4, 6), date(2026, 4, 8)],
)
def test_days_without_a_summary(today: date) -> None:
    assert summary_of(today) is None


def test_summaries_tell_every_day_once() -> None:
    day, told = date(2024, 1, 2), date(2023, 12, 24)
    while day.year < 2030:
        week = summary_of(day)
        if week is not None:
            assert is_working_day(day)
            assert week.last < day
            assert week.first == told + DAY
            told = week.last
        day += DAY
