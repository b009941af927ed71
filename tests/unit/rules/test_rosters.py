"""What a tap says, what it becomes, what is looked at twice, and which day is worked on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.rules.bloodpressure import BloodPressure
from models.rules.outcomes import Outcome
from models.rules.rosters import Attention, Mark, attention, day_to_open, following, mark_of, outcome_of

CALM, HIGH, DANGEROUS = BloodPressure(128, 82), BloodPressure(139, 90), BloodPressure(180, 95)


def test_a_tap_goes_round_and_comes_back_to_nothing() -> None:
    said, mark = [], following(None)
    while mark is not None:
        said.append(mark)
        mark = following(mark)
    assert said == [Mark.ATTENDED, Mark.ABSENT, Mark.DECLINED, Mark.AWAY, Mark.OTHER_PROVIDER]


def test_every_mark_is_reported_and_read_back() -> None:
    assert {mark: outcome_of(mark, None) for mark in Mark} == {
        Mark.ATTENDED: Outcome.ATTENDED,
        Mark.ABSENT: Outcome.NOT_REACHED,
        Mark.DECLINED: Outcome.DECLINED,
        Mark.AWAY: Outcome.AWAY,
        Mark.OTHER_PROVIDER: Outcome.OTHER_PROVIDER,
    }
    assert all(mark_of(outcome_of(mark, None)) is mark for mark in Mark)
    agreed = outcome_of(Mark.ABSENT, date(2026, 11, 20))
    assert (agreed, mark_of(agreed)) == (Outcome.RESCHEDULED, Mark.ABSENT)
    assert mark_of(Outcome.ILL) is None


@pytest.mark.parametrize(
    ("mark", "pressure", "glucose", "expected"),
    [
        (None, None, None, None),
        (Mark.ATTENDED, None, None, None),
        (Mark.ATTENDED, CALM, None, None),
        (Mark.ATTENDED, HIGH, None, Attention.HIGH),
        (Mark.ATTENDED, DANGEROUS, None, Attention.URGENT),
        (Mark.ATTENDED, CALM, Decimal("3.9"), Attention.URGENT),
        (Mark.ABSENT, None, None, Attention.ABSENT),
        (Mark.ABSENT, DANGEROUS, None, Attention.ABSENT),
        (Mark.AWAY, None, None, Attention.AWAY),
        (Mark.DECLINED, None, None, None),
        (Mark.OTHER_PROVIDER, None, None, None),
    ],
)
def test_what_stands_out(
    mark: Mark | None, pressure: BloodPressure | None, glucose: Decimal | None, expected: Attention | None
) -> None:
    assert attention(mark, pressure, glucose) is expected


@pytest.mark.parametrize(
    ("today", "is_next"),
    [
        (date(2026, 9, 9), False),
        (date(2026, 11, 1), False),
        (date(2026, 11, 2), True),
        (date(2026, 11, 8), True),
    ],
)
def test_the_next_day_takes_over_a_week_before(today: date, is_next: bool) -> None:
    last, upcoming = date(2026, 9, 9), date(2026, 11, 9)
    assert day_to_open(last, upcoming, today) == (upcoming if is_next else last)
