"""Age, as schedules and limits count it."""

from __future__ import annotations

from datetime import date

from models.rules.spans import add_months


def age_in_months(birth_date: date | None, on: date) -> int | None:
    """Return the age in completed months on a day; `None` for an unknown birth date.

    Who was born on the 31st completes a shorter month on its last day, as `spans.add_months` has it.
    """
    if birth_date is None:
        return None
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month
    return months if add_months(birth_date, months) <= on else months - 1
