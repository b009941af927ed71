"""Is it due? The one function that lists, digests and status all call."""

from __future__ import annotations

from datetime import date

from models.rules.facts import (
    Due,
    DueState,
    Facts,
    MissingAnchor,
    Reason,
    ReasonCode,
    VisitFact,
)
from models.rules.programmes.base import Window

__all__ = [
    "Due",
    "DueState",
    "Facts",
    "MissingAnchor",
    "Reason",
    "ReasonCode",
    "VisitFact",
    "Window",
    "assess",
    "next_window",
    "refresh_on",
    "state_of",
    "windows",
]


def state_of(window: Window | None, today: date) -> DueState:
    """Return where `today` lies in `window`; no window is closed."""
    if window is None or (window.expires_on is not None and today > window.expires_on):
        return DueState.CLOSED
    if today < window.opens_on:
        return DueState.UPCOMING
    return DueState.DUE if today <= window.closes_on else DueState.OVERDUE


def windows(facts: Facts, today: date) -> tuple[Window, ...]:
    """Return every window that can still be used on `today` or later, the most urgent first."""
    raise NotImplementedError


def next_window(facts: Facts, today: date) -> Window | None:
    """Return the window that matters on `today`: `assess(facts, today).window`."""
    return assess(facts, today).window


def assess(facts: Facts, today: date) -> Due:
    """Return what is due on `today`, and why.

    Raises:
        MissingAnchor: the programme needs a date that `facts` lacks.
    """
    raise NotImplementedError


def refresh_on(facts: Facts, today: date) -> date | None:
    """Return the first later day on which `next_window` changes by the passing of time alone, if there is one."""
    raise NotImplementedError
