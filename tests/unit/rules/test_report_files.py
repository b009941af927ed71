"""When reports come by themselves, and about which time."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.report_files import FileForm, Occasion, ReportForm, before_meeting, calls


@pytest.mark.parametrize(
    ("occasion", "on", "period"),
    [
        (Occasion.MONTH_EARLY, date(2026, 2, 2), "2026-01"),
        (Occasion.MONTH, date(2026, 2, 3), "2026-01"),
        (Occasion.MONTH_EARLY, date(2026, 10, 8), "2026-09"),  # after a week of days off
        (Occasion.MONTH, date(2026, 10, 9), "2026-09"),
        (Occasion.QUARTER, date(2026, 10, 9), "2026-Q3"),
        (Occasion.QUARTER, date(2026, 1, 5), "2025-Q4"),  # 4 January is a working Sunday
        (Occasion.YEAR, date(2026, 1, 5), "2025"),
        (Occasion.MONTH, date(2026, 1, 5), "2025-12"),
    ],
)
def test_what_comes_on_which_working_day(occasion: Occasion, on: date, period: str) -> None:
    assert [call.period.code for call in calls(on, on) if call.occasion is occasion] == [period]


def test_a_year_has_each_month_twice_each_quarter_and_itself_once() -> None:
    found = calls(date(2026, 1, 1), date(2026, 12, 31))
    many = {occasion: sum(call.occasion is occasion for call in found) for occasion in Occasion}
    assert many == {"month": 12, "month_early": 12, "quarter": 4, "year": 1, "meeting": 0}
    assert [call.on for call in found] == sorted(call.on for call in found)
    assert all(call.period.is_over(call.on) for call in found)


def test_before_a_meeting_comes_the_month_before_it_on_the_working_day_before() -> None:
    call = before_meeting(date(2026, 4, 7))
    assert (call.on, call.period.code) == (date(2026, 4, 3), "2026-03")


def test_both_are_two_files() -> None:
    assert ReportForm.BOTH.files == (FileForm.XLSX, FileForm.PDF)
    assert ReportForm.PDF.files == (FileForm.PDF,)
