"""Holidays as a calendar shows them, against what was published for 2026."""

from __future__ import annotations

from datetime import date

from models.rules.days_off import DaysOff, days_off, makeup_days


def test_the_holidays_of_2026_are_the_published_ones() -> None:
    runs = days_off(date(2026, 1, 1), date(2026, 12, 31))
    assert [(run.first, run.last) for run in runs] == [
        (date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 4, 4), date(2026, 4, 6)),
        (date(2026, 5, 1), date(2026, 5, 5)),
        (date(2026, 6, 19), date(2026, 6, 21)),
        (date(2026, 9, 25), date(2026, 9, 27)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ]
    assert not any(run.provisional for run in runs)


def test_the_makeup_workdays_of_2026_are_the_published_ones() -> None:
    assert makeup_days(date(2026, 1, 1), date(2026, 12, 31)) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


def test_a_year_without_a_published_calendar_is_provisional() -> None:
    runs = days_off(date(2027, 9, 25), date(2027, 10, 31))
    assert [(run.first, run.provisional) for run in runs] == [(date(2027, 10, 1), True)]
    assert date(2027, 10, 1) in runs[0]
    assert date(2027, 9, 30) not in runs[0]
    assert makeup_days(date(2027, 1, 1), date(2027, 12, 31)) == []


def test_a_run_is_whole_where_the_page_begins_within_it() -> None:
    assert days_off(date(2026, 10, 5), date(2026, 10, 31)) == [DaysOff(date(2026, 10, 1), date(2026, 10, 7), False)]
