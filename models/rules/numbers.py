"""Numbers as people type them."""

from __future__ import annotations

import re
from decimal import Decimal

from models.rules.errors import InputError
from models.rules.typed import plain

_NUMBER = re.compile(
    r"([+-]?)(\d{1,9}(?:\.\d{0,6})?|\.\d{1,6})\s*"
    r"(?:mmHg|mmol/L|毫米汞柱|毫摩尔|毫摩|厘米|公分|公斤|千克|次/分|次|度|cm|kg|°C|C|bpm|%)?",
    re.IGNORECASE,
)


def parse_decimal(text: str, example: str = "36.5", places: int = 1) -> Decimal:
    """Return the number in `text`; a unit behind it is allowed, a decimal comma too.

    Args:
        text: what was typed.
        example: a right one, shown when this one is wrong.
        places: decimal places that can be kept; more are refused, not rounded.

    Raises:
        InputError: `number` when it is none, `number_places` (values: places) when it is too fine.
    """
    value = _decimal(text, example)
    if -int(value.normalize().as_tuple().exponent) > places:
        raise InputError("number_places", example, places=places)
    return value


def parse_integer(text: str, example: str = "72") -> int:
    """Return the whole number in `text`; a unit behind it is allowed.

    Raises:
        InputError: `number` when it is none, `number_whole` when it has a fraction.
    """
    value = _decimal(text, example)
    if value != value.to_integral_value():
        raise InputError("number_whole", example)
    return int(value)


def format_decimal(value: Decimal) -> str:
    """Return the shortest plain form, which `parse_decimal` reads back: `36.5`, `37`."""
    return f"{value.normalize():f}"


def _decimal(text: str, example: str) -> Decimal:
    typed = plain(text)
    if re.fullmatch(r"[+-]?\d{1,9},\d{1,2}\D*", typed):
        typed = typed.replace(",", ".", 1)
    found = _NUMBER.fullmatch(typed)
    if found is None:
        raise InputError("number", example)
    return Decimal(found[1] + found[2].rstrip("."))
