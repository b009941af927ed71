"""Numbers of people in words, as they may be shown: the store gives `None` for one that may not."""

from __future__ import annotations

from locales.message import Text


def alone(number: int | None) -> Text:
    """Return a number; of one that is small, that it is."""
    return Text.of("numbers.few") if number is None else Text.of("numbers.number", number=number)


def total(number: int | None) -> Text:
    """Return a sum; of one that would give a small number away, that it is not shown."""
    return Text.of("numbers.withheld") if number is None else Text.of("numbers.number", number=number)
