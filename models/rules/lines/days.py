"""Days in a line of words: when somebody was seen, and when again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from models.rules.dates import parse_date
from models.rules.errors import InputError
from models.rules.lines.atoms import Atom, Fault, Said

AGAIN = r"下次|下回|复查|预约|改期|改到|改约|约到|约在"
"""Characters at which what is said of the next date begins."""
_NEXT = re.compile(
    r"(?:(?:下次|下回)(?:随访|来|见|复查|约)?|复查|预约|(?<![a-z])(?:next visit|next|again|follow[ -]up)(?![a-z]))"
    r"[\s:]*(?:是|在|约|on)?[\s:]*",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"(?:改期|改到|改约|约到|约在|(?<![a-z])(?:rescheduled|postponed)(?: to)?(?![a-z]))[\s:]*(?:到|在|on)?[\s:]*",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"大前天|前天|昨[天日]|今[天日]|(?<![a-z])(?:yesterday|today)(?![a-z])|上?(?:周|星期|礼拜)[一二三四五六日天]"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}月\d{1,2}[号日]?|(?<!月)\d{1,2}[号日]"
    r"|(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9])(?![\d/.])",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?:in )?(?:(\d{1,2})|an?|one) (day|week|month|year)s?", re.IGNORECASE)
_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年"}
_WEEKDAYS = dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "一二三四五六日", strict=True))
_WEEKDAY = re.compile(r"(?:on )?(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
_BARE_SPAN = re.compile(r".*(?:天|周|星期|礼拜|月|年)")
_LONGEST = 20


class Days:
    """Reads days as they are told on one day."""

    def __init__(self, today: date) -> None:
        """Count from `today`."""
        self._today = today

    def again(self, text: str, at: int) -> tuple[Atom, int] | None:
        """Read when the person is seen again: 下次三个月后, `next in 3 months`; 改到下周三 agrees on another date."""
        for pattern, topic in ((_NEXT, "next_on"), (_MOVED, "agreed_on")):
            found = pattern.match(text, at)
            if found is None:
                continue
            for end in _ends(text, found.end()):
                day = self._ahead(text[found.end() : end])
                if day is not None:
                    return Said(topic, day.isoformat(), text[at:end]), end
            end = text.find(" ", found.end())
            return Fault("date", text[at : end if end > 0 else len(text)], "下次三个月后"), end if end > 0 else len(
                text
            )
        return None

    def seen(self, text: str, at: int) -> tuple[Atom, int] | None:
        """Read when the person was seen: 昨天, 10月5号, `10/5`."""
        found = _WHEN.match(text, at)
        if found is None or text[at - 1 : at].isdigit():
            return None
        try:
            day = parse_date(found[0], self._today, "past").day
        except InputError as error:
            return Fault(error.code, found[0], error.example, error.values), found.end()
        return Said("on", day.isoformat(), found[0]), found.end()

    def _ahead(self, typed: str) -> date | None:
        """Return the day that `typed` names whole; nobody is seen again today, so today is a week on."""
        span, weekday = _SPAN.fullmatch(typed), _WEEKDAY.fullmatch(typed)
        if span is not None:
            typed = f"{span[1] or 1}{_UNITS[span[2].lower()]}后"
        elif weekday is not None:
            typed = f"周{_WEEKDAYS[weekday[1].lower()]}"
        elif typed.isascii() and " " in typed:
            return None
        for form in (typed, f"{typed}后") if _BARE_SPAN.fullmatch(typed) else (typed,):
            try:
                day = parse_date(form, self._today, "future").day
            except InputError:
                continue
            return day if day > self._today else day + timedelta(weeks=1)
        return None


def _ends(text: str, at: int) -> Iterator[int]:
    """Yield where a day that begins at `at` may end, the furthest first; never within a number or a word."""
    for end in range(min(len(text), at + _LONGEST), at, -1):
        inside = text[end - 1 : end + 1]
        is_cut = (
            len(inside) == 2 and inside.isascii() and inside.isalnum() and inside[0].isdigit() == inside[1].isdigit()
        )
        if not is_cut and not text[end - 1].isspace():
            yield end
