"""Values in cells: read like what is typed into a form, and like what a spreadsheet has made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.rules import identity, phones
from models.rules.dates import parse_date
from models.rules.errors import InputError
from models.rules.hanzi import HAN
from models.rules.identity import Identity
from models.rules.importing.cells import Cell, text_of
from models.rules.sex import Sex
from models.rules.typed import plain

NAME_EXAMPLE = "王秀英"
SEX_EXAMPLE = "女"
BIRTH_EXAMPLE = "1956-03-12"
CONSENT_EXAMPLE = "是"
OLDEST_YEARS = 120
_SEXES = {
    **dict.fromkeys(("男", "男性", "1", "m", "male"), Sex.MALE),
    **dict.fromkeys(("女", "女性", "2", "f", "female"), Sex.FEMALE),
}
_YES = frozenset({"是", "同意", "有", "已同意", "对", "√", "✓", "✔", "y", "yes", "1", "true"})
_NO = frozenset({"", "否", "不同意", "无", "没有", "不", "×", "✗", "✘", "x", "n", "no", "0", "false", "-", "/"})
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")
_LARGE = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE | re.ASCII)
_MONTH = re.compile(r"((?:19|20)\d\d)(?:\s*[-/.年]?\s*(\d{1,2})\s*月?|\s*年)?", re.ASCII)
_WHOLE = re.compile(r"([12]\d{3})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
"""What nearly every cell holds; `parse_date` reads it too, ten times slower."""
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00(?:\.0+)?)?$")
_SEVERAL = re.compile(r"[/,;、]|\s(?=1[3-9]\d{9})")
_EPOCH = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_EXACT = 1e15
"""A spreadsheet keeps 15 digits of a number; what is longer has been rounded."""


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date; without its day or month where the file has only 出生年月."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def whole(self) -> date | None:
        """The date, if it is whole."""
        return date(self.year, self.month, self.day) if self.month and self.day else None

    def agrees(self, other: date) -> bool:
        """Return whether `other` can be this date."""
        return other.year == self.year and self.month in {None, other.month} and self.day in {None, other.day}


def read_name(cell: Cell) -> str:
    """Return a person's name; the blanks that line up names of two characters are dropped.

    Raises:
        InputError: `name_length`, `name_letters`, or of the cell.
    """
    name = _BETWEEN_HAN.sub("", plain(text_of(cell)).replace("•", "·"))
    if not 2 <= len(name) <= 30:
        raise InputError("name_length", NAME_EXAMPLE)
    if not all(character.isalpha() or character in " ·-'." for character in name):
        raise InputError("name_letters", NAME_EXAMPLE)
    return name


def read_sex(cell: Cell) -> Sex | None:
    """Return the sex, also by its number in the register (1 and 2); `None` for a blank.

    Raises:
        InputError: `imports.sex`, or of the cell.
    """
    typed = plain(text_of(cell)).lower()
    if not typed:
        return None
    if typed not in _SEXES:
        raise InputError("imports.sex", SEX_EXAMPLE)
    return _SEXES[typed]


def read_birth(cell: Cell, today: date, *, since_1904: bool = False) -> Birth | None:
    """Return the birth date, or as much of it as there is; `None` for a blank.

    Args:
        cell: a date, a spreadsheet's number of a day, or anything that `parse_date` reads with its year.
        today: births after it are refused.
        since_1904: the file counts its days from 1904.

    Raises:
        InputError: those of `parse_date`, `imports.birth_year` (no year, or one of two centuries),
            `imports.birth_old`, or of the cell.
    """
    if isinstance(cell, datetime):
        return _checked(cell.date(), today)
    if isinstance(cell, date):
        return _checked(cell, today)
    typed = _MIDNIGHT.sub("", plain(text_of(cell)))
    if not typed:
        return None
    if _SERIAL.fullmatch(typed):
        return _checked(_EPOCH[since_1904] + timedelta(days=int(float(typed))), today)
    if month := _MONTH.fullmatch(typed):
        return _month(int(month[1]), month[2], today, is_number=isinstance(cell, float))
    return _checked(_dated(typed, today), today)


def read_identity(cell: Cell, today: date, *, is_exact: bool = True) -> Identity | None:
    """Return what an identity number says; `None` for a blank.

    Args:
        cell: text, or a number, which a spreadsheet has rounded: then it is refused.
        today: births after it are refused.
        is_exact: text in the file stands as it was typed; in a CSV it may have been a rounded number before.

    Raises:
        InputError: those of `identity.parse`, `imports.identity_rounded`, or of the cell.
    """
    typed = text_of(cell).strip("'‘’`")
    if not typed:
        return None
    if _LARGE.fullmatch(typed) or (isinstance(cell, float) and cell >= _EXACT):
        raise InputError("imports.identity_rounded", identity.EXAMPLE)
    looks_rounded = bool(re.fullmatch(r"\d{15}000", typed, re.ASCII))
    if looks_rounded and (isinstance(cell, int) or not is_exact):
        raise InputError("imports.identity_rounded", identity.EXAMPLE)
    try:
        return identity.parse(typed, today)
    except InputError as error:
        if looks_rounded and error.code == "identity_check":
            raise InputError("imports.identity_rounded", identity.EXAMPLE) from None
        raise


def read_phone(cell: Cell) -> str | None:
    """Return a mobile number, the first of several; `None` for a blank.

    Raises:
        InputError: `phone`, `imports.phone_rounded`, or of the cell.
    """
    typed = text_of(cell).strip("'‘’`")
    if _LARGE.fullmatch(typed):
        raise InputError("imports.phone_rounded", phones.EXAMPLE)
    parts = [part for part in _SEVERAL.split(plain(typed)) if part.strip()]
    for part in parts:
        try:
            return phones.parse(part)
        except InputError:
            continue
    return phones.parse(typed) if parts else None


def read_consent(cell: Cell) -> bool:
    """Return whether a cell says yes; a blank doesn't.

    Raises:
        InputError: `imports.consent`, or of the cell.
    """
    typed = plain(text_of(cell)).lower()
    if typed not in _YES | _NO:
        raise InputError("imports.consent", CONSENT_EXAMPLE)
    return typed in _YES


def _checked(day: date, today: date) -> Birth:
    if day > today:
        raise InputError("date_future", BIRTH_EXAMPLE, day=day)
    if day.year < today.year - OLDEST_YEARS:
        raise InputError("imports.birth_old", BIRTH_EXAMPLE, years=OLDEST_YEARS)
    return Birth(day.year, day.month, day.day)


def _month(year: int, month: str | None, today: date, *, is_number: bool) -> Birth:
    """Return year and month; as a number `1956.1` may be January or October, so that only the year is sure."""
    number = int(month) if month else None
    if number is not None and not 1 <= number <= 12:
        raise InputError("date_impossible", BIRTH_EXAMPLE)
    _checked(date(year, number or 1, 1), today)
    return Birth(year, None if is_number else number)


def _dated(typed: str, today: date) -> date:
    """Return the day that is named with its year: a form takes the nearest year, a register can't guess."""
    if whole := _WHOLE.fullmatch(typed):
        try:
            return date(int(whole[1]), int(whole[2]), int(whole[3]))
        except ValueError:
            raise InputError("date_impossible", BIRTH_EXAMPLE) from None
    day = parse_date(typed, today, "past").day
    try:
        a_year_ago = parse_date(typed, today - timedelta(days=400), "past").day
    except InputError:
        a_year_ago = day  # born since
    if a_year_ago != day:
        raise InputError("imports.birth_year", BIRTH_EXAMPLE)
    return day
