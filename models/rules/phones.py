"""Mobile numbers of mainland China."""

from __future__ import annotations

import re

from models.rules.errors import InputError
from models.rules.typed import plain

EXAMPLE = "13800138000"
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def parse(text: str) -> str:
    """Return the eleven digits of a mobile number without +86, blanks and hyphens.

    Raises:
        InputError: `phone` when it is not one.
    """
    bare = re.sub(r"[\s\-().]", "", plain(text))
    bare = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", bare)
    if not _MOBILE.fullmatch(bare):
        raise InputError("phone", EXAMPLE)
    return bare


def display(phone: str) -> str:
    """Return a number in groups: `138 0013 8000`, which `parse` reads back."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"


def last_four(phone: str) -> str:
    """Return the last four digits."""
    return phone[-4:]
