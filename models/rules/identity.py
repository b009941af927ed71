"""Identity numbers (GB 11643-1999)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.rules.errors import InputError
from models.rules.sex import Sex
from models.rules.typed import plain

EXAMPLE = "11010519491231002X"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)
_EARLIEST = date(1880, 1, 1)

PROVINCES: frozenset[str] = frozenset(
    f"{number}"
    for block in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for number in range(block[0], block[1] + 1)
)
"""First two digits that name a province, a region, or (81–83) a residence permit."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says.

    Attributes:
        number: 18 characters, `X` upper case.
        birth: date of birth.
        sex: by the 17th digit.
        region_known: whether the first six digits could be checked: false is a warning, never an error,
            because counties get new codes and people keep their cards.
    """

    number: str
    birth: date
    sex: Sex
    region_known: bool


def parse(text: str, today: date, regions: frozenset[str] = frozenset()) -> Identity:
    """Return what the number in `text` says.

    Args:
        text: what was typed; blanks, hyphens, full-width forms and a small x are fine.
        today: births after it are refused.
        regions: county codes (6 digits) that are known; empty: only the province is checked.

    Raises:
        InputError: `identity_form`, `identity_old` (15 digits), `identity_date`, `identity_check`; never
            with the number in its values.
    """
    bare = re.sub(r"[\s\-]", "", plain(text)).upper()
    if re.fullmatch(r"\d{15}", bare, re.ASCII):
        raise InputError("identity_old", EXAMPLE)
    if not _FORM.fullmatch(bare):
        raise InputError("identity_form", EXAMPLE)
    birth = _birth(bare, today)
    if bare[17] != check_digit(bare[:17]):
        raise InputError("identity_check", EXAMPLE)
    known = bare[:6] in regions if regions else bare[:2] in PROVINCES
    return Identity(bare, birth, Sex.MALE if int(bare[16]) % 2 else Sex.FEMALE, known)


def check_digit(body: str) -> str:
    """Return the check digit of the first 17 digits."""
    return _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def masked(number: str) -> str:
    """Return the form that is shown: the last four characters."""
    return f"…{number[-4:]}"


def _birth(number: str, today: date) -> date:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InputError("identity_date", EXAMPLE) from None
    if not _EARLIEST <= birth <= today:
        raise InputError("identity_date", EXAMPLE)
    return birth
