"""The ladder: who is told when, what stops it, who was passed over."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.calendar import is_working_day, working_day_after, working_day_before
from models.rules.escalation import (
    DEFAULT_LADDER,
    MOST_HELD,
    MOST_IN_A_ROW,
    Hold,
    HoldKind,
    Rung,
    Step,
    climb,
    in_a_row,
    is_held,
    is_snoozed,
    ladder,
    latest_since,
    latest_until,
    next_up,
    passed_over,
    rung_on,
)
from models.rules.roles import Role

DAY = timedelta(days=1)
FAR = date(2027, 6, 30)
MANAGER, CLINIC, DEPUTY, LEADER = Role.MANAGER, Role.CLINIC, Role.DEPUTY, Role.LEADER


def march(day: int) -> date:
    """Return a day of March 2026: the 2nd is a Monday, and there are no holidays."""
    return date(2026, 3, 1) + (day - 1) * DAY


def days(reached: tuple[Rung, ...]) -> dict[Role, date]:
    return {rung.role: rung.on for rung in reached}


def test_the_default_ladder_counts_working_days() -> None:
    assert days(climb(march(2), FAR)) == {
        MANAGER: march(2), CLINIC: march(5), DEPUTY: march(11), LEADER: march(20),
    }  # fmt: skip
    assert days(climb(march(7), FAR))[CLINIC] == march(11)  # overdue since a Saturday


def test_over_the_spring_festival() -> None:
    """14 February 2026 is a Saturday that is worked, 15 to 23 are off, 28 is a Saturday that is worked."""
    assert days(climb(date(2026, 2, 13), FAR)) == {
        MANAGER: date(2026, 2, 13), CLINIC: date(2026, 2, 25), DEPUTY: march(2), LEADER: march(11),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "role"),
    [
        *[(1, None), (2, MANAGER), (4, MANAGER), (5, CLINIC), (10, CLINIC)],
        *[(11, DEPUTY), (19, DEPUTY), (20, LEADER), (25, LEADER)],
    ],
)
def test_the_rung_of_a_day(day: int, role: Role | None) -> None:
    found = rung_on(march(2), march(day))
    assert (found and found.role) == role


def test_only_counts_go_higher_than_the_clinic() -> None:
    assert [rung.counts_only for rung in climb(march(2), FAR)] == [False, False, True, True]


def test_a_township_chooses_its_days() -> None:
    assert ladder({}) == DEFAULT_LADDER
    assert ladder({CLINIC: 1, LEADER: None}) == (Step(MANAGER, 0), Step(CLINIC, 1), Step(DEPUTY, 7))
    assert days(climb(march(2), FAR, ladder({DEPUTY: 4, MANAGER: None})))[DEPUTY] == march(6)


NOBODY = dict.fromkeys((MANAGER, CLINIC, DEPUTY, LEADER))


@pytest.mark.parametrize(
    "after", [{CLINIC: 7}, {CLINIC: 8}, {LEADER: 0}, {MANAGER: -1}, {Role.ADMIN: 20}, {LEADER: 61}, NOBODY]
)
def test_a_ladder_goes_up(after: dict[Role, int | None]) -> None:
    with pytest.raises(ValueError, match="rung"):
        ladder(after)


@pytest.mark.parametrize("kind", HoldKind)
def test_acknowledged_the_climb_stands_still_until_its_date(kind: HoldKind) -> None:
    """Two working days were counted by the 4th; the third is the 12th, when it goes on."""
    hold = Hold(kind, march(4), march(12))
    found = days(climb(march(2), FAR, holds=[hold]))
    assert found == {MANAGER: march(2), CLINIC: march(12), DEPUTY: march(18), LEADER: march(27)}
    assert [is_held([hold], march(day)) for day in (4, 5, 11, 12)] == [False, True, True, False]


def test_what_was_reached_on_the_day_of_the_hold_stays_reached() -> None:
    hold = Hold(HoldKind.ACKNOWLEDGED, march(5), march(19))
    assert days(climb(march(2), FAR, holds=[hold]))[CLINIC] == march(5)
    assert days(climb(march(2), FAR, holds=[hold]))[DEPUTY] == march(24)


def test_only_what_is_snoozed_leaves_the_digest() -> None:
    snoozed = Hold(HoldKind.SNOOZED, march(4), march(12))
    assert [is_snoozed([snoozed], march(day)) for day in (4, 5, 11, 12)] == [False, True, True, False]
    assert not is_snoozed([Hold(HoldKind.ACKNOWLEDGED, march(4), march(12))], march(5))


def test_assigned_it_counts_from_zero_and_tells_nobody_twice() -> None:
    early = climb(march(2), FAR, holds=[Hold(HoldKind.ASSIGNED, march(4))])
    assert days(early) == {MANAGER: march(2), CLINIC: march(9), DEPUTY: march(13), LEADER: march(24)}
    late = climb(march(2), FAR, holds=[Hold(HoldKind.ASSIGNED, march(6))])
    assert days(late) == {MANAGER: march(2), CLINIC: march(5), DEPUTY: march(17), LEADER: march(26)}


def _put_off(*on: int, for_days: int = 9) -> list[Hold]:
    return [Hold(HoldKind.SNOOZED, march(day), march(day + for_days)) for day in on]


def test_what_is_put_off_a_third_time_is_told_anyway_once_and_may_then_wait_anew() -> None:
    """The clinic would have been told on the 5th, the deputy on the 11th, the leader on the 20th."""
    assert CLINIC not in days(climb(march(2), march(20), holds=_put_off(4, 12)))
    holds = _put_off(4, 12, 20, for_days=30)
    assert days(climb(march(2), march(50), holds=holds)) == {MANAGER: march(2), CLINIC: march(23)}  # a Monday
    assert [in_a_row(climb(march(2), march(day), holds=holds), holds) for day in (19, 22, 23)] == [3, 3, 0]


def test_one_day_counts_once_and_so_does_only_what_somebody_did() -> None:
    holds = [*_put_off(4, 4, 12, for_days=30), Hold(HoldKind.ACKNOWLEDGED, march(13), march(20), by_hand=False)]
    assert CLINIC not in days(climb(march(2), march(33), holds=holds))


def test_whoever_acts_often_is_not_told_of_sooner_than_whoever_does_nothing() -> None:
    assert days(climb(march(2), FAR, holds=_put_off(2, 3, 4, for_days=20)))[CLINIC] == march(5)


@pytest.mark.parametrize(("closed", "roles"), [(2, 0), (3, 1), (5, 1), (6, 2), (11, 2), (12, 3)])
def test_closed_it_ends_everywhere(closed: int, roles: int) -> None:
    assert len(climb(march(2), FAR, closed_on=march(closed))) == roles
    assert rung_on(march(2), march(closed), closed_on=march(closed)) is None
    assert rung_on(march(2), FAR, closed_on=march(closed)) is None
    before = rung_on(march(2), march(closed) - DAY, closed_on=march(closed))
    assert (before is None) is (closed == 2)


def test_who_was_passed_over_and_when() -> None:
    reached = climb(march(2), march(12))
    assert days(passed_over(reached, MANAGER)) == {CLINIC: march(5), DEPUTY: march(11)}
    assert days(passed_over(reached, CLINIC)) == {DEPUTY: march(11)}
    assert passed_over(reached, DEPUTY) == ()


def test_who_is_next_up() -> None:
    chain = [Role.RESIDENT]
    while (higher := next_up(chain[-1])) is not None:
        chain.append(higher)
    assert chain == [Role.RESIDENT, MANAGER, CLINIC, DEPUTY, LEADER, Role.ADMIN]
    assert next_up(MANAGER, {LEADER, Role.ADMIN}) is LEADER
    assert next_up(MANAGER, {MANAGER}) is None


def test_the_last_date_that_can_be_set() -> None:
    assert latest_until(march(2)) == march(32)


@pytest.mark.parametrize(("since", "reached"), [(3, True), (4, True), (5, False)])
def test_the_edges_of_the_days_for_queries(since: int, reached: bool) -> None:
    """On Monday, 9 March, three working days have passed for what is overdue since the 4th, Wednesday."""
    assert latest_since(3, march(9)) == march(4)
    assert (len(climb(march(since), march(9))) >= 2) is reached


some_days = st.dates(date(2025, 12, 1), date(2028, 3, 31))
ladders = st.lists(st.integers(0, 25), min_size=1, max_size=4, unique=True).map(
    lambda counts: tuple(map(Step, (MANAGER, CLINIC, DEPUTY, LEADER), sorted(counts)))
)


@st.composite
def held(draw: st.DrawFn) -> tuple[date, list[Hold]]:
    since = draw(some_days)
    holds = []
    for kind in draw(st.lists(st.sampled_from(HoldKind), max_size=4)):
        on = since + draw(st.integers(0, 40)) * DAY
        until = on + draw(st.integers(1, 30)) * DAY
        holds.append(Hold(kind, on, None if kind is HoldKind.ASSIGNED and draw(st.booleans()) else until))
    return since, sorted(holds, key=lambda hold: hold.on)


@settings(max_examples=100)
@given(some_days, ladders, st.integers(-3, 40))
def test_without_holds_each_rung_comes_with_its_working_day(since: date, steps: tuple[Step, ...], ahead: int) -> None:
    today = since + ahead * DAY
    expected = [Rung(step.role, working_day_after(since, step.after)) for step in steps]
    assert climb(since, today, steps) == tuple(rung for rung in expected if rung.on <= today)
    for step in steps:
        assert (since <= latest_since(step.after, today)) is (working_day_after(since, step.after) <= today)


@settings(max_examples=100)
@given(held(), ladders, st.integers(0, 80), st.integers(0, 80))
def test_time_only_adds_rungs_and_each_once(
    drawn: tuple[date, list[Hold]], steps: tuple[Step, ...], one: int, other: int
) -> None:
    since, holds = drawn
    early = climb(since, since + min(one, other) * DAY, steps, holds)
    late = climb(since, since + max(one, other) * DAY, steps, holds)
    assert late[: len(early)] == early
    assert [rung.role for rung in late] == [step.role for step in steps][: len(late)]
    assert [rung.on for rung in late] == sorted(rung.on for rung in late)
    for count, rung in enumerate(late):
        before = [hold for hold in holds if hold.on < rung.on]
        assert not is_held(holds, rung.on) or rung.on == since or in_a_row(late[:count], before) > MOST_IN_A_ROW
    assert all(is_working_day(rung.on) for rung in late[1:] if rung.on > since)
    assert len(climb(since, date.max, steps, holds)) == len(steps)


@settings(max_examples=100)
@given(held(), ladders)
def test_a_hold_changes_nothing_that_was_reached_before(
    drawn: tuple[date, list[Hold]], steps: tuple[Step, ...]
) -> None:
    since, holds = drawn
    for count, hold in enumerate(holds):
        assert climb(since, hold.on, steps, holds[:count]) == climb(since, hold.on, steps, holds[: count + 1])
    without = climb(since, date.max, steps)
    with_holds = climb(since, date.max, steps, holds)
    assert all(late.on >= early.on for early, late in zip(without, with_holds, strict=True))


@settings(max_examples=50)
@given(some_days, ladders, st.lists(st.tuples(st.sampled_from(HoldKind), st.integers(1, 30)), min_size=1))
def test_nothing_is_put_off_without_end(
    since: date, steps: tuple[Step, ...], wishes: list[tuple[HoldKind, int]]
) -> None:
    """Somebody holds it anew whenever it would go on; every rung is told all the same."""
    longest = (MOST_IN_A_ROW + 1) * MOST_HELD + timedelta(days=working_days_off(steps[-1].after))
    holds, day = [], since
    while day < since + len(steps) * longest:
        for kind, length in wishes:
            holds.append(Hold(kind, day, None if kind is HoldKind.ASSIGNED else day + length * DAY))
            day += length * DAY
    reached = climb(since, since + len(steps) * longest, steps, holds)
    assert [rung.role for rung in reached] == [step.role for step in steps]
    assert all(later.on - earlier.on <= longest for earlier, later in pairwise(reached))


def working_days_off(count: int) -> int:
    """Return more days than so many working days ever take."""
    return 2 * count + 20


@settings(max_examples=100)
@given(some_days, st.integers(0, 30))
def test_working_days_are_counted_back_and_forth(day: date, count: int) -> None:
    after, before = working_day_after(day, count), working_day_before(day, count)
    if count:
        assert is_working_day(after) and is_working_day(before)
        assert sum(is_working_day(day + n * DAY) for n in range(1, (after - day).days + 1)) == count
        assert sum(is_working_day(before + n * DAY) for n in range((day - before).days)) == count
    else:
        assert after == before == day
