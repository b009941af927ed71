"""Confirmations of benefits that are renewed in time leave no gap, and amounts are read back."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules import benefits, money
from models.rules.benefits import BENEFITS, LARGEST_FEN, LEAST_FEN, BenefitCode, BenefitState, Renewal, Step
from models.rules.errors import InputError

DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2098, 12, 31))


@given(DAYS, st.integers(0, 60))
def test_whoever_is_renewed_in_time_is_never_without(decided_on: date, early: int) -> None:
    first = benefits.holds_until(BENEFITS[BenefitCode.REWARD], decided_on)
    assert first is not None
    again_on = first - early * DAY
    assert benefits.renewal(first, again_on) is Renewal.OPEN
    second = benefits.holds_until(BENEFITS[BenefitCode.REWARD], again_on, first)
    assert second is not None
    assert 364 <= (second - first).days <= 366


@given(DAYS, st.integers(1, 5000))
def test_what_is_renewed_late_holds_from_that_day(decided_on: date, late: int) -> None:
    first = benefits.holds_until(BENEFITS[BenefitCode.SPECIAL], decided_on)
    assert first is not None
    again_on = first + late * DAY
    assert benefits.renewal(first, again_on) is Renewal.OVERDUE
    assert benefits.holds_until(BENEFITS[BenefitCode.SPECIAL], again_on, first) == benefits.holds_until(
        BENEFITS[BenefitCode.SPECIAL], again_on
    )


@given(st.integers(LEAST_FEN, LARGEST_FEN))
def test_an_amount_is_read_back(fen: int) -> None:
    assert benefits.parse_amount(money.in_yuan(fen)) == fen
    assert benefits.parse_amount(money.format_wan(fen)) == fen


@given(st.text(max_size=20))
def test_whatever_is_typed_is_an_amount_that_can_be_or_refused(typed: str) -> None:
    try:
        fen = benefits.parse_amount(typed)
    except InputError as error:
        assert error.example == benefits.EXAMPLE
    else:
        assert LEAST_FEN <= fen <= LARGEST_FEN


@given(st.sampled_from(BenefitState), st.sampled_from(Renewal))
def test_what_has_ended_stays_so(state: BenefitState, due: Renewal) -> None:
    steps = benefits.steps(state, due)
    assert (Step.DECIDE in steps) == (state is BenefitState.ASKED)
    assert Step.RENEW not in steps or (state is BenefitState.CONFIRMED and due is not Renewal.NOT_YET)
    assert state is not BenefitState.WITHDRAWN or not steps
