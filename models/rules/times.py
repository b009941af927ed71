"""Times of the day as people type them: 8点, 八点半, 8:30, 20：00, 晚上9点.

Conventions: an hour without a part of the day is taken as it stands (9点 is in the morning). 晚上12点 and 24:00 are
midnight, 夜里2点 is after it.
"""

from __future__ import annotations

import re
from datetime import time

from models.rules.errors import InputError
from models.rules.typed import CHINESE_NUMBER, chinese_number, plain

EXAMPLE = "8:30"

_EARLY, _FORENOON, _NOON, _AFTERNOON, _EVENING = range(5)
_PARTS = {
    "凌晨": _EARLY,
    "半夜": _EARLY,
    "早上": _FORENOON,
    "早晨": _FORENOON,
    "清晨": _FORENOON,
    "上午": _FORENOON,
    "早": _FORENOON,
    "中午": _NOON,
    "下午": _AFTERNOON,
    "傍晚": _AFTERNOON,
    "晚上": _EVENING,
    "夜里": _EVENING,
    "晚": _EVENING,
    "am": _EARLY,
    "pm": _AFTERNOON,
}
_WORDS = {"中午": time(12), "正午": time(12), "noon": time(12), "半夜": time(0), "午夜": time(0), "midnight": time(0)}
_BEHIND = {None: 0, "": 0, "整": 0, "钟": 0, "半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_CLOCK = re.compile(
    rf"(?P<part>{_PART})?\s*(?P<hour>{CHINESE_NUMBER})\s*"
    rf"(?:[点时]\s*(?P<behind>整|钟|半|[一三13]刻|[零〇]?{CHINESE_NUMBER}\s*分?)?|[:.h]\s*(?P<minute>\d{{2}}))?"
    r"\s*(?P<english>am|pm)?"
)
_COMPACT = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})", re.ASCII)


def parse_time(text: str) -> time:
    """Return the time of the day that `text` names, to the minute.

    Raises:
        InputError: `time` (not understood), `time_impossible` (no such hour or minute).
    """
    typed = plain(text).lower().replace("a.m.", "am").replace("p.m.", "pm")
    if typed in _WORDS:
        return _WORDS[typed]
    compact = _COMPACT.fullmatch(typed)
    if compact is not None:
        return _time(int(compact["hour"]), int(compact["minute"]))
    found = _CLOCK.fullmatch(typed)
    hour = chinese_number(found["hour"]) if found is not None else None
    if found is None or hour is None or (found["part"] and found["english"]):
        raise InputError("time", EXAMPLE)
    minute = int(found["minute"]) if found["minute"] else _behind(found["behind"])
    return _time(_in_part(hour, found["part"] or found["english"]), minute)


def format_time(moment: time) -> str:
    """Return the form `08:30`, which `parse_time` reads back."""
    return f"{moment:%H:%M}"


def _behind(words: str | None) -> int:
    """Return the minutes that stand behind the hour."""
    if words in _BEHIND:
        return _BEHIND[words]
    bare = (words or "").rstrip("分 ")
    number = chinese_number(bare.lstrip("零〇") or "零")
    if number is None:
        raise InputError("time", EXAMPLE)
    return number


def _in_part(hour: int, part: str | None) -> int:
    """Return the hour of the day that is meant by an hour of a part of it."""
    if part is None or hour > 12:
        if part is not None and _PARTS[part] in {_EARLY, _FORENOON}:
            raise InputError("time_impossible", EXAMPLE)
        return hour
    meant = _PARTS[part]
    if meant is _EARLY:
        return hour % 12
    if meant is _FORENOON:
        return hour
    if meant is _EVENING:
        return hour % 12 if hour in {12, 1, 2, 3, 4} else hour + 12
    return 12 if hour == 12 else hour if meant is _NOON and hour >= 10 else hour + 12


def _time(hour: int, minute: int) -> time:
    if (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise InputError("time_impossible", EXAMPLE)
    return time(hour, minute)
