"""What can be counted: the names of the indicators. The text of each is at `indicators.<code>.*`."""

from __future__ import annotations

from enum import StrEnum


class IndicatorCode(StrEnum):
    """An indicator. What each counts is said in the file of its name."""

    DONE = "done"
    """Visits and check-ups with which somebody was served."""
    DUE = "due"
    """Windows that are open, or open before this month is over."""
    OVERDUE = "overdue"
    """Windows that have closed and were not used."""
    CHECKUP_OFFER = "checkup_offer"
    ATTENDANCE = "attendance"
    TIMELINESS = "timeliness"
    REPORTING = "reporting"
    INFORMED_CHOICE = "informed_choice"
    EARLY_ANTENATAL = "early_antenatal"
    POSTNATAL_VISIT = "postnatal_visit"
    HYPERTENSION_MANAGED = "hypertension_managed"
    HYPERTENSION_CONTROLLED = "hypertension_controlled"
    DIABETES_MANAGED = "diabetes_managed"
    DIABETES_CONTROLLED = "diabetes_controlled"
    BENEFITS_COVERAGE = "benefits_coverage"
    COMPLAINTS_ANSWERED = "complaints_answered"
    SATISFACTION = "satisfaction"
