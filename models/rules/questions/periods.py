"""The periods that a question names, and what is left of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from models.rules.questions import stretches
from models.rules.questions.named_periods import PATTERNS, Ahead
from models.rules.questions.stretches import Stretch

FIRST_MARK = 0xE000
"""The character that stands for the first period that was found; the next ones follow."""
_MOST = 40
_A_YEAR_AGO = re.compile(
    r"\b(?:the )?same (?:period|time|month|quarter)(?: of)? last (?:year|yr)\b|\ba year (?:ago|earlier)\b"
)
_P = f"[{chr(FIRST_MARK)}-{chr(FIRST_MARK + _MOST - 1)}]"
_FROM_TO = re.compile(
    rf"(?:从|自|from |between )?({_P})\s*(?:份)?(?:到|至|-|~|\bto\b|\bthrough\b|\buntil\b|\btill\b)\s*({_P})"
)
_SINCE = re.compile(
    rf"(?:\bsince\s+|从|自从|自)({_P})(?:开始|以来|起|到现在|到今天|至今|到目前(?:为止)?)?"
    rf"|({_P})\s*(?:以来|至今|到现在|到今天|到目前(?:为止)?|开始到现在|起到现在|so far|to date|until now|till now)"
    rf"|\b(?:so far|up to now)\s+({_P})"
)


@dataclass(slots=True)
class Dated:
    """A question whose periods are replaced by marks.

    Attributes:
        text: each mark is the character `FIRST_MARK` and the number of the period.
        periods: what the marks stand for.
        impossible: what would be a period if there were such a day or month.
    """

    text: str
    periods: list[Stretch] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)

    def mark(self, period: Stretch) -> str:
        """Remember a period and return its mark."""
        if len(self.periods) >= _MOST:
            return " "
        self.periods.append(period)
        return chr(FIRST_MARK + len(self.periods) - 1)

    def period_of(self, mark: str) -> Stretch | None:
        """Return what a mark stands for; `None` for any other character."""
        number = ord(mark) - FIRST_MARK
        return self.periods[number] if 0 <= number < len(self.periods) else None


def dated(text: str, today: date, *, ahead: bool = False) -> Dated:
    """Return the question with its periods replaced; with `ahead` a month without its year is the next one."""
    base = Ahead(today.year, today.month, today.day) if ahead else today
    found = Dated(re.sub(rf"[{chr(FIRST_MARK)}-\uf8ff]", " ", _A_YEAR_AGO.sub("yoy", text)))
    for pattern, made in PATTERNS:
        found.text = pattern.sub(lambda match, made=made: _marked(found, made, match, base), found.text)  # type: ignore[misc]
    found.text = _FROM_TO.sub(lambda match: _joined(found, match[1], match[2]), found.text)
    found.text = _SINCE.sub(lambda match: _since(found, next(filter(None, match.groups())), today), found.text)
    return found


def _marked(found: Dated, made: object, match: re.Match[str], today: date) -> str:
    try:
        return found.mark(made(match, today))  # type: ignore[operator]
    except (ValueError, OverflowError):
        found.impossible.append(match[0])
        return " "


def _joined(found: Dated, first: str, last: str) -> str:
    one, other = found.period_of(first), found.period_of(last)
    if one is None or other is None:
        return first + last
    return found.mark(stretches.between(one.first, max(one.last, other.last)))


def _since(found: Dated, mark: str, today: date) -> str:
    period = found.period_of(mark)
    return found.mark(stretches.between(period.first, today)) if period is not None else mark
