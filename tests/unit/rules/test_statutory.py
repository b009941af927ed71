"""The computed holidays, held to the package that knows every country's."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from models.rules.statutory import LAST_YEAR, statutory_holidays


@pytest.mark.parametrize("year", range(2027, LAST_YEAR + 1))
def test_they_are_those_of_the_package(year: int) -> None:
    known = {day for day in holidays.country_holidays("CN", years=year) if day.year == year}
    assert statutory_holidays(year) == known


def test_a_holiday_on_a_weekend_is_made_up_for() -> None:
    found = statutory_holidays(2027)
    assert {date(2027, 5, 1), date(2027, 5, 3), date(2027, 5, 4)} <= found  # 1 May is a Saturday
    assert date(2027, 5, 5) not in found


@pytest.mark.parametrize("year", [2024, LAST_YEAR + 1])
def test_the_rules_hold_for_their_years_only(year: int) -> None:
    with pytest.raises(ValueError, match="rules hold"):
        statutory_holidays(year)
