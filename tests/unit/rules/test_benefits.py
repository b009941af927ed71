"""What may follow what, until when a confirmation holds, and what can be paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.rules import benefits, money
from models.rules.benefits import (
    BENEFITS,
    LARGEST_FEN,
    LEAST_FEN,
    RENEW_AHEAD,
    BenefitCode,
    BenefitState,
    Renewal,
    Step,
)
from models.rules.errors import InputError
from models.rules.indicators.benefits import BenefitCell, Confirmation, cell_of

REWARD, AID = BENEFITS[BenefitCode.REWARD], BENEFITS[BenefitCode.DIFFICULTY]
DAY = timedelta(days=1)
UNTIL = date(2027, 3, 15)


def test_every_benefit_names_its_source() -> None:
    assert set(BENEFITS) == set(BenefitCode)
    assert all(one.source for one in BENEFITS.values())


def test_a_decision_is_due_twenty_working_days_after_the_application() -> None:
    assert benefits.decide_by(date(2026, 3, 16)) == date(2026, 4, 14)  # Monday; 4 to 6 April are off
    assert benefits.decide_by(date(2026, 9, 18)) == date(2026, 10, 22)  # 20 September is worked, the holidays are not


def test_a_confirmation_holds_for_a_year_and_loses_no_day_when_it_is_renewed_early() -> None:
    first = benefits.holds_until(REWARD, date(2026, 3, 16))
    assert first == UNTIL
    assert benefits.holds_until(REWARD, date(2027, 2, 1), first) == date(2028, 3, 15)
    assert benefits.holds_until(REWARD, date(2027, 5, 1), first) == date(2028, 4, 30)  # too late: from that day on
    assert benefits.holds_until(REWARD, date(2028, 2, 29)) == date(2029, 2, 27)
    assert benefits.holds_until(AID, date(2026, 3, 16)) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (UNTIL - RENEW_AHEAD - DAY, Renewal.NOT_YET),
        (UNTIL - RENEW_AHEAD, Renewal.OPEN),
        (UNTIL, Renewal.OPEN),
        (UNTIL + DAY, Renewal.OVERDUE),
    ],
)
def test_a_renewal_opens_before_the_end_and_is_overdue_after_it(day: date, expected: Renewal) -> None:
    assert benefits.renewal(UNTIL, day) is expected
    assert benefits.renewal(None, day) is Renewal.NOT_YET


def test_what_may_follow_what() -> None:
    always = {Step.PAY, Step.REVISE, Step.WITHDRAW}
    assert benefits.steps(BenefitState.ASKED, Renewal.NOT_YET) == {Step.DECIDE, Step.WITHDRAW}
    assert benefits.steps(BenefitState.CONFIRMED, Renewal.NOT_YET) == always
    assert benefits.steps(BenefitState.CONFIRMED, Renewal.OVERDUE) == always | {Step.RENEW}
    assert benefits.steps(BenefitState.REFUSED, Renewal.NOT_YET) == {Step.REVISE}
    assert benefits.steps(BenefitState.WITHDRAWN, Renewal.NOT_YET) == set()


@pytest.mark.parametrize(
    ("typed", "fen"), [("960", 96_000), ("960.5元", 96_050), ("0.096万", 96_000), ("１，２００", 120_000)]
)
def test_amounts_are_read(typed: str, fen: int) -> None:
    assert benefits.parse_amount(typed) == fen


@pytest.mark.parametrize("typed", ["0", "0.99", "100000.01", "九百", "-5"])
def test_what_nobody_is_paid_is_refused_with_an_example_of_this_kind(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        benefits.parse_amount(typed)
    assert refused.value.example == benefits.EXAMPLE


@pytest.mark.parametrize("fen", [LEAST_FEN, 96_000, 96_050, 96_001, LARGEST_FEN])
def test_an_amount_in_yuan_is_read_back(fen: int) -> None:
    assert benefits.parse_amount(money.in_yuan(fen)) == fen


def test_what_was_paid_counts_whatever_came_after_and_what_nobody_is_owed_does_not() -> None:
    assert cell_of(Confirmation(is_paid=True, is_owed=False)) is BenefitCell.PAID
    assert cell_of(Confirmation(is_paid=False, is_owed=True)) is BenefitCell.UNPAID
    assert cell_of(Confirmation(is_paid=False, is_owed=False)) is None
