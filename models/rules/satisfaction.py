"""Satisfaction (满意度): when somebody who was seen is asked, and what can be answered."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

AGAIN = timedelta(days=91)
"""Nobody is asked again sooner: at most once a quarter (convention)."""
WITHIN = timedelta(days=14)
"""So long after a visit or a check-up day somebody is asked how it was (convention)."""
FEWEST_ACCOUNTS = 10
"""Where fewer residents of a village want to hear from the bot, answers belong to the township (convention)."""


class Satisfaction(StrEnum):
    """What is answered. Whoever would rather not say is not stored."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


def is_open(asked_on: date, today: date) -> bool:
    """Return whether the question that was put on a day can still be answered."""
    return asked_on <= today <= asked_on + WITHIN


def may_be_asked(asked_on: date | None, today: date) -> bool:
    """Return whether somebody may be asked anew."""
    return asked_on is None or today >= asked_on + AGAIN
