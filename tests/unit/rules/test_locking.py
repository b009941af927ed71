"""A record is open from the day it is entered until thirty days later, and locked from the day after."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.locking import LOCK_DAYS, is_locked, open_until


@pytest.mark.parametrize(
    ("today", "locked"),
    [
        (date(2026, 3, 15), False),
        (date(2026, 3, 16), False),
        (date(2026, 4, 15), False),
        (date(2026, 4, 16), True),
        (date(2027, 3, 16), True),
    ],
)
def test_the_edges(today: date, locked: bool) -> None:
    assert is_locked(date(2026, 3, 16), today) is locked


def test_the_last_open_day() -> None:
    assert LOCK_DAYS == 30
    assert open_until(date(2026, 3, 16)) == date(2026, 4, 15)
    assert open_until(date(2026, 2, 28), 1) == date(2026, 3, 1)


def test_another_number_of_days() -> None:
    assert [is_locked(date(2026, 3, 16), date(2026, 3, day), 7) for day in (22, 23, 24)] == [False, False, True]
