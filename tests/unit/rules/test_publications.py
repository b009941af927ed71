"""The public notice: which indicators are on it, on which day it is offered, and what names a group or channel."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules import periods
from models.rules.indicators.base import Nature
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.publications import PUBLISHED, chat_name, offered_on


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2026, 9, 1), date(2026, 10, 10)),  # the holiday lasts until the 7th; the 10th is made up for it
        (date(2026, 10, 1), date(2026, 11, 4)),
        (date(2026, 11, 1), date(2026, 12, 3)),
    ],
)
def test_it_is_offered_on_the_third_working_day(month: date, day: date) -> None:
    assert offered_on(periods.month_of(month)) == day


def test_nothing_of_births_of_who_comes_or_of_what_waits_is_on_it() -> None:
    never = {IndicatorCode.EARLY_ANTENATAL, IndicatorCode.POSTNATAL_VISIT, IndicatorCode.ATTENDANCE}
    assert never.isdisjoint(PUBLISHED)
    assert all(INDICATORS[code].table.nature is not Nature.NOW for code in PUBLISHED)


@pytest.mark.parametrize("typed", ["@shenzhai_gongshi", " -1001234567890 ", "-4012345"])
def test_a_group_or_channel_is_named(typed: str) -> None:
    assert chat_name(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed", ["", "gongshi", "@x", "1234567", "@a b", "https://t.me/gongshi", "-１２３４５", "@公示公示"]
)
def test_a_person_or_anything_else_is_not(typed: str) -> None:
    assert chat_name(typed) is None
