"""Until when a complaint is answered, and who sees to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.calendar import is_working_day
from models.rules.complaints import (
    ANSWER_WITHIN,
    BREACH_WITHIN,
    BREACHES,
    ComplaintKind,
    ComplaintOutcome,
    Concern,
    due_on,
    handler,
)
from models.rules.indicators.complaints import Answered, ComplaintCell, cell_of
from models.rules.roles import Role

DAY = timedelta(days=1)
DUE = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("kind", "received_on", "last"),
    [
        (ComplaintKind.PRIVACY, date(2026, 3, 16), date(2026, 3, 23)),
        (ComplaintKind.COERCION, date(2026, 9, 30), date(2026, 10, 13)),  # a week off, a Saturday at work
        (ComplaintKind.WAITING, date(2026, 3, 16), date(2026, 4, 7)),  # over 清明
    ],
)
def test_the_last_day_is_counted_in_working_days(kind: ComplaintKind, received_on: date, last: date) -> None:
    assert due_on(kind, received_on) == last


@settings(max_examples=60)
@given(st.sampled_from(ComplaintKind), st.dates(date(2025, 1, 1), date(2030, 12, 31)))
def test_a_last_day_is_so_many_working_days_off(kind: ComplaintKind, received_on: date) -> None:
    last = due_on(kind, received_on)
    days = [received_on + DAY * n for n in range(1, (last - received_on).days + 1)]
    assert is_working_day(last)
    assert sum(map(is_working_day, days)) == (BREACH_WITHIN if kind in BREACHES else ANSWER_WITHIN)
    assert due_on(kind, received_on + DAY) >= last


@pytest.mark.parametrize("kind", ComplaintKind)
@pytest.mark.parametrize("concern", Concern)
def test_nobody_sees_to_a_complaint_about_themselves(kind: ComplaintKind, concern: Concern) -> None:
    found = handler(kind, concern)
    assert found in (Role.CLINIC, Role.DEPUTY)
    assert (found is Role.DEPUTY) == (kind in BREACHES or concern is Concern.CLINIC)


@pytest.mark.parametrize(
    ("answered_on", "outcome", "cell"),
    [
        (None, None, ComplaintCell.LATE),
        (DUE, ComplaintOutcome.CONFIRMED, ComplaintCell.IN_TIME),
        (DUE + DAY, ComplaintOutcome.NOT_CONFIRMED, ComplaintCell.LATE),
        (DUE, ComplaintOutcome.WITHDRAWN, None),
    ],
)
def test_an_answer_counts_on_its_last_day(
    answered_on: date | None, outcome: ComplaintOutcome | None, cell: ComplaintCell | None
) -> None:
    assert cell_of(Answered(DUE, answered_on, outcome)) is cell
