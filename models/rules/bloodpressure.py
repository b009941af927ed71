"""Blood pressure typed in one go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.rules.errors import InputError
from models.rules.typed import plain

EXAMPLE = "128/82"


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """Systolic and diastolic pressure in mmHg."""

    sbp: int
    dbp: int

    def __str__(self) -> str:
        return f"{self.sbp}/{self.dbp}"


_UNIT = r"\s*(?:mmHg|毫米汞柱)?"
_PAIR = re.compile(rf"(?:血压|BP)?[:\s]*(\d{{1,4}}){_UNIT}\s*[/\\,;.\-\s]\s*(\d{{1,4}}){_UNIT}", re.IGNORECASE)
_HIGH = re.compile(r"(?:高压|收缩压|SBP|上压)[:是为\s]*(\d{1,4})", re.IGNORECASE)
_LOW = re.compile(r"(?:低压|舒张压|DBP|下压)[:是为\s]*(\d{1,4})", re.IGNORECASE)
_REST = re.compile(r"(?:mmHg|毫米汞柱|血压|[\s,;/.:])*", re.IGNORECASE)


def parse(text: str) -> BloodPressure:
    """Return the two numbers of `128/82`, `128 82`, `128-82`, `１２８／８２`, `高压128低压82`.

    Named ones may come in either order. Whether they are possible is for `measurements` to say.

    Raises:
        InputError: `blood_pressure` when there are not two numbers.
    """
    typed = plain(text)
    pair = _PAIR.fullmatch(typed)
    if pair is not None:
        return BloodPressure(int(pair[1]), int(pair[2]))
    high, low = _HIGH.search(typed), _LOW.search(typed)
    if high is None or low is None or not _is_filler(_LOW.sub("", _HIGH.sub("", typed, 1), 1)):
        raise InputError("blood_pressure", EXAMPLE)
    return BloodPressure(int(high[1]), int(low[1]))


def _is_filler(rest: str) -> bool:
    return _REST.fullmatch(rest) is not None
